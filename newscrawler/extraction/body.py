"""Which of a page's blocks are the article's own.

In: a Page and its headline. Out: a Body: the blocks chosen, in order, and how sure each choice was.
Must not know: notices and other phrases (disclaimers.py), what the site repeats (profiles).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newscrawler.extraction.features import BITS, MASKS, read_rows
from newscrawler.extraction.forest import load_forest
from newscrawler.extraction.page import Page

ECHO = 60
"""Characters from which a block that stands twice is one paragraph shown twice; shorter lines may well recur in a text."""

NEVER = -9.0
"""Log-odds of a block that need not be asked about."""


@dataclass(frozen=True, slots=True)
class Body:
    """The article's blocks as the classifier sees them."""

    chosen: list[int]
    """Indices of the blocks, in reading order."""
    odds: list[float]
    """Log-odds of each block of the page that it is the article's."""


def find_body(page: Page, title: str) -> Body:
    """Return the blocks that are the article's own: what is likelier than not, a repeated block once.

    title: the page's headline as far as it is known, to see where the article begins.
    """
    candidates, rows = read_rows(page, title)
    odds = [NEVER] * len(page.blocks)
    if rows:
        for index, odd in zip(candidates, load_forest("blocks").score(matrix(rows)).tolist(), strict=True):
            odds[index] = odd
    seen: set[str] = set()
    chosen = []
    for block, odd in zip(page.blocks, odds, strict=True):
        if odd > 0 and block.text not in seen:
            chosen.append(block.index)
            if len(block.text) >= ECHO:
                seen.add(block.text)
    return Body(chosen, odds)


def matrix(rows: list[list[float]]) -> NDArray[np.float32]:
    """Return the rows as the classifier takes them: the masks, last in each, spread into a column a bit."""
    numbers = np.array(rows, dtype=np.float64)
    masks = numbers[:, -len(MASKS) :].astype(np.int64)
    bits = (masks[:, :, None] >> np.arange(len(BITS))) & 1
    return np.concatenate([numbers[:, : -len(MASKS)], bits.reshape(len(rows), -1)], axis=1, dtype=np.float32)
