"""What two texts share, and how: which stretch of each, broken where, at the beginning or at the end.

In: two fingerprints. Out: an `Overlap`, read off the sample of both. Must not know: figures, words, what makes a copy of it
all but the least share.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache
from itertools import compress, count, repeat
from operator import sub
from typing import NamedTuple

from newscrawler.fingerprints import SKETCH, Fingerprint

LEAST = 0.5
"""Share of the shorter text that copies have in common, if it runs on unbroken; two reports on one statement share as much,
here and there: times the unbroken share, `RUNNING` is needed too."""
RUNNING = 0.45
"""As copies with half a page of frame around them have it; an article and its background, told again weeks later, have .35."""

OPENING = 0.16
"""Share of both texts that may stand before what they share: with more, what they share is a tail under different news."""
OTHER_NEWS = 150
"""Shingles that may stand before it in both, however long they are: two paragraphs of its own make news of each."""

FEW = 6
"""Shared shingles in the sample below which those of the openings are taken with it, as of a text cut to a tenth."""
FEWEST = 2
"""Shared shingles in the sample below which nothing is said."""
LEAST_SEEN = 0.625
"""Share, in place of `LEAST`, where so few are seen: by the error of a sample of 20."""

EDGE = 6
"""Elements of the sketch before the first shared one, or after the last, up to which they count as parting: some 16 shingles
of 250."""
ALIKE = 3.5
"""How many times longer one beginning may be than the other where both were replaced: a name, a day, a mirror's line."""


class Overlap(NamedTuple):
    """What two texts share, in the sample of both."""

    chain: tuple[list[int], list[int]]
    """Of what stands in the same order in both, the places in each sketch, counted from 1."""
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
    opens: bool
    """Is anything of the longer text's opening in the shorter one's?"""
    counted: tuple[range, range]
    """For each text, how many elements of the sketch may stand before what is compared: before, and after, the shared stretch
    it is where so little lies there that it was replaced rather than added."""


def overlap(a: Fingerprint, b: Fingerprint) -> Overlap | None:
    """Return what the two texts share; None where it is too little to be a copy whatever the rest. a: the shorter one."""
    top = min(a.top, b.top)
    of_a, of_b = below(a, top), below(b, top)
    run_a, run_b = in_both(of_a, of_b) if a.top <= b.top else reversed(in_both(of_b, of_a))
    common, seen_a, seen_b = len(run_a), len(of_a), len(of_b)
    sample = sample_of(a, b, common, min(seen_a, seen_b))
    if sample is None:
        return None
    run_a, run_b = rising(run_a, run_b)
    containment = sample[0] / sample[1]
    unbroken = len(run_a) / (len(run_a) + min(skipped(run_a), skipped(run_b)))
    head_a, head_b = (run_a[0] - 1) / seen_a, (run_b[0] - 1) / seen_b
    if min(head_a, head_b) > OPENING or min(head_a * a.size, head_b * b.size) > OTHER_NEWS or containment * unbroken < RUNNING:
        return None
    start = replaced_start(run_a[0] - 1, run_b[0] - 1)
    end = max(seen_a - run_a[-1], seen_b - run_b[-1]) <= EDGE
    chain = places_of(run_a, a, top), places_of(run_b, b, top)
    return Overlap(
        chain=chain,
        common=common,
        containment=containment,
        part=min(containment * a.size / b.size, 1.0),
        unbroken=unbroken,
        breaks=min(breaks(run_a), breaks(run_b)) if unbroken < 1 else 0,
        head=head_b,
        opens=not set(a.head).isdisjoint(b.head),
        counted=(compared(chain[0], start, end), compared(chain[1], start, end)),
    )


def below(found: Fingerprint, top: int) -> tuple[int, ...]:
    """Return the elements of the sketch that are not above `top`."""
    return found.sketch if found.top <= top else tuple([value for value in found.sketch if value <= top])


def in_both(whole: tuple[int, ...], part: tuple[int, ...]) -> tuple[list[int], list[int]]:
    """Return the places in each, counted from 1, of what both have, ascending in `part`. whole: a sketch as it is kept."""
    places = list(map(numbered(whole).get, part, repeat(0)))
    return list(filter(None, places)), list(compress(count(1), places))


@lru_cache(maxsize=16)
def numbered(sketch: tuple[int, ...]) -> dict[int, int]:
    """Return the place of each element, counted from 1; one text is compared with several."""
    return dict(zip(sketch, count(1)))


def places_of(run: list[int], found: Fingerprint, top: int) -> list[int]:
    """Return the places in the sketch of some of its elements that are not above `top`, given their places among these."""
    if found.top <= top:
        return run
    visible = [n for n, value in enumerate(found.sketch, start=1) if value <= top]
    return [visible[number - 1] for number in run]


def sample_of(a: Fingerprint, b: Fingerprint, common: int, of: int) -> tuple[int, int] | None:
    """Return how many shingles are shared of how many seen, those of the openings with few; None: too little for a copy."""
    found, least = common, LEAST
    if common < FEWEST:
        return None
    if common < FEW:
        found, of = found + len(set(a.head).intersection(b.head)), of + min(len(a.head), len(b.head))
        least = LEAST_SEEN
    return (found, of) if found >= max(FEW, least * of) else None


def replaced_start(a: int, b: int) -> bool:
    """Is what lies before the shared part, so many elements in each, another beginning rather than an added one?"""
    return max(a, b) <= max(EDGE, ALIKE * min(a, b))


def compared(chain: list[int], start: bool, end: bool) -> range:
    """Return how many elements of the sketch stand before what is compared: within the chain, and at the given edges of it."""
    return range(0 if start else chain[0], SKETCH + 1 if end else chain[-1])


def skipped(run: list[int]) -> int:
    """Return how much is left out within the run of places."""
    return run[-1] - run[0] + 1 - len(run)


def breaks(run: list[int]) -> int:
    """Return in how many places the run skips something."""
    return len(run) - 1 - list(map(sub, run[1:], run)).count(1)


def rising(a: list[int], b: list[int]) -> tuple[list[int], list[int]]:
    """Return the places of what stands in the same order in both. a, b: of what both have, one of them ascending."""
    a_rises, b_rises = a == sorted(a), b == sorted(b)
    if a_rises and b_rises:
        return a, b
    chain = longest(b if a_rises else a)
    return [a[n] for n in chain], [b[n] for n in chain]


def longest(values: list[int]) -> list[int]:
    """Return the places of the longest rising part of `values`."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for n, value in enumerate(values):
        length = bisect_left(tails, value)
        tails[length : length + 1] = [value]
        ends[length : length + 1] = [n]
        before.append(ends[length - 1] if length else -1)
    chain = []
    n = ends[-1]
    while n >= 0:
        chain.append(n)
        n = before[n]
    return chain[::-1]
