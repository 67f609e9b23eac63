"""`scrapy snapshot URL`: discover, fetch politely, archive, extract and report, in one folder that can be handed over.

The same command goes on where a stop left it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from newscrawler.commandline import check_words
from newscrawler.commands import crawl
from newscrawler.exits import Exit
from newscrawler.sites import Site, site_of

WORK = ".work"
"""Inside the folder: ledger, journals and archives, which resuming needs and the receiver does not."""

UNFINISHED = frozenset({Exit.CRASHED, Exit.USAGE, Exit.BROKEN, Exit.NOTHING_LISTED, Exit.INTERRUPTED})
"""Crawls after which the folder is not assembled."""


class Command(crawl.Command):
    """A crawl of one site that is archived, and what is made of it."""

    def syntax(self) -> str:
        return "URL [--folder FOLDER] [-a NAME=VALUE]"

    def short_desc(self) -> str:
        return "Archive and extract a site into one folder: scrapy snapshot https://mirror.example/"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--folder", type=Path, help="default: snapshots/HOST")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Make it a crawl of `mirror`, with everything it keeps inside the folder."""
        try:
            check_words(args, self.syntax())
            if len(args) != 1:
                raise ValueError("one URL is needed, e.g. scrapy snapshot https://mirror.example/")
            url = args[0]
            self.site = site_of(url)
        except ValueError as error:
            self.refuse(error)
        args[:] = ["mirror"]
        opts.spargs += [f"url={url}", "archive=yes"]
        super().process_options(args, opts)
        assert self.settings is not None
        self.folder: Path = opts.folder or Path("snapshots") / self.site.name
        self.settings.set("NEWSCRAWLER_OUTPUT", str(self.folder / WORK / "articles"), priority="cmdline")
        self.settings.set("NEWSCRAWLER_STATE", str(self.folder / WORK / "state"), priority="cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl and assemble; the exit code is the crawl's."""
        super().run(args, opts)
        if self.exitcode in UNFINISHED:
            self.complain("the snapshot is not complete; the same command goes on with it")
        else:
            self.assemble(self.folder, self.site)

    def assemble(self, folder: Path, site: Site) -> None:
        from rich.console import Console
        from rich.text import Text

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
