"""What a text is known by: the hash of its letters, a sketch of its shingles, its figures, a sample of its words.

In: a body as text. Out: a `Fingerprint`, some 400 bytes when packed; comparing two needs the texts no more.
Must not know: Scrapy, the database, URLs, what a cluster is.

The sketch holds the shingles of lowest hash, in reading order. Two texts are compared on what lies below the thresholds of
both: a fair sample of either, so that containment can be read off whatever their lengths, and the order shows where they
part. Figures and words show whether they say the same there.
"""

from __future__ import annotations

import unicodedata
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from newscrawler.letters import letters
from newscrawler.shingles import Places, Shingles

SKETCH = 63
"""Shingles kept of a text: the error of a containment of one half is .06 then; 189 bytes. A place needs six bits."""

FIGURES = 32
"""Figures kept of a text: more than a market report has; 64 bytes."""

WORDS = 64
"""Words kept of a text: half of those in a short report, so that of two names one is seen; 128 bytes."""

OPENING = 128
"""Shingles that are a text's opening: a copy cut to a tenth or less is found, and known, by what opens both."""
HEAD = 16
"""Shingles kept of the opening of a longer text: with the few of a whole that is cut to a tenth, enough to tell; 48 bytes."""

KEYS = 18
"""Shingles a text is found by: of a copy cut to a third 5 of the lowest 14 are shared with the whole, and none once in three
hundred; the rest are the lowest `HEAD_KEYS` of the opening, all shared where both open alike."""
HEAD_KEYS = 4

SHORT = 40
"""Letters below which a body says little ("see the video"): its title then counts as part of it."""

LONGEST = 1 << 17
"""Characters that are read of a text: a short book, so that cost is bounded; longer ones are known by their beginning."""

FULL = (1 << 24) - 1
"""Threshold of a sketch that holds every shingle of its text. Hashes in a sketch have 24 bits: in texts of any length
up to `LONGEST`, two sketches share less than one by chance."""

MARK = 1 << 10
"""Hashes of figures and words are below it; with the place, 16 bits each. In short reports, of ten that differ nine are
seen to differ; the longer the text the fewer, and the less it needs them."""


class Marks(NamedTuple):
    """The figures, or the words, of a text that have the lowest hashes."""

    hashes: tuple[int, ...]
    """Ascending."""
    places: tuple[int, ...]
    """For each, how many elements of the sketch stand before the first of its kind."""


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
    head: tuple[int, ...]
    """The lowest hashes of the opening, ascending."""
    figures: Marks
    words: Marks
    keys: tuple[int, ...] = ()
    """What the text is found by, signed 32 bits each; empty once unpacked."""


def fingerprint(body: str, title: str | None = None) -> Fingerprint:
    """Return what `body` is known by; never raises, and an empty text has an empty fingerprint."""
    found = letters(unicodedata.normalize("NFC", body[:LONGEST]))
    heading = letters(unicodedata.normalize("NFC", title)).forms if title else found.forms[:0]
    whole = np.concatenate([heading, found.forms]) if len(found.forms) < SHORT else found.forms
    parts = Shingles(found)
    starts, hashes = parts.whole()
    ranks = (hashes >> np.uint64(40)).astype(np.uint32)
    low, head = lowest(ranks), distinct(ranks, np.arange(min(len(ranks), OPENING)))[:HEAD]
    chosen = np.sort(low)
    found_by = hashes[np.concatenate([head[:HEAD_KEYS], low[:KEYS]])].astype(np.int32).tolist()
    figures, words = marks(parts, starts[chosen])
    return Fingerprint(
        text=digest(whole),
        title=digest(heading) & 0xFFFFFFFF,
        size=len(ranks),
        sketch=tuple(ranks[chosen].tolist()),
        head=tuple(ranks[head].tolist()),
        figures=figures,
        words=words,
        keys=tuple(dict.fromkeys(found_by))[:KEYS],
    )


def digest(forms: NDArray[np.uint32]) -> int:
    """Return a signed 64-bit hash of the letters; 0 for none."""
    if not len(forms):
        return 0
    return int.from_bytes(blake2b(forms.tobytes(), digest_size=8).digest(), "little", signed=True)


def lowest(ranks: NDArray[np.uint32]) -> Places:
    """Return the places of the `SKETCH` distinct shingles of lowest rank, lowest first."""
    limit = FULL if len(ranks) <= 4 * SKETCH else 2 * SKETCH * FULL // len(ranks)
    first = distinct(ranks, (ranks <= limit).nonzero()[0])
    if len(first) < SKETCH and limit < FULL:  # a text that repeats itself
        first = distinct(ranks, np.arange(len(ranks)))
    return first[:SKETCH]


def distinct(ranks: NDArray[np.uint32], places: Places) -> Places:
    """Return the places, lowest rank first, less those whose rank stands at an earlier one."""
    found = ranks.take(places)
    order = found.argsort(kind="stable")
    ordered = found.take(order)
    new = np.ones(len(order), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return places[order[new]]


def marks(parts: Shingles, sketch: Places) -> tuple[Marks, Marks]:
    """Return the figures and the words that have the lowest hashes. sketch: at which letters the sketch's shingles begin."""
    starts, hashes, figures = parts.marks()
    places = (hashes >> np.uint64(54)).astype(np.intp)
    places[figures:] += MARK
    first = np.full(2 * MARK, -1)
    first[places[::-1]] = starts[::-1]  # of two with one hash the earlier is written last
    found = (first >= 0).nonzero()[0]
    middle = int(found.searchsorted(MARK))
    kept = found[:middle][:FIGURES], found[middle:][:WORDS]
    before = (tuple(sketch.searchsorted(first[some]).tolist()) for some in kept)
    return Marks(tuple(kept[0].tolist()), next(before)), Marks(tuple((kept[1] - MARK).tolist()), next(before))


def pack(found: Fingerprint) -> bytes:
    """Return the fingerprint, less its text's hash and its keys, as bytes."""
    head = found.head if found.size > OPENING else ()
    counts = bytes([len(found.sketch), len(head), len(found.figures.hashes)])
    ranks = np.array(found.sketch + head, "<u4").view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
    hashes = np.array(found.figures.hashes + found.words.hashes, "<u2")
    places = np.array(found.figures.places + found.words.places, "<u2")
    packed: bytes = np.bitwise_or(hashes << 6, places).tobytes()
    return np.array([found.title, found.size], "<u4").tobytes() + counts + ranks + packed


def unpack(blob: bytes, text: int) -> Fingerprint:
    """Return the fingerprint that `pack` gave `blob` for."""
    title, size = np.frombuffer(blob, "<u4", 2).tolist()
    of_sketch, of_head, of_figures = blob[8:11]
    middle = 11 + 3 * (of_sketch + of_head)
    bytes_of = np.zeros((of_sketch + of_head, 4), np.uint8)
    bytes_of[:, :3] = np.frombuffer(blob[11:middle], np.uint8).reshape(-1, 3)
    ranks = tuple(bytes_of.view("<u4").ravel().tolist())
    packed = np.frombuffer(blob[middle:], "<u2")
    hashes, places = tuple((packed >> 6).tolist()), tuple((packed & 63).tolist())
    figures, words = (Marks(hashes[part], places[part]) for part in (slice(of_figures), slice(of_figures, None)))
    sketch, head = ranks[:of_sketch], ranks[of_sketch:]
    return Fingerprint(text, title, size, sketch, head or tuple(sorted(sketch)[:HEAD]), figures, words)
