"""`scrapy reextract`: what today's rules and profiles make of archived pages, against what was written.

scrapy reextract data/articles/SITE/archive --against data/articles/SITE
scrapy reextract site.wacz --against articles.jsonl --diff diff.jsonl
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from newscrawler.commandline import ProjectCommand
from newscrawler.exits import Exit
from newscrawler.items import Article

if TYPE_CHECKING:  # the libraries that read archives are an extra
    from newscrawler.archives.differences import Tally
    from newscrawler.archives.reader import ArchiveReader
    from newscrawler.archives.remarks import Known
    from newscrawler.archives.survey import Survey


class Command(ProjectCommand):
    """Writes nothing but the diff it is asked for."""

    requires_crawler_process = False

    def syntax(self) -> str:
        return "PATH ... --against ARTICLES"

    def short_desc(self) -> str:
        return "Extract archived pages again and show what differs: scrapy reextract PATH --against data/articles/SITE"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--against", required=True, action="append", type=Path, help="file or folder of articles written")
        parser.add_argument("--diff", type=Path, help="write every difference to this file, a JSON line each")
        parser.add_argument("--processes", type=int, help="default: one a core")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Compare; exit code 2 where a path cannot be read."""
        from rich.console import Console

        from newscrawler.archives.difference_tables import counted, tables

        if not args:
            self.complain("PATH: an archive is needed, e.g. site.wacz")
            self.exitcode = Exit.USAGE
            return
        try:
            tally = self.compare(args, opts)
        except (OSError, ValueError) as error:
            self.complain(error)
            self.exitcode = Exit.USAGE
            return
        Console().print(counted("in the archive", self.counts), *tables(tally), sep="\n")

    def compare(self, paths: list[str], opts: argparse.Namespace) -> Tally:
        from newscrawler.archives.differences import Tally, Written, differences_of

        tally = Tally()
        encode = msgspec.json.Encoder().encode
        with (opts.diff or Path(os.devnull)).open("wb") as diff, tempfile.TemporaryFile() as aside:
            written = Written(opts.against, aside)
            for url, article in self.articles(paths, opts.processes):
                before = written.take(url)
                if before or article:
                    differences = differences_of(url, before, article)
                    tally.note(differences)
                    diff.writelines(encode(difference) + b"\n" for difference in differences)
            tally.pages["not in the archive"] = len(written.unseen)
        return tally

    def articles(self, paths: list[str], processes: int | None) -> Iterator[tuple[str, Article | None]]:
        """Yield each page's listed address and its article, None where it is none or incomplete."""
        from newscrawler.archives.extract import Page, get_ready, read_pages
        from newscrawler.archives.reader import ArchiveReader
        from newscrawler.archives.survey import ArchivedSites, Survey, may_be_page

        assert self.settings is not None
        get_ready(processes)
        survey = Survey(ArchivedSites((), Path(self.settings["NEWSCRAWLER_SITES"])))
        reader = ArchiveReader(paths, may_be_page, survey.hear)
        self.counts = reader.counts
        survey.read(reader.places())
        pages = (Page(found.places, found.site, found.url) for found in survey.pages())
        for url, reading in read_pages(reader.sources, pages, self.profiles(survey, reader), processes):
            reader.counts.update(reading.passed)
            article = reading.article
            yield url, article if article and article.title and article.body.strip() else None

    def profiles(self, survey: Survey, reader: ArchiveReader) -> Known:
        """Return each site's profiles: the one on file, else those of the archived crawl. Raises ValueError."""
        from newscrawler.archives.learning import learn_from
        from newscrawler.archives.remarks import known_profiles
        from newscrawler.profiles import Profile, load_profile

        assert self.settings is not None
        folder = Path(self.settings["NEWSCRAWLER_STATE"]) / "profiles"
        found = {}
        for name, site in survey.sites.items():
            learn = partial(learn_from, reader.sources, survey.sample(name), site)
            known = known_profiles(load_profile(folder, name), survey.profiles.get(name, {}), learn)
            revise = partial(Profile.revised, strike=site.strike, add=site.boilerplate)
            found[name] = {key: profile and revise(profile) for key, profile in known.items()}
        return found
