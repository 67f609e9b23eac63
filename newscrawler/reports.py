"""What a run says of itself: RUN.json, one a site, with an account that balances or says where not.

In: counts of the run, the ledger and the files. Out: plain values. Must not know: Scrapy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from newscrawler.exits import Exit
from newscrawler.health import Finding
from newscrawler.sealing import SealedRun
from newscrawler.spread import Spread
from newscrawler.vanished import UNLISTED

TOO_MANY_FAILURES = 0.2
"""Share of the pages asked for in a run that may fail before the run as a whole counts as failed."""

COLUMNS = 62
"""Days, months or years at most in what a report says of time: two months by day, five years by month."""

SOURCES = 50
"""Sources a report names."""

ASKED = ("kept", "duplicate", "unchanged", "not_article", "incomplete", "gone", "http_error", "failed")
"""States that cost a request in this run, but for what is gone because it is listed no more."""


@dataclass(slots=True)
class Account:
    """Listed URLs against their states, counted at different places."""

    listed: int
    """URLs known before, plus the new ones counted as the listings were read."""
    states: dict[str, int]
    """Rows of the ledger by state."""
    written: dict[str, int]
    """Lines sealed in this run: kept and duplicate."""
    settled: dict[str, int]
    """Rows of the ledger that got the state in this run."""

    def problems(self) -> list[str]:
        """Return a sentence for each sum that does not come out."""
        found = []
        if self.listed != sum(self.states.values()):
            found.append(f"{self.listed} URLs were listed, {sum(self.states.values())} have a state")
        for state in ("kept", "duplicate"):
            lines, rows = self.written.get(state, 0), self.settled.get(state, 0)
            if lines != rows:
                found.append(f"{lines} lines {state}, {rows} URLs {state} in this run")
        return found


@dataclass(slots=True)
class SiteReport:
    """The report of one site in one run; written as RUN.json."""

    run: str
    site: str
    url: str
    started: str
    ended: str
    status: str
    """complete, or what stopped it."""
    arguments: dict[str, Any]
    account: dict[str, Any]
    this_run: dict[str, int]
    reasons: dict[str, int]
    examples: dict[str, list[str]]
    sitemaps: list[dict[str, Any]]
    discovery: dict[str, Any]
    profile: dict[str, Any] | None
    removed: dict[str, int]
    fields: dict[str, int]
    articles: dict[str, int]
    """Day, month or year -> articles kept in this run; see over_time."""
    sources: dict[str, int]
    """The sources most named -> articles kept in this run."""
    files: list[dict[str, Any]]
    archives: list[dict[str, Any]] = field(default_factory=list)
    """WARC files of the run: path, records, bytes, sha256."""
    assets: dict[str, int] = field(default_factory=dict)
    """Outcome -> images, styles and scripts of archived pages, over all runs; waiting: the next run fetches them."""
    titles: dict[str, str] = field(default_factory=dict)
    """Address -> title of some articles kept in this run, to look at."""
    spread: Spread = field(default_factory=Spread)
    """Of the stories of this run, over all mirrors and runs."""
    stopped: str | None = None
    """Why its host was asked for no more."""
    health: list[Finding] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    exit: int = 0
    version: str = ""


def account_values(account: Account) -> dict[str, Any]:
    """Return the account as it stands in RUN.json."""
    return {"listed": account.listed, "states": account.states, "balanced": not account.problems()}


def file_values(sealed: SealedRun) -> list[dict[str, Any]]:
    return [{"path": file.path.name, "lines": file.lines, "bytes": file.bytes, "sha256": file.sha256} for file in sealed.files]


def over_time(days: Mapping[date, int]) -> dict[str, int]:
    """Return counts by day, by month, or by year, whichever is the finest that stays readable; empty ones between are 0."""
    if not days:
        return {}
    first, last = min(days), max(days)
    months = [divmod(number, 12) for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month)]
    if (last - first).days < COLUMNS:
        names = [(first + timedelta(number)).isoformat() for number in range((last - first).days + 1)]
    elif len(months) <= COLUMNS:
        names = [f"{year:04}-{month + 1:02}" for year, month in months]
    else:  # a page may claim any year: only those that occur
        names = sorted({f"{day.year:04}" for day in days})[-COLUMNS:]
    counts = dict.fromkeys(names, 0)
    for day, count in days.items():
        if (name := day.isoformat()[: len(names[0])]) in counts:
            counts[name] += count
    return counts


def judge(account: Account, report: SiteReport) -> tuple[Exit, list[str]]:
    """Return the exit code that this site's part deserves, and the sentences that say why."""
    interrupted = report.status == "interrupted"
    problems = account.problems()
    if problems:
        return Exit.UNBALANCED, problems
    if report.stopped:
        return Exit.FAILURES, [report.stopped]
    if account.listed == 0 and not interrupted:
        return Exit.NOTHING_LISTED, [report.discovery.get("advice") or "nothing was listed"]
    asked = sum(account.settled.get(state, 0) for state in ASKED) - report.reasons.get(f"gone: {UNLISTED}", 0)
    failed = account.settled.get("failed", 0) + account.settled.get("http_error", 0)
    if asked and failed / asked > TOO_MANY_FAILURES:
        return Exit.FAILURES, [f"{failed} of {asked} pages failed"]
    if interrupted:
        return Exit.INTERRUPTED, ["stopped by a signal"]
    if report.health:
        return Exit.UNHEALTHY, [f"{finding.cause}: {finding.sentence}" for finding in report.health]
    return Exit.OK, []


def worst(exits: list[Exit]) -> Exit:
    """Return the gravest of several exit codes: the lowest that is not OK."""
    return min((code for code in exits if code is not Exit.OK), default=Exit.OK)


def moment(seconds: float) -> str:
    """Return RFC 3339 in UTC, whole seconds."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
