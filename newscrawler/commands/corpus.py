"""`scrapy corpus`: a release of everything kept, in one folder.

scrapy corpus releases/2024-06
scrapy corpus releases/2024-07 --previous releases/2024-06 --format hf --languages zh,en --min-chars 200
"""

from __future__ import annotations

import argparse
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from newscrawler.arguments import listed, parse_window
from newscrawler.commandline import ProjectCommand
from newscrawler.exits import Exit

if TYPE_CHECKING:
    from newscrawler.corpus.options import Options
    from newscrawler.corpus.release import Release


class Command(ProjectCommand):
    """Reads sealed files and the ledger; writes nothing but the release."""

    requires_crawler_process = False

    def syntax(self) -> str:
        return "OUT [options]"

    def short_desc(self) -> str:
        return "Make a release of all articles: scrapy corpus OUT --format parquet"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        add = parser.add_argument
        add("--format", choices=("parquet", "jsonl", "hf"), default="parquet", help="hf: Parquet as the hub loads it")
        add("--dedup", choices=("story", "page", "none"), default="story", help="a line a story, a page, or a version of one")
        add("--sites", help="names of sites, commas between; default all")
        add("--languages", help="tags as the articles have them, e.g. zh,en; default all")
        add("--since", help="published from this day on, e.g. 2024-03-01")
        add("--min-chars", type=int, default=0, metavar="N", help="characters a body must have")
        add("--mask", action="store_true", help="mask e-mail addresses and phone numbers, and count them")
        add("--shard-mb", type=int, default=256, metavar="N", help="size of a shard before compression")
        add("--previous", type=Path, metavar="RELEASE", help="the last release: writes delta/ with what was added and changed")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit code 2 for arguments that do not fit, 3 where something cannot be read or written."""
        from concurrent.futures.process import BrokenProcessPool

        from newscrawler.ledger import LedgerError

        try:
            from newscrawler.corpus.sources import CorpusError

            options = options_of(opts)
        except ImportError as error:
            self.fail(Exit.USAGE, f"{error.name} is missing: pip install 'newscrawler[corpus]'")
            return
        except ValueError as error:
            self.fail(Exit.USAGE, error)
            return
        if len(args) != 1:
            self.fail(Exit.USAGE, "OUT: one folder is needed, e.g. releases/2024-06")
            return
        try:
            self.show(self.build(Path(args[0]), options))
        except (CorpusError, LedgerError, OSError, sqlite3.Error, msgspec.MsgspecError) as error:
            self.fail(Exit.BROKEN, error)
        except BrokenProcessPool:
            self.fail(Exit.BROKEN, "a process that measures was killed, perhaps for want of memory; run it again")

    def build(self, target: Path, options: Options) -> Release:
        from newscrawler.corpus.release import build
        from newscrawler.ledger import Ledger
        from newscrawler.stories import Stories
        from newscrawler.withdrawals import load

        assert self.settings is not None
        output, path = Path(self.settings["NEWSCRAWLER_OUTPUT"]), Path(self.settings["NEWSCRAWLER_STATE"]) / "ledger.db"
        if not path.exists():
            return build(output, target, options)
        with closing(Ledger(path)) as ledger, closing(Stories(ledger.engine)) as stories:
            with ledger.begin() as conn:
                withdrawn = load(conn)
            return build(output, target, options, labels=stories.labels, withdrawn=withdrawn)

    def show(self, release: Release) -> None:
        stats = release.stats
        print(f"{release.path}: {stats['released']} articles of {stats['pages']} pages and {stats['stories']} stories")
        unreadable = sum(stats["lines_unreadable"].values())
        counts = f"filtered {stats['filtered']}, withdrawn {stats['withdrawn']}, lines unreadable {unreadable}"
        print(f"{counts}, files missing {len(stats['files_missing'])}")
        if release.delta:
            print("since the last release: " + ", ".join(f"{count} {name}" for name, count in release.delta.items()))

    def fail(self, code: Exit, wrong: Exception | str) -> None:
        self.complain(wrong)
        self.exitcode = code


def options_of(opts: argparse.Namespace) -> Options:
    """Return what the options ask for. Raises ValueError."""
    from newscrawler.corpus.options import Options

    if opts.min_chars < 0 or opts.shard_mb < 1:
        raise ValueError("min-chars must be from 0 and shard-mb from 1")
    window = parse_window(opts.since, None)
    return Options(
        format=opts.format,
        dedup=opts.dedup,
        sites=tuple(listed(opts.sites)),
        languages=tuple(listed(opts.languages)),
        since=window[0] if window else None,
        min_chars=opts.min_chars,
        mask=opts.mask,
        shard_bytes=opts.shard_mb * 2**20,
        previous=opts.previous,
    )
