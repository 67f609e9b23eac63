"""The letters of a text in one form, so that copies that differ in dress alone have the same ones.

In: a text. Out: arrays, one element a letter or digit. Must not know: shingles, articles.

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

_MARK = 0x80000000
"""Set in the form of a letter of an unspaced script; code points need 21 bits."""
_SPREAD = 0xD6E8FEB86659FD93  # multiplier of the rrmxmx mixer
_UNKNOWN = (1 << 64) - 1

_values = np.full(0x110000, _UNKNOWN, np.uint64)


class Letters(NamedTuple):
    """The letters of a text, in order."""

    values: NDArray[np.uint64]
    """The form of each letter, with as many bits above it that tell nothing of it."""
    forms: NDArray[np.uint32]
    """The code point of each letter's one form, marked where it is of a script written without spaces."""
    offsets: NDArray[np.int64]
    """Where each stands in the text, in characters."""
    text: str
    """The text that the offsets are of, punctuation and all."""

    @property
    def unspaced(self) -> NDArray[np.bool_]:
        """Is each of a script written without spaces?"""
        marked: NDArray[np.bool_] = self.forms >= _MARK
        return marked


def letters(text: str) -> Letters:
    """Return the letters and digits of `text`, in whatever normal form it is."""
    text = unicodedata.normalize("NFC", text)
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
    values = _values.take(raw)
    if len(values) and values.max() == _UNKNOWN:
        for code in np.unique(raw[values == _UNKNOWN]).tolist():
            _values[code] = value(form(chr(code)))
        values = _values.take(raw)
    offsets = (values != 0).nonzero()[0]
    values = values.take(offsets)
    return Letters(values, values.astype(np.uint32), offsets, text)


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
