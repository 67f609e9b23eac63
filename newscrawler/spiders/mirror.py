"""`scrapy crawl mirror`: from a site's listings to its articles, live.

In: arguments, responses. Out: requests and Articles. Must not know: how a page is read, where a line is written.
Each site is discovered and learned by a task of its own; meanwhile the pages of the sites that are ready are fetched.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from time import time
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from newscrawler.arguments import Arguments, parse_arguments
from newscrawler.extensions.bookkeeping import UNWRITABLE, Bookkeeping
from newscrawler.finish import Finish
from newscrawler.frontier import Frontier, Lane
from newscrawler.hosts import Hosts, Verdict
from newscrawler.items import Article
from newscrawler.ledger import Row
from newscrawler.listing import scope_reason
from newscrawler.middlewares.answers import answer_of_exception, answer_of_response
from newscrawler.pages import Fetched, read_article
from newscrawler.profiles import Profile
from newscrawler.reports import moment
from newscrawler.sites import Site
from newscrawler.spiders.visitor import Visitor
from newscrawler.visits import Visit

logger = logging.getLogger(__name__)

LONGEST_SLEEP = 5.0
"""Seconds between looks at the frontier when nothing wakes it earlier."""


class MirrorSpider(Spider):
    """Crawls mirrors; see newscrawler.arguments for what `-a` takes."""

    name = "mirror"

    def __init__(self, *args: Any, **kwargs: str) -> None:
        super().__init__(*args)
        self.given = kwargs

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> MirrorSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        settings = crawler.settings
        spider.asked: Arguments = parse_arguments(spider.given, Path(settings["NEWSCRAWLER_SITES"]))
        spider.window = spider.asked.window
        spider.sites = {site.name: site for site in spider.asked.sites}
        spider.hosts = Hosts()
        spider.profiles: dict[str, Profile] = {}
        spider.sampled: dict[int, Response] = {}
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Yield page requests as the frontier gives them, until every site is through."""
        books = self.crawler.get_extension(Bookkeeping)
        assert books is not None
        self.books = books
        try:
            self._open(books)
        except UNWRITABLE as error:
            books.break_off(error)
            return
        visitors = [Visitor(self, site) for site in self.sites.values()]
        tasks = [asyncio.create_task(visitor.prepare()) for visitor in visitors]
        try:
            while True:
                for row in self.frontier.take(time()):
                    yield self.page_request(row)
                if all(task.done() for task in tasks) and not self.frontier.busy():
                    return
                await self._wait()
        finally:
            for task in tasks:
                task.cancel()

    async def _wait(self) -> None:
        """Sleep until an outcome makes room, or a pause is over."""
        self.books.changed.clear()
        next_time = self.frontier.next_time()
        seconds = LONGEST_SLEEP if next_time is None else min(LONGEST_SLEEP, max(0.01, next_time - time()))
        try:
            await asyncio.wait_for(self.books.changed.wait(), seconds)
        except TimeoutError:
            pass

    def _open(self, books: Bookkeeping) -> None:
        """Lock the sites, open their runs and lanes. Raises LedgerError, ShardError, OSError."""
        self.visits = {name: Visit(site) for name, site in self.sites.items()}
        compression = self.settings["NEWSCRAWLER_COMPRESSION"]
        suffix = f".{compression}" if compression else ""
        finish = Finish(self.visits, self.given, suffix)
        books.open(finish, [(name, self.asked.duplicates or site.duplicates or "drop") for name, site in self.sites.items()])
        self.frontier = Frontier(books.ledger, [self._lane(site) for site in self.sites.values()])

    def _lane(self, site: Site) -> Lane:
        recheck = {"due": time(), "all": float("inf"), "none": None}[self.asked.recheck]
        share = 2 * (site.concurrency or self.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN"))
        run = self.books.run.sites[site.name].run
        return Lane(site.name, run, share, limit=self.asked.limit, window=self.window, recheck=recheck)

    def page_request(self, row: Row) -> Request:
        """Return the request for a listed page: conditional where an article was read from it before."""
        headers = {}
        if row.article and row.etag:
            headers["If-None-Match"] = row.etag
        elif row.article and row.last_modified:
            headers["If-Modified-Since"] = row.last_modified
        meta = {"row": row, "sampled": self.sampled.pop(row.id, None), "handle_httpstatus_all": True}
        return Request(row.url, self.parse_page, headers=headers, meta=meta, errback=self.page_failed, dont_filter=True)

    def parse_page(self, response: Response) -> Iterator[Article]:
        """Yield the page's article, or settle its URL."""
        row: Row = response.meta["row"]
        verdict = self.hosts[host_of(response.url)].note(answer_of_response(response), row.attempts + 1, time())
        if verdict is not None:
            self._apply(row, verdict)
        elif response.status == 304:
            self.books.settle(row, "unchanged" if row.state in ("kept", "unchanged") else row.state)
        else:
            yield from self._read(row, response)

    def _read(self, row: Row, response: Response) -> Iterator[Article]:
        site = self.sites[row.site]
        columns = {"etag": header(response, "ETag"), "last_modified": header(response, "Last-Modified")}
        if scope_reason(response.url, site) == "foreign_host":
            self.books.settle(row, "filtered", "redirected_elsewhere")
            return
        article = read_article(page_of(response, row), site, self.profiles.get(site.name))
        if article is None:
            self.books.settle(row, "not_article", "not_article", **columns)
        else:
            yield self.books.hold(row, article, **columns)

    def page_failed(self, failure: Failure) -> None:
        """Settle the URL, or put it back for another try."""
        row: Row = failure.request.meta["row"]  # type: ignore[attr-defined]
        answer = answer_of_exception(failure.value)
        verdict = self.hosts[host_of(row.url)].note(answer, row.attempts + 1, time())
        assert verdict is not None  # a failure is never a page
        self._apply(row, verdict)

    def _apply(self, row: Row, verdict: Verdict) -> None:
        row.attempts += 1
        if verdict.action == "settle":
            self.books.settle(row, verdict.state, verdict.reason)
            return
        host = self.hosts[host_of(row.url)]
        lane = self.frontier.lanes[row.site]
        lane.paused_until = max(lane.paused_until, host.not_before)
        self.frontier.put_back(row, verdict.not_before)
        if host.stopped:
            self.stop_site(row.site, host.stopped)
        self.books.changed.set()

    def stop_site(self, name: str, why: str) -> None:
        """Ask the site for no more in this run; its URLs stay pending."""
        if self.frontier.lanes[name].open:
            logger.warning("%s: stopped: %s", name, why)
        self.frontier.lanes[name].open = False
        self.visits[name].stopped = self.visits[name].stopped or why


def page_of(response: Response, row: Row) -> Fetched:
    """Return the response as extraction takes it."""
    return Fetched(
        body=response.body,
        url=response.url,
        listed=row.url,
        fetched_at=response.meta.get("fetched_at") or moment(time()),
        charset=charset_of(header(response, "Content-Type") or ""),
        lastmod=row.lastmod,
        news=row.news,
    )


def header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def charset_of(content_type: str) -> str | None:
    """Return the charset parameter of a Content-Type header."""
    _, _, value = content_type.lower().partition("charset=")
    return value.split(";")[0].strip(" \"'") or None


def host_of(url: str) -> str:
    return urlsplit(url).hostname or ""
