"""`scrapy forget`: takes down an address, a domain or a publisher.

scrapy forget https://mirror.example/a.html --note "asked by the author"
scrapy forget mirror.example
scrapy forget "The Daily Example"
"""

from __future__ import annotations

import argparse
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from newscrawler.commandline import ProjectCommand
from newscrawler.exits import Exit
from newscrawler.printing import printable


class Command(ProjectCommand):
    """Deletes no file: what was sealed stays, and is released no more."""

    requires_crawler_process = False

    def syntax(self) -> str:
        return "URL|DOMAIN|SOURCE ..."

    def short_desc(self) -> str:
        return "Take something down: gone from the next release, never crawled again: scrapy forget URL"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--as", dest="kind", choices=("url", "domain", "source"), help="where the word alone does not tell")
        parser.add_argument("--note", help="why, or who asked; kept in the ledger, never published")
        parser.add_argument("--list", action="store_true", help="show what is taken down")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit code 2 for what is nothing to forget, 3 where the ledger cannot be written."""
        from newscrawler.ledger import Ledger, LedgerError
        from newscrawler.withdrawals import FILE, Withdrawal, load, parse_takedown, record, recorded, remember, stop_crawling

        assert self.settings is not None
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        try:
            if not args and not opts.list:
                parse_takedown("")
            takedowns = [Withdrawal(*parse_takedown(word, opts.kind), now, opts.note) for word in args]
            state = Path(self.settings["NEWSCRAWLER_STATE"])
            remember(state / FILE, takedowns)
            with closing(Ledger(state / "ledger.db")) as ledger, ledger.begin() as conn:
                record(conn, takedowns)
                stopped = stop_crawling(conn, load(conn))
                shown = recorded(conn) if opts.list else takedowns
        except (ValueError, LedgerError, OSError) as error:
            self.complain(error)
            self.exitcode = Exit.USAGE if isinstance(error, ValueError) else Exit.BROKEN
            return
        for withdrawal in shown:
            print(f"{withdrawal.kind}\t{printable(withdrawal.value)}\t{withdrawal.recorded}")
        print(f"{stopped} listed pages will not be fetched again")
