"""`scrapy crawl`, with arguments checked before anything is fetched and an exit code that means something."""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from scrapy import Spider
from scrapy.commands import crawl

from newscrawler.archives.arguments import parse_archive_arguments
from newscrawler.arguments import parse_arguments
from newscrawler.commandline import ProjectCommand

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

PARSERS: dict[str, Callable[[Mapping[str, str], Path], object]] = {
    "mirror": parse_arguments,
    "archive": parse_archive_arguments,
}
"""What checks the arguments of a spider."""

GARBAGE = 10_000
"""Objects between two collections, 700 in Python itself: what a page leaves behind mostly goes without one."""


class Command(ProjectCommand, crawl.Command):
    """As Scrapy's command of that name."""

    usual_level = ""

    def short_desc(self) -> str:
        return "Crawl mirrors: scrapy crawl mirror -a url=https://mirror.example/"

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        super().process_options(args, opts)
        gc.disable()  # until what a crawl needs is loaded: none of it is garbage

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        if len(args) != 1:
            known = ", ".join(PARSERS)
            raise ValueError(f"one spider is needed ({known}), e.g. scrapy crawl mirror -a url=https://mirror.example/")
        parser_of(args[0])(opts.spargs, Path(self.settings["NEWSCRAWLER_SITES"]))

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Run the spider; the exit code is the books'."""
        from newscrawler.extensions.bookkeeping import Bookkeeping

        gc.set_threshold(GARBAGE)
        gc.freeze()
        gc.enable()
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
