"""Hashes of what a text is made of: its shingles, its words, its figures; and where each stands.

In: the letters of a text. Out: arrays of 64-bit hashes with the letter at which each begins. Must not know: what is kept of
them, articles.

A unit is a character of a script written without spaces, or a word. A shingle is eight such characters or four words.
"""

from __future__ import annotations

from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from newscrawler.letters import Letters

SHINGLE = 8
"""Weight of a shingle. A character of an unspaced script weighs 1, a word `WORD`: Chinese words have some two characters."""
WORD = 2

SEPARATORS = ".,．，'’\u00a0\u202f"
"""What may stand between the digits of one figure: decimal points and commas, and what groups thousands."""

_BASE = 0x5851F42D4C957F2D  # any odd number with well-spread bits; this one is Knuth's MMIX multiplier
_ODD = np.uint64(0xD6E8FEB86659FD93)  # multiplier of the rrmxmx mixer
_HALF = np.uint64(32)
_ZERO, _NINE = ord("0"), ord("9")

_separates = np.zeros(0x110000, np.bool_)
_separates[[ord(sign) for sign in SEPARATORS]] = True

Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]


class Shingles:
    """The hashes of one text; places are numbers of letters."""

    def __init__(self, found: Letters) -> None:
        self._found = found
        count = len(found.forms)
        self._up, self._down = powers(1 << count.bit_length())
        self._sums = np.zeros(count + 1, np.uint64)
        np.cumsum(mixed_forms().take(found.forms) * self._up[:count], out=self._sums[1:])

    def whole(self) -> tuple[Places, Hashes]:
        """Return where each shingle begins, and its hash. A text shorter than one shingle is one."""
        if not len(self._found.forms):
            return self._starts, np.zeros(0, np.uint64)
        first, after = spans(self._starts, self._found)
        return first, self._hashes(first, after)

    def marks(self) -> tuple[Places, Hashes, int]:
        """Return where each figure, then each word, begins, and its hash; and how many of them are figures.

        A figure's width, separators and leading zeros do not count; a word is a unit that does not begin with a digit.
        """
        figures, after_figures = self._figures()
        words = ~self._is_digit.take(self._starts)
        after = np.append(self._starts[1:], len(self._found.forms))[: len(words)]
        first = np.concatenate([figures, self._starts[words]])
        return first, self._hashes(first, np.concatenate([after_figures, after[words]])), len(figures)

    def _figures(self) -> tuple[Places, Places]:
        """Return the first digit of each figure, the zeros that lead it left out, and the letter after its last."""
        digits = self._is_digit.nonzero()[0]
        parts = self._parts(digits)
        first, after = digits[parts[:-1]], digits[parts[1:]] + 1
        zeros = self._found.forms.take(digits) == _ZERO
        if zeros[parts[:-1]].any():
            told = np.append(digits[~zeros], len(self._found.forms))
            first = np.minimum(told[told.searchsorted(first)], after)
        return first, after

    @cached_property
    def _starts(self) -> Places:
        return unit_starts(self._found).nonzero()[0]

    @cached_property
    def _is_digit(self) -> NDArray[np.bool_]:
        return (self._found.forms >= _ZERO) & (self._found.forms <= _NINE)

    def _parts(self, digits: Places) -> NDArray[np.bool_]:
        """Return whether a figure begins at each digit, and one more: what is true of the next is that one ends."""
        at = self._found.offsets[digits]
        step = at[1:] - at[:-1]
        parts: NDArray[np.bool_] = np.ones(len(digits) + 1, np.bool_)
        parts[1:-1] = (step > 2) | ((step == 2) & ~_separates[self._found.raw[at[:-1] + 1]])
        return parts

    def _hashes(self, first: Places, after: Places) -> Hashes:
        values = self._sums.take(after)
        values -= self._sums.take(first)
        values *= self._down.take(first)
        values ^= values >> _HALF
        values *= _ODD
        return values


def spans(starts: Places, found: Letters) -> tuple[Places, Places]:
    """Return the first letter of each shingle, and the one after its last. starts: those of the units."""
    weights = WORD - found.unspaced.take(starts) * (WORD - 1)
    reached = weights.cumsum()
    before = reached - weights
    total = int(reached[-1])
    next_start = np.full(total + 2, len(found.forms))  # the first unit that has so much, or more, before it
    next_start[before - 1] = starts  # no unit weighs more than two: where none starts at a weight, one does at the next
    next_start[before] = starts
    fitting = max(1, int(before.searchsorted(total - SHINGLE, "right")))
    return starts[:fitting], next_start.take(before[:fitting] + min(SHINGLE, total))


def unit_starts(found: Letters) -> NDArray[np.bool_]:
    """Return whether each letter starts a unit: a character of an unspaced script, or a word."""
    start: NDArray[np.bool_] = np.ones(len(found.forms), np.bool_)
    start[1:] = found.unspaced[1:] | found.unspaced[:-1] | (found.offsets[1:] - found.offsets[:-1] > 1)
    return start


@cache
def mixed_forms() -> Hashes:
    """Return for each code point 64 bits that tell nothing of it; nine megabytes."""
    values = np.arange(0x110000, dtype=np.uint64)
    for _ in range(2):
        values ^= values >> _HALF
        values *= _ODD
    return values ^ (values >> _HALF)


@cache
def powers(count: int) -> tuple[Hashes, Hashes]:
    """Return `count` powers of the base and of its inverse, modulo 2**64; cached, as counts are powers of two."""
    inverse = pow(_BASE, -1, 1 << 64)
    rising, falling = (np.full(count, base, np.uint64) for base in (_BASE, inverse))
    rising[0] = falling[0] = 1
    return np.cumprod(rising, dtype=np.uint64), np.cumprod(falling, dtype=np.uint64)
