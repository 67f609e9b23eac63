"""`scrapy snapshot URL`: discover, fetch politely, archive, extract and report, in one folder that can be handed over.

The same command goes on where a stop left it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

from newscrawler.commandline import ProjectCommand
from newscrawler.exits import Exit
from newscrawler.sites import Site, site_of

WORK = ".work"
"""Inside the folder: ledger, journals and archives, which resuming needs and the receiver does not."""

UNFINISHED = frozenset({Exit.CRASHED, Exit.USAGE, Exit.BROKEN, Exit.NOTHING_LISTED, Exit.INTERRUPTED})
"""Crawls after which the folder is not assembled."""


class Command(ProjectCommand):
    """Crawls in a child process, so that its exit code and its signals are those of any crawl."""

    requires_crawler_process = False

    def syntax(self) -> str:
        return "URL [--folder FOLDER] [-a NAME=VALUE]"

    def short_desc(self) -> str:
        return "Archive and extract a site into one folder: scrapy snapshot https://mirror.example/"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--folder", type=Path, help="default: snapshots/HOST")
        parser.add_argument("-a", dest="arguments", action="append", default=[], metavar="NAME=VALUE", help="as for crawl")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl and assemble; the exit code is the crawl's."""
        try:
            if len(args) != 1:
                raise ValueError("one URL is needed, e.g. scrapy snapshot https://mirror.example/")
            url = args[0]
            site = site_of(url)
        except ValueError as error:
            self.complain(error)
            self.exitcode = Exit.USAGE
            return
        folder = opts.folder or Path("snapshots") / site.name
        self.exitcode = crawl(words(url, folder, opts))
        if self.exitcode in UNFINISHED:
            self.complain("the snapshot is not complete; the same command goes on with it")
        else:
            self.assemble(folder, site)

    def assemble(self, folder: Path, site: Site) -> None:
        from newscrawler.archives.snapshot import assemble  # its libraries are an extra, which the crawl has asked for

        try:
            snapshot = assemble(folder / WORK / "articles" / site.name, folder, site.url)
        except OSError as error:
            self.complain(error)
            self.exitcode = Exit.BROKEN
            return
        Console().print(
            Text(f"{folder}: {snapshot.articles.lines} articles, {snapshot.duplicates.lines} duplicates, site.wacz")
        )


def words(url: str, folder: Path, opts: argparse.Namespace) -> list[str]:
    """Return the words of the crawl."""
    settings = [*opts.set, f"NEWSCRAWLER_OUTPUT={folder / WORK / 'articles'}", f"NEWSCRAWLER_STATE={folder / WORK / 'state'}"]
    arguments = [f"url={url}", "archive=yes", *opts.arguments]
    options = [word for setting in settings for word in ("-s", setting)]
    return ["crawl", "mirror", *options, *(word for argument in arguments for word in ("-a", argument))]


def crawl(given: list[str]) -> int:
    """Run the crawl to its end and return its exit code; a signal from the terminal reaches it too."""
    with subprocess.Popen([sys.executable, "-m", "scrapy", *given]) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:
                continue
