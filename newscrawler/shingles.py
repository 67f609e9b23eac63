"""Hashes of what a text is made of: its shingles, its words, its figures; and where each stands.

In: the letters of a text. Out: hashes with the character at which each begins. Must not know: what is kept of them, articles.

A unit is a character of a script written without spaces, or a word. A shingle is eight such characters or four words.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from newscrawler.letters import LONGEST, Letters

SHINGLE = 8
"""Weight of a shingle. A character of an unspaced script weighs 1, a word 2: Chinese words have some two characters."""

SEPARATORS = ".,．，'’\u00a0\u202f"
"""What may stand between the digits of one figure: decimal points and commas, and what groups thousands."""

_BASE = 0xD1342543DE82EF95  # any odd number with well-spread bits; this multiplier is of Steele and Vigna, 2021
_FULL = (1 << 64) - 1
_ZERO = np.array(ord("0"), np.uint32)
_separates = np.zeros(0x10000, np.bool_)
_separates[[ord(character) for character in SEPARATORS]] = True

Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Shingles:
    """The hashes of one text; places are numbers of characters."""

    def __init__(self, found: Letters) -> None:
        self._found = found
        self._is_digit = found.forms - _ZERO < 10  # what is below zero wraps round
        spaced = found.spaced
        self._starts = unit_starts(found.has, spaced)
        self._is_word = spaced.take(self._starts)
        self._units = np.add.reduceat(found.values, self._starts) if len(self._starts) else found.values[:0]

    def whole(self) -> tuple[Places, Hashes]:
        """Return where each shingle begins, and its hash. A text shorter than one shingle is one."""
        count = len(self._units)
        places = np.add.accumulate(self._is_word, dtype=np.intp)  # of each unit, if each took as many as it weighs
        places -= self._is_word
        places += _numbers[:count]
        total = int(places[-1] + self._is_word[-1]) + 1 if count else 0
        spread = np.zeros(max(total, SHINGLE), np.uint64)
        spread[places] = self._units
        fitting = int(places.searchsorted(total - SHINGLE, "right")) or min(1, count)
        return self._starts[:fitting], rolled(spread).take(places[:fitting])

    def words(self) -> tuple[Places, Hashes]:
        """Return where each unit that does not begin with a digit begins, and a hash of its letters in any order."""
        words = ~self._is_digit.take(self._starts)
        return self._starts[words], self._units[words]

    def figures(self) -> tuple[Places, Hashes]:
        """Return where each figure begins, and its hash. Its width, separators and leading zeros do not count."""
        digits = self._is_digit.nonzero()[0]
        if not len(digits):
            return digits, self._units[:0]
        going_on = digits[:-1] + 1  # where the next digit stands if it is of the same figure
        going_on += _separates.take(self._found.characters.take(going_on), mode="clip")
        last = np.ones(len(digits), np.bool_)
        np.not_equal(digits[1:], going_on, out=last[:-1])
        ends = last.nonzero()[0]
        starts = np.zeros(len(ends), np.intp)
        np.add(ends[:-1], 1, out=starts[1:])
        values = (self._found.forms.take(digits) - _ZERO) * _falling[: len(digits)]
        return digits.take(starts), np.add.reduceat(values, starts) * _rising.take(ends)


def unit_starts(has: Flags, spaced: Flags) -> Places:
    """Return the letters that start a unit: all but those that follow another of the same word."""
    start = has.copy()
    start[1:] ^= spaced[1:] & spaced[:-1]
    return start.nonzero()[0]


def rolled(values: Hashes) -> Hashes:
    """Return the hash of each `SHINGLE` values in a row: of pairs, of pairs of pairs and so on."""
    width, base = 1, _BASE
    while width < SHINGLE:
        following = values[width:]
        values = values[:-width] * np.uint64(base)
        values += following
        width, base = 2 * width, base * base & _FULL
    return values


def powers(base: int, first: int) -> Hashes:
    """Return `first` times the powers of the base, modulo 2**64."""
    factors = np.full(LONGEST, base, np.uint64)
    factors[0] = first
    return np.cumprod(factors, dtype=np.uint64)


_numbers = np.arange(LONGEST)
_rising, _falling = powers(_BASE, _BASE), powers(pow(_BASE, -1, 1 << 64), 1)
