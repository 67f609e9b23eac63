"""Shows how far a crawl is: a live table on a terminal, a line a site now and then in a pipe.

In: the books and the visits of a crawl, as they stand. Out: what a person sees on standard error. Must not know: the rules.
It is there where LOG_LEVEL lets INFO through, and not in a crawl without a tour (archives).
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from time import monotonic
from typing import TYPE_CHECKING, Any

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

from newscrawler.accounts import count_pending
from newscrawler.extensions.bookkeeping import Bookkeeping
from newscrawler.ledger import LedgerError
from newscrawler.progress import Progress, progress_table

if TYPE_CHECKING:
    from rich.live import Live

logger = logging.getLogger(__name__)

LIVE_SECONDS, LINE_SECONDS = 2.0, 30.0
"""Between two looks: often enough to see it move, seldom enough for a log that is read later."""

ROOM = 8
"""Rows of the terminal that the table leaves to its own head and to the log."""


class ProgressDisplay:
    """The extension."""

    def __init__(self, crawler: Crawler) -> None:
        if logging.getLevelName(crawler.settings["LOG_LEVEL"]) > logging.INFO:
            raise NotConfigured
        from rich.console import Console  # here, since no quiet crawl needs it

        self.crawler = crawler
        self.console = Console(stderr=True)
        self.live: Live | None = None
        self._handlers: list[logging.StreamHandler[Any]] = []
        self._timer = create_looping_call(self.show)
        self._started = monotonic()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ProgressDisplay:
        display = cls(crawler)
        crawler.signals.connect(display.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(display.spider_closed, signal=signals.spider_closed)
        return display

    def spider_opened(self, spider: Spider) -> None:
        """Start; what is logged meanwhile goes above the table."""
        from rich.live import Live

        if self.console.is_terminal and self.crawler.settings["NEWSCRAWLER_LOG_JSON"] != "yes":
            handlers = (one for one in logging.getLogger().handlers if isinstance(one, logging.StreamHandler))
            self._handlers = [one for one in handlers if one.stream is sys.stderr]
            self.live = Live(console=self.console, auto_refresh=False, transient=True)
            self.live.start()
            self._turn_handlers()
        self._timer.start(LIVE_SECONDS if self.live else LINE_SECONDS, now=False)

    def spider_closed(self, spider: Spider) -> None:
        """Show the end, and leave the terminal as it was."""
        if self._timer.running:
            self._timer.stop()
        self.show()
        if self.live:
            self.live.stop()
            self._turn_handlers()

    def _turn_handlers(self) -> None:
        for handler in self._handlers:
            handler.setStream(sys.stderr)

    def show(self) -> None:
        """Show where each site stands; a ledger that is busy is left alone until the next time."""
        try:
            sites = list(self.progress())
        except LedgerError:
            return
        if self.live:
            self.live.update(progress_table(sites, max(1, self.console.height - ROOM)), refresh=True)
            return
        for site in sites:
            logger.info("%s", site.line())

    def progress(self) -> Iterator[Progress]:
        """Yield each site's. Raises LedgerError."""
        tour: Any = getattr(self.crawler.spider, "tour", None)
        books = self.crawler.get_extension(Bookkeeping)
        if tour is None or books is None:
            return
        seconds = monotonic() - self._started
        with books.ledger.begin() as conn:
            for name, visit in tour.visits.items():
                states, lane = books.run.sites[name].states, tour.frontier.lanes[name]
                pending = max(0, count_pending(conn, name) - books.run.uncommitted)
                if lane.limit is not None:
                    pending = min(pending, max(0, lane.limit - states.total()))
                yield Progress(name, visit.known + visit.new, pending, seconds, dict(states))
