"""The bodies that are on their way at one time stay within a bound, however many hosts send however much.

In: Scrapy's signals for each part of a body and for each end. Out: a download that would break the bound is stopped with
StopDownload ("crowded" to a Host: another try later). Must not know: what the bodies are.
DOWNLOAD_MAXSIZE bounds one body; this bounds their sum, so that memory is flat with every slot of the crawl under attack.
"""

from __future__ import annotations

from collections import defaultdict

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload

BODIES_LIMIT = 128 * 1024 * 1024
"""Bytes; with a process of about 150 MB and one copy at each body's end, below 400 MB."""

SMALL = 1024 * 1024
"""Bytes that any one body may have: a page is not stopped for what others send."""


class BodyBudget:
    """Counts the bytes of bodies under way."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._held: defaultdict[Request, int] = defaultdict(int)
        self._sum = 0
        crawler.signals.connect(self._bytes_received, signals.bytes_received)
        crawler.signals.connect(self._request_left_downloader, signals.request_left_downloader)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> BodyBudget:
        return cls(crawler)

    def _bytes_received(self, data: bytes, request: Request) -> None:
        self._held[request] += len(data)
        self._sum += len(data)
        if self._sum > BODIES_LIMIT and self._held[request] > SMALL:
            assert self._crawler.stats
            self._crawler.stats.inc_value("bodies/crowded")
            raise StopDownload

    def _request_left_downloader(self, request: Request) -> None:
        self._sum -= self._held.pop(request, 0)
