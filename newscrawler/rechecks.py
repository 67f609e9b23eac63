"""Which articles of the ledger are asked for again.

In: a site, moments, the plan of newscrawler.revisits. Out: rows to fetch, due times in the ledger. Must not know: Scrapy, HTML.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, func, select, text, update

from newscrawler.rows import ROW, Row, fresh
from newscrawler.tables import urls

READ = ("kept", "duplicate", "unchanged")
"""States of the URLs that gave an article."""


def count_articles(conn: Connection, site: str) -> int:
    """Return how many of the site's URLs gave an article."""
    return int(conn.execute(select(func.count()).where(urls.c.site == site, urls.c.state.in_(READ))).scalar_one())


def make_due(conn: Connection, site: str, count: int, checks: int) -> None:
    """Make up to `count` of the site's articles that were re-checked fewer than `checks` times due, the newest first."""
    newest = select(urls.c.id).where(urls.c.site == site, urls.c.state.in_(READ), urls.c.checks < checks)
    newest = newest.order_by(urls.c.rank.desc(), urls.c.id).limit(count)
    conn.execute(update(urls).where(urls.c.id.in_(newest)).values(due=0.0))


def put_off_announced(conn: Connection, site: str, due: float) -> None:
    """Leave the articles that a changed lastmod has made due alone until `due`."""
    conn.execute(update(urls).where(urls.c.site == site, urls.c.due == 0.0, urls.c.state.in_(READ)).values(due=due))


def take_due(conn: Connection, site: str, count: int, *, now: float, run: str, without: Collection[int] = ()) -> list[Row]:
    """Return up to `count` rows settled by other runs than `run` whose re-check is due at `now`, the longest due first."""
    query = (
        select(*ROW)
        .where(urls.c.site == site, urls.c.due <= now, urls.c.due.is_not(None), urls.c.state != text("'pending'"))
        .where(urls.c.run != run)
        .order_by(urls.c.due, urls.c.id)
        .limit(count + len(without))
    )
    return fresh(conn, query, count, without)
