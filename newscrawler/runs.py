"""A run: what is read, remembered and written together, or not at all.

In: rows of the frontier with what became of them, articles. Out: journals and the ledger, moving in step; sealed files.
Must not know: Scrapy, HTTP, how an article was read.

One commit is: lines appended to the journals and synced, then one transaction of the ledger with the URLs' states, the
stories and the journals' lengths. Whatever stops the process between the two leaves lines that nobody counts: they are
cut off by the next run, which fetches their pages again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import time
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection

from newscrawler.history import add_facts, facts_of, open_run, record_shard, shard_lengths
from newscrawler.items import Article, Reason, encode_line
from newscrawler.ledger import Ledger
from newscrawler.rechecks import put_off_announced
from newscrawler.revisits import LONGEST, due_after, interval, lastmod_fact, lastmod_standing, stood_for
from newscrawler.rows import Row, settle
from newscrawler.shards import PART, Journal

COMMIT_EVERY = 64
"""Outcomes a commit: a sync costs some milliseconds, so that at 64 it is lost beside fetching and reading the pages."""

COMMIT_BYTES = 8 * 2**20
"""Bytes of lines a commit, so that huge articles do not wait together in memory: 64 ordinary ones have a third of one MB."""

Policy = Literal["drop", "keep"]


class Entry(msgspec.Struct, array_like=True):
    """A journal's line: an article and why it was taken for a copy when it came."""

    article: Article
    reason: Reason | None
    of: str | None


@dataclass(slots=True)
class SiteRun:
    """One site's part of a run."""

    site: str
    run: str
    journal: Journal
    policy: Policy
    resumed: bool
    states: Counter[str] = field(default_factory=Counter)
    """Outcomes of this process, for whoever watches; the report counts in the ledger."""
    facts: Counter[str] = field(default_factory=Counter)
    """What re-checks showed of the site's lastmod, since the last commit."""
    lines: list[bytes] = field(default_factory=list)

    def sets_aside(self, reason: str | None) -> bool:
        """Is a page that was found a copy for `reason` no article line? The same page never is one twice."""
        return reason is not None and (self.policy == "drop" or reason == "same_page")


class Run:
    """The sites of one crawl. Raises LedgerError, ShardError or OSError where what is promised cannot be kept."""

    def __init__(self, ledger: Ledger, folder: Path, run: str) -> None:
        self.ledger = ledger
        self.folder = folder
        self.run = run
        self.sites: dict[str, SiteRun] = {}
        self.committers: list[Callable[[Connection], None]] = []
        """What else is written in the transaction of each commit."""
        self.more_to_commit = False
        """Set by whoever has something for a committer; a commit clears it."""
        self._outcomes: list[dict[str, Any]] = []
        self._bytes = 0

    def open(self, site: str, policy: Policy) -> SiteRun:
        """Start the site's part, or go on with the one that was stopped."""
        with self.ledger.begin() as conn:
            run, resumed = open_run(conn, site, self.run, time())
            lengths = shard_lengths(conn, site, run)
        path = Path(site) / f"{run}.journal{PART}"
        clear_leftovers(self.folder / site, keep=path.name)
        journal = Journal(self.folder / path, lengths.get(str(path), 0))
        self.sites[site] = SiteRun(site, run, journal, policy, resumed)
        return self.sites[site]

    def settle(
        self, row: Row, state: str, reason: str | None = None, *, said: Sequence[str | None] = (), **columns: Any
    ) -> None:
        """Give the row its outcome. said: times that the page gives itself; columns: further columns of its URL that change."""
        checks = row.checks + 1 if state == "unchanged" else 0
        now = time()
        stood = 2 * (now - row.fetched) if row.fetched and state == "unchanged" else stood_for((row.lastmod, *said), now)
        self._outcomes.append(
            {
                "row": row.id,
                "state": state,
                "reason": reason,
                "run": self.sites[row.site].run,
                "attempts": row.attempts,
                "checks": checks,
                "due": due_after(state, interval(checks, stood, row.id), now),
                "fetched": now,
                "read_lastmod": row.lastmod,
                **columns,
            }
        )
        self.sites[row.site].states[state] += 1

    def confirm(self, row: Row, **columns: Any) -> None:
        """A re-check found nothing new; the reason says what the page was found to be when it was read: kept or duplicate."""
        self._learn_lastmod(row, changed=False)
        self.settle(row, "unchanged", row.reason if row.state == "unchanged" else row.state, **columns)

    def keep(self, row: Row, article: Article, reason: Reason | None, of: str | None, **columns: Any) -> None:
        """Take the article into the journal; `reason` and `of` say what it was found a copy of."""
        site = self.sites[row.site]
        site.lines.append(encode_line(Entry(article, reason, of)))
        self._bytes += len(site.lines[-1])
        if article.version > 1:
            self._learn_lastmod(row, changed=True)
        known = {"article": article.id, "version": article.version, "content_hash": article.content_hash}
        said = (article.timestamp, article.modified) if article.version == 1 else (article.fetched_at,)
        self.settle(row, "duplicate" if site.sets_aside(reason) else "kept", reason, said=said, **known, **columns)

    def _learn_lastmod(self, row: Row, *, changed: bool) -> None:
        fact = lastmod_fact(row.lastmod, row.read_lastmod, changed=changed)
        if fact:
            self.sites[row.site].facts[fact] += 1

    @property
    def uncommitted(self) -> int:
        return len(self._outcomes)

    @property
    def full(self) -> bool:
        """Is it time for a commit?"""
        return len(self._outcomes) >= COMMIT_EVERY or self._bytes >= COMMIT_BYTES

    def commit(self) -> None:
        """Make every outcome so far durable."""
        if not self._outcomes and not self.more_to_commit:
            return
        written = [site for site in self.sites.values() if site.lines]
        for site in written:
            site.journal.append(site.lines)
        with self.ledger.begin() as conn:
            settle(conn, self._outcomes)
            for committer in self.committers:
                committer(conn)
            for site in self.sites.values():
                self._judge_lastmod(conn, site)
            for site in written:
                path = str(site.journal.path.relative_to(self.folder))
                record_shard(conn, path=path, site=site.site, run=site.run, length=site.journal.length)
        for site in written:
            site.lines.clear()
        for site in self.sites.values():
            site.facts.clear()
        self._outcomes.clear()
        self.more_to_commit = False
        self._bytes = 0

    def _judge_lastmod(self, conn: Connection, site: SiteRun) -> None:
        """Add to what is known of the site's lastmod; once it is found lying, what it announced is no longer due."""
        if site.facts:
            add_facts(conn, site.site, site.facts)
            if site.facts["false_alarm"] and lastmod_standing(facts_of(conn, site.site)) == "lying":
                put_off_announced(conn, site.site, time() + LONGEST / 2)


def clear_leftovers(folder: Path, keep: str) -> None:
    """Remove what a stop left half made: every `.part` but the journal that is gone on with."""
    for path in folder.glob(f"*{PART}"):
        if path.name != keep:
            path.unlink()
