"""What is remembered of a site's runs: when they were, their reports and files, and what they showed of the site.

In: a site, a run. Out: names, reports, lengths of files, counts. Must not know: Scrapy, pages, what a report says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from newscrawler.tables import facts as facts_table
from newscrawler.tables import runs, shards


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


def run_started(conn: Connection, site: str, run: str) -> float:
    return float(conn.execute(select(runs.c.started).where(runs.c.site == site, runs.c.run == run)).scalar_one())


def end_run(conn: Connection, site: str, run: str, now: float, report: str) -> None:
    """Close the run and forget its journal."""
    conn.execute(delete(shards).where(shards.c.site == site, shards.c.run == run, shards.c.sha256.is_(None)))
    conn.execute(update(runs).where(runs.c.site == site, runs.c.run == run).values(ended=now, report=report))


def earlier_reports(conn: Connection, site: str, count: int) -> list[dict[str, Any]]:
    """Return the reports of the site's latest finished runs, the newest first."""
    query = select(runs.c.report).where(runs.c.site == site, runs.c.ended.is_not(None))
    rows = conn.execute(query.order_by(runs.c.run.desc()).limit(count)).scalars()
    return [msgspec.json.decode(row) for row in rows if row]


def record_run(conn: Connection, site: str, run: str, started: float, ended: float, report: Mapping[str, Any]) -> None:
    """Record a finished run."""
    values = {"site": site, "run": run, "started": started, "ended": ended, "report": msgspec.json.encode(report).decode()}
    conn.execute(insert(runs).values(**values))


def shard_lengths(conn: Connection, site: str, run: str) -> dict[str, int]:
    """Return path -> committed bytes of the run's files that are not sealed."""
    query = select(shards.c.path, shards.c.length).where(shards.c.site == site, shards.c.run == run, shards.c.sha256.is_(None))
    return dict(conn.execute(query).all())


def record_shard(conn: Connection, **values: Any) -> None:
    """Insert or renew the row of one file of the output."""
    row = upsert(shards).values(**values)
    conn.execute(row.on_conflict_do_update(index_elements=["path"], set_={name: row.excluded[name] for name in values}))


def add_facts(conn: Connection, site: str, facts: Mapping[str, int]) -> None:
    """Add to what is counted of the site."""
    row = upsert(facts_table)
    more = row.on_conflict_do_update(index_elements=["site", "name"], set_={"count": facts_table.c.count + row.excluded.count})
    if facts:
        conn.execute(more, [{"site": site, "name": name, "count": count} for name, count in facts.items()])


def facts_of(conn: Connection, site: str) -> dict[str, int]:
    """Return what was counted of the site."""
    return dict(conn.execute(select(facts_table.c.name, facts_table.c.count).where(facts_table.c.site == site)).all())
