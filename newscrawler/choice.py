"""Which copy of a story is kept: a rule that does not know who came first.

In: what each page of a run is and which cluster it fell into. Out: each page's fate. Must not know: files, the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(slots=True)
class Candidate:
    """A page that was read in this run, as far as the choice needs it."""

    id: str
    url: str
    cluster: str
    when: float
    """Seconds of its timestamp; infinity where it has none."""
    length: int
    reason: str | None
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
    of: str | None
    reason: str | None
    similarity: float | None


def order(candidate: Candidate) -> tuple[float, int, str]:
    """Earliest timestamp first, then the most complete, then by address."""
    return candidate.when, -candidate.length, candidate.url


def choose(candidates: Iterable[Candidate]) -> list[Fate]:
    """Return each candidate's fate, by address.

    A cluster whose founder was read for the first time is new: its best page is kept and names it. Any other cluster was
    known before, and every candidate in it repeats the page that named it. A new version of a kept page stays itself.
    """
    groups: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        groups.setdefault(candidate.cluster, []).append(candidate)
    fates = [fate for cluster, group in groups.items() for fate in choose_in(cluster, group)]
    return sorted(fates, key=lambda fate: (fate.candidate.url, fate.candidate.id))


def choose_in(cluster: str, group: list[Candidate]) -> list[Fate]:
    pages = [c for c in group if c.reason != "same_page"]
    best = min(pages, key=order, default=None) if any(c.id == cluster and c.version == 1 for c in pages) else None
    return [fate_of(c, best.id if best else cluster, best) for c in group]


def fate_of(candidate: Candidate, cluster: str, best: Candidate | None) -> Fate:
    if candidate is best or (candidate.version > 1 and candidate.reason is None):
        return Fate(candidate, cluster, None, None, None)
    reason, similarity = candidate.reason, candidate.similarity
    if reason is None and best is not None:  # it founded a story, and a better page came later
        reason, similarity = best.reason or "copy", best.similarity
    return Fate(candidate, cluster, candidate.of if reason == "same_page" else cluster, reason, similarity)
