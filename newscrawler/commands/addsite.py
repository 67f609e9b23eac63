"""`scrapy addsite URL`: look at a site, show what would be read, write its TOML, its profile and a page for its test."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawler.commandline import ProjectCommand
from newscrawler.exits import Exit
from newscrawler.printing import print_rows, printable
from newscrawler.sites import Site, load_site, site_of

if TYPE_CHECKING:
    from newscrawler.impressions import Read
    from newscrawler.profiles import Profile
    from newscrawler.spiders.look import Look

SHOWN = 10
"""Articles in the table: what fits a screen."""

SHOWN_OTHERS = 3
"""Pages without an article that are named."""


class Command(ProjectCommand):
    """Asks the site as a crawl would, for listings and a sample of pages; the ledger and the articles stay as they are."""

    usual_level = "ERROR"

    def syntax(self) -> str:
        return "URL [--name NAME]"

    def short_desc(self) -> str:
        return "Look at a site and write its TOML: scrapy addsite https://mirror.example/"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--name", help="the site's name: of its TOML, its folder, its lines (default: its host)")

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        self.folder, self.state = (Path(self.settings[f"NEWSCRAWLER_{name}"]) for name in ("SITES", "STATE"))
        self.site = named_site(args, opts.name, self.folder)

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit code 3 where nothing can be written, 5 where nothing is listed, 6 where no page can be had or is an article."""
        from newscrawler.spiders.look import exit_of, look, looks

        assert self.crawler_process is not None
        print(f"{self.site.url}: asking for its listings and some pages; at its pace that may take a minute", file=sys.stderr)
        try:
            with look(self.crawler_process, {"url": self.site.url, "learn": "only"}) as spider:
                (seen,) = looks(spider)
            self.exitcode = self.add(seen)
        except (OSError, ValueError) as error:
            self.complain(error)
            self.exitcode = exit_of(error)

    def add(self, seen: Look) -> Exit:
        """Show the sample and write what was asked for. Raises OSError, and ValueError for a profile that a person broke."""
        from rich.console import Console

        from newscrawler.drafts import draft
        from newscrawler.impressions import COLUMNS, articles_of, cells, read_all, warnings
        from newscrawler.pages import learn_profile
        from newscrawler.profiles import load_profile

        if refusal := seen.refusal():
            self.complain(f"{self.site.url}: {refusal[1]}")
            return refusal[0]
        known = load_profile(self.state / "profiles", self.site.name)
        profile = learn_profile(seen.pages, self.site, known.version + 1 if known else 1)
        reads = read_all(seen.pages, self.site, profile)
        articles = articles_of(reads)
        print_rows(COLUMNS, map(cells, articles[:SHOWN]), Console())
        print(f"{seen.visit.new} pages are listed; {len(articles)} of {len(reads)} pages of the sample are articles")
        for read in [read for read in reads if not read.article][:SHOWN_OTHERS]:
            print(f"no article: {printable(read.page.url)}")
        for warning in [*self.known_otherwise(), *warnings(reads, profile)]:
            print(f"look: {printable(warning)}")
        if not articles:
            self.complain(f"{self.site.url}: no article was found; nothing was written")
            return Exit.FAILURES
        self.write(draft(self.site, seen.visit.sitemaps, articles, profile), reads, profile)
        return Exit.OK

    def known_otherwise(self) -> Iterator[str]:
        """Yield a sentence where the site was crawled by its address and is to have another name."""
        from newscrawler.ledger import LedgerError
        from newscrawler.overview import past_runs

        usual = site_of(self.site.url).name
        with suppress(ValueError, LedgerError):  # nothing was crawled, or nothing that can be read
            if usual != self.site.name and past_runs(self.state / "ledger.db", site=usual, count=1):
                yield f"it was crawled as {usual} before; as {self.site.name} its pages are read and written once more"

    def write(self, text: str, reads: list[Read], profile: Profile | None) -> None:
        """Write the TOML, the profile, the page for the test. Raises OSError."""
        from newscrawler.profiles import save_profile
        from newscrawler.shards import seal
        from newscrawler.specimens import save_specimen

        path = self.folder / f"{self.site.name}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        best = max(reads, key=fullness)
        specimen = save_specimen(self.folder / self.site.name, best.page, self.site, profile)
        if profile:
            save_profile(self.state / "profiles", profile)
        seal(path, [text.encode()])
        print(f"{path}: {load_site(path).name} is declared; correct it where the table is wrong")
        print(f"{specimen}: a page for its test, with what is expected of it beside: `scrapy checksites {self.site.name}`")
        print(f"next: scrapy crawl mirror -a site={self.site.name} -a limit=30")


def named_site(args: list[str], name: str | None, folder: Path) -> Site:
    """Return the site that the one argument is the address of. Raises ValueError."""
    if len(args) != 1:
        raise ValueError("one URL is needed, e.g. scrapy addsite https://mirror.example/")
    site = site_of(args[0], **({"name": name} if name else {}))
    path = folder / f"{site.name}.toml"
    if path.exists():
        raise ValueError(f"{path} is there already: correct it by hand, remove it, or choose another --name")
    return site


def fullness(read: Read) -> int:
    """Return how many fields a page has: the test wants the page that shows most."""
    from newscrawler.specimens import EXPECTED

    return sum(bool(getattr(read.article, name)) for name in EXPECTED) if read.article else -1
