"""Is one text a copy of another? Two tests: how much they share, and whether they say the same where they part.

In: two fingerprints. Out: their likeness, and the verdict. Must not know: texts, the database.

A copy is cut short, wrapped, given a lead; what it shares runs on without a break. A report filled into last week's form
shares as much, but parts from it again and again, and there both have something of their own: other figures, other names.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from newscrawler.fingerprints import FIGURES, FULL, MARK, SKETCH, WORDS, Fingerprint, Marks

LEAST = 0.625
"""Share of the shorter text that copies have in common: one half, as two reports on one statement may share, and twice the
error of the sample. Of 731 real pairs of a page and its original, three in a hundred share less."""

BREAKS = 3
"""Places in the middle from which on replaced words make a form with other names likely, unless as many figures agree."""
CLOSE = 0.8
"""Containment times unbrokenness from which breaks are corrections: three names replaced in 300 characters leave as much."""

PART = 0.5
"""Share of the longer text below which a copy must be its beginning, as a cut one is; else a digest would be a copy of
each of its stories."""
HEAD = 0.1
"""Share of the longer text that may stand before the shared part and leave it a beginning."""
LINE = 40
"""Shingles that may always: a dateline and a lead, or a mirror's line."""

PIECE = 0.34
"""Share of the longer text below which the titles must agree too, where both are known: a digest begins with a story."""
CRUMB = 0.1
"""Share of the longer text below which nothing is a copy: the sample holds less than seven of its shingles."""

FEW = 6
"""Shared shingles in the sample below which nothing is said."""

EDGE = 4
"""Elements of the sketch before the first shared one, or after the last, up to which they count as parting."""
ALIKE = 2.5
"""How many times longer one beginning may be than the other where both were replaced: a name, a day, a mirror's line."""

REPLACED = 2
"""Places where both texts have words or figures of their own from which on they are a form with other names, unless figures
vouch for them: four a place in a `BULLETIN`, two in a longer text. Of 713 real pairs of a page and its original that differ
11 have so many, all of them long and with more figures."""

FEW_FIGURES = 2
"""Figures that agree below which a single other one is no correction in a `BULLETIN`."""
BULLETIN = 4 * SKETCH
"""Shingles up to which a text is a short report, as forms are: the sketch holds every fourth of it. The only figures of a
longer one may be its byline's: 2 of 713 real pairs."""


class Overlap(NamedTuple):
    """What two texts share, in the sample of both."""

    chain: tuple[list[int], list[int]]
    """Places in each sketch of what stands in the same order in both."""
    common: int
    """Shingles that both have."""
    containment: float
    """Share of the shorter text that is in the other."""
    part: float
    """Share of the longer one that is in the other."""
    unbroken: float
    """Of what lies between the first and last shared shingle in both, the share that is not replaced."""
    breaks: int
    """Places between them where something is replaced."""
    head: float
    """Share of the longer text before the first shared shingle."""
    edges: tuple[bool, bool]
    """Is what lies before, and after, the shared stretch so little that it was replaced rather than added?"""


class Report(NamedTuple):
    """What two texts report where they overlap."""

    agreeing: int
    """Figures that both have."""
    conflicting: int
    """Figures that the other has not, counted on the side that has less of them."""
    partings: int
    """Places where the two have different figures between the same words."""
    replaced: int
    """Places where each has words or figures that the other has nowhere; at the end figures alone, as notices stand there."""


class Likeness(NamedTuple):
    """What two texts that share much are to each other."""

    shared: int
    """Shingles that the sample of both has."""
    similarity: float
    """Share of the shorter text that is in the other."""
    same: bool
    """Are they copies of one story, or different news in the same words?"""


def likeness(a: Fingerprint, b: Fingerprint) -> Likeness | None:
    """Return how alike the texts are, None if they share too little to be copies whatever they say. Symmetric."""
    if a.text == b.text:
        return Likeness(len(a.sketch), 1.0, True) if a.text else None
    if (b.size, b.text) < (a.size, a.text):
        a, b = b, a
    shared = overlap(a, b)
    if shared is None:
        return None
    titles_differ = bool(a.title and b.title and a.title != b.title)
    if is_piece(shared, b.size, titles_differ):
        return None
    return Likeness(shared.common, shared.containment, not differs(shared, compare(a, b, shared), a.size))


def is_copy(a: Fingerprint, b: Fingerprint) -> float | None:
    """Return how much of the shorter text is in the other if they are copies of one story, else None. Symmetric."""
    alike = likeness(a, b)
    return alike.similarity if alike and alike.same else None


def is_piece(shared: Overlap, longer: int, titles_differ: bool) -> bool:
    """Is the shared part too small a share of the longer text, or not its beginning? longer: its shingles."""
    if shared.part < CRUMB or (shared.part < PIECE and titles_differ):
        return True
    return shared.part < PART and shared.head > max(HEAD, LINE / longer)


def differs(shared: Overlap, figures: Report, shorter: int) -> bool:
    """Do the texts say different things in the same words? A corrected figure or two is no different news.

    shorter: shingles of the shorter text.
    """
    short = shorter <= BULLETIN
    if figures.replaced >= REPLACED and figures.agreeing < (4 if short else 2) * figures.replaced:
        return True
    if shared.breaks >= BREAKS and shared.containment * shared.unbroken < CLOSE:
        return figures.agreeing < shared.breaks or 2 * figures.conflicting > figures.agreeing
    if figures.partings > 1 or (short and figures.agreeing < FEW_FIGURES):
        return 2 * figures.conflicting > figures.agreeing
    return figures.conflicting > figures.agreeing + 1


def overlap(a: Fingerprint, b: Fingerprint) -> Overlap | None:
    """Return what the two texts share; None where it is too little to be a copy whatever the rest."""
    common = set(a.sketch).intersection(b.sketch)
    if len(common) < FEW:
        return None
    top_a, top_b = threshold(a), threshold(b)
    at_a = places(a.sketch, top_b if top_b < top_a else None)
    at_b = places(b.sketch, top_a if top_a < top_b else None)
    size_a, size_b = len(at_a), len(at_b)
    if len(common) < LEAST * min(size_a, size_b):
        return None
    where = {b.sketch[place]: n for n, place in enumerate(at_b)}
    chain = rising([(n, where[a.sketch[place]]) for n, place in enumerate(at_a) if a.sketch[place] in common])
    run_a, run_b = [i for i, _ in chain], [j for _, j in chain]
    gaps_a, gaps_b = gaps(run_a), gaps(run_b)
    return Overlap(
        chain=([at_a[i] for i in run_a], [at_b[j] for j in run_b]),
        common=len(common),
        containment=len(common) / min(size_a, size_b),
        part=len(common) / max(size_a, size_b),
        unbroken=len(chain) / (len(chain) + min(sum(gaps_a), sum(gaps_b))),
        breaks=min(len(gaps_a), len(gaps_b)),
        head=run_b[0] / size_b,
        edges=(replaced_start(run_a[0], run_b[0]), max(size_a - 1 - run_a[-1], size_b - 1 - run_b[-1]) <= EDGE),
    )


def replaced_start(a: int, b: int) -> bool:
    """Is what lies before the shared part, so many elements in each, another beginning rather than an added one?"""
    return max(a, b) <= max(EDGE, ALIKE * min(a, b))


def gaps(run: list[int]) -> list[int]:
    """Return how much is left out wherever the run of places skips something."""
    return [after - before - 1 for before, after in pairwise(run) if after > before + 1]


def threshold(a: Fingerprint) -> int:
    return FULL if len(a.sketch) < SKETCH else max(a.sketch)


def places(sketch: Sequence[int], top: int | None) -> Sequence[int]:
    """Return the places in the sketch of what is not above `top`; None: all."""
    return range(len(sketch)) if top is None else [place for place, value in enumerate(sketch) if value <= top]


def rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest run of pairs that rises on both sides: what stands in the same order in both."""
    at_b = [j for _, j in pairs]
    if at_b == sorted(at_b):
        return pairs
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for n, j in enumerate(at_b):
        length = bisect_left(tails, j)
        tails[length : length + 1] = [j]
        ends[length : length + 1] = [n]
        before.append(ends[length - 1] if length else -1)
    chain = []
    n = ends[-1]
    while n >= 0:
        chain.append(pairs[n])
        n = before[n]
    return chain[::-1]


def compare(a: Fingerprint, b: Fingerprint, shared: Overlap) -> Report:
    """Return what agrees and what does not where the texts overlap: between neighbours of the chain, and at edges."""
    agreeing, figures_a, figures_b = against(a.figures, b.figures, FIGURES, shared)
    _, words_a, words_b = against(a.words, b.words, WORDS, shared)
    inside = set(range(len(shared.chain[0])))
    return Report(
        agreeing=agreeing,
        conflicting=min(len(figures_a), len(figures_b)),
        partings=len(set(figures_a).intersection(figures_b)),
        replaced=len((inside.intersection(words_a).union(figures_a)) & (inside.intersection(words_b).union(figures_b))),
    )


def against(a: Marks, b: Marks, most: int, shared: Overlap) -> tuple[int, list[int], list[int]]:
    """Return how many of the marks both have, and the place of each that only `a`, or only `b`, has."""
    top = min(found.hashes[-1] if len(found.hashes) == most else MARK for found in (a, b))
    of_a, of_b = (placed(found, top, chain, shared.edges) for found, chain in zip((a, b), shared.chain, strict=True))
    own_a = [of_a[mark] for mark in of_a.keys() - set(b.hashes)]
    own_b = [of_b[mark] for mark in of_b.keys() - set(a.hashes)]
    return len(of_a.keys() | of_b.keys()) - len(own_a) - len(own_b), own_a, own_b


def placed(a: Marks, top: int, chain: list[int], edges: tuple[bool, bool]) -> dict[int, int]:
    """Return the marks up to `top` that lie in a place that counts, each with the number of its place."""
    first, last = 0 if edges[0] else 1, len(chain) if edges[1] else len(chain) - 1
    return {
        mark: stretch
        for mark, place in zip(a.hashes, a.places, strict=True)
        if mark <= top and first <= (stretch := bisect_left(chain, place)) <= last
    }
