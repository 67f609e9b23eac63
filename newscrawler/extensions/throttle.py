"""No host is asked faster than it says, or than its site's TOML says.

In: floors, from robots.txt (crawl-delay, request-rate) by Scrapy's signal robots_parsed, from a site by HostThrottle.limit.
Out: each download slot's delay, never below its host's floor, and its concurrency; above the floor AutoThrottle adapts, where
it is enabled. Must not know: sites, how robots.txt is read.

Settings: EXTENSIONS = {"scrapy.extensions.throttle.AutoThrottle": None, "newscrawler.extensions.throttle.HostThrottle": 0}.
"""

from __future__ import annotations

from collections import deque
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached

from newscrawler.robots import Rules


class Departures(deque[tuple[Request, Any]]):
    """The queue of a slot. A request counts as under way once it leaves it: by itself Scrapy 2.19 counts it a turn of its loop
    later, and by then others may have left, whatever the concurrency."""

    def __init__(self, slot: Slot) -> None:
        super().__init__(slot.queue)
        self._under_way = slot.transferring

    def popleft(self) -> tuple[Request, Any]:
        request, answer = super().popleft()
        self._under_way.add(request)
        return request, answer


class HostThrottle(AutoThrottle):
    """AutoThrottle that keeps a floor a host. There is no jitter, which in Scrapy cuts every other delay by up to half."""

    def __init__(self, crawler: Crawler) -> None:
        self._default = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._declared: dict[str, float] = {}
        self._robots: dict[str, float] = {}
        self._concurrency: dict[str, int] = {}
        crawler.signals.connect(self._request_reached_downloader, signals.request_reached_downloader)
        crawler.signals.connect(self._robots_parsed, signals.robots_parsed)
        try:
            super().__init__(crawler)
        except NotConfigured:
            self.crawler = crawler

    def limit(self, host: str, *, delay: float | None = None, concurrency: int | None = None) -> None:
        """Keep `delay` seconds between requests to `host`, in place of DOWNLOAD_DELAY, and at most `concurrency` in flight.

        None or 0: as the settings say. Of several limits of one host, and robots.txt, the strictest holds.
        """
        if delay:
            self._declared[host] = max(delay, self._declared.get(host, 0.0))
        if concurrency:
            self._concurrency[host] = min(concurrency, self._concurrency.get(host, concurrency))
        self._shape(host)

    def floor(self, host: str) -> float:
        """Return the seconds that lie between two requests to `host` at least."""
        return max(self._declared.get(host, self._default), self._robots.get(host, 0.0))

    def _shape(self, host: str) -> None:
        assert self.crawler.engine
        slot = self.crawler.engine.downloader.slots.get(host)
        if slot is None:
            return
        slot.concurrency = self._concurrency.get(host, slot.concurrency)
        if slot.lastseen == 0 and host in self._declared:
            slot.delay = 0.0
        slot.delay = max(slot.delay, self.floor(host))
        slot.jitter = 0.0
        if not isinstance(slot.queue, Departures):
            slot.queue = Departures(slot)

    def _request_reached_downloader(self, request: Request, spider: Spider) -> None:
        self._shape(request.meta["download_slot"])

    def _response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        self.mindelay = self.floor(request.meta["download_slot"])
        super()._response_downloaded(response, request, spider)
        self._shape(request.meta["download_slot"])

    def _robots_parsed(self, robotparser: Rules, request: Request) -> None:
        if robotparser.floor:
            host = urlparse_cached(request).hostname or ""
            self._robots[host] = max(robotparser.floor, self._robots.get(host, 0.0))
            self._shape(host)
