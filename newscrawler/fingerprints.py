"""What a text is known by: the hash of its letters, a sketch of its shingles, its figures.

In: a body as text. Out: a `Fingerprint`, some 300 bytes when packed; comparing two needs the texts no more.
Must not know: Scrapy, the database, URLs, what a cluster is.

A shingle is eight characters of a script written without spaces, or four words. The sketch holds the shingles of lowest
hash, in reading order. Two texts are compared on what lies below the thresholds of both: a fair sample of either, so that
containment can be read off whatever their lengths, and the order shows where they part.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from functools import cache, lru_cache
from hashlib import blake2b
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from newscrawler.letters import Letters, letters

SKETCH = 64
"""Shingles kept of a text: the error of a containment of one half is .06 then; 192 bytes."""

FIGURES = 32
"""Figures kept of a text: more than a market report has; 96 bytes."""

KEYS = 20
"""Shingles a text is found by: a copy cut to a third shares 7 of them with the whole, and none once in three thousand."""

SHINGLE = 8
"""Weight of a shingle. A character of an unspaced script weighs 1, a word `WORD`: Chinese words have some two characters."""
WORD = 2

SHORT = 40
"""Letters below which a body says little ("see the video"): its title then counts as part of it."""

LONGEST = 1 << 17
"""Characters that are read of a text: a short book, so that cost is bounded; longer ones are known by their beginning."""

FULL = (1 << 24) - 1
"""Threshold of a sketch that holds every shingle of its text. Hashes in a sketch have 24 bits: in texts of any length
up to `LONGEST`, two sketches share less than one by chance."""

_FIGURE = re.compile(r"\d\d*(?:[.,．，]\d+)*")  # \d first: found as one of a set, which is a quarter faster than \d+
_BASE = 0x5851F42D4C957F2D  # any odd number with well-spread bits; this one is Knuth's MMIX multiplier
_ODD = np.uint64(0xD6E8FEB86659FD93)  # multiplier of the rrmxmx mixer
_HALF = np.uint64(32)
_NO_LETTERS = np.zeros(0, "<u4")


class Fingerprint(NamedTuple):
    """What a text is known by."""

    text: int
    """Hash of the letters, signed 64 bits: equal for texts that differ in dress alone. 0: there are none."""
    title: int
    """Hash of the title's letters, 32 bits; 0: not known."""
    size: int
    """Shingles in the text."""
    sketch: tuple[int, ...]
    """The lowest hashes, in reading order."""
    figures: tuple[int, ...]
    """Hashes of the figures, ascending."""
    places: tuple[int, ...]
    """For each figure, how many elements of the sketch stand before it."""
    keys: tuple[int, ...] = ()
    """What the text is found by; empty once unpacked."""


def fingerprint(body: str, title: str | None = None) -> Fingerprint:
    """Return what `body` is known by; never raises, and an empty text has an empty fingerprint."""
    text = unicodedata.normalize("NFC", body[:LONGEST])
    found = letters(text)
    heading = letters(unicodedata.normalize("NFC", title)).forms if title else _NO_LETTERS
    whole = np.concatenate([heading, found.forms]) if len(found.forms) < SHORT else found.forms
    offsets, hashes = shingles(found)
    chosen, sketch = lowest(hashes)
    figures, places = figures_of(text, offsets[chosen])
    by_hash = chosen[sketch.argsort()[:KEYS]]
    keys = tuple(hashes[by_hash].astype(np.uint32).tolist())
    told = digest(heading) & 0xFFFFFFFF
    return Fingerprint(digest(whole), told, len(hashes), tuple(sketch.tolist()), figures, places, keys)


def digest(forms: NDArray[np.uint32]) -> int:
    """Return a signed 64-bit hash of the letters; 0 for none."""
    if not len(forms):
        return 0
    return int.from_bytes(blake2b(forms.tobytes(), digest_size=8).digest(), "little", signed=True)


def shingles(found: Letters) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Return where each shingle starts in the text, and its hash. A text shorter than one shingle is one."""
    count = len(found.forms)
    if not count:
        return found.offsets, np.zeros(0, np.uint64)
    first, last = spans(found)
    up, down = powers(1 << count.bit_length())
    prefix = np.zeros(count + 1, np.uint64)
    np.cumsum(mixed(found.forms.astype(np.uint64)) * up[:count], out=prefix[1:])
    return found.offsets[first], mixed((prefix[last] - prefix[first]) * down[first])


def spans(found: Letters) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first letter of each shingle, and the one after its last."""
    starts = unit_starts(found).nonzero()[0]
    weights = WORD - found.unspaced[starts] * (WORD - 1)
    after = weights.cumsum()
    before = after - weights
    total = int(after[-1])
    next_start = np.full(total + 2, len(found.forms))  # the first unit that has so much, or more, before it
    next_start[before - 1] = starts  # no unit weighs more than two: where none starts at a weight, one does at the next
    next_start[before] = starts
    fitting = max(1, int(before.searchsorted(total - SHINGLE, "right")))
    return starts[:fitting], next_start[before[:fitting] + min(SHINGLE, total)]


def unit_starts(found: Letters) -> NDArray[np.bool_]:
    """Return whether each letter starts a unit: a character of an unspaced script, or a word."""
    start = np.ones(len(found.forms), np.bool_)
    start[1:] = found.unspaced[1:] | found.unspaced[:-1] | (found.offsets[1:] - found.offsets[:-1] > 1)
    return start


def lowest(hashes: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """Return the indices of the `SKETCH` distinct shingles of lowest hash, in reading order, and their 24-bit hashes."""
    ranks = (hashes >> np.uint64(40)).astype(np.uint32)
    limit = FULL if len(ranks) <= 4 * SKETCH else 2 * SKETCH * FULL // len(ranks)
    low = (ranks <= limit).nonzero()[0]
    _, first = np.unique(ranks[low], return_index=True)
    if len(first) < SKETCH and limit < FULL:  # a text that repeats itself
        low = np.arange(len(ranks))
        _, first = np.unique(ranks, return_index=True)
    chosen = low[np.sort(first[:SKETCH])]
    return chosen, ranks[chosen]


def figures_of(text: str, offsets: NDArray[np.int64]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the hashes of the text's figures, at most `FIGURES`, and how many of `offsets` lie before each."""
    first: dict[int, int] = {}
    for match in _FIGURE.finditer(text):
        first.setdefault(figure_hash(match[0]), match.start())
    kept = tuple(sorted(first)[:FIGURES])
    positions = offsets.tolist()
    return kept, tuple([bisect_left(positions, first[figure]) for figure in kept])


@lru_cache(1 << 14)  # years, dates and shares come again and again; a megabyte or two
def figure_hash(figure: str) -> int:
    """Return 16 bits for the figure as printed; its width, grouping commas and leading zeros do not count."""
    plain = figure if figure.isascii() else unicodedata.normalize("NFKC", figure)
    return crc32(plain.replace(",", "").lstrip("0").encode()) * 0x9E3779B1 >> 16 & 0xFFFF


def mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the values with every bit of each spread over all of it."""
    values = (values ^ (values >> _HALF)) * _ODD
    values ^= values >> _HALF
    values *= _ODD
    values ^= values >> _HALF
    return values


@cache
def powers(count: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return `count` powers of the base and of its inverse, modulo 2**64; cached, as counts are powers of two."""
    inverse = pow(_BASE, -1, 1 << 64)
    rising, falling = (np.full(count, base, np.uint64) for base in (_BASE, inverse))
    rising[0] = falling[0] = 1
    return np.cumprod(rising, dtype=np.uint64), np.cumprod(falling, dtype=np.uint64)


def pack(found: Fingerprint) -> bytes:
    """Return the fingerprint, less its text's hash and its keys, as bytes."""
    head = np.array([found.title, found.size], "<u4").tobytes() + bytes([len(found.sketch)])
    sketch = np.array(found.sketch, "<u4").view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
    return head + sketch + np.array(found.figures, "<u2").tobytes() + bytes(found.places)


def unpack(blob: bytes, text: int) -> Fingerprint:
    """Return the fingerprint that `pack` gave `blob` for."""
    title, size = np.frombuffer(blob, "<u4", 2).tolist()
    start, end = 9, 9 + 3 * blob[8]
    sketch = np.zeros((blob[8], 4), np.uint8)
    sketch[:, :3] = np.frombuffer(blob[start:end], np.uint8).reshape(-1, 3)
    middle = end + 2 * (len(blob) - end) // 3
    figures = np.frombuffer(blob[end:middle], "<u2").tolist()
    return Fingerprint(text, title, size, tuple(sketch.view("<u4").ravel().tolist()), tuple(figures), tuple(blob[middle:]))
