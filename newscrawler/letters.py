"""The letters of a text in one form, so that copies that differ in dress alone have the same ones.

In: a text. Out: arrays, one element a character. Must not know: shingles, articles.

Gone are white space, punctuation, case, accents, full or half width and the variants of Chinese characters: traditional
ones become simplified (OpenCC, t2s). A letter's form is worked out when it is first met and then read from a table.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from opencc import OpenCC

UNSPACED = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x9FFF), (0x20000, 0x323AF))
"""Scripts written without spaces: Thai, Lao, Burmese, Khmer, kana, Chinese characters (Unicode blocks)."""

LONGEST = 1 << 17
"""Characters that are read of a text: a short book, so that cost is bounded; longer ones are known by their beginning."""

_MARK = 0x80000000
"""Set in the form of a letter of an unspaced script; code points need 21 bits."""
_SPREAD = 0xD6E8FEB86659FD93  # multiplier of the rrmxmx mixer
_UNKNOWN = (1 << 64) - 1

_values = np.full(0x110000, _UNKNOWN, np.uint64)


class Letters(NamedTuple):
    """The letters and digits of a text: arrays of one element a character."""

    values: NDArray[np.uint64]
    """The form of a letter, with as many bits above it that tell nothing of it; 0: it is none."""
    forms: NDArray[np.uint32]
    """The code point of its one form, marked where it is of a script written without spaces; 0: it is none."""
    has: NDArray[np.bool_]
    """Is it one?"""
    characters: NDArray[np.uint32]
    """The text itself, punctuation and all."""

    @property
    def alone(self) -> NDArray[np.uint32]:
        """The forms of the letters, without what stands between them."""
        return self.forms[self.has]

    @property
    def spaced(self) -> NDArray[np.bool_]:
        """Is each a letter of a script that spaces its words?"""
        unmarked: NDArray[np.bool_] = self.forms.view(np.int32) > 0
        return unmarked


def letters(text: str) -> Letters:
    """Return the letters and digits of the first `LONGEST` characters of `text`, in whatever normal form it is."""
    composed = unicodedata.normalize("NFC", text[:LONGEST])[:LONGEST]  # some characters become three
    encoded = composed.encode("utf-32-le", "surrogatepass")
    characters = np.frombuffer(encoded, "<u4")
    values = _values.take(characters)
    if len(values) and np.maximum.reduce(values) == _UNKNOWN:
        for code in np.unique(characters[values == _UNKNOWN]).tolist():
            _values[code] = value(form(chr(code)))
        values = _values.take(characters)
    return Letters(values, values.astype(np.uint32), values.astype(np.bool_), characters)


def value(form: int) -> int:
    """Return the form below 32 bits that are spread evenly over all forms, and add up to others for each set of letters."""
    spread = form * _SPREAD & _UNKNOWN
    spread = (spread ^ spread >> 32) * _SPREAD & _UNKNOWN  # a product alone would add up to that of the sum
    return spread >> 32 << 32 | form


def form(character: str) -> int:
    """Return the code point of the character's one form, with `_MARK` where it is unspaced; 0: not a letter."""
    plain = unaccented(unicodedata.normalize("NFKC", character).casefold())
    if not plain.isalnum():
        return 0
    if plain.isdecimal():
        return ord(str(int(plain)))
    code = ord(simplifier().convert(plain)[:1])
    return code | _MARK if any(low <= code <= high for low, high in UNSPACED) else code


def unaccented(text: str) -> str:
    """Return the first character of `text` without the marks that stand on it."""
    parts = unicodedata.normalize("NFD", text)
    return parts[:1] if unicodedata.combining(parts[1:2] or "a") else text[:1]


@cache
def simplifier() -> OpenCC:
    """Return the converter; loading its dictionaries takes some milliseconds."""
    return OpenCC("t2s")
