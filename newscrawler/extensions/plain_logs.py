"""Keeps the log a log: whatever a site put into an address, a header or an error, a line is a line and obeys nobody.

In: log records. Out: the same text, what a terminal would obey escaped, further lines of a record indented: none can pass for
a record of its own. Must not know: what is logged.
"""

from __future__ import annotations

import logging

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.utils.log import get_scrapy_root_handler

from newscrawler.printing import printable


class PlainFormatter(logging.Formatter):
    """As logging's own, in text that can only be read."""

    def format(self, record: logging.LogRecord) -> str:
        return "\n    ".join(map(printable, super().format(record).split("\n")))


class PlainLogs:
    """The extension. Scrapy sets up its handler before extensions are made, and once more before the spider is opened."""

    def __init__(self, crawler: Crawler) -> None:
        self._formatter = PlainFormatter(crawler.settings["LOG_FORMAT"], crawler.settings["LOG_DATEFORMAT"])
        self.apply()
        crawler.signals.connect(self.apply, signal=signals.spider_opened)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PlainLogs:
        return cls(crawler)

    def apply(self) -> None:
        """Make Scrapy's handler write plain text."""
        handler = get_scrapy_root_handler()
        if handler is not None:
            handler.setFormatter(self._formatter)
