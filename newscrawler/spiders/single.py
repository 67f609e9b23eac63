"""One page by its address, for commands that show it: guarded and polite as a crawl, no books.

In: a site, an address of it. Out: the page, or why there is none. Must not know: what is read from it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from time import time
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from newscrawler.hosts import words_of
from newscrawler.middlewares.answers import answer_of_exception
from newscrawler.middlewares.guard import AddressGuard
from newscrawler.pages import Fetched, charset_of
from newscrawler.reports import moment
from newscrawler.sites import Site
from newscrawler.spiders.responses import header, introduce


class SinglePageSpider(Spider):
    """Fetches one page; `scrapy article` runs it, `scrapy crawl` does not."""

    name = "single"
    page: Fetched | None = None
    trouble: str = "the page was not fetched"

    def __init__(self, site: Site, url: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.site, self.url = site, url

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        super().update_settings(settings)
        introduce(settings)

    async def start(self) -> AsyncIterator[Request]:
        """Yield the one request."""
        guard = self.crawler.get_downloader_middleware(AddressGuard)
        assert guard is not None
        guard.allow(self.site.host, self.site.allow_networks)
        yield Request(self.url, self.take, errback=self.fail, dont_filter=True)

    def take(self, response: Response) -> None:
        """Keep the page."""
        if response.status != 200:
            self.trouble = f"the server answered {response.status}"
            return
        charset = charset_of(header(response, "Content-Type") or "")
        self.page = Fetched(response.body, response.url, self.url, moment(time()), charset)

    def fail(self, failure: Failure) -> None:
        """Say why there is no page."""
        assert failure.value is not None
        answer = answer_of_exception(failure.value)
        self.trouble = f"not fetched: {words_of(answer.failure or 'unknown', answer.detail)}"
