"""`scrapy sites`: every site that was crawled or is declared, with the health of its last run."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawler.commandline import ProjectCommand
from newscrawler.exits import Exit
from newscrawler.printing import print_rows

if TYPE_CHECKING:
    from newscrawler.overview import PastRun

COLUMNS = ("site", "last run", "listed", "kept in it", "health")


class Command(ProjectCommand):
    """Reads the ledger and the names of the declared sites, fetches nothing. Tab-separated lines in a pipe."""

    requires_crawler_process = False

    def short_desc(self) -> str:
        return "List the sites with the health of their last run: scrapy sites"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit code 2 where there is no site at all, 3 where the ledger cannot be read."""
        from rich.console import Console

        from newscrawler.ledger import LedgerError
        from newscrawler.overview import last_runs

        assert self.settings is not None
        declared = {path.stem for path in Path(self.settings["NEWSCRAWLER_SITES"]).glob("*.toml")}
        path = Path(self.settings["NEWSCRAWLER_STATE"]) / "ledger.db"
        try:
            if args:
                raise ValueError("it takes no argument; `scrapy runs SITE` shows one site")
            crawled = {past.site: past for past in last_runs(path)} if path.exists() or not declared else {}
        except (ValueError, LedgerError) as error:
            self.complain(error)
            self.exitcode = Exit.BROKEN if isinstance(error, LedgerError) else Exit.USAGE
        else:
            names = sorted(declared | crawled.keys())
            print_rows(COLUMNS, (row(name, crawled.get(name)) for name in names), Console())


def row(name: str, past: PastRun | None) -> tuple[str, ...]:
    if past is None:
        return name, "", "", "", "declared, not crawled yet"
    return name, past.run, str(past.report.get("account", {}).get("listed", "")), str(past.kept), past.health
