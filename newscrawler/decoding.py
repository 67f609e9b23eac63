"""Bytes of a page or sitemap to text.

In: bytes and, where a header named one, a charset. Out: text, the encoding that was used, and how many characters were lost.
Must not know: HTTP, HTML beyond the prefix that names an encoding, what the text is for.

The bytes outvote header and meta. Names are those of the WHATWG Encoding Standard, in lower case as TextDecoder gives them.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from newscrawler.alphabets import ALPHABETS, SIGNS
from newscrawler.encodings import ENCODINGS, MULTI_BYTE, alphabets_of, codecs_of, encoding_named

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16le"), (codecs.BOM_UTF16_BE, "utf-16be"))
# Encodings that write everything in ASCII -> the bytes without which a text is not in them.
_SEVEN_BIT = {"iso-2022-jp": b"\x1b", "hz-gb-2312": b"~{", "utf-7": b"+"}
# How U+FFFD itself is written, so that one the publisher wrote is not counted as put in by us.
_REPLACEMENTS = {"utf-8": b"\xef\xbf\xbd", "gb18030": b"\x84\x31\xa4\x37"}
_FALLBACK = "windows-1252"  # the standard's default where nothing else is known

_DECLARED_PREFIX = 4096  # the standard looks at 1,024 bytes; pages with long comments before the meta need more
_LABEL = re.compile(rb"""(?:charset|encoding)\s{0,8}=\s{0,8}["']?\s{0,8}([\w.:-]{1,40})""", re.IGNORECASE)
_LANGUAGE = re.compile(rb"""<html[^>]{0,400}?\slang\s{0,8}=\s{0,8}["']?([a-z-]{2,12})""", re.IGNORECASE)
_HIGH_RUN = re.compile(rb"(?:[\x80-\xff][\x21-\x3b\x3d\x3f-\x7e]?){1,400}")
_SPACED = bytes(byte if byte > 0x7F else 0x20 for byte in range(256))
_NEVER_WRITTEN = frozenset(("\ufffd", *map(chr, range(0x80, 0xA0))))  # lost bytes, and C1 controls: signs of the wrong encoding
_SURROGATE = re.compile("[\ud800-\udfff]")
_WINDOW = 2048  # bytes looked over at a time; whole windows of ASCII cost next to nothing
_SAMPLE = 3072  # bytes of text beyond ASCII that are judged: 1,500 Chinese characters; the verdict is clear at 100
_SHAPE_PREFIX = 1024  # bytes in which NULs betray UTF-16
# Scores run from about 0 (chance) to 1 (ordinary prose). Measured on real pages written again in each encoding: the right
# one scores above .8 for nearly all, a wrong one below .5 unless both write the language alike.
_PLAUSIBLE = 0.8  # a label with this score is believed unheard
_LEAD = 0.2  # by which another encoding must beat the label's
_LIKELY = 0.5  # at least the score of an encoding that nothing declares
_CHANCE = 0.3  # a label below this stands for another language
_DOUBT = 1.5  # characters' worth of evidence that a handful of them does not give


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text without lone surrogates, the encoding it was read in, and how many U+FFFD the reading put into it."""

    text: str
    encoding: str
    replaced: int


def decode(body: bytes, *, header: str | None = None) -> Decoded:
    """Return `body` as text; never raises.

    header: the charset parameter of Content-Type, or None. It and the page's own declaration are heard only where the
    bytes allow it: what is valid UTF-8 is UTF-8, and a legacy label must fit how the language it stands for is written.
    """
    for bom, marked in _BOMS:
        if body.startswith(bom):
            return _read(body[len(bom) :], marked)
    if b"\0" in body[:_SHAPE_PREFIX] and (shape := _utf16_shape(body[:_SHAPE_PREFIX])):
        return _read(body, shape)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return _decode_damaged(body, header)
    if text.isascii() and (hidden := _seven_bit(body, header)):
        return _read(body, hidden)
    return Decoded(text, "utf-8", 0)


def lost(replaced: int) -> str:
    """Return the evidence of an article whose bytes could not all be read."""
    return f"{replaced} bytes could not be decoded"


def _declared(body: bytes, header: str | None) -> list[str]:
    """Return the encodings that header and page name, the header's first, without repeats."""
    labels = [header, *(label.decode("ascii", "replace") for label in _LABEL.findall(body[:_DECLARED_PREFIX]))]
    return list(dict.fromkeys(name for name in map(encoding_named, labels) if name))


def _utf16_shape(prefix: bytes) -> str | None:
    """Return which UTF-16 the zero bytes of `prefix` betray: markup has one in every other place."""
    even, odd = prefix[::2].count(0), prefix[1::2].count(0)
    if max(even, odd) < len(prefix) // 16 or min(even, odd) * 8 > max(even, odd):
        return None
    return "utf-16le" if odd > even else "utf-16be"


def _seven_bit(body: bytes, header: str | None) -> str | None:
    """Return the encoding of an ASCII-only `body` that hides others' characters; all but ISO-2022-JP must be declared."""
    if b"\x1b$" in body:
        return "iso-2022-jp"
    return next((name for name in _declared(body, header) if name in _SEVEN_BIT and _SEVEN_BIT[name] in body), None)


def _decode_damaged(body: bytes, header: str | None) -> Decoded:
    """Return the text of bytes that are not whole UTF-8: damaged UTF-8, or a legacy encoding."""
    unicode = _read(body, "utf-8")
    intact = len(unicode.text) - len(unicode.text.encode("ascii", "ignore")) - unicode.replaced
    if intact >= unicode.replaced:
        return unicode
    return _read(body, _legacy_encoding(body, _declared(body, header)))


def _legacy_encoding(body: bytes, declared: list[str]) -> str:
    """Return the encoding in which `body` reads most like a language, the declared ones believed where plausible."""
    sample = _sample(body)
    scores = {name: _score(sample, name) for name in declared if name != "utf-8"}
    favoured = _leader(scores, next(iter(scores), None))
    if favoured and scores[favoured] >= _PLAUSIBLE:
        return favoured
    if not favoured or scores[favoured] < _CHANCE:
        favoured = _language_default(body) or _FALLBACK
    for name in ENCODINGS:
        if name not in scores and _may_lead(sample, name):
            scores[name] = _score(sample, name)
        if name in MULTI_BYTE and scores.get(name, 0.0) >= _PLAUSIBLE:
            break  # two bytes a character leave no room for chance
    return _leader(scores, favoured) or _FALLBACK


def _may_lead(sample: _Sample, encoding: str) -> bool:
    return any(alphabet.fit(sample.density) >= _LIKELY for alphabet in alphabets_of(encoding))


def _leader(scores: dict[str, float], favoured: str | None) -> str | None:
    """Return the best of `scores`, or `favoured` where the best does not clearly lead it."""
    best = max(scores, key=scores.__getitem__, default=None)
    if best is None or scores[best] < max(_LIKELY, scores.get(favoured or "", 0.0) + _LEAD):
        return favoured
    return best


class _Sample(NamedTuple):
    """The stretches of a page that are not ASCII, and the share of their high bytes that stand side by side."""

    content: bytes
    density: float


def _sample(body: bytes) -> _Sample:
    """Return as much of `body` beyond ASCII as is worth judging."""
    parts: list[bytes] = []
    size = 0
    for start in range(0, len(body), _WINDOW):
        window = body[start : start + _WINDOW]
        if not window.isascii():
            parts += _HIGH_RUN.findall(window)
            size = sum(map(len, parts))
        if size >= _SAMPLE:
            break
    content = b" ".join(parts)
    runs = [len(run) for run in content.translate(_SPACED).split()]
    return _Sample(content, sum(run for run in runs if run > 1) / (sum(runs) or 1))


def _score(sample: _Sample, encoding: str) -> float:
    """Return how much of `sample`, read as `encoding`, is what some language commonly writes: 0 chance, 1 prose."""
    counts = Counter(_text(sample.content, codecs_of(encoding)[0]))
    total = sum(count for character, count in counts.items() if character > "\x7f" and character not in SIGNS)
    if not total:
        return _PLAUSIBLE  # nothing but signs that every encoding has: nothing speaks against this one
    fits = (
        sum(counts[character] for character in alphabet.common & counts.keys()) / alphabet.share * alphabet.fit(sample.density)
        for alphabet in alphabets_of(encoding)
    )
    lost = sum(counts[character] for character in _NEVER_WRITTEN & counts.keys())
    return (min(total, max(fits, default=0.0)) - 2 * lost) / (total + _DOUBT)


def _language_default(body: bytes) -> str | None:
    """Return the encoding that pages in the language of `<html lang>` were usually written in."""
    match = _LANGUAGE.search(body[:_DECLARED_PREFIX])
    tag = match[1].decode().lower() if match else ""
    found = (alphabet for name in (tag, tag.partition("-")[0]) for alphabet in ALPHABETS if name in alphabet.languages)
    return next((alphabet.encodings[0] for alphabet in found), None)


def _read(body: bytes, encoding: str) -> Decoded:
    """Return `body` read as `encoding` by the codec of it that loses least."""
    best: Decoded | None = None
    for codec in codecs_of(encoding):
        text = _text(body, codec)
        replaced = max(0, text.count("\ufffd") - body.count(_REPLACEMENTS.get(encoding, b"\xff" * 8)))
        if best is None or replaced < best.replaced:
            best = Decoded(text, encoding, replaced)
        if not replaced:
            break
    assert best is not None
    return best


def _text(body: bytes, codec: str) -> str:
    text = body.decode(codec, "replace")
    return _SURROGATE.sub("\ufffd", text) if codec == "utf-7" else text  # no other codec lets half a pair through
