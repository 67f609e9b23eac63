"""Fetches what the archived pages need to look like themselves: images, styles, scripts.

In: Scrapy's signal that a page was received. Out: requests whose answers the archive takes. Must not know: WARC.
They go through the same downloader as pages: robots.txt, the address guard, each host's pace and bounds hold for them too.
A host that refuses assets is asked for no more of them; its pages are not held back, unless it asks to be left alone.
Argument: assets=yes, or assets=site for the site's own hosts only, with archive=yes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from newscrawler.archives.assets import page_assets, style_assets
from newscrawler.archives.wanted import Asset, WantedAssets
from newscrawler.clock import steady
from newscrawler.extensions.bookkeeping import Bookkeeping
from newscrawler.hosts import Answer, Host, Hosts, Verdict
from newscrawler.middlewares.answers import DOWNLOAD_ERRORS, answer_of_exception, answer_of_response
from newscrawler.sites import Site
from newscrawler.urls import same_site

SIZE = 8 * 2**20
"""Bytes of one asset: more is a film."""

IN_RUN = 10_000_000_000
"""Bytes of all assets a run: ten files of the archive; what is over waits for the next run."""

AT_ONCE = 16
"""Assets asked for at once; each host's own pace is the downloader's."""

BACK_OFF = frozenset({429, 503})
"""Statuses by which a host speaks of its load, not of the one address."""

STYLE = b"text/css"
PAGE = (b"text/html", b"application/xhtml")


class Assets:
    """The extension; it is not there unless it is asked for."""

    def __init__(self, crawler: Crawler, asked: Any) -> None:
        self.crawler = crawler
        self.sites: dict[str, Site] = {site.name: site for site in asked.sites}
        self.own_only = asked.assets == "site"
        self.wanted: WantedAssets | None = None
        self._hosts = Hosts()
        self._bytes = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Assets:
        asked = getattr(crawler.spider, "asked", None)
        if getattr(asked, "assets", "no") == "no":
            raise NotConfigured
        assets = cls(crawler, asked)
        crawler.signals.connect(assets.response_received, signal=signals.response_received)
        crawler.signals.connect(assets.spider_closed, signal=signals.spider_closed)
        return assets

    @property
    def books(self) -> Bookkeeping:
        books = self.crawler.get_extension(Bookkeeping)
        assert books is not None
        return books

    def response_received(self, response: Response, request: Request) -> None:
        """Ask for what the page, or a style sheet it needs, refers to."""
        wanted = self.wanted = self.wanted or self._load()
        row, asset = request.meta.get("row"), request.meta.get("asset")
        kind = (response.headers.get("Content-Type") or b"").lower()
        if row is not None and response.status == 200 and kind.startswith(PAGE):
            wanted.ask(row.site, self._chosen(page_assets(response.body, response.url), row.site), 1)
        elif asset and response.status == 200 and kind.startswith(STYLE):
            wanted.ask(asset.site, self._chosen(style_assets(response.body, response.url), asset.site), asset.depth + 1)
        self._begin()

    def _load(self) -> WantedAssets:
        wanted = WantedAssets()
        with self.books.ledger.begin() as conn:
            for name in self.sites:
                wanted.load(conn, name)
        self.books.run.committers.append(wanted.record)
        return wanted

    def _chosen(self, urls: Iterable[str], site: str) -> Iterable[str]:
        home = self.sites[site].url
        return (url for url in urls if same_site(url, home)) if self.own_only else urls

    def _begin(self) -> None:
        """Fetch as many as may be under way; what is over the bounds waits in the ledger."""
        while self.wanted and len(self.books.errands) < AT_ONCE and self._bytes < IN_RUN and self.crawler.crawling:
            asset = self.wanted.take()
            if asset is None:
                break
            task = asyncio.ensure_future(self._fetch(asset))
            self.books.errands.add(task)
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self.books.errands.discard(task)
        self._begin()
        self.books.changed.set()

    async def _fetch(self, asset: Asset) -> None:
        """Ask until there is an outcome, or the host wants no more: then the address waits for the next run."""
        for attempt in count(1):
            hosts = await self._turn(asset.url)
            if not self.crawler.crawling or any(host.stopped for host in hosts):
                return
            answer = await self._answer(asset)
            verdict = self._note(answer, hosts, attempt)
            if verdict is None or verdict.action == "settle":
                self._settle(asset, verdict.reason if verdict else f"http_{answer.status}")
                return

    async def _turn(self, url: str) -> list[Host]:
        """Wait until the host may be asked, as pages and as assets see it; return it as both do, assets first."""
        name = urlsplit(url).hostname or ""
        hosts = [known[name] for known in (self._hosts, getattr(self.crawler.spider, "hosts", None)) if known is not None]
        await asyncio.sleep(max(0.0, max(host.not_before for host in hosts) - steady()))
        return hosts

    async def _answer(self, asset: Asset) -> Answer:
        assert self.crawler.engine is not None
        meta = {"asset": asset, "download_maxsize": SIZE}
        request = Request(asset.url, meta=meta, callback=NO_CALLBACK, dont_filter=True)
        try:
            response = await self.crawler.engine.download_async(request)
        except DOWNLOAD_ERRORS as error:
            return answer_of_exception(error)
        self._bytes += len(response.body)
        return answer_of_response(response)

    def _note(self, answer: Answer, hosts: list[Host], attempt: int) -> Verdict | None:
        if answer.status in BACK_OFF:
            for host in hosts[1:]:
                host.note(answer, attempt, steady())
        return hosts[0].note(answer, attempt, steady())

    def _settle(self, asset: Asset, outcome: str) -> None:
        assert self.wanted is not None
        assert self.crawler.stats is not None
        self.wanted.settle(asset, outcome)
        self.books.run.more_to_commit = True
        self.crawler.stats.inc_value(f"assets/{outcome}")

    def spider_closed(self, spider: Spider) -> None:
        """Leave what still waits for its host to the next run."""
        for task in self.books.errands:
            task.cancel()
