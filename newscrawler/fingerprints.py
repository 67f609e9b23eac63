"""What a text is known by: the hash of its letters, a sketch of its shingles, its figures, a sample of its words.

In: a body as text. Out: a `Fingerprint`, some 500 bytes when packed; comparing two needs the texts no more.
Must not know: Scrapy, the database, URLs, what a cluster is.

The sketch holds the shingles of lowest hash, in reading order. Two texts are compared on what lies below the thresholds of
both: a fair sample of either, so that containment can be read off whatever their lengths, and the order shows where they
part. Figures and words show whether they say the same there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import accumulate, compress, pairwise
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

FULL = (1 << 24) - 1
"""Threshold of a sketch that holds every shingle of its text. Hashes in a sketch have 24 bits: two sketches, of texts
of any length, share less than one by chance."""

MARK_BITS = 10
MARK = 1 << MARK_BITS
"""Hashes of figures and words are below it. In short reports, of ten that differ nine are seen to differ; the longer the
text the fewer, and the less it needs them."""

_RANK, _MARK = np.array(40, np.uint64), np.array(64 - MARK_BITS, np.uint64)
_NOWHERE = np.full(2 * MARK, -1)
_OCTET = np.array(8, np.uint32)
_SIZES = Struct("<IIBBBBB")
STEP = 255
"""From a mark to the next in one byte; one that goes on in another byte is as long as this."""


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
    """The lowest hashes in reading order."""
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
    found = letters(body)
    forms = found.alone
    heading = letters(title).alone if title else forms[:0]
    parts = Shingles(found)
    starts, hashes = parts.whole()
    head, low = distinct(hashes[:OPENING])[:HEAD], lowest(hashes, SKETCH)
    sketch, begins = in_order(starts, hashes, low)
    figures, words = marks(parts, begins)
    keys = np.concatenate((head[:HEAD_KEYS], low[:KEYS])).astype(np.int32).tolist()
    return Fingerprint(
        text=digest(np.concatenate((heading, forms)) if len(forms) < SHORT else forms),
        title=digest(heading) & 0xFFFFFFFF,
        size=len(hashes),
        sketch=tuple(sketch),
        top=top_of(sketch),
        head=tuple((head >> _RANK).tolist()),
        figures=figures,
        words=words,
        keys=tuple(dict.fromkeys(keys))[:KEYS],
    )


def digest(forms: NDArray[np.uint32]) -> int:
    """Return a signed 64-bit hash of the letters; 0 for none."""
    if not len(forms):
        return 0
    return int.from_bytes(sha256(forms.tobytes()).digest()[:8], "little", signed=True)


def lowest(hashes: Hashes, count: int) -> Hashes:
    """Return the `count` distinct hashes that are lowest, ascending."""
    if len(hashes) > 4 * count:
        found = distinct(hashes.take((hashes < np.uint64((2 * count << 64) // len(hashes))).nonzero()[0]))
        if len(found) >= count:  # it does not repeat itself
            return found[:count]
    return distinct(hashes)[:count]


def distinct(hashes: Hashes) -> Hashes:
    """Return the hashes ascending, each once."""
    hashes = hashes.copy()
    hashes.sort()
    new = np.empty(len(hashes), np.bool_)
    new[:1] = True
    np.not_equal(hashes[1:], hashes[:-1], out=new[1:])
    return hashes[new]


def in_order(starts: Places, hashes: Hashes, low: Hashes) -> tuple[list[int], Places]:
    """Return the ranks of the lowest hashes in reading order, and where each begins for the first time."""
    if not len(low):
        return [], starts
    places = (hashes <= low[-1]).nonzero()[0]
    ranks = (hashes.take(places) >> _RANK).tolist()
    if len(places) > len(low):  # it repeats itself
        first = dict(zip(reversed(ranks), reversed(places.tolist()), strict=True))
        ranks, places = list(dict.fromkeys(ranks)), np.array(sorted(first.values()))
    return ranks, starts.take(places)


def top_of(sketch: Sequence[int]) -> int:
    """Return the hash up to which a sketch holds all of its text's."""
    return FULL if len(sketch) < SKETCH else max(sketch)


def marks(parts: Shingles, sketch: Places) -> tuple[Marks, Marks]:
    """Return the lowest marks of figures, and of words. sketch: at which characters its shingles begin."""
    first = _NOWHERE.copy()
    for table, (starts, hashes) in ((first[:MARK], parts.figures()), (first[MARK:], parts.words())):
        table[(hashes >> _MARK).astype(np.intp)[::-1]] = starts[::-1]  # of two with one mark the earlier is written last
    found = (first >= 0).nonzero()[0]
    of_figures = int(found.searchsorted(MARK))
    count = min(of_figures, FIGURES)
    chosen = np.concatenate((found[:count], found[of_figures : of_figures + WORDS]))
    marks, places = (chosen & MARK - 1).tolist(), sketch.searchsorted(first.take(chosen)).tolist()
    return Marks(tuple(marks[:count]), tuple(places[:count])), Marks(tuple(marks[count:]), tuple(places[count:]))


def pack(found: Fingerprint) -> bytes:
    """Return the fingerprint, less its text's hash and its keys, as bytes."""
    head = found.head if found.size > OPENING else ()
    ranks = np.array((*found.sketch, *head), "<u4").view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
    places = bytes(found.figures.places + found.words.places)
    steps = [bytes(steps_of(marks.hashes)) for marks in (found.figures, found.words)]
    sizes = len(found.sketch), len(head), len(found.figures.hashes), len(found.words.hashes), len(steps[0])
    return b"".join((_SIZES.pack(found.title, found.size, *sizes), ranks, places, *steps))


def unpack(blob: bytes, text: int) -> Fingerprint:
    """Return the fingerprint that `pack` gave `blob` for."""
    title, size, of_sketch, of_head, of_figures, of_words, steps = _SIZES.unpack_from(blob)
    count, at = of_sketch + of_head, _SIZES.size + 3 * (of_sketch + of_head)
    # each number of four bytes with the one before it, which goes
    ranks = (np.ndarray((count,), "<u4", blob, _SIZES.size - 1, (3,)) >> _OCTET).tolist()
    places, at = blob[at : at + of_figures + of_words], at + of_figures + of_words
    figures = Marks(hashes_of(blob[at : at + steps]), tuple(places[:of_figures]))
    words = Marks(hashes_of(blob[at + steps :]), tuple(places[of_figures:]))
    sketch = tuple(ranks[:of_sketch])
    head = tuple(ranks[of_sketch:] or sorted(ranks)[:HEAD])
    return Fingerprint(text, title, size, sketch, top_of(sketch), head, figures, words)


def steps_of(hashes: Sequence[int]) -> Iterator[int]:
    """Yield the steps from each of the ascending hashes to the next, in bytes: one of 255 goes on in the next byte."""
    for before, after in pairwise((0, *hashes)):
        whole, rest = divmod(after - before, STEP)
        yield from (*[STEP] * whole, rest)


def hashes_of(steps: bytes) -> tuple[int, ...]:
    """Return the hashes that `steps_of` gave the steps for."""
    reached = accumulate(steps)
    return tuple(compress(reached, map(STEP.__ne__, steps)) if STEP in steps else reached)
