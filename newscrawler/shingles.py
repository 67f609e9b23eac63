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

SEPARATORS = np.array([ord(sign) for sign in ".,．，'’\u00a0\u202f"], "<u4")
"""What may stand between the digits of one figure: decimal points and commas, and what groups thousands."""

_BASE = 0x5851F42D4C957F2D  # any odd number with well-spread bits; this one is Knuth's MMIX multiplier
_ODD = np.uint64(0xD6E8FEB86659FD93)  # multiplier of the rrmxmx mixer
_HALF = np.uint64(32)
_ZERO, _NINE = ord("0"), ord("9")

Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]


class Shingles:
    """The hashes of one text; places are numbers of letters."""

    def __init__(self, found: Letters) -> None:
        self._found = found
        count = len(found.forms)
        self._up, self._down = powers(1 << count.bit_length())
        self._sums = np.zeros(count + 1, np.uint64)
        np.cumsum(mixed(found.forms.astype(np.uint64)) * self._up[:count], out=self._sums[1:])

    def whole(self) -> tuple[Places, Hashes]:
        """Return where each shingle begins, and its hash. A text shorter than one shingle is one."""
        if not len(self._found.forms):
            return self._starts, np.zeros(0, np.uint64)
        first, after = spans(self._starts, self._found)
        return first, self._hashes(first, after)

    def words(self) -> tuple[Places, Hashes]:
        """Return where each unit begins that does not begin with a digit, and its hash."""
        after = np.append(self._starts[1:], len(self._found.forms))
        words = ~self._is_digit[self._starts]
        first = self._starts[words]
        return first, self._hashes(first, after[words])

    def figures(self) -> tuple[Places, Hashes]:
        """Return where each figure begins, and its hash; width, separators and leading zeros do not count."""
        digits = self._is_digit.nonzero()[0]
        if not len(digits):
            return digits, np.zeros(0, np.uint64)
        ends = np.append(self._parts(digits).nonzero()[0], len(digits) - 1)
        after = digits[ends] + 1
        first = digits[np.append(0, ends[:-1] + 1)]
        told = np.append(digits[self._found.forms[digits] != _ZERO], len(self._found.forms))
        return first, self._hashes(np.minimum(told[told.searchsorted(first)], after), after)

    @cached_property
    def _starts(self) -> Places:
        return unit_starts(self._found).nonzero()[0]

    @cached_property
    def _is_digit(self) -> NDArray[np.bool_]:
        return (self._found.forms >= _ZERO) & (self._found.forms <= _NINE)

    def _parts(self, digits: Places) -> NDArray[np.bool_]:
        """Return whether the figure ends at each digit but the last."""
        at = self._found.offsets[digits]
        step = at[1:] - at[:-1]
        one_between = (step == 2).nonzero()[0]
        grouped = np.isin(self._found.raw[at[one_between] + 1], SEPARATORS)
        parts: NDArray[np.bool_] = step != 1
        parts[one_between[grouped]] = False
        return parts

    def _hashes(self, first: Places, after: Places) -> Hashes:
        return mixed((self._sums[after] - self._sums[first]) * self._down[first])


def spans(starts: Places, found: Letters) -> tuple[Places, Places]:
    """Return the first letter of each shingle, and the one after its last. starts: those of the units."""
    weights = WORD - found.unspaced[starts] * (WORD - 1)
    reached = weights.cumsum()
    before = reached - weights
    total = int(reached[-1])
    next_start = np.full(total + 2, len(found.forms))  # the first unit that has so much, or more, before it
    next_start[before - 1] = starts  # no unit weighs more than two: where none starts at a weight, one does at the next
    next_start[before] = starts
    fitting = max(1, int(before.searchsorted(total - SHINGLE, "right")))
    return starts[:fitting], next_start[before[:fitting] + min(SHINGLE, total)]


def unit_starts(found: Letters) -> NDArray[np.bool_]:
    """Return whether each letter starts a unit: a character of an unspaced script, or a word."""
    start: NDArray[np.bool_] = np.ones(len(found.forms), np.bool_)
    start[1:] = found.unspaced[1:] | found.unspaced[:-1] | (found.offsets[1:] - found.offsets[:-1] > 1)
    return start


def mixed(values: Hashes) -> Hashes:
    """Return the values with every bit of each spread over all of it."""
    values = (values ^ (values >> _HALF)) * _ODD
    values ^= values >> _HALF
    values *= _ODD
    values ^= values >> _HALF
    return values


@cache
def powers(count: int) -> tuple[Hashes, Hashes]:
    """Return `count` powers of the base and of its inverse, modulo 2**64; cached, as counts are powers of two."""
    inverse = pow(_BASE, -1, 1 << 64)
    rising, falling = (np.full(count, base, np.uint64) for base in (_BASE, inverse))
    rising[0] = falling[0] = 1
    return np.cumprod(rising, dtype=np.uint64), np.cumprod(falling, dtype=np.uint64)
