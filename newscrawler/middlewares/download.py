"""The last look before a request leaves, and a bound to what comes before a response's body.

In: a request whose turn it is in its host's slot. Out: its response; Refused("paused") where the spider's `hosts` (Hosts, if it
has any) say that the host must not be asked now, so that a request that waited in the slot is not sent into a pause; a failure
whose cause is HeadTooLarge where headers have no end. Must not know: what is asked for.

Setting: DOWNLOAD_HANDLERS = {"http": "newscrawler.middlewares.download.BoundedDownloadHandler", "https": the same}. Twisted and
Scrapy 2.19 bound a header's line but not the number of lines; DOWNLOAD_MAXSIZE counts the body alone.
"""

from __future__ import annotations

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress
from twisted.python.failure import Failure
from twisted.web._newclient import BODY, HTTP11ClientProtocol
from twisted.web._newclient import Request as TxRequest
from twisted.web.iweb import IResponse

from newscrawler.clock import steady
from newscrawler.hosts import Hosts
from newscrawler.middlewares.answers import HeadTooLarge, Refused

HEAD_LIMIT = 256 * 1024
"""Bytes; what Chromium takes. The first part of the body may be among them."""


class BoundedProtocol(_LenientHTTP11ClientProtocol):
    """One connection; counts the bytes of each response until its body begins."""

    _head_bytes = 0

    def request(self, request: TxRequest) -> Deferred[IResponse]:
        self._head_bytes = 0
        answered = super().request(request)
        if self._parser is not None:
            self._parser.MAX_LENGTH = HEAD_LIMIT  # of a line; Twisted would hang up at 16 KiB without a reason
        return answered

    def dataReceived(self, data: bytes) -> None:
        if self._parser is not None and self._parser.state != BODY:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_LIMIT:
                self._giveUp(Failure(HeadTooLarge(f"more than {HEAD_LIMIT} bytes before the body")))  # type: ignore[no-untyped-call]
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class BoundedFactory(_LenientHTTP11ClientFactory):
    """Makes such connections."""

    def buildProtocol(self, addr: IAddress | None) -> HTTP11ClientProtocol:
        return BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class BoundedDownloadHandler(HTTP11DownloadHandler):
    """Scrapy's handler over such connections."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = BoundedFactory
        self._pool.retryAutomatically = False  # Twisted would ask again at once where a kept connection was reset

    async def download_request(self, request: Request) -> Response:
        hosts: Hosts | None = getattr(self._crawler.spider, "hosts", None)
        if hosts is not None and not hosts[urlparse_cached(request).hostname or ""].ready(steady()):
            raise Refused("paused")
        return await super().download_request(request)
