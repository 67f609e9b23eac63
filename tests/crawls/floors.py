"""A plain spider under HostThrottle, run as a child process: `floors.py < settings, URLs and limits > times` (JSON).

Out: host -> seconds at which each request to it was handed to the download handler, on one clock.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import ScrapyDeprecationWarning
from scrapy.settings import Settings
from scrapy.utils.httpobj import urlparse_cached

from newscrawler.extensions.throttle import HostThrottle
from newscrawler.middlewares.download import BoundedDownloadHandler

TIMES: defaultdict[str, list[float]] = defaultdict(list)
IN_FLIGHT: defaultdict[str, int] = defaultdict(int)
MOST: defaultdict[str, int] = defaultdict(int)


class Clocked(BoundedDownloadHandler):
    """Notes when each request is sent, and how many of its host are under way."""

    async def download_request(self, request: scrapy.Request) -> scrapy.http.Response:
        host = urlparse_cached(request).hostname or ""
        TIMES[host].append(time.monotonic())
        IN_FLIGHT[host] += 1
        MOST[host] = max(MOST[host], IN_FLIGHT[host])
        try:
            return await super().download_request(request)
        finally:
            IN_FLIGHT[host] -= 1


class Floors(scrapy.Spider):
    name = "floors"

    async def start(self) -> AsyncIterator[Any]:
        throttle = self.crawler.get_extension(HostThrottle)
        assert throttle
        for host, limits in self.limits.items():  # type: ignore[attr-defined]
            throttle.limit(host, **limits)
        for url in self.urls:  # type: ignore[attr-defined]
            yield scrapy.Request(url, dont_filter=True)

    def parse(self, response: scrapy.http.Response) -> None:
        pass


if __name__ == "__main__":
    sys.modules["floors"] = sys.modules["__main__"]
    job = json.load(sys.stdin)
    warnings.simplefilter("error", ScrapyDeprecationWarning)
    settings = Settings()
    settings.setmodule("newscrawler.settings")
    for key, value in {**job["settings"], "DOWNLOAD_HANDLERS": {"http": "floors.Clocked"}}.items():
        settings.set(key, value, "cmdline")
    process = AsyncCrawlerProcess(settings)
    process.crawl(Floors, urls=job["urls"], limits=job["limits"])
    process.start()
    json.dump({"times": TIMES, "most": MOST}, sys.stdout)
