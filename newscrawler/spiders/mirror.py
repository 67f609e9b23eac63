"""`scrapy crawl mirror`: from a site's listings to its articles, live.

In: arguments, responses. Out: requests and Articles. Must not know: how a page is read, where a line is written.
Each site is discovered and learned by a task of its own; meanwhile the pages of the sites that are ready are fetched.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from newscrawler.arguments import Arguments, parse_arguments
from newscrawler.clock import steady
from newscrawler.extensions.bookkeeping import UNWRITABLE, Bookkeeping
from newscrawler.hosts import Hosts, Verdict
from newscrawler.items import Article
from newscrawler.middlewares.answers import answer_of_exception, answer_of_response
from newscrawler.pages import read_article
from newscrawler.redirects import HEAD_LIMIT, meta_refresh
from newscrawler.rows import Row
from newscrawler.scope import scope_reason
from newscrawler.spiders.drift import Seen
from newscrawler.spiders.responses import header, introduce, page_of
from newscrawler.spiders.tour import Tour, open_tour
from newscrawler.spiders.visitor import Visitor

MOST_MOVES = 3
"""Meta refreshes followed from one listed address: a page that moves its reader does so once."""

LONGEST_SLEEP = 5.0
"""Seconds between looks at the frontier when nothing wakes it earlier."""


class MirrorSpider(Spider):
    """Crawls mirrors; see newscrawler.arguments for what `-a` takes."""

    name = "mirror"
    asked: Arguments
    books: Bookkeeping
    tour: Tour

    def __init__(self, *args: Any, **kwargs: str) -> None:
        super().__init__(*args)
        self.given = kwargs

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> MirrorSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.asked = parse_arguments(spider.given, Path(crawler.settings["NEWSCRAWLER_SITES"]))
        return spider

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        introduce(settings)

    @property
    def window(self) -> tuple[float, float] | None:
        """Seconds (since, until) that articles have to be in."""
        return self.asked.window

    @property
    def hosts(self) -> Hosts:
        """Standing of every host; the download handler sends nothing to one that must not be asked now."""
        return self.tour.hosts

    async def start(self) -> AsyncIterator[Request]:
        """Yield page requests as the frontier gives them, until every site is through."""
        books = self.crawler.get_extension(Bookkeeping)
        assert books is not None
        self.books = books
        try:
            self.tour = open_tour(self.crawler, books, self.asked, self.given)
            async for request in self._pages():
                yield request
        except UNWRITABLE as error:
            books.break_off(error)

    async def _pages(self) -> AsyncIterator[Request]:
        """Yield the pages' requests while sites are discovered and learned. Raises LedgerError, OSError."""
        tasks = [asyncio.create_task(self.visit(Visitor(self.tour, visit))) for visit in self.tour.visits.values()]
        try:
            while self.tour.frontier.busy() or self.books.errands or not all(task.done() for task in tasks):
                self.books.changed.clear()
                for row in self.tour.frontier.take(steady()):
                    yield self.page_request(row)
                await self._wait()
        finally:
            for task in tasks:
                task.cancel()
        for task in tasks:
            await task  # an error of ours in a visit is an error of the run

    async def visit(self, visitor: Visitor) -> None:
        """Do what comes before a site's pages."""
        await visitor.prepare()

    async def _wait(self) -> None:
        """Sleep until an outcome makes room, or a pause is over."""
        next_time = self.tour.frontier.next_time()
        seconds = LONGEST_SLEEP if next_time is None else min(LONGEST_SLEEP, max(0.01, next_time - steady()))
        with suppress(TimeoutError):
            await asyncio.wait_for(self.books.changed.wait(), seconds)

    def page_request(self, row: Row) -> Request:
        """Return the request for a listed page: conditional where an article was read from it before."""
        headers = {}
        if row.article and row.etag:
            headers["If-None-Match"] = row.etag
        elif row.article and row.last_modified:
            headers["If-Modified-Since"] = row.last_modified
        meta: dict[str, Any] = {"row": row}
        if sampled := self.tour.sampled.pop(row.id, None):
            meta |= {"sampled": sampled, "fetched_at": sampled.meta["fetched_at"]}
        return Request(row.url, self.parse_page, headers=headers, meta=meta, errback=self.page_failed, dont_filter=True)

    def parse_page(self, response: Response) -> Iterator[Article | Request]:
        """Yield the page's article or where the page moves its reader to, or settle its URL."""
        row: Row = response.meta["row"]
        verdict = self.tour.hosts[host_of(response.url)].note(answer_of_response(response), row.attempts + 1, steady())
        if verdict is not None:
            self._apply(row, verdict)
        elif response.status == 304:
            self.books.confirm(row)
        else:
            target = meta_refresh(response.body[:HEAD_LIMIT].decode("latin-1"), response.url)
            if target and target != response.url:
                yield from self._follow(row, response, target)
            else:
                yield from self._read(row, response)

    def _follow(self, row: Row, response: Response, target: str) -> Iterator[Request]:
        """Yield the request for the page that this one moves its reader to, or settle a row that is sent around too often."""
        moves = response.meta.get("moves", 0) + 1
        if moves > MOST_MOVES:
            self.books.settle(row, "failed", "redirects")
            return
        meta = {"row": row, "moves": moves}
        yield Request(target, self.parse_page, meta=meta, errback=self.page_failed, dont_filter=True)

    def _read(self, row: Row, response: Response) -> Iterator[Article]:
        site = self.tour.visits[row.site].site
        if scope_reason(response.url, site) == "foreign_host":
            self.books.settle(row, "filtered", "redirected_elsewhere")
            return
        columns = {"etag": header(response, "ETag"), "last_modified": header(response, "Last-Modified")}
        seen = Seen(page_of(response, row), row, columns, response.meta.get("profile"))
        article = read_article(seen.page, site, self.tour.profiles.get(site.name))
        yield from self._keep(seen, article)
        for again in self.tour.watch(site, seen, article):
            better = read_article(again.page, site, self.tour.profiles[site.name])
            if better is not None:  # else what was read before stands
                yield from self._keep(again, better)

    def _keep(self, seen: Seen, article: Article | None) -> Iterator[Article]:
        if self.tour.archive:
            self.tour.archive.note_reading(seen.row, seen.noted)
        if article is None:
            self.books.settle(seen.row, "not_article", "not_article", **seen.columns)
        else:
            yield self.books.hold(seen.row, article, **seen.columns)

    def page_failed(self, failure: Failure) -> None:
        """Settle the URL, or put it back for another try."""
        row: Row = failure.request.meta["row"]  # type: ignore[attr-defined]
        assert failure.value is not None
        verdict = self.tour.hosts[host_of(row.url)].note(answer_of_exception(failure.value), row.attempts + 1, steady())
        assert verdict is not None  # a failure is never a page
        self._apply(row, verdict)

    def _apply(self, row: Row, verdict: Verdict) -> None:
        row.attempts += verdict.reason != "paused"  # then nothing was sent
        if verdict.action == "settle":
            self.books.settle(row, verdict.state, verdict.reason)
        else:
            self.tour.put_back(row, verdict, host_of(row.url))


def host_of(url: str) -> str:
    return urlsplit(url).hostname or ""
