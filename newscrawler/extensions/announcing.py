"""Tells others how a run ended: metrics for every run, the command and the webhook for one that failed.

In: the books when they are closed. Out: a file a site, a child process, a request. Must not know: what is said.

Settings: NEWSCRAWLER_METRICS, NEWSCRAWLER_ON_FAILURE, NEWSCRAWLER_WEBHOOK. What goes wrong here is logged; the exit code of
the run stays what it is.
"""

from __future__ import annotations

import asyncio
import logging
import shlex
import subprocess
from pathlib import Path
from typing import Any

import msgspec
from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.defer import maybe_deferred_to_future

from newscrawler.announcement import facts, metrics
from newscrawler.exits import Exit
from newscrawler.extensions.bookkeeping import Bookkeeping
from newscrawler.hosts import words_of
from newscrawler.middlewares.answers import DOWNLOAD_ERRORS, answer_of_exception
from newscrawler.shards import seal

logger = logging.getLogger(__name__)

COMMAND_SECONDS = 60
"""Longest time the command may take: the run waits for it, and cron or systemd wait for the run."""


class Announcing:
    """The extension; it comes after the books, whose exit code it reads."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.metrics: str = crawler.settings["NEWSCRAWLER_METRICS"] or ""
        self.command = shlex.split(crawler.settings["NEWSCRAWLER_ON_FAILURE"] or "")
        self.webhook: str = crawler.settings["NEWSCRAWLER_WEBHOOK"] or ""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Announcing:
        announcing = cls(crawler)
        crawler.signals.connect(announcing.spider_closed, signal=signals.spider_closed)
        return announcing

    async def spider_closed(self, spider: Spider) -> None:
        """Tell; a run that nobody opened books for has nothing to tell."""
        books = self.crawler.get_extension(Bookkeeping)
        if books is None or not books.opened:
            return
        if self.metrics:
            self._write_metrics(books)
        if books.exit is not Exit.OK:
            told = msgspec.json.encode(facts(books.exit, books.reports, books.output, books.broken))
            if self.command:
                await asyncio.to_thread(self._run, told)
            if self.webhook:
                await self._post(told)

    def _write_metrics(self, books: Bookkeeping) -> None:
        try:
            for report in books.reports:
                seal(Path(self.metrics) / f"newscrawler-{report.site}.prom", [metrics(report).encode()])
        except OSError as error:
            logger.error("NEWSCRAWLER_METRICS: %s: %s", error.filename, error.strerror)

    def _run(self, told: bytes) -> None:
        try:
            done = subprocess.run(self.command, input=told, timeout=COMMAND_SECONDS, check=False)
        except OSError as error:
            logger.error("NEWSCRAWLER_ON_FAILURE: %s: %s", self.command[0], error.strerror)
        except subprocess.TimeoutExpired:
            logger.error("NEWSCRAWLER_ON_FAILURE: %s took over %d s and was ended", self.command[0], COMMAND_SECONDS)
        else:
            if done.returncode:
                logger.error("NEWSCRAWLER_ON_FAILURE: %s ended with %d", self.command[0], done.returncode)

    async def _post(self, told: bytes) -> None:
        """Send the facts as any request is sent: guarded, bounded, verified; no redirect is followed."""
        meta = {"dont_obey_robotstxt": True, "dont_redirect": True}  # its owner gave us the address: no crawling
        headers = {"Content-Type": "application/json"}
        request = Request(self.webhook, method="POST", body=told, headers=headers, meta=meta, callback=NO_CALLBACK)
        engine: Any = self.crawler.engine
        try:
            answer = await maybe_deferred_to_future(engine.downloader.fetch(request))
        except DOWNLOAD_ERRORS as error:
            failure = answer_of_exception(error)
            logger.error("NEWSCRAWLER_WEBHOOK: not sent: %s", words_of(failure.failure or "unknown", failure.detail))
        else:
            if not 200 <= answer.status < 300:
                logger.error("NEWSCRAWLER_WEBHOOK: it answered %d", answer.status)
