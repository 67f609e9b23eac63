"""Fetches what the archived article pages need to look like themselves: images, styles, scripts.

In: Scrapy's signal that a page was received. Out: requests whose answers the archive takes. Must not know: WARC.
They go through the same downloader as pages: robots.txt, the address guard, the host's pace and bounds hold for them too.
Argument: assets=yes, with archive=yes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from newscrawler.archives.assets import page_assets, style_assets
from newscrawler.middlewares.answers import DOWNLOAD_ERRORS

SIZE = 8 * 2**20
"""Bytes of one asset: more is a film."""

IN_RUN = 200_000
"""Assets a run: their addresses are remembered so that each is fetched once (about 20 MB)."""

AT_ONCE = 16
"""Assets asked for at once; each host's own pace is the downloader's."""

STYLE = b"text/css"
PAGE = (b"text/html", b"application/xhtml")


class Assets:
    """The extension; it is not there unless it is asked for."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._seen: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._room = asyncio.Semaphore(AT_ONCE)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Assets:
        asked = getattr(crawler.spider, "asked", None)
        if not getattr(asked, "assets", False):
            raise NotConfigured
        assets = cls(crawler)
        crawler.signals.connect(assets.response_received, signal=signals.response_received)
        crawler.signals.connect(assets.spider_idle, signal=signals.spider_idle)
        return assets

    def response_received(self, response: Response, request: Request) -> None:
        """Ask for what the page, or a style sheet it needs, refers to."""
        row, owner = request.meta.get("row"), request.meta.get("asset_of")
        kind = (response.headers.get("Content-Type") or b"").lower()
        if row is not None and response.status == 200 and kind.startswith(PAGE):
            self._ask(page_assets(response.body, response.url), row.site)
        elif owner and response.status == 200 and kind.startswith(STYLE):
            self._ask(style_assets(response.body, response.url), owner)

    def _ask(self, addresses: Iterable[str], site: str) -> None:
        for address in addresses:
            if hash(address) not in self._seen and len(self._seen) < IN_RUN:
                self._seen.add(hash(address))
                task = asyncio.ensure_future(self._fetch(address, site))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _fetch(self, address: str, site: str) -> None:
        assert self.crawler.engine is not None
        assert self.crawler.stats is not None
        async with self._room:
            if not self.crawler.crawling:  # a stop was asked for
                return
            meta = {"asset_of": site, "download_maxsize": SIZE}
            try:
                await self.crawler.engine.download_async(Request(address, meta=meta, callback=NO_CALLBACK, dont_filter=True))
            except DOWNLOAD_ERRORS:
                self.crawler.stats.inc_value("assets/failed")
            else:
                self.crawler.stats.inc_value("assets/fetched")

    def spider_idle(self, spider: Spider) -> None:
        """Keep the crawl open while assets are on their way."""
        if self._tasks:
            raise DontCloseSpider
