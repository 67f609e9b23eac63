"""`scrapy runs [SITE]`: what past runs brought, the newest first."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawler.commandline import ProjectCommand
from newscrawler.exits import Exit
from newscrawler.printing import print_rows

if TYPE_CHECKING:
    from newscrawler.overview import PastRun

COLUMNS = ("site", "run", "ended", "kept", "states", "health")


class Command(ProjectCommand):
    """Reads the ledger, fetches nothing. A table in a terminal; lines of tab-separated fields in a pipe."""

    requires_crawler_process = False

    def syntax(self) -> str:
        return "[SITE] [--count NUMBER]"

    def short_desc(self) -> str:
        return "List past runs with what they brought and what was wrong: scrapy runs mirror.example"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--count", type=int, default=20, help="how many, the newest first (default: 20)")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit code 2 where nothing is known of the site, 3 where the ledger cannot be read."""
        from rich.console import Console

        from newscrawler.ledger import LedgerError
        from newscrawler.overview import past_runs

        assert self.settings is not None
        try:
            if len(args) > 1 or opts.count < 1:
                raise ValueError("at most one SITE and a --count from 1, e.g. scrapy runs mirror.example --count 5")
            path = Path(self.settings["NEWSCRAWLER_STATE"]) / "ledger.db"
            found = past_runs(path, site=args[0] if args else None, count=opts.count)
        except (ValueError, LedgerError) as error:
            self.complain(error)
            self.exitcode = Exit.BROKEN if isinstance(error, LedgerError) else Exit.USAGE
        else:
            print_rows(COLUMNS, map(row, found), Console())


def row(past: PastRun) -> tuple[str, ...]:
    from newscrawler.reports import moment

    states = ", ".join(f"{count} {state}" for state, count in past.report.get("this_run", {}).items())
    ended = "" if past.ended is None else moment(past.ended)
    return past.site, past.run, ended, str(past.kept), states, past.health
