"""`scrapy article FILE|URL [--html]`: one page's Article with its evidence, or the page beside what was read from it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from newscrawler.commandline import ProjectCommand
from newscrawler.exits import Exit
from newscrawler.items import Article
from newscrawler.sites import Site, load_site, site_of

if TYPE_CHECKING:
    from newscrawler.pages import Fetched


class Command(ProjectCommand):
    """Reads a saved page, or fetches one as a crawl would; writes nothing but to standard output."""

    def syntax(self) -> str:
        return "FILE|URL [--html] [--url URL]"

    def short_desc(self) -> str:
        return "Show what is read from one page, and why: scrapy article https://mirror.example/a/1.html"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--html", action="store_true", help="a page to look at instead of JSON: ... --html > view.html")
        parser.add_argument("--url", help="address of a saved page, where the page does not state it")

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """As Scrapy's; unless asked otherwise, only what is wrong is logged."""
        super().process_options(args, opts)
        assert self.settings is not None
        if not opts.loglevel:
            self.settings.set("LOG_LEVEL", "WARNING", priority="cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit code 2 where there is no such page to ask for, 6 where it could not be fetched or is no article."""
        from newscrawler.pages import read_article
        from newscrawler.profiles.storage import load_profile

        self.exitcode = Exit.USAGE
        try:
            if len(args) != 1:
                raise ValueError("one FILE or URL is needed, e.g. scrapy article https://mirror.example/a/1.html")
            asked = args[0]
            page, site = self.fetch(asked) if "://" in asked else self.load(asked, opts.url)
            profile = load_profile(self.folder("NEWSCRAWLER_STATE") / "profiles", site.name)
        except (OSError, ValueError) as error:
            self.complain(error)
        else:
            article = read_article(page, site, profile) if page else None
            self.exitcode = Exit.OK if article else Exit.FAILURES
            if page and article is None:
                self.complain(f"{asked}: no article was found on this page")
            if page:
                show(page, article, html=opts.html)

    def fetch(self, url: str) -> tuple[Fetched | None, Site]:
        """Return the page, or None after saying why there is none. Raises ValueError for what is no address."""
        from newscrawler.spiders.single import SinglePageSpider

        site = site_at(url, self.folder("NEWSCRAWLER_SITES"))
        assert self.crawler_process is not None
        crawler = self.crawler_process.create_crawler(SinglePageSpider)
        self.crawler_process.crawl(crawler, site=site, url=url)
        self.crawler_process.start()
        spider = crawler.spider
        assert isinstance(spider, SinglePageSpider)
        if spider.page is None:
            self.complain(f"{url}: {spider.trouble}")
        return spider.page, site

    def load(self, name: str, url: str | None) -> tuple[Fetched, Site]:
        """Return a saved page. Raises OSError, ValueError."""
        from newscrawler.archives.saved import HEAD, NOWHERE, stated_address
        from newscrawler.pages import Fetched
        from newscrawler.reports import moment

        path = Path(name)
        content = path.read_bytes()
        address = url or stated_address(content[:HEAD]) or NOWHERE
        site = site_at(address, self.folder("NEWSCRAWLER_SITES"))
        return Fetched(content, address, address, moment(path.stat().st_mtime)), site

    def folder(self, setting: str) -> Path:
        assert self.settings is not None
        return Path(self.settings[setting])


def site_at(url: str, folder: Path) -> Site:
    """Return the declared site the address is on, else the one that a crawl of its host would make. Raises ValueError."""
    made = site_of(url)
    declared = (load_site(path) for path in sorted(folder.glob("*.toml")))
    parts = urlsplit(url)
    return next((site for site in declared if site.host == made.host), site_of(f"{parts.scheme}://{parts.netloc}/"))


def show(page: Fetched, article: Article | None, *, html: bool) -> None:
    """Print the view, or the Article."""
    from newscrawler.article_page import article_page
    from newscrawler.pages import text_of

    if html:
        sys.stdout.buffer.write(article_page(text_of(page), page.url, article).encode())
    elif article is not None:
        sys.stdout.buffer.write(escaped(msgspec.json.format(msgspec.json.encode(article)).decode()).encode() + b"\n")


def escaped(document: str) -> str:
    """Return the same JSON with what a terminal would obey, or not show, as JSON escapes."""
    return "".join(char if char.isprintable() or char == "\n" else json.dumps(char)[1:-1] for char in document)
