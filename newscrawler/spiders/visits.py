"""Prepares one site's visit: finds its listings, learns what it repeats, then opens its lane.

In: a site, Scrapy's downloader. Out: rows in the ledger, a profile, pages in hand. Must not know: how a sitemap or a page
is read.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from time import time
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from newscrawler.hosts import Answer
from newscrawler.ledger import Row, sample_pending
from newscrawler.listing import Reply, Walk
from newscrawler.middlewares.answers import answer_of_exception, answer_of_response
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

    async def prepare(self) -> None:
        """Discover, learn, open the lane; a host that was stopped leaves its URLs pending."""
        try:
            await Walk(self.site, self.fetch, self.spider.books.ledger, self.visit, self.spider.asked).run()
            await self.learn()
        except StoppedError as error:
            self.spider.stop_site(self.site.name, str(error))
        else:
            self.spider.frontier.lanes[self.site.name].open = True
        self.spider.books.changed.set()

    async def fetch(self, url: str, headers: Mapping[str, str]) -> Reply:
        """Return what `url` gave in the end, after as many tries as its host's standing allows. Raises StoppedError."""
        answer, response = Answer(failure="unknown"), None
        for attempt in range(1, 100):
            answer, response = await self._download(url, headers)
            verdict = self.spider.hosts[self.site.host].note(answer, attempt, time())
            if verdict is None or verdict.action == "settle":
                break
            if verdict.action == "stop":
                raise StoppedError(self.spider.hosts[self.site.host].stopped or verdict.reason)
            await asyncio.sleep(max(0.0, verdict.not_before - time()))
        return reply_of(url, answer, response)

    async def _download(self, url: str, headers: Mapping[str, str]) -> tuple[Answer, Response | None]:
        meta = {"handle_httpstatus_all": True}
        request = Request(url, headers=dict(headers), callback=NO_CALLBACK, meta=meta, dont_filter=True)
        assert self.spider.crawler.engine is not None
        try:
            response = await self.spider.crawler.engine.download_async(request)
        except Exception as error:  # whatever a download can raise is an answer; unknown kinds are named as such
            return answer_of_exception(error), None
        return answer_of_response(response), response


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
