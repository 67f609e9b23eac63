"""Is one text a copy of another? Two tests: how much they share, and whether they say the same where they part.

In: two fingerprints. Out: their likeness, and the verdict. Must not know: texts, the database.

A copy is cut short, wrapped, given a lead; what it shares runs on without a break. A report filled into last week's form
shares as much, but parts from it again and again in the middle, and there it has other figures.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

import numpy as np

from newscrawler.fingerprints import FIGURES, FULL, SKETCH, Fingerprint

LEAST = 0.6
"""Containment times unbrokenness from which texts are copies. Of 729 real pairs of page and copy that share at least half,
one in fifty lies below; of real pairs of different news that share shingles, the highest not the same text is .57."""

PART = 0.5
"""Share of the longer text below which a copy must be its beginning, as a cut one is; else a digest would be a copy of
each of its stories."""
HEAD = 0.1
"""Share of the longer text that may stand before the shared part and leave it a beginning: a kicker, a dateline."""

PIECE = 0.25
"""Share of the longer text below which the titles must agree too, where both are known."""
CRUMB = 0.1
"""Share of the longer text below which nothing is a copy: the sample holds less than seven of its shingles."""

FEW = 6
"""Shared shingles in the sample below which nothing is said."""

EDGE = 4
"""Elements of the sketch before the first shared one, or after the last, up to which they count as parting."""


class Likeness(NamedTuple):
    """How two texts relate. Shares are of the shingles that can be compared."""

    shared: int
    """Shingles of the sample that both have."""
    containment: float
    """Share of the shorter text that is in the other."""
    part: float
    """Share of the longer one that is in the other."""
    unbroken: float
    """Of what lies between the first and last shared shingle in both, the share that is not replaced."""
    head: float
    """Share of the longer text before the first shared shingle."""
    agreeing: int
    """Figures in the shared stretch that both have."""
    conflicting: int
    """Figures there that the other has not, counted on the side that has less of them."""
    partings: int
    """Places where the two have different figures between the same words."""


NOTHING = Likeness(0, 0.0, 0.0, 0.0, 1.0, 0, 0, 0)


def is_copy(a: Fingerprint, b: Fingerprint) -> float | None:
    """Return how much of the shorter text is in the other if they are copies of one story, else None. Symmetric."""
    if a.text == b.text:
        return 1.0 if a.text else None
    found = likeness(a, b)
    titles_differ = bool(a.title and b.title and a.title != b.title)
    if found.shared < FEW or found.containment * found.unbroken < LEAST:
        return None
    if is_piece(found, titles_differ) or differs_in_figures(found):
        return None
    return found.containment


def is_piece(found: Likeness, titles_differ: bool) -> bool:
    """Is the shared part too small a share of the longer text, or not its beginning?"""
    if found.part < CRUMB or (found.part < PIECE and titles_differ):
        return True
    return found.part < PART and found.head > HEAD


def differs_in_figures(found: Likeness) -> bool:
    """Do the texts report different figures in the same words? A corrected figure or two is no different news."""
    if found.partings > 1:
        return 2 * found.conflicting > found.agreeing
    return found.conflicting > found.agreeing + 1


def likeness(a: Fingerprint, b: Fingerprint) -> Likeness:
    """Return how the two texts relate."""
    top = min(threshold(a), threshold(b))
    at_a, at_b = np.flatnonzero(a.sketch <= top), np.flatnonzero(b.sketch <= top)
    pairs = common(a.sketch[at_a].tolist(), b.sketch[at_b].tolist())
    if not pairs:
        return NOTHING
    size_a, size_b = len(at_a), len(at_b)
    chain = rising(pairs)
    replaced = sum(min(i - k, j - l) - 1 for (k, l), (i, j) in zip(chain, chain[1:], strict=False))
    stretches = [(int(at_a[i]), int(at_b[j])) for i, j in chain]
    edges = edge(chain[0]), edge((size_a - 1 - chain[-1][0], size_b - 1 - chain[-1][1]))
    return Likeness(
        shared=len(pairs),
        containment=len(pairs) / min(size_a, size_b),
        part=len(pairs) / max(size_a, size_b),
        unbroken=len(chain) / (len(chain) + replaced),
        head=chain[0][0] / size_a if size_a >= size_b else chain[0][1] / size_b,
        **compare_figures(a, b, stretches, edges),
    )


def edge(outside: tuple[int, int]) -> bool:
    """Is what lies outside the shared stretch, in both, so little that it was replaced rather than added?"""
    return 0 < max(outside) <= EDGE


def threshold(a: Fingerprint) -> int:
    return FULL if len(a.sketch) < SKETCH else int(a.sketch.max())


def common(a: list[int], b: list[int]) -> list[tuple[int, int]]:
    """Return the positions in `a` and `b` of what both hold, in the order of `a`."""
    where = {value: j for j, value in enumerate(b)}
    return [(i, where[value]) for i, value in enumerate(a) if value in where]


def rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest run of pairs that rises on both sides: what stands in the same order in both."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for n, (_, j) in enumerate(pairs):
        length = bisect_left(tails, j)
        tails[length:] = [j] if length == len(tails) else [j, *tails[length + 1 :]]
        ends[length:] = [n] if length == len(ends) else [n, *ends[length + 1 :]]
        before.append(ends[length - 1] if length else -1)
    chain = []
    n = ends[-1]
    while n >= 0:
        chain.append(pairs[n])
        n = before[n]
    return chain[::-1]


def compare_figures(a: Fingerprint, b: Fingerprint, chain: list[tuple[int, int]], edges: tuple[bool, bool]) -> dict[str, int]:
    """Return the counts of figures that agree, that conflict, and of the places where they do.

    A place is the stretch between two neighbours of `chain`, or an edge.
    """
    top = min(int(p.figures[-1]) if len(p.figures) == FIGURES else 0xFFFF for p in (a, b))
    of_a, of_b = placed(a, top, [i for i, _ in chain], edges), placed(b, top, [j for _, j in chain], edges)
    only_a, only_b = of_a.keys() - set(b.figures.tolist()), of_b.keys() - set(a.figures.tolist())
    partings = {of_a[figure] for figure in only_a} & {of_b[figure] for figure in only_b}
    agreeing = len((of_a.keys() - only_a) | (of_b.keys() - only_b))
    return {"agreeing": agreeing, "conflicting": min(len(only_a), len(only_b)), "partings": len(partings)}


def placed(a: Fingerprint, top: int, chain: list[int], edges: tuple[bool, bool]) -> dict[int, int]:
    """Return the figures up to `top` that lie in a place that counts, each with the number of that place."""
    places = {figure: bisect_left(chain, place) for figure, place in zip(a.figures.tolist(), a.places.tolist(), strict=True)}
    first, last = 0 if edges[0] else 1, len(chain) if edges[1] else len(chain) - 1
    return {figure: place for figure, place in places.items() if figure <= top and first <= place <= last}
