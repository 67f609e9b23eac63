"""Which copy of a story is kept: a rule that does not know who came first.

In: what each page of a run is and which cluster it fell into. Out: each page's fate. Must not know: files, the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from newscrawler.items import Reason


@dataclass(slots=True)
class Candidate:
    """A page that was read in this run, as far as the choice needs it."""

    id: str
    url: str
    cluster: str
    when: float
    """Seconds of its timestamp; infinity where it has none."""
    length: int
    reason: Reason | None
    """Why it was taken for a copy on arrival: same_page, same_text, copy; None: it was the first."""
    of: str | None
    similarity: float | None
    place: tuple[int, int]
    """Offset and size of its line in the journal."""
    site: str = ""
    version: int = 1


@dataclass(slots=True)
class Fate:
    """What becomes of a candidate: `of` is the id of the page it repeats, or None: it is kept."""

    candidate: Candidate
    cluster: str
    of: str | None = None
    reason: Reason | None = None
    similarity: float | None = None
    best: Candidate | None = None
    """The page of this run that was preferred to it; its likeness to that one is yet to be measured."""


def order(candidate: Candidate) -> tuple[float, int, str]:
    """Earliest timestamp first, then the most complete, then by address."""
    return candidate.when, -candidate.length, candidate.url


def choose(cluster: str, group: list[Candidate]) -> Iterator[Fate]:
    """Yield the fates of one cluster's pages: one address a page, then one page a story.

    A cluster whose founder was read for the first time is new: its best page is kept and names it. Any other cluster was
    known before, and every candidate in it repeats the page that named it. A new version of a kept page stays itself.
    """
    pages = []
    by_id: dict[str, list[Candidate]] = {}
    for candidate in group:
        by_id.setdefault(candidate.id, []).append(candidate)
    new = any(c.id == cluster and c.version == 1 and c.reason != "same_page" for c in group)
    for same in by_id.values():
        known_before = all(c.reason == "same_page" for c in same)
        page = None if known_before else min(same, key=order)
        pages += [page] if page else []
        yield from (Fate(c, cluster, c.id, "same_page", 1.0) for c in same if c is not page)
    best = min(pages, key=order, default=None) if new else None
    yield from (fate_of(page, cluster, best) for page in pages)


def fate_of(page: Candidate, cluster: str, best: Candidate | None) -> Fate:
    if page is best or (page.version > 1 and page.reason is None):
        return Fate(page, best.id if best else cluster)
    if best is not None:
        return Fate(page, best.id, best.id, page.reason or "copy", page.similarity, best)
    return Fate(page, cluster, cluster, page.reason or "copy", page.similarity)
