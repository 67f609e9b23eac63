"""The state of every listed URL: the frontier and the memory of the crawl.

In: listings, outcomes. Out: rows to fetch, the account. Must not know: Scrapy, HTML, what an outcome means.
Every write happens inside a transaction that the caller holds (`with ledger.begin() as conn`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, bindparam, create_engine, delete, event, func, insert, select, text, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import DatabaseError, OperationalError

from newscrawler import tables
from newscrawler.tables import metadata, runs, shards, sitemaps, urls

BUSY_MS = 10_000
"""How long a writer waits for another process: longer than any commit of ours, short enough to tell a person."""

CACHE_KIB, WAL_PAGES = 32_768, 8_000
"""Memory for pages of the file, and pages of the log before they go into it (32 MB each): a long listing touches the same pages
of the indices again and again. With SQLite's 2 MB and 1,000 pages a million rows take half as long again."""


class LedgerError(Exception):
    """The ledger cannot be used; the message says why and what to do."""


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


class Ledger:
    """One SQLite file, created when missing. Raises LedgerError where it cannot be read or is of another version."""

    def __init__(self, path: Path | str = ":memory:") -> None:
        self.path = path
        if path != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        self.engine = open_engine(str(path))
        with explained(path):
            self._prepare()

    def _prepare(self) -> None:
        with self.engine.begin() as conn:
            version = conn.execute(text("PRAGMA user_version")).scalar_one()
            if version not in (0, tables.VERSION):
                raise LedgerError(
                    f"{self.path} has schema version {version}, this newscrawler reads {tables.VERSION}: "
                    "move it away and run `scrapy rebuild`"
                )
            metadata.create_all(conn)
            if missing := first_missing(conn):
                raise LedgerError(
                    f"{self.path} lacks {missing}, made by another newscrawler: move it away and run `scrapy rebuild`"
                )
            conn.execute(text(f"PRAGMA user_version = {tables.VERSION:d}"))

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction: all of it or nothing. Raises LedgerError when the file is locked or broken."""
        with explained(self.path), self.engine.begin() as conn:
            yield conn

    def close(self) -> None:
        self.engine.dispose()


def first_missing(conn: Connection) -> str | None:
    """Return the first "TABLE.COLUMN" that we know and the file does not."""
    for table in metadata.sorted_tables:
        known = {row[1] for row in conn.exec_driver_sql(f"PRAGMA table_info({table.name})")}
        if lacking := [column.name for column in table.columns if column.name not in known]:
            return f"{table.name}.{lacking[0]}"
    return None


def open_engine(path: str) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_MS / 1000})

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # transactions are begun below, so that reads and writes share one
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB:d}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES:d}")

    @event.listens_for(engine, "begin")
    def begin(conn: Connection) -> None:
        conn.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


@contextmanager
def explained(path: Path | str) -> Iterator[None]:
    """Turn the database's errors into sentences."""
    try:
        yield
    except (OperationalError, sqlite3.OperationalError) as error:
        if "locked" in str(error) or "busy" in str(error):
            raise LedgerError(f"{path} is locked by another process for over {BUSY_MS // 1000} s") from error
        raise LedgerError(f"{path} cannot be used: {plain(error)}") from error
    except (DatabaseError, sqlite3.DatabaseError) as error:
        raise LedgerError(f"{path} is damaged ({plain(error)}): move it away and run `scrapy rebuild`") from error


def plain(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error)


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
INSERT INTO urls (site, listed, sitemap, url, lastmod, rank, news, state, reason) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (site, url) DO UPDATE SET
    listed = excluded.listed, lastmod = coalesce(excluded.lastmod, lastmod),
    rank = max(excluded.rank, rank), news = coalesce(excluded.news, news)"""
"""As text: SQLAlchemy takes longer over a row than SQLite."""

LIST_AND_BELIEVE = f"{LIST}, due = CASE WHEN due IS NOT NULL AND excluded.lastmod <> lastmod THEN 0.0 ELSE due END"


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


def account(conn: Connection, site: str, run: str | None = None) -> dict[str, int]:
    """Return how many URLs of `site` stand in each state, all or those that `run` settled."""
    query = select(urls.c.state, func.count()).where(urls.c.site == site).group_by(urls.c.state)
    if run:
        query = query.where(urls.c.run == run)
    return dict(conn.execute(query).all())


def count_pending(conn: Connection, site: str) -> int:
    """Return how many URLs of `site` wait; from an index of those alone."""
    return int(conn.execute(select(func.count()).where(urls.c.site == site, urls.c.state == text("'pending'"))).scalar_one())


def account_by_sitemap(conn: Connection, site: str) -> dict[str, dict[str, int]]:
    """Return listing -> state -> URLs that it named first."""
    columns = (urls.c.sitemap, urls.c.state)
    found: dict[str, dict[str, int]] = {}
    for sitemap, state, count in conn.execute(select(*columns, func.count()).where(urls.c.site == site).group_by(*columns)):
        found.setdefault(sitemap, {})[state] = count
    return found


def reasons(conn: Connection, site: str, run: str, examples: int) -> dict[str, tuple[int, list[str]]]:
    """Return "state: reason" -> how many URLs `run` settled so, with some examples."""
    mine = (urls.c.site == site, urls.c.run == run, urls.c.reason.is_not(None))
    groups = conn.execute(select(urls.c.state, urls.c.reason, func.count()).where(*mine).group_by(urls.c.state, urls.c.reason))
    found = {}
    for state, reason, count in groups.all():
        some = (
            select(urls.c.url).where(*mine, urls.c.state == state, urls.c.reason == reason).order_by(urls.c.id).limit(examples)
        )
        found[f"{state}: {reason}"] = (count, list(conn.execute(some).scalars()))
    return found


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


def end_run(conn: Connection, site: str, run: str, now: float, report: str) -> None:
    """Close the run and forget its journal."""
    conn.execute(delete(shards).where(shards.c.site == site, shards.c.run == run, shards.c.sha256.is_(None)))
    conn.execute(update(runs).where(runs.c.site == site, runs.c.run == run).values(ended=now, report=report))


def earlier_reports(conn: Connection, site: str, count: int) -> list[dict[str, Any]]:
    """Return the reports of the site's latest finished runs, the newest first."""
    query = select(runs.c.report).where(runs.c.site == site, runs.c.ended.is_not(None))
    rows = conn.execute(query.order_by(runs.c.run.desc()).limit(count)).scalars()
    return [msgspec.json.decode(row) for row in rows if row]


def add_facts(conn: Connection, site: str, facts: Mapping[str, int]) -> None:
    """Add to what is counted of the site."""
    row = upsert(tables.facts)
    more = row.on_conflict_do_update(index_elements=["site", "name"], set_={"count": tables.facts.c.count + row.excluded.count})
    if facts:
        conn.execute(more, [{"site": site, "name": name, "count": count} for name, count in facts.items()])


def facts_of(conn: Connection, site: str) -> dict[str, int]:
    """Return what was counted of the site."""
    table = tables.facts
    return dict(conn.execute(select(table.c.name, table.c.count).where(table.c.site == site)).all())


def record_run(conn: Connection, site: str, run: str, started: float, ended: float, report: Mapping[str, Any]) -> None:
    """Record a finished run."""
    values = {"site": site, "run": run, "started": started, "ended": ended, "report": msgspec.json.encode(report).decode()}
    conn.execute(insert(runs).values(**values))


def run_started(conn: Connection, site: str, run: str) -> float:
    return float(conn.execute(select(runs.c.started).where(runs.c.site == site, runs.c.run == run)).scalar_one())


def record_sitemap(conn: Connection, **values: Any) -> None:
    """Insert or renew the row of one listing."""
    row = upsert(sitemaps).values(**values)
    kept = {name: row.excluded[name] for name in values if name not in ("site", "url")}
    conn.execute(row.on_conflict_do_update(index_elements=["site", "url"], set_=kept))


def name_sitemap(conn: Connection, site: str, url: str, parent: str, lastmod: str | None, run: str) -> None:
    """Record that `parent` names the listing `url`; what is known of it from reading it stays."""
    row = upsert(sitemaps).values(site=site, url=url, parent=parent, lastmod=lastmod, outcome="named", run=run)
    kept = {"parent": row.excluded.parent, "lastmod": row.excluded.lastmod}
    conn.execute(row.on_conflict_do_update(index_elements=["site", "url"], set_=kept))


def latest_run(conn: Connection) -> str | None:
    """Return the name of the latest run of any site."""
    return conn.execute(select(func.max(runs.c.run))).scalar()


def open_run(conn: Connection, site: str, run: str, now: float) -> tuple[str, bool]:
    """Return the run to write into, and whether it goes on after a stop: the site's unfinished one, else `run`."""
    unfinished = conn.execute(select(runs.c.run).where(runs.c.site == site, runs.c.ended.is_(None))).scalar()
    if unfinished:
        return unfinished, True
    conn.execute(insert(runs).values(run=run, site=site, started=now))
    return run, False


def shard_lengths(conn: Connection, site: str, run: str) -> dict[str, int]:
    """Return path -> committed bytes of the run's files that are not sealed."""
    query = select(shards.c.path, shards.c.length).where(shards.c.site == site, shards.c.run == run, shards.c.sha256.is_(None))
    return dict(conn.execute(query).all())


def record_shard(conn: Connection, **values: Any) -> None:
    """Insert or renew the row of one file of the output."""
    row = upsert(shards).values(**values)
    conn.execute(row.on_conflict_do_update(index_elements=["path"], set_={name: row.excluded[name] for name in values}))
