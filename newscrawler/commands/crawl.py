"""`scrapy crawl`, with arguments checked before anything is fetched and an exit code that means something."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from scrapy import Spider
from scrapy.commands import crawl
from scrapy.crawler import Crawler

from newscrawler.archives.arguments import parse_archive_arguments
from newscrawler.arguments import parse_arguments
from newscrawler.exits import Exit
from newscrawler.extensions.bookkeeping import Bookkeeping

PARSERS: dict[str, Callable[[Mapping[str, str], Path], object]] = {
    "mirror": parse_arguments,
    "archive": parse_archive_arguments,
}
"""What checks the arguments of a spider."""

CHATTER = ("scrapy.addons", "scrapy.core.engine", "scrapy.crawler", "scrapy.middleware", "scrapy.utils.log")
"""Loggers that say at each start what the settings say; their warnings are heard."""


class Command(crawl.Command):
    """As Scrapy's command of that name."""

    def short_desc(self) -> str:
        return "Crawl mirrors: scrapy crawl mirror -a url=https://mirror.example/"

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Check what was asked before anything starts: a person's mistake is one line and exit code 2."""
        super().process_options(args, opts)
        assert self.settings is not None
        try:
            for name in args[:1]:
                parser_of(name)(opts.spargs, Path(self.settings["NEWSCRAWLER_SITES"]))
        except ValueError as error:
            print(f"newscrawler: {error}", file=sys.stderr)
            sys.exit(Exit.USAGE)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run the spider; the exit code is the books'."""
        for name in CHATTER:
            logging.getLogger(name).setLevel(logging.WARNING)
        super().run(args, opts)
        books = self._crawler_made.get_extension(Bookkeeping)
        if books is not None and not self.exitcode:
            self.exitcode = books.exit

    def _create_crawler(self, spidercls: type[Spider] | str) -> Crawler:
        self._crawler_made = super()._create_crawler(spidercls)
        return self._crawler_made


def parser_of(spider: str) -> Callable[[Mapping[str, str], Path], object]:
    """Return what checks the spider's arguments. Raises ValueError for a spider that there is not."""
    if spider not in PARSERS:
        raise ValueError(f"{spider}: there is no such spider (known: {', '.join(PARSERS)})")
    return PARSERS[spider]
