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

_UNKNOWN = 0xFFFFFFFF
_MARK = 0x80000000
"""Set in the table beside a letter of an unspaced script; code points need 21 bits."""

_forms = np.full(0x110000, _UNKNOWN, dtype="<u4")


class Letters(NamedTuple):
    """The letters of a text, in order."""

    forms: NDArray[np.uint32]
    """The code point of each letter's one form."""
    offsets: NDArray[np.int64]
    """Where each stands in the text, in characters."""
    unspaced: NDArray[np.bool_]
    """Whether each is of a script written without spaces."""
    raw: NDArray[np.uint32]
    """The code points of the text, punctuation and all."""


def letters(text: str) -> Letters:
    """Return the letters and digits of `text`; the text should be in NFC."""
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    forms = _forms.take(raw)
    if len(forms) and forms.max() == _UNKNOWN:
        for code in np.unique(raw[forms == _UNKNOWN]).tolist():
            _forms[code] = form(chr(code))
        forms = _forms.take(raw)
    offsets = forms.nonzero()[0]
    forms = forms.take(offsets)
    return Letters(forms & np.uint32(~_MARK & _UNKNOWN), offsets, forms >= _MARK, raw)


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
