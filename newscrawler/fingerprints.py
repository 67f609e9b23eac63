"""What a text is known by: the hash of its letters, a sketch of its shingles, its figures, a sample of its words.

In: a body as text. Out: a `Fingerprint`, some 500 bytes when packed; comparing two needs the texts no more.
Must not know: Scrapy, the database, URLs, what a cluster is.

The sketch holds the shingles of lowest hash, in reading order. Two texts are compared on what lies below the thresholds of
both: a fair sample of either, so that containment can be read off whatever their lengths, and the order shows where they
part. Figures and words show whether they say the same there.
"""

from __future__ import annotations

from hashlib import blake2b
from struct import Struct
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from newscrawler.letters import letters
from newscrawler.shingles import Hashes, Places, Shingles

SKETCH = 96
"""Shingles kept of a text: the error of a containment of one half is .05 then; 288 bytes."""

FIGURES = 32
"""Figures kept of a text: more than a market report has; 64 bytes."""

WORDS = 56
"""Words kept of a text: half of those in a short report, so that of two names one is seen; 112 bytes."""

OPENING = 128
"""Shingles that are a text's opening: a copy cut to a tenth or less is found, and known, by what opens both."""
HEAD = 16
"""Shingles kept of the opening of a longer text: with the few of a whole that is cut to a tenth, enough to tell; 48 bytes."""

KEYS = 16
"""Shingles a text is found by: of a copy cut to a third 4 of the lowest 12 are shared with the whole, and none once in 130;
the rest are the lowest `HEAD_KEYS` of the opening, all shared where both open alike."""
HEAD_KEYS = 4

SHORT = 40
"""Letters below which a body says little ("see the video"): its title then counts as part of it."""

LONGEST = 1 << 17
"""Characters that are read of a text: a short book, so that cost is bounded; longer ones are known by their beginning."""

FULL = (1 << 24) - 1
"""Threshold of a sketch that holds every shingle of its text. Hashes in a sketch have 24 bits: in texts of any length
up to `LONGEST`, two sketches share less than one by chance."""

MARK_BITS = 10
MARK = 1 << MARK_BITS
"""Hashes of figures and words are below it. In short reports, of ten that differ nine are seen to differ; the longer the
text the fewer, and the less it needs them."""

_RANK = np.uint64(40)
_STEPS = np.tile(np.arange(MARK >> 8) << 8, 2)
_SIZES = Struct(f"<IIBB{len(_STEPS)}B")


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
    sketch: dict[int, int]
    """The lowest hashes in reading order, each with its place in it."""
    top: int
    """The hash up to which the sketch holds all of the text's."""
    head: tuple[int, ...]
    """The lowest hashes of the opening, ascending."""
    figures: Marks
    words: Marks
    keys: tuple[int, ...] = ()
    """What the text is found by, signed 32 bits each; empty once unpacked."""


def fingerprint(body: str, title: str | None = None) -> Fingerprint:
    """Return what `body` is known by; never raises, and an empty text has an empty fingerprint."""
    found = letters(body[:LONGEST])
    heading = letters(title).forms if title else found.forms[:0]
    parts = Shingles(found)
    starts, hashes = parts.whole()
    low, head = lowest(hashes, SKETCH), distinct(hashes, np.arange(min(len(hashes), OPENING)))[:HEAD]
    chosen = np.sort(low)
    found_by = hashes.take(np.concatenate((head[:HEAD_KEYS], low[:KEYS]))).astype(np.int32).tolist()
    begins, ranks = starts.take(chosen), (hashes.take(chosen) >> _RANK).tolist()
    return Fingerprint(
        text=digest(np.concatenate((heading, found.forms)) if len(found.forms) < SHORT else found.forms),
        title=digest(heading) & 0xFFFFFFFF,
        size=len(hashes),
        sketch=numbered(ranks),
        top=top_of(ranks),
        head=tuple((hashes.take(head) >> _RANK).tolist()),
        figures=figures(parts, begins),
        words=words(parts, begins),
        keys=tuple(dict.fromkeys(found_by))[:KEYS],
    )


def digest(forms: NDArray[np.uint32]) -> int:
    """Return a signed 64-bit hash of the letters; 0 for none."""
    if not len(forms):
        return 0
    return int.from_bytes(blake2b(forms.tobytes(), digest_size=8).digest(), "little", signed=True)


def lowest(hashes: Hashes, count: int) -> Places:
    """Return the places of the `count` distinct shingles of lowest hash, lowest first."""
    if len(hashes) > 4 * count:
        first = distinct(hashes, (hashes < np.uint64((2 * count << 64) // len(hashes))).nonzero()[0])
        if len(first) >= count:  # it does not repeat itself
            return first[:count]
    return distinct(hashes, np.arange(len(hashes)))[:count]


def distinct(hashes: Hashes, places: Places) -> Places:
    """Return the places, lowest rank first, less those whose rank stands at an earlier one."""
    ranks = hashes.take(places) >> _RANK
    order = ranks.argsort(kind="stable")
    ranks = ranks.take(order)
    new = np.ones(len(order), np.bool_)
    np.not_equal(ranks[1:], ranks[:-1], out=new[1:])
    return places.take(order.compress(new))


def numbered(hashes: list[int]) -> dict[int, int]:
    """Return each hash with its place."""
    return dict(zip(hashes, range(len(hashes)), strict=True))


def top_of(sketch: list[int]) -> int:
    """Return the hash up to which a sketch holds all of its text's."""
    return FULL if len(sketch) < SKETCH else max(sketch)


def figures(parts: Shingles, sketch: Places) -> Marks:
    """Return the figures that have the lowest hashes. sketch: at which letters its shingles begin."""
    first: dict[int, int] = {}
    for start, value in parts.figures():
        first.setdefault(value >> 64 - MARK_BITS, start)
    found = sorted(first)[:FIGURES]
    return Marks(tuple(found), tuple(sketch.searchsorted([first[mark] for mark in found]).tolist()))


def words(parts: Shingles, sketch: Places) -> Marks:
    """Return the words that have the lowest hashes."""
    starts, hashes = parts.words()
    first = np.full(MARK, -1)
    marks = (hashes >> np.uint64(64 - MARK_BITS)).astype(np.intp)
    first[marks[::-1]] = starts[::-1]  # of two with one mark the earlier is written last
    found = (first >= 0).nonzero()[0][:WORDS]
    return Marks(tuple(found.tolist()), tuple(sketch.searchsorted(first.take(found)).tolist()))


def pack(found: Fingerprint) -> bytes:
    """Return the fingerprint, less its text's hash and its keys, as bytes."""
    head = found.head if found.size > OPENING else ()
    ranks = np.array((*found.sketch, *head), "<u4").view(np.uint8).reshape(-1, 4)[:, :3]
    hashes = np.array(found.figures.hashes + found.words.hashes, np.intp)
    steps = hashes >> 8
    steps[len(found.figures.hashes) :] += MARK >> 8
    counts = np.bincount(steps, minlength=len(_STEPS)).tolist()
    sizes = _SIZES.pack(found.title, found.size, len(found.sketch), len(head), *counts)
    low = (hashes & 0xFF).astype(np.uint8)
    return b"".join((sizes, ranks.tobytes(), low.tobytes(), bytes(found.figures.places + found.words.places)))


def unpack(blob: bytes, text: int) -> Fingerprint:
    """Return the fingerprint that `pack` gave `blob` for."""
    title, size, of_sketch, of_head, *counts = _SIZES.unpack_from(blob)
    octets, of_ranks, of_figures = np.frombuffer(blob, np.uint8), of_sketch + of_head, sum(counts[: MARK >> 8])
    middle = _SIZES.size + 3 * of_ranks
    wide = np.zeros((of_ranks, 4), np.uint8)
    wide[:, :3] = octets[_SIZES.size : middle].reshape(-1, 3)
    ranks = wide.view("<u4").ravel().tolist()
    last = (middle + len(blob)) // 2
    hashes, places = tuple((_STEPS.repeat(counts) + octets[middle:last]).tolist()), tuple(blob[last:])
    figures, words = (Marks(hashes[part], places[part]) for part in (slice(of_figures), slice(of_figures, None)))
    sketch, head = ranks[:of_sketch], tuple(ranks[of_sketch:]) or tuple(sorted(ranks)[:HEAD])
    return Fingerprint(text, title, size, numbered(sketch), top_of(sketch), head, figures, words)
