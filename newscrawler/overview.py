"""What the ledger remembers of past runs. In: the ledger. Out: one PastRun a site and run, the newest first.

Must not know: how it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import func, select

from newscrawler.exits import Exit
from newscrawler.ledger import Ledger
from newscrawler.tables import runs


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run of one site; `report` is empty while it goes on, or after a kill."""

    site: str
    run: str
    started: float
    ended: float | None = None
    report: dict[str, Any] = field(default_factory=dict)

    @property
    def kept(self) -> int:
        return int(self.report.get("this_run", {}).get("kept", 0))

    @property
    def health(self) -> str:
        """One line: "well", what is wrong, or that the run has no end."""
        if self.ended is None:
            return "not finished: it runs, or was killed; the next crawl goes on with it"
        wrong = self.report.get("problems", ())
        return "; ".join(wrong) or ("well" if not self.report.get("exit") else Exit(self.report["exit"]).meaning)


def past_runs(path: Path, *, site: str | None = None, count: int | None = None) -> list[PastRun]:
    """Return past runs, the newest first. Raises ValueError where there is no ledger or no such site, LedgerError."""
    query = select(runs.c.site, runs.c.run, runs.c.started, runs.c.ended, runs.c.report).order_by(
        runs.c.run.desc(), runs.c.site
    )
    found = fetch(path, query.where(runs.c.site == site) if site else query, count)
    if site and not found:
        raise ValueError(f"{site}: no run of a site of this name is known (`scrapy sites` lists them)")
    return found


def last_runs(path: Path) -> list[PastRun]:
    """Return each site's last run, in order of names. Raises ValueError where there is no ledger, LedgerError."""
    newest = select(runs.c.site, func.max(runs.c.run).label("run")).group_by(runs.c.site).subquery()
    query = select(runs.c.site, runs.c.run, runs.c.started, runs.c.ended, runs.c.report).join(
        newest, (runs.c.site == newest.c.site) & (runs.c.run == newest.c.run)
    )
    return fetch(path, query.order_by(runs.c.site))


def fetch(path: Path, query: Any, count: int | None = None) -> list[PastRun]:
    if not path.exists():
        raise ValueError(f"there is no ledger at {path}: nothing was crawled yet")
    ledger = Ledger(path)
    try:
        with ledger.begin() as conn:
            rows = conn.execute(query.limit(count)).all()
    finally:
        ledger.close()
    return [PastRun(site, run, start, end, msgspec.json.decode(told) if told else {}) for site, run, start, end, told in rows]
