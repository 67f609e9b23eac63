"""Prepares one site's visit: finds its listings, learns what it repeats, then opens its lane.

In: a site, Scrapy's downloader. Out: rows in the ledger, a profile, pages in hand. Must not know: how a sitemap or a page
is read.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from itertools import count
from time import time
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from newscrawler.extensions.throttle import HostThrottle
from newscrawler.hosts import Answer
from newscrawler.ledger import Row, sample_pending
from newscrawler.listing import Reply, Walk
from newscrawler.middlewares.answers import DOWNLOAD_ERRORS, answer_of_exception, answer_of_response
from newscrawler.middlewares.guard import AddressGuard
from newscrawler.middlewares.robots import RobotsMiddleware
from newscrawler.sites import Site

if TYPE_CHECKING:
    from newscrawler.spiders.mirror import MirrorSpider

logger = logging.getLogger(__name__)


class StoppedError(Exception):
    """The site's host wants no more requests; the message is a sentence."""


class Visitor:
    """One site of a crawl, before its pages."""

    def __init__(self, spider: MirrorSpider, site: Site) -> None:
        self.spider = spider
        self.site = site
        self.visit = spider.visits[site.name]
        self.lane = spider.frontier.lanes[site.name]

    async def prepare(self) -> None:
        """Discover, learn, open the lane; a host that was stopped leaves its URLs pending."""
        try:
            await self.discover()
            await self.learn()
            self.lane.open = True
        except StoppedError as error:
            self.spider.stop_site(self.site.name, str(error))
        self.spider.books.changed.set()

    async def discover(self) -> None:
        """Read what the site lists into the ledger, as its robots.txt and its TOML allow. Raises StoppedError."""
        self._declare()
        robots = self.spider.crawler.get_downloader_middleware(RobotsMiddleware)
        rules = await robots.rules(self.site.url) if robots else None
        if rules:
            self.visit.discovery["robots"] = rules.unavailable or "read"
            self.visit.discovery["opt_outs"] = list(rules.opt_outs)
        walk = Walk(
            site=self.site,
            fetch=self.fetch,
            ledger=self.spider.books.ledger,
            visit=self.visit,
            run_id=self.lane.run,
            window=self.spider.window,
            robots_sitemaps=rules.sitemaps if rules else (),
        )
        await walk.run()
        logger.info("%s: %d listed, %d new", self.site.name, self.visit.known + self.visit.new, self.visit.new)

    def _declare(self) -> None:
        """Tell guard and throttle what the site's TOML says of its host."""
        guard = self.spider.crawler.get_downloader_middleware(AddressGuard)
        if guard:
            guard.allow(self.site.host, self.site.allow_networks)
        throttle = self.spider.crawler.get_extension(HostThrottle)
        if throttle:
            throttle.limit(slot_of(self.site), delay=self.site.delay or 0.0, concurrency=self.site.concurrency)

    async def learn(self) -> None:
        """Fetch a sample of the pages and learn what they repeat; they are in hand then and not fetched again."""
        with self.spider.books.ledger.begin() as conn:
            rows = sample_pending(conn, self.site.name, 0)
        self.spider.frontier.adopt(self.site.name, rows)

    async def fetch(self, url: str, headers: Mapping[str, str]) -> Reply:
        """Return what `url` gave in the end, after as many tries as its host's standing allows. Raises StoppedError."""
        for attempt in count(1):
            answer, response = await self._download(url, headers)
            verdict = self.spider.hosts[self.site.host].note(answer, attempt, time())
            if verdict is not None and verdict.action == "stop":
                raise StoppedError(self.spider.hosts[self.site.host].stopped or verdict.reason)
            if verdict is None or verdict.action == "settle":
                return reply_of(url, answer, response)
            await asyncio.sleep(max(0.0, verdict.not_before - time()))
        raise AssertionError("count never ends")

    async def _download(self, url: str, headers: Mapping[str, str]) -> tuple[Answer, Response | None]:
        request = Request(url, headers=dict(headers), callback=NO_CALLBACK, dont_filter=True)
        assert self.spider.crawler.engine is not None
        try:
            response = await self.spider.crawler.engine.download_async(request)
        except DOWNLOAD_ERRORS as error:
            return answer_of_exception(error), None
        return answer_of_response(response), response


def slot_of(site: Site) -> str:
    """Return the name of Scrapy's download slot for the site's host."""
    return site.host


def reply_of(url: str, answer: Answer, response: Response | None) -> Reply:
    if response is None:
        return Reply(url=url, status=0, failure=answer.failure)
    return Reply(
        url=response.url,
        status=response.status,
        body=response.body,
        etag=answer.headers.get("etag"),
        last_modified=answer.headers.get("last-modified"),
    )
