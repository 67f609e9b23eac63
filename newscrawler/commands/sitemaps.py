"""`scrapy sitemaps URL`: what a site lists: its sitemaps and feeds, how many pages, of which time."""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console

from newscrawler.arguments import parse_arguments
from newscrawler.commandline import ProjectCommand
from newscrawler.ledger import LedgerError
from newscrawler.listed import COLUMNS, listed_rows
from newscrawler.printing import print_rows
from newscrawler.spiders.listings import ListingsSpider
from newscrawler.spiders.look import exit_of, look, looks
from newscrawler.verbosity import add_verbosity, apply_verbosity


class Command(ProjectCommand):
    """Asks for robots.txt and the listings, for no page; the ledger stays as it is."""

    def syntax(self) -> str:
        return "URL|SITE"

    def short_desc(self) -> str:
        return "List what a site offers, its listings with counts and dates: scrapy sitemaps https://mirror.example/"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add_verbosity(parser)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check what was asked before anything is fetched."""
        super().process_options(args, opts)
        assert self.settings is not None
        apply_verbosity(self.settings, opts, normal="ERROR")
        try:
            if len(args) != 1:
                raise ValueError("one URL or SITE is needed, e.g. scrapy sitemaps https://mirror.example/")
            self.given = {"url" if "://" in args[0] else "site": args[0]}
            parse_arguments(self.given, Path(self.settings["NEWSCRAWLER_SITES"]))
        except ValueError as error:
            self.refuse(error)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit code 3 where nothing can be written, 5 where nothing is listed, 6 where the site cannot be asked."""
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
