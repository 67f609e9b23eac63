"""The listed URLs: the frontier and the memory of the crawl.

In: listings, outcomes. Out: rows to fetch. Must not know: Scrapy, HTML, what an outcome means.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, text, update

from newscrawler.tables import urls


@dataclass(slots=True, frozen=True)
class Listing:
    """A URL as a listing names it."""

    url: str
    lastmod: str | None = None
    rank: float = 0.0
    news: str | None = None
    state: str = "pending"
    """The state a URL gets that was not known: pending, or filtered."""
    reason: str | None = None


@dataclass(slots=True)
class Row:
    """A URL taken from the frontier, with what is known of it."""

    id: int
    site: str
    url: str
    lastmod: str | None
    news: str | None
    state: str
    reason: str | None
    attempts: int
    checks: int
    fetched: float | None
    etag: str | None
    last_modified: str | None
    read_lastmod: str | None
    article: str | None
    version: int | None
    content_hash: str | None


ROW = [urls.c[name] for name in Row.__slots__]


def list_urls(conn: Connection, site: str, run: str, sitemap: str, listings: Iterable[Listing], *, believe: bool = True) -> int:
    """Record a batch of listings; return how many were not known. A known URL keeps its state.

    believe: a URL whose lastmod is another than before is due for a re-check at once.
    """
    rows = [(site, run, sitemap, x.url, x.lastmod, x.rank, x.news, x.state, x.reason) for x in listings]
    if not rows:
        return 0
    before = conn.execute(select(func.coalesce(func.max(urls.c.id), 0))).scalar_one()
    conn.exec_driver_sql(LIST_AND_BELIEVE if believe else LIST, rows)
    return conn.execute(select(func.count()).where(urls.c.id > before)).scalar_one()


LIST = """
INSERT INTO urls (site, listed, sitemap, url, lastmod, rank, news, state, reason, elsewhere)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
ON CONFLICT (site, url) DO UPDATE SET
    listed = excluded.listed, lastmod = coalesce(excluded.lastmod, lastmod),
    rank = max(excluded.rank, rank), news = coalesce(excluded.news, news),
    elsewhere = max(elsewhere, excluded.sitemap <> sitemap),
    due = CASE WHEN state = 'gone' AND reason = 'unlisted' THEN 0.0 ELSE due END"""
"""As text: SQLAlchemy takes longer over a row than SQLite. What was unlisted and is listed again is due at once."""

LIST_AND_BELIEVE = LIST.replace("ELSE due", "WHEN due IS NOT NULL AND excluded.lastmod <> lastmod THEN 0.0 ELSE due")


def take_pending(
    conn: Connection, site: str, count: int, *, without: Collection[int] = (), window: tuple[float, float] | None = None
) -> list[Row]:
    """Return up to `count` pending rows, newest first, none of `without`.

    window: seconds (since, until); rows whose lastmod is known and outside are left alone.
    """
    query = (
        select(*ROW)
        .where(urls.c.site == site, urls.c.state == text("'pending'"))
        .order_by(urls.c.rank.desc(), urls.c.id)
        .limit(count + len(without))
    )
    if window:
        query = query.where((urls.c.rank == 0) | urls.c.rank.between(*window))
    return fresh(conn, query, count, without)


def fresh(conn: Connection, query: Any, count: int, without: Collection[int]) -> list[Row]:
    rows = (Row(*values) for values in conn.execute(query))
    return [row for row in rows if row.id not in without][:count]


def sample_rows(conn: Connection, site: str, count: int, *, pending: bool = True) -> list[Row]:
    """Return up to `count` rows spread evenly over the listing's dates, and its order where it has none.

    pending: of those that wait; else of all.
    """
    mine = (urls.c.site == site, urls.c.state == text("'pending'")) if pending else (urls.c.site == site,)
    total = conn.execute(select(func.count()).where(*mine)).scalar_one()
    places = sorted({step * (total - 1) // max(1, min(count, total) - 1) for step in range(min(count, total))})
    query = select(*ROW).where(*mine).order_by(urls.c.rank.desc(), urls.c.id).limit(1)
    return [Row(*conn.execute(query.offset(place)).one()) for place in places]


SETTLE = update(urls).where(urls.c.id == bindparam("row"))


def settle(conn: Connection, outcomes: Iterable[dict[str, Any]]) -> None:
    """Write outcomes: dicts of `row` (the URL's id) and the columns that change; alike dicts go together."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for outcome in outcomes:
        groups.setdefault(tuple(sorted(outcome)), []).append(outcome)
    for names, group in groups.items():
        columns = [name for name in names if name != "row"]
        conn.execute(SETTLE.values({name: bindparam(f"new_{name}") for name in columns}), [renamed(row) for row in group])


def renamed(outcome: dict[str, Any]) -> dict[str, Any]:
    return {name if name == "row" else f"new_{name}": value for name, value in outcome.items()}


def find_url(conn: Connection, site: str, url: str) -> Row | None:
    """Return the row of `url`, or None."""
    values = conn.execute(select(*ROW).where(urls.c.site == site, urls.c.url == url)).first()
    return Row(*values) if values else None


def change_choice(conn: Connection, site: str, changes: Iterable[tuple[str, str, str | None]]) -> None:
    """Write (url, state, reason) where the choice among copies came out otherwise than on arrival."""
    rows = [{"of_site": site, "of_url": url, "new_state": state, "new_reason": reason} for url, state, reason in changes]
    if rows:
        conn.execute(CHOOSE, rows)


CHOOSE = (
    update(urls)
    .where(urls.c.site == bindparam("of_site"), urls.c.url == bindparam("of_url"))
    .values(state=bindparam("new_state"), reason=bindparam("new_reason"))
)
