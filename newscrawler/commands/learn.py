"""`scrapy learn`: learn a site anew and print what changed."""

from __future__ import annotations

import argparse
from pathlib import Path

from scrapy.commands import crawl

from newscrawler.arguments import parse_arguments
from newscrawler.commandline import ProjectCommand, asked_site
from newscrawler.exits import Exit
from newscrawler.printing import printable


class Command(ProjectCommand, crawl.Command):
    """Fetches a sample as a crawl does, politely and guarded; reads no page into the output."""

    usual_level = "INFO"

    def syntax(self) -> str:
        return "SITE|URL"

    def short_desc(self) -> str:
        return "Learn anew what a site repeats, and print what changed: scrapy learn SITE"

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.settings is not None
        opts.spargs |= asked_site(args, "learn")
        asked = parse_arguments({**opts.spargs, "learn": "only"}, Path(self.settings["NEWSCRAWLER_SITES"]))
        self.site = asked.sites[0].name

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit code as a crawl's; 5 where nothing was listed, 6 where too few pages were articles."""
        from newscrawler.extensions.bookkeeping import Bookkeeping
        from newscrawler.profiles.drift import compare
        from newscrawler.profiles.storage import load_profile

        assert self.settings is not None
        assert self.crawler_process is not None
        folder = Path(self.settings["NEWSCRAWLER_STATE"]) / "profiles"
        before = load_profile(folder, self.site)
        crawler = self._create_crawler("mirror")
        self.crawler_process.crawl(crawler, **{**opts.spargs, "learn": "only"})
        self.crawler_process.start()
        books = crawler.get_extension(Bookkeeping)
        self.exitcode = books.exit if books else Exit.CRASHED
        after = load_profile(folder, self.site)
        if after is None or (before and after.version == before.version):
            self.complain(f"{self.site}: too few articles to learn from; the profile stays as it was")
            self.exitcode = self.exitcode or Exit.FAILURES
            return
        print(f"{self.site}: version {after.version}, from {after.pages} pages")
        for line in compare(before, after):
            print(printable(line))
