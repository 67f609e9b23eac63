"""Where a story comes from: its copies over all mirrors, whom they name, and who was first.

In: a ledger, an article's id or address. Out: a `Provenance`. Must not know: Scrapy, how it is shown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import NamedTuple

from sqlalchemy import select

from newscrawler.copies import Copy, CopyReader, Merge
from newscrawler.items import article_id
from newscrawler.ledger import Ledger
from newscrawler.sealing import seconds
from newscrawler.tables import runs, urls
from newscrawler.urls import canonicalise, same_site

ID = re.compile(r"[0-9a-f]{32}")
"""An article's id, as `article_id` makes them."""


class Declared(NamedTuple):
    """The original that most copies name, the earliest of them where as many name another."""

    source: str | None
    source_url: str | None


class Provenance(NamedTuple):
    """A story over all mirrors."""

    members: list[Copy]
    """Earliest first; those without a timestamp last."""
    declared: Declared
    earliest: Copy | None
    """The earliest seen copy; None where no copy has a timestamp."""
    agree: bool | None
    """Is the earliest seen copy the declared original? None where that one has no address or was not seen."""
    merges: list[Merge]
    """Stories that became part of this one, in order."""


def find_article(ledger: Ledger, known_as: str) -> str | None:
    """Return the id of the article with this id or address, None if the ledger does not know it."""
    if ID.fullmatch(known_as):
        return known_as
    try:
        identity = article_id(canonicalise(known_as))
    except ValueError:
        return None
    listed = select(urls.c.article).where(
        urls.c.site.in_(select(runs.c.site)), urls.c.url == known_as, urls.c.article.is_not(None)
    )
    with ledger.begin() as connection:
        return connection.execute(listed.limit(1)).scalar() or identity


def provenance_of(ledger: Ledger, article: str) -> Provenance | None:
    """Return the story that the article with this id is a copy of, None if the ledger does not know it."""
    with closing(CopyReader(ledger.engine)) as reader:
        return trace(reader.by_cluster(article), reader.merges_into(article))


def trace(copies: Iterable[Copy], merges: Sequence[Merge]) -> Provenance | None:
    """Return what a story's copies tell of its origin, None for no copies."""
    members = sorted(copies, key=lambda copy: (seconds(copy.timestamp), copy.url))
    if not members:
        return None
    earliest = members[0] if members[0].timestamp else None
    declared = Declared(most_named(copy.source for copy in members), most_named(copy.source_url for copy in members))
    return Provenance(members, declared, earliest, agreement(members, declared, earliest), list(merges))


def most_named(values: Iterable[str | None]) -> str | None:
    """Return the most frequent value, the first of those that are."""
    counts = Counter(value for value in values if value)
    return max(counts, key=lambda value: counts[value], default=None)


def agreement(members: Sequence[Copy], declared: Declared, earliest: Copy | None) -> bool | None:
    """Return whether the earliest copy stands on the declared original's site; None where no copy does, or none is dated."""
    address = declared.source_url
    if not address or not earliest or not any(same_site(copy.url, address) for copy in members):
        return None
    return same_site(earliest.url, address)
