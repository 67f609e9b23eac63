"""How far stories went: on how many mirrors they are, in how many copies.

In: the stories of a run, the ledger. Out: counts. Must not know: when one text is a copy of another.
What it costs grows with the run, not with the ledger.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy import Connection, func, select

from newscrawler.copies import copies

BATCH = 500
"""Stories a query: below every limit that SQLite ever had on variables."""

MANY = 10
"""Copies from which a story counts as one of many copies."""

MIRRORS = 50
"""Other mirrors a report names."""


@dataclass(slots=True)
class Spread:
    """What is known of some stories of one site, over all mirrors and runs."""

    stories: int = 0
    copies: dict[str, int] = field(default_factory=dict)
    """Copies, "1" to "10 and more" -> stories."""
    mirrors: dict[str, int] = field(default_factory=dict)
    """Another mirror -> stories that it has too, the most first."""
    shared: int = 0
    """Stories that any other mirror has."""


def spread_of(conn: Connection, site: str, stories: Iterable[str]) -> Spread:
    """Return how far the stories went. stories: their ids, each once; they are taken as they are needed."""
    by_copies: Counter[int] = Counter()
    mirrors: Counter[str] = Counter()
    shared = 0
    for found in sites_of(conn, stories):
        by_copies[min(found.total(), MANY)] += 1
        others = {other for other in found if other and other != site}
        mirrors.update(others)
        shared += bool(others)
    named = {str(count) if count < MANY else f"{MANY} and more": by_copies[count] for count in sorted(by_copies)}
    return Spread(by_copies.total(), named, dict(mirrors.most_common(MIRRORS)), shared)


def sites_of(conn: Connection, stories: Iterable[str]) -> Iterator[Counter[str | None]]:
    """Yield for each story the sites that have it, and in how many copies."""
    names = copies.alias("names")
    query = select(names.c.number, copies.c.site, func.count()).join(copies, copies.c.cluster == names.c.number)
    left = map(bytes.fromhex, stories)
    while batch := list(islice(left, BATCH)):
        found: dict[int, Counter[str | None]] = {}
        rows = conn.execute(query.where(names.c.article.in_(batch)).group_by(names.c.number, copies.c.site))
        for number, site, count in rows:
            found.setdefault(number, Counter())[site] += count
        yield from found.values()
