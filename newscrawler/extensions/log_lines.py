"""Keeps the log a log: whatever a site put into an address, a header or an error, a line is a line and obeys nobody.

In: log records. Out: the same text, what a terminal would obey escaped, further lines of a record indented, so that none can
pass for a record of its own; or a JSON object a record, for those who collect logs. Must not know: what is logged.

Setting: NEWSCRAWLER_LOG_JSON.
"""

from __future__ import annotations

import logging

import msgspec
from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from scrapy.utils.log import get_scrapy_root_handler
from twisted.python.failure import Failure

from newscrawler.printing import printable
from newscrawler.reports import moment


class PlainFormatter(logging.Formatter):
    """As logging's own, in text that can only be read."""

    def format(self, record: logging.LogRecord) -> str:
        return "\n    ".join(map(printable, super().format(record).split("\n")))


class JsonFormatter(logging.Formatter):
    """One record, one line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": moment(record.created),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line).decode()


class EventFormatter(LogFormatter):
    """Scrapy's words for what happens, those for DEBUG made only where they are logged: it makes four a page."""

    def __init__(self, *, debug: bool) -> None:
        self._debug = debug

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> EventFormatter:
        return cls(debug=logging.getLevelName(crawler.settings["LOG_LEVEL"]) <= logging.DEBUG)

    def crawled(self, request: Request, response: Response, spider: Spider) -> LogFormatterResult:
        return super().crawled(request, response, spider) if self._debug else None  # type: ignore[return-value]

    def scraped(self, item: object, response: Response | Failure | None, spider: Spider) -> LogFormatterResult:
        return super().scraped(item, response, spider) if self._debug else None  # type: ignore[return-value]


class LogLines:
    """The extension. Scrapy sets up its handler before extensions are made, and once more before the spider is opened."""

    def __init__(self, crawler: Crawler) -> None:
        plain = PlainFormatter(crawler.settings["LOG_FORMAT"], crawler.settings["LOG_DATEFORMAT"])
        self._formatter = JsonFormatter() if crawler.settings["NEWSCRAWLER_LOG_JSON"] == "yes" else plain
        self.apply()
        crawler.signals.connect(self.apply, signal=signals.spider_opened)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> LogLines:
        return cls(crawler)

    def apply(self) -> None:
        """Make Scrapy's handler write such lines."""
        handler = get_scrapy_root_handler()
        if handler is not None:
            handler.setFormatter(self._formatter)
