"""Keeps the books of a crawl: the one place where spiders and pipelines say what became of a URL.

In: rows and articles with their outcomes, Scrapy's signals. Out: commits, sealed files, reports, the exit code.
Must not know: HTML, sitemaps. The rules are in runs, choice, sealing and reports; this only calls them in time.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import time
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from scrapy.http import Response
from scrapy.utils.asyncio import create_looping_call
from twisted.python.failure import Failure

from newscrawler.exits import Exit
from newscrawler.finish import Finish
from newscrawler.frontier import Frontier
from newscrawler.history import latest_run
from newscrawler.items import Article, Reason
from newscrawler.ledger import Ledger, LedgerError
from newscrawler.locks import hold_site
from newscrawler.printing import sentence_of
from newscrawler.reports import SiteReport, moment
from newscrawler.rows import Row
from newscrawler.runs import Policy, Run
from newscrawler.shards import ShardError
from newscrawler.stories import Stories
from newscrawler.visits import Visit

logger = logging.getLogger(__name__)

COMMIT_SECONDS = 2.0
"""Longest time that an outcome waits for its commit: what a kill costs at most."""

PUNCTUATION = str.maketrans("", "", "-:")

UNWRITABLE = (OSError, LedgerError, ShardError)


class Drop(DropItem):
    """A pipeline's refusal of an article: the state of its URL, and the reason, from closed lists."""

    def __init__(self, state: str, reason: str) -> None:
        super().__init__(f"{state}: {reason}", log_level="DEBUG")
        self.state = state
        self.reason = reason


@dataclass(slots=True)
class Hand:
    """What is known of an article while the pipelines have it."""

    row: Row
    columns: dict[str, Any]
    reason: Reason | None = None
    of: str | None = None


class Bookkeeping:
    """The extension; spiders and pipelines get it by `crawler.get_extension(Bookkeeping)`."""

    frontier: Frontier
    """The rows that are out; the spider puts it here when it has opened the books."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self.crawler = crawler
        self.output = Path(settings["NEWSCRAWLER_OUTPUT"])
        self.state = Path(settings["NEWSCRAWLER_STATE"])
        self.exit = Exit.OK
        self.broken: str | None = None
        self.changed = asyncio.Event()
        """Set at each outcome; whoever waits for room clears it."""
        self.errands: set[asyncio.Task[None]] = set()
        """What else is under way: the spider stays until it is done."""
        self.witnesses: list[Callable[[Row], None]] = []
        """Told of each row that has its outcome, before the commit that has it."""
        self._held = ExitStack()
        """Closed at the very end: the sites' locks, the ledger, its index of stories."""
        self._hands: dict[tuple[str | None, str], Hand] = {}
        self._timer = create_looping_call(self.commit)
        self._finish: Finish | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Bookkeeping:
        books = cls(crawler)
        for handler, signal in (
            (books.item_dropped, signals.item_dropped),
            (books.item_error, signals.item_error),
            (books.spider_error, signals.spider_error),
            (books.spider_closed, signals.spider_closed),
            (books.engine_stopped, signals.engine_stopped),
        ):
            crawler.signals.connect(handler, signal=signal)
        return books

    @property
    def opened(self) -> bool:
        """Did a run begin?"""
        return self._finish is not None or self.broken is not None

    @property
    def reports(self) -> list[SiteReport]:
        """The sites' reports, once the run is sealed."""
        return self._finish.reports if self._finish else []

    def open(self, visits: dict[str, Visit], policies: Mapping[str, Policy], arguments: dict[str, str]) -> None:
        """Begin: lock each site, go on with what a stop left. Raises LedgerError, ShardError, OSError."""
        self.output.mkdir(parents=True, exist_ok=True)  # what cannot be written is better known now
        self.ledger = self._held.enter_context(closing(Ledger(self.state / "ledger.db")))
        self.stories = self._held.enter_context(closing(Stories(self.ledger.engine)))
        with self.ledger.begin() as conn:
            self.run = Run(self.ledger, self.output, run_id(time(), latest_run(conn)))
        self.run.committers.append(self.stories.record)
        for site, policy in policies.items():
            self._held.enter_context(hold_site(self.state, site))
            self.run.open(site, policy)
        compression = self.crawler.settings["NEWSCRAWLER_COMPRESSION"]
        self._finish = Finish(visits, arguments, self.stories, f".{compression}" if compression else "")
        self.exit = Exit.CRASHED  # until the run is sealed
        self._timer.start(COMMIT_SECONDS, now=False)

    def settle(self, row: Row, state: str, reason: str | None = None, **columns: Any) -> None:
        """The row's outcome, where it gave no article."""
        self.run.settle(row, state, reason, **columns)
        self._done(row)

    def confirm(self, row: Row, **columns: Any) -> None:
        """A re-check found nothing new."""
        self.run.confirm(row, **columns)
        self._done(row)

    def hold(self, row: Row, article: Article, **columns: Any) -> Article:
        """Remember which row an article came from while the pipelines have it."""
        self._hands[article.site, article.url] = Hand(row, columns)
        return article

    def row_of(self, article: Article) -> Row:
        """Return the row an article came from. Raises KeyError for an article that no spider of ours held."""
        return self._hands[article.site, article.url].row

    def note_copy(self, article: Article, reason: Reason, of: str) -> None:
        """The article was found to be a copy of the page `of`."""
        hand = self._hands[article.site, article.url]
        hand.reason, hand.of = reason, of

    def keep(self, article: Article) -> None:
        """The article goes into the journal; whether as a line of its own or set aside is the site's policy."""
        hand = self._hands.pop((article.site, article.url))
        self.run.keep(hand.row, article, hand.reason, hand.of, **hand.columns)
        self._done(hand.row)

    def _drop(self, article: Article, state: str, reason: str) -> None:
        hand = self._hands.pop((article.site, article.url), None)
        if hand and state == "unchanged":
            self.confirm(hand.row, content_hash=article.content_hash, **hand.columns)
        elif hand:
            self.settle(hand.row, state, reason, **hand.columns)

    def _done(self, row: Row) -> None:
        for witness in self.witnesses:
            witness(row)
        self.frontier.settled(row)
        self.changed.set()
        if self.run.full:
            self.commit()

    def commit(self) -> None:
        """Make the outcomes so far durable; where that fails the crawl ends, and the next run goes on from the last commit."""
        if self.broken or self._finish is None:
            return
        try:
            self.run.commit()
            self.frontier.committed()
        except UNWRITABLE as error:
            self.break_off(error)

    def break_off(self, error: Exception) -> None:
        """End the crawl because nothing can be written, or the ledger be read, any more."""
        if self.broken:
            return
        self.broken = sentence_of(error)
        logger.error("stopped: %s", self.broken)
        asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="broken"))  # noqa: RUF006

    def item_dropped(self, item: Article, exception: DropItem) -> None:
        state, reason = (exception.state, exception.reason) if isinstance(exception, Drop) else ("incomplete", str(exception))
        self._drop(item, state, reason)

    def item_error(self, item: Article, failure: Failure) -> None:
        if isinstance(failure.value, UNWRITABLE):
            self.break_off(failure.value)
        else:
            self._drop(item, "failed", f"pipeline: {failure.type.__name__ if failure.type else 'error'}")

    def spider_error(self, failure: Failure, response: Response | None) -> None:
        row = response.meta.get("row") if response is not None else None
        if isinstance(failure.value, UNWRITABLE):
            self.break_off(failure.value)
        elif row is not None:
            self.settle(row, "failed", f"spider: {failure.type.__name__ if failure.type else 'error'}")

    def spider_closed(self, spider: Spider, reason: str) -> None:
        """Commit, seal, report; whatever went wrong is in `exit`."""
        if self._timer.running:
            self._timer.stop()
        self.commit()
        try:
            if self.broken:
                self.exit = Exit.BROKEN
            elif self._finish is not None:
                self.exit = self._finish.seal(self.run, interrupted=reason == "shutdown")
        except UNWRITABLE as error:
            logger.error("could not seal: %s", sentence_of(error))
            self.exit = Exit.BROKEN

    def engine_stopped(self) -> None:
        """Close what `open` opened: whoever hears of a spider's end may still read the ledger."""
        self._held.close()


def run_id(now: float, latest: str | None = None) -> str:
    """Return the name of a run: its start in UTC, sortable, safe as a file's name.

    latest: the run before it, from which names go on where the clock was set back.
    """
    name = moment(now).translate(PUNCTUATION)
    if latest is None or name > latest:
        return name
    return moment(datetime.strptime(latest, "%Y%m%dT%H%M%S%z").timestamp() + 1).translate(PUNCTUATION)
