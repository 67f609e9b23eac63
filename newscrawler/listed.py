"""What a site offers: a row a listing, with its counts and dates.

In: what a crawl saw of the listings, the ledger. Out: rows of text. Must not know: how a listing is found or read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, case, func, select

from newscrawler.reports import moment
from newscrawler.tables import urls

COLUMNS = ("listing", "kind", "outcome", "pages", "first here", "to read", "oldest", "newest", "lost")


def listed_rows(conn: Connection, site: str, sitemaps: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    """Yield the values of COLUMNS for each listing, in the order they were read.

    pages: entries; first here: those no listing before it named; to read: those of them that the site's TOML allows.
    """
    found = counts_by_listing(conn, site)
    for one in sitemaps:
        count, pending, oldest, newest = found.get(one["url"], (0, 0, None, None))
        lost = ", ".join(f"{number} {reason}" for reason, number in one["losses"].items())
        numbers = (f"{one['entries']:,}", f"{count:,}", f"{pending:,}")
        yield one["url"], one["kind"], one["outcome"], *numbers, day(oldest), day(newest), lost


def counts_by_listing(conn: Connection, site: str) -> Mapping[str, tuple[int, int, float | None, float | None]]:
    """Return listing -> pages that it named first, those to be read, the oldest and the newest date in seconds."""
    dated = case((urls.c.rank != 0, urls.c.rank))
    to_read = func.sum(case((urls.c.state == "pending", 1), else_=0))
    query = select(urls.c.sitemap, func.count(), to_read, func.min(dated), func.max(dated)).where(urls.c.site == site)
    return {url: (count, pending, low, high) for url, count, pending, low, high in conn.execute(query.group_by(urls.c.sitemap))}


def day(seconds: float | None) -> str:
    return "" if seconds is None else moment(seconds)[:10]
