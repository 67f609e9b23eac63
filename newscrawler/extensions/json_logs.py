"""Makes each line of the log a JSON object, for those who collect logs.

In: log records. Out: time, level, logger, message, and the trace where there is one. Must not know: what is logged.

Setting: NEWSCRAWLER_LOG_JSON.
"""

from __future__ import annotations

import logging

import msgspec
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.log import get_scrapy_root_handler

from newscrawler.reports import moment


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


class JsonLogs:
    """The extension. Scrapy sets up its handler before extensions are made, and once more before the spider is opened."""

    def __init__(self, crawler: Crawler) -> None:
        if crawler.settings["NEWSCRAWLER_LOG_JSON"] != "yes":
            raise NotConfigured
        self.apply()
        crawler.signals.connect(self.apply, signal=signals.spider_opened)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> JsonLogs:
        return cls(crawler)

    def apply(self) -> None:
        """Make Scrapy's handler write JSON."""
        handler = get_scrapy_root_handler()
        if handler is not None:
            handler.setFormatter(JsonFormatter())
