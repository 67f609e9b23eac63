"""Is one text a copy of another? Two tests: how much they share, and whether they say the same where they part.

In: two fingerprints. Out: their likeness, and the verdict. Must not know: texts, the database.

A copy is cut short, wrapped, given a lead; what it shares runs on without a break. A report filled into last week's form
shares as much, but parts from it again and again, and there both have something of their own: other figures, other names.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
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
NEAR = 6
"""Shared shingles that may lie between two figures of which one replaces the other, some 16 of 250: what a text says twice, as
in its standfirst, counts where it stands first, and that may be before the figure in one text alone."""
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
    parted = Parted(a, b, shared)
    return parted.report_differs() or parted.names_differ()


class Parted:
    """Where two texts part from each other, and what each has there."""

    def __init__(self, a: Fingerprint, b: Fingerprint, shared: Overlap) -> None:
        self._a, self._b, self._shared = a, b, shared
        self._short = a.size <= BULLETIN

    def report_differs(self) -> bool:
        """Do they report other figures? A corrected figure or two is no different news."""
        shared = self._shared
        broken = shared.breaks >= BREAKS and shared.containment * shared.unbroken < CLOSE
        if broken and self._agreeing < shared.breaks:
            return True
        conflicting = min(map(len, self._figures))  # counted on the side that has less of them
        if not conflicting:
            return False
        partings = len(set(self._figures[0]).intersection(self._figures[1]))
        if broken or partings > 1 or (self._short and self._agreeing < FEW_FIGURES):
            return 2 * conflicting > self._agreeing
        return conflicting > self._agreeing + 1

    def names_differ(self) -> bool:
        """Has each, in several places, words or figures of its own, and too few figures that both have?

        At the end figures alone count: notices stand there.
        """
        last, a, b = len(self._shared.chain[0]), self._a.words, self._b.words
        figures, others = map(set, self._figures)
        own_a = set(own(a, b, WORDS, self._shared, 0)).difference([last]).union(figures)
        if len(own_a) < REPLACED:
            return False
        own_b = set(own(b, a, WORDS, self._shared, 1)).difference([last]).union(others)
        near = {at for at in figures if not others.isdisjoint(range(at - NEAR, at + NEAR + 1))}
        replaced = len(own_a & own_b | near)
        return replaced >= REPLACED and self._agreeing < (4 if self._short else 2) * replaced

    @cached_property
    def _figures(self) -> tuple[list[int], list[int]]:
        """For each text, the places of the figures that the other has not."""
        a, b = self._a.figures, self._b.figures
        return own(a, b, FIGURES, self._shared, 0), own(b, a, FIGURES, self._shared, 1)

    @cached_property
    def _agreeing(self) -> int:
        """Figures that both have where the texts overlap."""
        a, b = self._a.figures, self._b.figures
        at_b, counted = dict(zip(b.hashes, b.places, strict=True)), self._shared.counted
        both = [(place, at_b[mark]) for mark, place in zip(a.hashes, a.places, strict=True) if mark in at_b]
        return len([1 for place_a, place_b in both if place_a in counted[0] or place_b in counted[1]])


def own(a: Marks, b: Marks, most: int, shared: Overlap, side: int) -> list[int]:
    """Return in which places `a` has marks that the other text has not, of those known of both if so many are kept of a text.

    Places are between neighbours of the chain, and at edges. side: which of the two texts `a` is of, 0 or 1.
    """
    top = min(found.hashes[-1] if len(found.hashes) == most else MARK for found in (a, b))
    some, chain, counted = set(a.hashes).difference(b.hashes), shared.chain[side], shared.counted[side]
    return [
        bisect_right(chain, place)
        for mark, place in zip(a.hashes, a.places, strict=True)
        if mark in some and mark <= top and place in counted
    ]
