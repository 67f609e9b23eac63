"""`scrapy sitemaps URL`: what a site lists: its sitemaps and feeds, how many pages, of which time."""

from __future__ import annotations

import argparse
from pathlib import Path

from newscrawler.arguments import parse_arguments
from newscrawler.commandline import ProjectCommand, asked_site
from newscrawler.printing import print_rows


class Command(ProjectCommand):
    """Asks for robots.txt and the listings, for no page; the ledger stays as it is."""

    usual_level = "ERROR"

    def syntax(self) -> str:
        return "URL|SITE"

    def short_desc(self) -> str:
        return "List what a site offers, its listings with counts and dates: scrapy sitemaps https://mirror.example/"

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        self.given = asked_site(args, "sitemaps")
        parse_arguments(self.given, Path(self.settings["NEWSCRAWLER_SITES"]))

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit code 3 where nothing can be written, 5 where nothing is listed, 6 where the site cannot be asked."""
        from rich.console import Console

        from newscrawler.ledger import LedgerError
        from newscrawler.listed import COLUMNS, listed_rows
        from newscrawler.spiders.listings import ListingsSpider
        from newscrawler.spiders.look import exit_of, look, looks

        assert self.crawler_process is not None
        try:
            with look(self.crawler_process, self.given, ListingsSpider) as spider:
                (seen,) = looks(spider)
                with spider.books.ledger.begin() as conn:
                    rows = list(listed_rows(conn, seen.site.name, seen.visit.sitemaps))
        except (OSError, LedgerError) as error:
            self.complain(error)
            self.exitcode = exit_of(error)
            return
        if rows:
            print_rows(COLUMNS, rows, Console())
        refusal = seen.refusal() if seen.visit.stopped or not seen.visit.new else None
        if refusal:
            self.exitcode, sentence = refusal
            self.complain(f"{seen.site.url}: {sentence}")
