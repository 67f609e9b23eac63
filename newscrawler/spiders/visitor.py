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
from typing import Any

from scrapy import Request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from newscrawler.challenges import challenge_of
from newscrawler.clock import steady
from newscrawler.extensions.throttle import HostThrottle
from newscrawler.hosts import Answer, words_of
from newscrawler.listing import MOST_SITEMAPS, Reply, Walk
from newscrawler.middlewares.answers import DOWNLOAD_ERRORS, answer_of_exception, answer_of_response
from newscrawler.middlewares.guard import AddressGuard
from newscrawler.middlewares.robots import RobotsMiddleware
from newscrawler.pages import LARGEST_HELD
from newscrawler.profiles import SAMPLE_PAGES
from newscrawler.rechecks import count_articles, make_due
from newscrawler.reports import moment
from newscrawler.revisits import EARLY_CHECKS, early_checks
from newscrawler.rows import Row, sample_rows
from newscrawler.sites import Site
from newscrawler.spiders.responses import page_of
from newscrawler.spiders.tour import Tour
from newscrawler.visits import Visit

logger = logging.getLogger(__name__)


SAMPLE_TRIES = 8
"""Times a page of the sample is asked for, pauses of its host included: a profile from few pages costs more than the wait."""

LISTING_SIZE = 64 * 1024 * 1024
"""Bytes of a listing, before and after decompression in transit: the protocol's 50 MB and what is over by mistake.
Source: https://www.sitemaps.org/protocol.html#index"""


SAMPLED_SITEMAPS = 100
"""Listings read where only a sample is wanted: a minute's worth at the usual pace, and far more pages than a sample has."""


class StoppedError(Exception):
    """The site's host wants no more requests; the message is a sentence."""


class Visitor:
    """One site of a crawl, before its pages."""

    def __init__(self, tour: Tour, visit: Visit) -> None:
        self.tour = tour
        self.visit = visit
        self.site = visit.site
        self.lane = tour.frontier.lanes[self.site.name]

    async def prepare(self, *, pages: bool = True) -> None:
        """Discover, and where pages are wanted learn and open the lane; a host that was stopped leaves its URLs pending."""
        try:
            if not pages or self.tour.asked.learn == "only":
                await self._knock()
            await self.discover()
            if pages:
                await self.learn()
                self.look_again()
                self.lane.open = self.tour.asked.learn != "only"
        except (StoppedError, ValueError) as error:  # ValueError: a profile's file that a person broke
            self.tour.stop(self.site.name, str(error))
        self.tour.books.changed.set()

    async def discover(self) -> None:
        """Read what the site lists into the ledger, as its robots.txt and its TOML allow. Raises StoppedError."""
        self._declare()
        robots = self.tour.crawler.get_downloader_middleware(RobotsMiddleware)
        rules = await robots.rules(self.site.url) if robots else None
        if rules:
            self.visit.discovery["robots"] = rules.unavailable or "read"
            self.visit.discovery["opt_outs"] = list(rules.opt_outs)
            if not rules.unavailable and not rules.can_fetch(self.site.url):
                self.visit.discovery["forbidden"] = self.site.url
        walk = Walk(
            site=self.site,
            fetch=self.fetch,
            ledger=self.tour.books.ledger,
            visit=self.visit,
            run_id=self.lane.run,
            window=self.tour.asked.window,
            robots_sitemaps=rules.sitemaps if rules else (),
            most=SAMPLED_SITEMAPS if self.tour.asked.learn == "only" else MOST_SITEMAPS,
        )
        await walk.run()
        logger.info("%s: %d listed, %d new", self.site.name, self.visit.known + self.visit.new, self.visit.new)

    async def _knock(self) -> None:
        """Raise StoppedError where the front page gets no answer, or a challenge: who only looks at a site does not wait."""
        self._declare()
        answer, _ = await self._download(self.site.url, {})
        if answer.failure and answer.failure != "robots":
            raise StoppedError(f"{self.site.host}: {words_of(answer.failure, answer.detail)}")
        if guard := challenge_of(answer.status, answer.headers, answer.body):
            raise StoppedError(f"{self.site.host}: blocked: it wants a browser to pass a challenge ({guard}, {answer.status})")

    def _declare(self) -> None:
        """Tell guard and throttle what the site's TOML says of its host."""
        guard = self.tour.crawler.get_downloader_middleware(AddressGuard)
        if guard:
            guard.allow(self.site.host, self.site.allow_networks)
        throttle = self.tour.crawler.get_extension(HostThrottle)
        if throttle:
            throttle.limit(slot_of(self.site), delay=self.site.delay or 0.0, concurrency=self.site.concurrency)

    async def learn(self) -> None:
        """Fetch a sample of the pages and learn what they repeat; they are in hand then and not fetched again.

        A site that was learned in an earlier run keeps its profile. Raises StoppedError.
        """
        profile = self.tour.stored_profile(self.site)
        anew = self.tour.asked.learn == "only"
        if profile is None or anew:
            count = min(SAMPLE_PAGES, self.tour.asked.limit or SAMPLE_PAGES)
            with self.tour.books.ledger.begin() as conn:
                rows = sample_rows(conn, self.site.name, count, pending=not anew)
            logger.info("%s: reading %d pages first, to learn what the site repeats", self.site.name, len(rows))
            responses = await asyncio.gather(*(self._sample(number, row) for number, row in enumerate(rows, 1)))
            found = [(row, response) for row, response in zip(rows, responses, strict=True) if response]
            pages = [page_of(response, row) for row, response in found if 200 <= response.status < 300]
            profile = self.tour.learn(self.site, pages, version=profile.version + 1 if profile else 1)
            if not anew:
                self.tour.frontier.adopt(self.site.name, [row for row, _ in found])
        self.tour.use(self.site, profile)

    def look_again(self) -> None:
        """Choose the articles that are re-checked before they are due, where it is not known that lastmod tells of changes."""
        if self.tour.asked.recheck == "due" and self.visit.lastmod != "honest":
            with self.tour.books.ledger.begin() as conn:
                count = early_checks(count_articles(conn, self.site.name))
                make_due(conn, self.site.name, count, EARLY_CHECKS)

    async def _sample(self, number: int, row: Row) -> Response | None:
        """Fetch one page of the sample and keep it for its turn; None where SAMPLE_TRIES failed. Raises StoppedError."""
        verdict = None
        for attempt in range(1, SAMPLE_TRIES + 1):
            answer, response = await self._download(row.url, {"row": row, "sample": number})
            verdict = self.tour.hosts[self.site.host].note(answer, attempt, steady())
            if verdict is not None and verdict.action == "stop":
                raise StoppedError(self.tour.hosts[self.site.host].stopped or verdict.reason)
            if response is not None and (verdict is None or verdict.action == "settle"):
                if len(response.body) > LARGEST_HELD:
                    return None
                response.meta.setdefault("fetched_at", moment(time()))
                self.tour.sampled[row.id] = response
                return response
            await asyncio.sleep(max(0.0, verdict.not_before - steady()) if verdict else 0.0)
        reasons = self.visit.discovery.setdefault("not_sampled", {})
        reason = verdict.reason if verdict else "no answer"
        reasons[reason] = reasons.get(reason, 0) + 1
        return None

    async def fetch(self, url: str, headers: Mapping[str, str]) -> Reply:
        """Return what `url` gave in the end, after as many tries as its host's standing allows. Raises StoppedError."""
        for attempt in count(1):
            answer, response = await self._download(url, {"download_maxsize": LISTING_SIZE}, headers)
            verdict = self.tour.hosts[self.site.host].note(answer, attempt, steady())
            if verdict is not None and verdict.action == "stop":
                raise StoppedError(self.tour.hosts[self.site.host].stopped or verdict.reason)
            if verdict is None or verdict.action == "settle":
                return reply_of(url, answer, response)
            await asyncio.sleep(max(0.0, verdict.not_before - steady()))
        raise AssertionError("count never ends")

    async def _download(
        self, url: str, meta: dict[str, Any], headers: Mapping[str, str] | None = None
    ) -> tuple[Answer, Response | None]:
        request = Request(url, headers=headers, callback=NO_CALLBACK, meta=meta, dont_filter=True)
        assert self.tour.crawler.engine is not None
        try:
            response = await self.tour.crawler.engine.download_async(request)
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
