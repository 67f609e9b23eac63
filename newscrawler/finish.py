"""The end of a crawl: the choice among copies, sealed files and the report, made one with the ledger.

In: a run and what was seen of each site. Out: files, the exit code. Must not know: Scrapy.
Order: files under their final names, then one transaction (choice, files, report, end of run), then the journal goes.
A kill before the transaction leaves the journal, and the next run seals again, to the same bytes.
"""

from __future__ import annotations

import logging
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from time import time
from typing import Any

import msgspec
from sqlalchemy import Connection

from newscrawler import __version__
from newscrawler.accounts import account, account_by_sitemap, reasons
from newscrawler.archives.account import archive_files, asset_account
from newscrawler.exits import Exit
from newscrawler.fates import BATCH, Fates, batched
from newscrawler.health import BASELINE, diagnose
from newscrawler.history import earlier_reports, end_run, record_shard, run_started
from newscrawler.report_page import report_page
from newscrawler.reports import SOURCES, Account, SiteReport, account_values, file_values, judge, moment, over_time, worst
from newscrawler.rows import change_choice
from newscrawler.runs import Run, SiteRun
from newscrawler.sealing import SealedRun, Sealer, candidates
from newscrawler.shards import seal
from newscrawler.spread import spread_of
from newscrawler.stories import Stories
from newscrawler.visits import Visit

logger = logging.getLogger(__name__)

EXAMPLES = 5
"""Addresses a reason that the report shows: enough to look at, few enough to read."""


@dataclass(slots=True)
class Finish:
    """Seals a run. `arguments`: as given, for the report. suffix: compression of the files."""

    visits: dict[str, Visit]
    arguments: dict[str, Any]
    stories: Stories
    suffix: str = ""
    reports: list[SiteReport] = field(default_factory=list)
    """Of the sealed run."""

    def seal(self, run: Run, *, interrupted: bool) -> Exit:
        """Seal every site's part; return the gravest exit code. Raises OSError, LedgerError."""
        with closing(Fates(run.folder)) as fates:
            self._seal(run, fates, interrupted=interrupted)
        for site in run.sites.values():
            site.journal.remove()
        for report in self.reports:
            tell(report, run.folder)
        return worst([Exit(report.exit) for report in self.reports])

    def _seal(self, run: Run, fates: Fates, *, interrupted: bool) -> None:
        for site in run.sites.values():
            fates.add(candidates(site), self.stories.labels)
        fates.decide()
        sealer = Sealer(run.sites, fates, run.folder, self.suffix)
        sealed = {name: sealer.seal(site) for name, site in run.sites.items()}
        with run.ledger.begin() as conn:
            self.stories.rename(conn, fates.names())
            for name, site in run.sites.items():
                for batch in batched(fates.changes(name), BATCH):
                    change_choice(conn, name, batch)
                report = self._report(conn, site, sealed[name], interrupted)
                report.spread = spread_of(conn, name, fates.stories(name))
                publish(report, run.folder / name)
                self._record(conn, site, sealed[name], report, run.folder)
                self.reports.append(report)

    def _record(self, conn: Connection, site: SiteRun, sealed: SealedRun, report: SiteReport, folder: Path) -> None:
        end_run(conn, site.site, site.run, time(), msgspec.json.encode(report).decode())
        for file in sealed.files:
            path = str(file.path.relative_to(folder))
            record_shard(conn, path=path, site=site.site, run=site.run, length=file.bytes, sha256=file.sha256)

    def _report(self, conn: Connection, site: SiteRun, sealed: SealedRun, interrupted: bool) -> SiteReport:
        visit = self.visits[site.site]
        counted = Account(
            listed=visit.known + visit.new,
            states=account(conn, site.site),
            written={"kept": sealed.kept, "duplicate": sealed.aside},
            settled=account(conn, site.site, site.run),
        )
        why = reasons(conn, site.site, site.run, EXAMPLES)
        by_sitemap = account_by_sitemap(conn, site.site)
        report = SiteReport(
            run=site.run,
            site=site.site,
            url=visit.site.url,
            started=moment(run_started(conn, site.site, site.run)),
            ended=moment(time()),
            status="interrupted" if interrupted else "complete",
            arguments=self.arguments,
            account=account_values(counted),
            this_run=counted.settled,
            reasons={key: count for key, (count, _) in why.items()},
            examples={key: urls for key, (_, urls) in why.items()},
            sitemaps=[{**sitemap, "states": by_sitemap.get(sitemap["url"], {})} for sitemap in visit.sitemaps],
            discovery=visit.discovery,
            profile=visit.profile,
            removed=dict(sealed.removed.most_common()),
            fields=sealed.coverage,
            articles=over_time(sealed.days),
            sources=dict(sealed.sources.most_common(SOURCES)),
            files=file_values(sealed),
            archives=archive_files(conn, site.site, site.run),
            assets=asset_account(conn, site.site),
            titles=sealed.titles,
            stopped=visit.stopped,
            version=__version__,
        )
        report.health = diagnose(msgspec.to_builtins(report), earlier_reports(conn, site.site, BASELINE))
        code, report.problems = judge(counted, report)
        report.exit = int(code)
        return report


def publish(report: SiteReport, folder: Path) -> None:
    """Write RUN.json for programs and RUN.html for people. Raises OSError."""
    seal(folder / f"{report.run}.json", [msgspec.json.format(msgspec.json.encode(report)) + b"\n"])
    seal(folder / f"{report.run}.html", [report_page(msgspec.to_builtins(report)).encode()])


def tell(report: SiteReport, folder: Path) -> None:
    """Log what came of a site, where it is, and what is wrong."""
    counts = ", ".join(f"{count} {state}" for state, count in report.this_run.items()) or "nothing new"
    logger.info("%s: %s; see %s", report.site, counts, folder / report.site / f"{report.run}.html")
    for problem in report.problems:
        logger.error("%s: %s (exit code %d)", report.site, problem, report.exit)
