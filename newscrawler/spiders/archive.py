"""`scrapy crawl archive`: from WARC, WACZ or saved pages to articles, offline.

In: arguments, files. Out: Articles, through the same extraction, pipelines and books as a live crawl.
Must not know: how a record or a page is read.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import Spider
from scrapy.crawler import Crawler

from newscrawler.accounts import account
from newscrawler.archives.arguments import ArchiveArguments, parse_archive_arguments
from newscrawler.extensions.bookkeeping import UNWRITABLE, Bookkeeping
from newscrawler.frontier import Frontier, Lane
from newscrawler.items import Article
from newscrawler.profiles import SAMPLE_PAGES, Profile, load_profile, save_profile
from newscrawler.rows import Listing, Row, find_url, list_urls, sample_rows
from newscrawler.scope import scope_reason
from newscrawler.sites import Site
from newscrawler.visits import Visit

if TYPE_CHECKING:  # the libraries that read archives are an extra
    from newscrawler.archives.extract import Page
    from newscrawler.archives.reader import ArchiveReader
    from newscrawler.archives.survey import Survey

logger = logging.getLogger(__name__)

LISTED = 2_000
"""Pages a transaction when they are listed."""

LISTING = "archive"
"""What stands for a sitemap's address: here the archives list the pages."""

IN_FLIGHT = 256
"""Articles the pipelines may have in hand: more would fill memory where they are slower than the processes."""


class ArchiveSpider(Spider):
    """Reads archives; see newscrawler.archives.arguments for what `-a` takes."""

    name = "archive"
    asked: ArchiveArguments
    books: Bookkeeping
    reader: ArchiveReader
    survey: Survey
    visits: dict[str, Visit]
    profiles: dict[str, dict[str, Profile | None]]
    """By site and key, see newscrawler.archives.remarks."""
    counts: Counter[str]
    """What the archives hold besides pages, and what could not be read."""

    def __init__(self, *args: Any, **kwargs: str) -> None:
        super().__init__(*args)
        self.given = kwargs
        self.profiles = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> ArchiveSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.asked = parse_archive_arguments(spider.given, Path(crawler.settings["NEWSCRAWLER_SITES"]))
        return spider

    @property
    def window(self) -> tuple[float, float] | None:
        """Seconds (since, until) that articles have to be in."""
        return self.asked.window

    async def start(self) -> AsyncIterator[Article]:
        """Yield the articles of the archives' pages, in the order of the files."""
        books = self.crawler.get_extension(Bookkeeping)
        assert books is not None
        self.books = books
        try:
            await asyncio.to_thread(self._survey)
            self._open()
            await asyncio.to_thread(self._learn)
            async for article in self._articles():
                yield article
        except (*UNWRITABLE, ValueError) as error:  # ValueError: a profile's file that a person broke
            books.break_off(error)

    async def _articles(self) -> AsyncIterator[Article]:
        """Yield the pages' articles as fast as the pipelines take them. Raises LedgerError, OSError."""
        from newscrawler.archives.extract import read_pages

        pages = islice(self._pages(), self.asked.limit)
        for (row, site), reading in read_pages(self.reader.sources, pages, self.profiles, self.asked.processes):
            self.counts.update(reading.passed)
            if reading.url is None:
                self.books.settle(row, "failed", reading.passed[0])
            elif scope_reason(reading.url, site) == "foreign_host":
                self.books.settle(row, "filtered", "redirected_elsewhere")
            elif reading.article is None:
                self.books.settle(row, "not_article", "not_article")
            else:
                self.books.frontier.lanes[row.site].flying[row.id] = row
                yield self.books.hold(row, reading.article)
            await self._make_room()

    def _survey(self) -> None:
        """See what is there: the sites, the pages, the last capture of each. Raises OSError."""
        from newscrawler.archives.extract import get_ready
        from newscrawler.archives.reader import ArchiveReader
        from newscrawler.archives.survey import ArchivedSites, Survey, may_be_page

        get_ready(self.asked.processes)
        sites = ArchivedSites(self.asked.sites, Path(self.settings["NEWSCRAWLER_SITES"]))
        self.survey = Survey(sites)
        self.reader = ArchiveReader(self.asked.paths, may_be_page, self.survey.hear)
        self.survey.read(self.reader.places())
        self.counts = self.reader.counts + self.survey.counts
        logger.info("archive: %s", ", ".join(f"{count} {name}" for name, count in sorted(self.counts.items())))

    def _open(self) -> None:
        """Lock the sites, open their runs, list their pages. Raises LedgerError, ShardError, OSError."""
        visits = self.visits = {name: Visit(site) for name, site in self.survey.sites.items()}
        policies = {name: self.asked.duplicates or site.duplicates or "drop" for name, site in self.survey.sites.items()}
        self.books.open(visits, policies, self.given)
        runs = self.books.run.sites
        self.books.frontier = Frontier(self.books.ledger, [Lane(name, runs[name].run, IN_FLIGHT) for name in visits])
        for name, visit in visits.items():
            visit.discovery["archive"] = self.counts
            self._list(name, visit)

    def _list(self, name: str, visit: Visit) -> None:
        listings = self.survey.listings(name)
        run, entries = self.books.run.sites[name].run, 0
        with self.books.ledger.begin() as conn:
            visit.known = sum(account(conn, name).values())
        while batch := list[Listing](islice(listings, LISTED)):
            with self.books.ledger.begin() as conn:
                visit.new += list_urls(conn, name, run, LISTING, batch)
                entries += len(batch)
        visit.sitemaps.append({"url": LISTING, "kind": "archive", "outcome": "read", "entries": entries})

    def _pages(self) -> Iterator[Page[tuple[Row, Site]]]:
        """Yield the pages that are to be read: those that have no state yet."""
        from newscrawler.archives.extract import Page

        for found in self.survey.pages():
            with self.books.ledger.begin() as conn:
                row = find_url(conn, found.folder, found.url)
            if row is not None and (row.state == "pending" or self.asked.recheck == "all"):
                yield Page(found.places, found.site, (row, found.site))

    def _learn(self) -> None:
        """Get each site's profiles: the one on file, else as the live crawl had them. Raises ValueError, OSError."""
        from newscrawler.archives.remarks import known_profiles, unsaved
        from newscrawler.archives.survey import ELSEWHERE

        folder = Path(self.settings["NEWSCRAWLER_STATE"]) / "profiles"
        for name in self.visits.keys() - {ELSEWHERE}:  # where sites are mixed there is nothing to learn
            visit, stored = self.visits[name], load_profile(folder, name)
            known = known_profiles(stored, self.survey.profiles.get(name, {}), partial(self._learn_site, name))
            for profile in unsaved(stored, known):
                save_profile(folder, profile)
            self.profiles[name] = {key: visit.use(profile) for key, profile in known.items()}

    def _learn_site(self, name: str) -> Profile | None:
        from newscrawler.archives.learning import learn_from

        places = self.survey.sample(name)
        if not places:  # of another tool: such pages as the live crawl would take
            with self.books.ledger.begin() as conn:
                rows = sample_rows(conn, name, SAMPLE_PAGES)
            places = [place for row in rows for place in self.survey.places(name, row.url)[:1]]
        return learn_from(self.reader.sources, places, self.visits[name].site)

    async def _make_room(self) -> None:
        """Let the pipelines work; wait while they have too much in hand."""
        await asyncio.sleep(0)
        while sum(len(lane.flying) for lane in self.books.frontier.lanes.values()) > IN_FLIGHT:
            self.books.changed.clear()
            await self.books.changed.wait()
