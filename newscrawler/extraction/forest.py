"""Boosted trees, read from a file and asked for many rows at once.

In: rows of numbers. Out: a log-odds each. Must not know: what the numbers mean.

Every tree has at most LEAVES leaves. A row's leaf is found without walking: each node whose condition fails strikes the
leaves of its left side, and the leftmost leaf that is left is the row's. Source: QuickScorer, doi:10.1145/2766462.2767733.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

LEAVES = 16
"""Leaves fit the bits of one 16-bit mask."""

AT_ONCE = 256
"""Columns scored together: more than most pages have, and few enough for a processor's cache."""

_FIRST = np.zeros(1 << LEAVES, dtype=np.uint8)
for _bit in range(LEAVES - 1, -1, -1):
    _FIRST[1 << _bit :: 1 << (_bit + 1)] = _bit


class Forest:
    """A model: for each place in a tree (LEAVES - 1 of them) and each tree a feature, a threshold and a mask."""

    def __init__(
        self,
        features: NDArray[np.uint8],
        thresholds: NDArray[np.float32],
        masks: NDArray[np.uint16],
        leaves: NDArray[np.float32],
    ) -> None:
        self._features = features.ravel().astype(np.intp)
        self._thresholds = thresholds.ravel()[:, None]
        self._strikes = ~masks.ravel()[:, None]
        self._shape = features.shape
        self._leaves = leaves.ravel()
        self._starts = np.arange(len(leaves))[:, None] * LEAVES

    def score(self, columns: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the log-odds of each column; a row is a feature."""
        odds = np.empty(columns.shape[1], dtype=np.float32)
        for at in range(0, len(odds), AT_ONCE):
            odds[at : at + AT_ONCE] = self._score(columns[:, at : at + AT_ONCE])
        return odds

    def _score(self, columns: NDArray[np.float32]) -> NDArray[np.float32]:
        fails = columns.take(self._features, axis=0) > self._thresholds
        struck = np.bitwise_or.reduce((fails * self._strikes).reshape(*self._shape, -1), axis=0)
        odds: NDArray[np.float32] = self._leaves.take(_FIRST.take(~struck) + self._starts).sum(axis=0, dtype=np.float32)
        return odds


@cache
def load_forest(name: str) -> Forest:
    """Return the model of that name that comes with the package."""
    with (files(__package__) / f"{name}.npz").open("rb") as file:
        model = np.load(file, allow_pickle=False)
        return Forest(model["features"], model["thresholds"], model["masks"], model["leaves"])
