"""Is one text a copy of another? Two tests: how much they share, and whether they say the same where they part.

In: two fingerprints. Out: their likeness, and the verdict. Must not know: texts, the database.

A copy is cut short, wrapped, given a lead; what it shares runs on without a break. A report filled into last week's form
shares as much, but parts from it again and again, and there both have something of their own: other figures, other names.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Set
from typing import NamedTuple

from newscrawler.fingerprints import FIGURES, MARK, WORDS, Fingerprint, Marks
from newscrawler.overlaps import Overlap, overlap

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
CRUMB = 0.03
"""Share of the longer text below which nothing is a copy: of a long report that is two sentences."""

REPLACED = 2
"""Places where both texts have words or figures of their own from which on they are a form with other names, unless figures
vouch for them: four a place in a `BULLETIN`, two in a longer text. Of 713 real pairs of a page and its original that differ
11 have so many, all of them long and with more figures."""
FEW_FIGURES = 2
"""Figures that agree below which a single other one is no correction in a `BULLETIN`."""
BULLETIN = 250
"""Shingles up to which a text is a short report, as forms are: 250 characters of Chinese, 250 words. The only figures of a
longer one may be its byline's: 2 of 713 real pairs."""


class Likeness(NamedTuple):
    """What two texts that share much are to each other."""

    shared: int
    """Shingles that the sample of both has."""
    similarity: float
    """Share of the shorter text that is in the other."""
    same: bool
    """Are they copies of one story, or different news in the same words?"""


class Figures(NamedTuple):
    """What two texts report where they overlap."""

    agreeing: int
    """Figures that both have."""
    own: tuple[list[int], list[int]]
    """For each text, the places of the figures that the other has not: between neighbours of the chain, and at edges."""

    @property
    def conflicting(self) -> int:
        """Figures that the other has not, counted on the side that has less of them."""
        return min(map(len, self.own))

    @property
    def partings(self) -> int:
        """Places where the two have different figures between the same words."""
        return len(set(self.own[0]).intersection(self.own[1]))


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
    return Likeness(shared.common, shared.containment, not differs(a, b, shared))


def is_copy(a: Fingerprint, b: Fingerprint) -> float | None:
    """Return how much of the shorter text is in the other if they are copies of one story, else None. Symmetric."""
    alike = likeness(a, b)
    return alike.similarity if alike and alike.same else None


def is_piece(shared: Overlap, longer: int, titles_differ: bool) -> bool:
    """Is the shared part too small a share of the longer text, or not its beginning? longer: its shingles."""
    if shared.part < CRUMB or (shared.part < PIECE and titles_differ):
        return True
    return shared.part < PART and (shared.head > max(HEAD, LINE / longer) or not shared.opens)


def differs(a: Fingerprint, b: Fingerprint, shared: Overlap) -> bool:
    """Do the texts say different things in the same words? a: the shorter one."""
    figures, short = compare(a, b, shared), a.size <= BULLETIN
    return report_differs(shared, figures, short) or names_differ(a, b, shared, figures, short)


def report_differs(shared: Overlap, figures: Figures, short: bool) -> bool:
    """Do they report other figures? A corrected figure or two is no different news."""
    if shared.breaks >= BREAKS and shared.containment * shared.unbroken < CLOSE:
        return figures.agreeing < shared.breaks or 2 * figures.conflicting > figures.agreeing
    if figures.partings > 1 or (short and figures.agreeing < FEW_FIGURES):
        return 2 * figures.conflicting > figures.agreeing
    return figures.conflicting > figures.agreeing + 1


def names_differ(a: Fingerprint, b: Fingerprint, shared: Overlap, figures: Figures, short: bool) -> bool:
    """Has each, in several places, words or figures of its own, and too few figures that both have?

    At the end figures alone count: notices stand there.
    """
    top = common_top(a.words, b.words, WORDS)
    inside = range(len(shared.chain[0]))
    own_a = {place for place in own(a.words, b.words, top, shared, 0) if place in inside}.union(figures.own[0])
    if len(own_a) < REPLACED:
        return False
    own_b = {place for place in own(b.words, a.words, top, shared, 1) if place in inside}.union(figures.own[1])
    replaced = len(own_a & own_b)
    return replaced >= REPLACED and figures.agreeing < (4 if short else 2) * replaced


def compare(a: Fingerprint, b: Fingerprint, shared: Overlap) -> Figures:
    """Return which figures agree where the texts overlap."""
    top = common_top(a.figures, b.figures, FIGURES)
    both = set(a.figures.hashes).intersection(b.figures.hashes)
    agreeing = {*placed(a.figures, both, top, shared, 0), *placed(b.figures, both, top, shared, 1)}
    own_a, own_b = own(a.figures, b.figures, top, shared, 0), own(b.figures, a.figures, top, shared, 1)
    return Figures(len(agreeing), (own_a, own_b))


def common_top(a: Marks, b: Marks, most: int) -> int:
    """Return the hash up to which the marks of both are known, if at most so many are kept of a text."""
    return min(found.hashes[-1] if len(found.hashes) == most else MARK for found in (a, b))


def own(a: Marks, b: Marks, top: int, shared: Overlap, side: int) -> list[int]:
    """Return the places of the marks that the other text has not. side: which of the two `a` is of, 0 or 1."""
    return list(placed(a, set(a.hashes).difference(b.hashes), top, shared, side).values())


def placed(a: Marks, some: Set[int], top: int, shared: Overlap, side: int) -> dict[int, int]:
    """Return some of the marks, up to `top`, that lie in a place that counts, each with the number of its place."""
    chain = shared.chain[side]
    first, last = 0 if shared.edges[0] else 1, len(chain) if shared.edges[1] else len(chain) - 1
    return {
        mark: stretch
        for mark, place in zip(a.hashes, a.places, strict=True)
        if mark in some and mark <= top and first <= (stretch := bisect_left(chain, place)) <= last
    }
