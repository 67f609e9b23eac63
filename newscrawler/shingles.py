"""Hashes of what a text is made of: its shingles, its words, its figures; and where each stands.

In: the letters of a text. Out: arrays of 64-bit hashes with the letter at which each begins. Must not know: what is kept of
them, articles.

A unit is a character of a script written without spaces, or a word. A shingle is eight such characters or four words.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from newscrawler.letters import Letters

SHINGLE = 8
"""Weight of a shingle. A character of an unspaced script weighs 1, a word `WORD`: Chinese words have some two characters."""
WORD = 2

SEPARATORS = ".,．，'’\u00a0\u202f"
"""What may stand between the digits of one figure: decimal points and commas, and what groups thousands."""

FIGURE = 18
"""Digits of a figure that are read, the last ones: as many as 64 bits hold."""

_BASE = 0x5851F42D4C957F2D  # any odd number with well-spread bits; this one is Knuth's MMIX multiplier
_ODD = 0xD6E8FEB86659FD93  # multiplier of the rrmxmx mixer
_FULL = (1 << 64) - 1
_HALF = np.uint64(32)
_ZERO = np.uint32(ord("0"))

Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]


class Shingles:
    """The hashes of one text; places are numbers of letters."""

    def __init__(self, found: Letters) -> None:
        self._found = found
        count = len(found.forms)
        self._up, self._down = powers(1 << count.bit_length())
        self._sums = np.zeros(count + 1, np.uint64)
        np.add.accumulate(found.values * self._up[:count], out=self._sums[1:])
        self._is_digit = found.forms - _ZERO <= 9  # what is below zero wraps round
        unspaced = found.unspaced
        self._starts = unit_starts(found.offsets, unspaced)
        self._ends = np.full(len(self._starts), count)
        self._ends[:-1] = self._starts[1:]
        self._weights = WORD - unspaced.take(self._starts) * (WORD - 1)

    def whole(self) -> tuple[Places, Hashes]:
        """Return where each shingle begins, and its hash. A text shorter than one shingle is one."""
        reached = self._weights.cumsum()
        total = int(reached[-1]) if len(reached) else 0
        before = reached - self._weights
        fitting = int(before.searchsorted(total - SHINGLE, "right")) or min(1, len(before))
        last = self._ends.repeat(self._weights)[min(SHINGLE, total) - 1 :]  # where what weighs so much more has ended
        first = self._starts[:fitting]
        return first, self._hashes(first, last.take(before[:fitting]))

    def words(self) -> tuple[Places, Hashes]:
        """Return where each unit that does not begin with a digit begins, and a hash of its letters in any order."""
        words = ~self._is_digit.take(self._starts)
        if not len(words):
            return self._starts, self._sums[:0]
        sums = np.add.reduceat(self._found.values, self._starts).compress(words)
        return self._starts.compress(words), sums

    def figures(self) -> list[tuple[int, int]]:
        """Return where each figure begins, and its hash. Its width, separators and leading zeros do not count."""
        digits = self._is_digit.nonzero()[0]
        if not len(digits):
            return []
        written = self._found.forms.take(digits).astype(np.uint8).tobytes()
        ends = [*self._ends_of_figures(self._found.offsets.take(digits)), len(digits)]
        starts = [0, *ends[:-1]]
        values = [int(written[start:end][-FIGURE:]) * _ODD & _FULL for start, end in zip(starts, ends, strict=True)]
        return list(zip(digits.take(starts).tolist(), values, strict=True))

    def _ends_of_figures(self, at: Places) -> list[int]:
        """Return after how many digits each figure but the last ends. at: where each digit stands in the text."""
        step = at[1:] - at[:-1]
        gaps = (step > 1).nonzero()[0]
        text = self._found.text
        return [
            last + 1
            for last, where, width in zip(gaps.tolist(), at.take(gaps).tolist(), step.take(gaps).tolist(), strict=True)
            if width > 2 or text[where + 1] not in SEPARATORS
        ]

    def _hashes(self, first: Places, after: Places) -> Hashes:
        values = self._sums.take(after)
        values -= self._sums.take(first)
        values *= self._down.take(first)
        return mixed(values)


def mixed(values: Hashes) -> Hashes:
    """Return the values with their bits spread, in place."""
    values ^= values >> _HALF
    values *= np.uint64(_ODD)
    return values


def unit_starts(offsets: Places, unspaced: NDArray[np.bool_]) -> Places:
    """Return the letters that start a unit: a character of an unspaced script, or a word."""
    start: NDArray[np.bool_] = np.ones(len(offsets), np.bool_)
    rest = start[1:]
    np.greater(offsets[1:] - offsets[:-1], 1, out=rest)
    rest |= unspaced[1:]
    rest |= unspaced[:-1]
    return start.nonzero()[0]


@cache
def powers(count: int) -> tuple[Hashes, Hashes]:
    """Return `count` powers of the base and of its inverse, modulo 2**64; cached, as counts are powers of two."""
    inverse = pow(_BASE, -1, 1 << 64)
    rising, falling = (np.full(count, base, np.uint64) for base in (_BASE, inverse))
    rising[0] = falling[0] = 1
    return np.cumprod(rising, dtype=np.uint64), np.cumprod(falling, dtype=np.uint64)
