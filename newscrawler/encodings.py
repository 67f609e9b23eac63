"""Labels of encodings to the encodings they mean, and to the codecs that read them.

In: a label as headers and pages write it. Out: names of the WHATWG Encoding Standard, in lower case as TextDecoder gives
them, and Python's codecs for each. Must not know: bodies, headers, pages.
"""

from __future__ import annotations

import codecs
import re
from itertools import chain

from newscrawler.alphabets import ALPHABETS, Alphabet

# Python's name of a codec -> the standard's name of the encoding, where a browser reads the label as another or wider one.
_STANDARD_NAMES = {
    "ascii": "windows-1252",
    "iso8859-1": "windows-1252",
    "iso8859-9": "windows-1254",
    "iso8859-11": "windows-874",
    "tis-620": "windows-874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "big5hkscs": "big5",
    "cp950": "big5",
    "cp932": "shift_jis",
    "shift_jis_2004": "shift_jis",
    "shift_jisx0213": "shift_jis",
    "euc_jp": "euc-jp",
    "euc_jis_2004": "euc-jp",
    "euc_jisx0213": "euc-jp",
    "euc_kr": "euc-kr",
    "cp949": "euc-kr",
    "johab": "euc-kr",
    "iso2022_jp": "iso-2022-jp",
    "hz": "hz-gb-2312",
    "utf-16": "utf-16le",
    "utf-8-sig": "utf-8",
    "cp866": "ibm866",
    "utf-16-le": "utf-16le",
    "utf-16-be": "utf-16be",
    "mac-roman": "macintosh",
    "mac-cyrillic": "x-mac-cyrillic",
}
# Encoding -> the codecs to read it with; the later ones know characters the first lacks (row 13 of JIS, ETEN's, Apple's).
_CODECS = {
    "gb18030": ("gb18030",),
    "big5": ("big5hkscs", "cp950"),
    "shift_jis": ("cp932", "shift_jis_2004"),
    "euc-jp": ("euc_jp", "euc_jis_2004"),
    "euc-kr": ("cp949",),
    "iso-2022-jp": ("iso2022_jp", "iso2022_jp_3", "iso2022_jp_ext"),
    "hz-gb-2312": ("hz",),
    "utf-16le": ("utf-16-le",),
    "utf-16be": ("utf-16-be",),
    "windows-874": ("cp874",),
    "ibm866": ("cp866",),
    "macintosh": ("mac-roman",),
    "x-mac-cyrillic": ("mac-cyrillic",),
}
_SINGLE_BYTE = re.compile(r"^cp(125\d|874)$")
# Encodings nobody is guessed to write in, but a label may name; `ENCODINGS` are those `ALPHABETS` can tell apart.
_OTHERS = "iso-8859-3 iso-8859-4 iso-8859-10 iso-8859-13 iso-8859-14 iso-8859-16 macintosh x-mac-cyrillic utf-8"
ENCODINGS = tuple(dict.fromkeys(chain.from_iterable(alphabet.encodings for alphabet in ALPHABETS)))
MULTI_BYTE = frozenset(("gb18030", "big5", "shift_jis", "euc-jp", "euc-kr"))
_STANDARD = frozenset((*ENCODINGS, *_OTHERS.split(), *_CODECS, "utf-7"))
_ALPHABETS = {name: tuple(alphabet for alphabet in ALPHABETS if name in alphabet.encodings) for name in ENCODINGS}


def encoding_named(label: str | None) -> str | None:
    """Return the standard's name of the encoding that `label` means, None where it means none that is known."""
    label = (label or "").strip(" \t\r\n\"';").lower()
    for name in (label, label.removeprefix("x-")):
        try:
            codec = codecs.lookup(name).name
        except (LookupError, ValueError):
            continue
        standard = _STANDARD_NAMES.get(codec, _SINGLE_BYTE.sub(r"windows-\1", codec).replace("iso8859", "iso-8859"))
        return standard if standard in _STANDARD else None
    return "shift_jis" if label == "x-sjis" else None


def codecs_of(encoding: str) -> tuple[str, ...]:
    """Return the codecs that read `encoding`, the first to be tried first."""
    return _CODECS.get(encoding, (encoding,))


def alphabets_of(encoding: str) -> tuple[Alphabet, ...]:
    """Return what the languages published in `encoding` are written with."""
    return _ALPHABETS.get(encoding, ())
