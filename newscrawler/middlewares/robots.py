"""robots.txt is obeyed, and read once a host and run by all who need it.

In: every request. Out: the same, or Refused: "robots" where the rules forbid it, "robots_unavailable" while they cannot be had.
The spider asks for sitemaps by the same rules: `await crawler.get_downloader_middleware(RobotsMiddleware).rules(url)`.
Must not know: what a refusal means for the URL.

Differs from Scrapy 2.19's own: that reads an error page as rules, and takes a server's failure for leave (RFC 9309 2.3.1).
Setting: ROBOTSTXT_OBEY.
"""

from __future__ import annotations

import asyncio
import math
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http.request import NO_CALLBACK

from newscrawler.clock import steady
from newscrawler.hosts import Answer, Failure, retry_after
from newscrawler.middlewares.answers import DOWNLOAD_ERRORS, Refused, answer_of_exception, answer_of_response
from newscrawler.robots import Rules, parse_rules

PRIORITY = 1000
"""Scrapy's own for robots.txt: before anything else that waits for the host."""

SIZE = 64 * 1024 * 1024
"""Bytes of a robots.txt, as of a listing: its Sitemap lines may be many."""

ASK_AGAIN = 5.0
"""Seconds after which a robots.txt that could not be had is asked for again, unless the server names a time: within the first
waits of a host's back-off (newscrawler.hosts), so that one lost connection does not count for a dead host."""

LEAVE = frozenset({"redirects", "redirect_loop"})
"""Failures that count as no robots.txt. Source: RFC 9309 2.3.1.2."""

NO_ANSWER: frozenset[Failure] = frozenset(
    {"dns", "unreachable", "refused", "reset", "timeout", "tls", "certificate", "address", "not_http", "paused"}
)
"""Failures that are the host's, not its robots.txt's: a page would fail the same way, and is said to."""


class RobotsMiddleware:
    """Holds the rules of each host of the run."""

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        self._crawler = crawler
        self._agent: str = crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"]
        self._reading: dict[str, asyncio.Task[Rules]] = {}
        self._failures: dict[str, Answer] = {}
        self._ask_again: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("dont_obey_robotstxt"):
            return
        rules = await self.rules(request.url)
        if rules.unavailable:
            raise refusal_of(self._failures[host_of(request.url)])
        if not rules.can_fetch(request.url):
            self._count("forbidden")
            raise Refused("robots")

    async def rules(self, url: str) -> Rules:
        """Return the rules of the host of `url`, read at the first call and again once unavailable ones are old enough."""
        host = host_of(url)
        if self._ask_again.get(host, math.inf) <= steady():
            del self._ask_again[host], self._reading[host]
        if host not in self._reading:
            self._reading[host] = asyncio.ensure_future(self._read(host))
        return await asyncio.shield(self._reading[host])

    async def _read(self, host: str) -> Rules:
        meta = {"dont_obey_robotstxt": True, "download_maxsize": SIZE}
        request = Request(f"{host}/robots.txt", priority=PRIORITY, meta=meta, callback=NO_CALLBACK)
        assert self._crawler.engine
        try:
            answer = answer_of_response(await self._crawler.engine.download_async(request))
        except DOWNLOAD_ERRORS as error:
            answer = answer_of_exception(error)
        self._count(f"answer/{answer.failure or answer.status}")
        rules = self._rules(host, answer)
        self._crawler.signals.send_catch_log(signals.robots_parsed, robotparser=rules, request=request)
        for agent in rules.opt_outs:
            self._count(f"opt_out/{agent}")
        return rules

    def _rules(self, host: str, answer: Answer) -> Rules:
        if 200 <= answer.status < 300:
            return parse_rules(answer.body, self._agent, f"{host}/robots.txt")
        if answer.failure in LEAVE or (300 <= answer.status < 500 and answer.status != 429):
            return Rules(self._agent)
        now = steady()
        wait = 0.0 if answer.failure == "paused" else retry_after(answer.headers, now) or ASK_AGAIN
        self._ask_again[host] = now + wait
        self._failures[host] = answer
        return Rules(self._agent, unavailable=answer.failure or f"http_{answer.status}")

    def _count(self, what: str) -> None:
        assert self._crawler.stats
        self._crawler.stats.inc_value(f"robots/{what}")


def host_of(url: str) -> str:
    """Return what one robots.txt speaks for. Source: RFC 9309 2.3."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def refusal_of(answer: Answer) -> Refused:
    """Return what a page is refused with while its host's robots.txt ends in `answer`."""
    if answer.failure in NO_ANSWER:
        return Refused(answer.failure, answer.detail)
    return Refused("robots_unavailable", answer.failure or f"http_{answer.status}")
