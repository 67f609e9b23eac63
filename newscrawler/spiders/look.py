"""A look at sites that leaves nothing behind: a crawl whose ledger and reports are gone when it has been looked at.

In: Scrapy's process, a spider, its arguments. Out: the spider when it is through, and of each site what it came to.
Must not know: what is made of it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from scrapy.crawler import CrawlerProcessBase
from scrapy.settings import Settings

from newscrawler.exits import Exit
from newscrawler.extensions.bookkeeping import Bookkeeping
from newscrawler.hosts import STAYS
from newscrawler.pages import Fetched
from newscrawler.sites import Site
from newscrawler.spiders.mirror import MirrorSpider
from newscrawler.spiders.responses import page_of
from newscrawler.visits import Visit


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of one site."""

    visit: Visit
    pages: tuple[Fetched, ...]
    """Those of the sample that could be had."""

    @property
    def site(self) -> Site:
        return self.visit.site

    def refusal(self) -> tuple[Exit, str] | None:
        """Return why nothing can be said of the site's pages, as exit code and sentence, or None."""
        visit = self.visit
        if visit.stopped:
            return Exit.FAILURES, visit.stopped.removesuffix(STAYS)
        if self.pages:
            return None
        not_sampled = visit.discovery.get("not_sampled", {})
        if set(not_sampled) == {"robots"} or (not visit.new and "forbidden" in visit.discovery):
            return Exit.FAILURES, "robots.txt forbids it: nothing was read"
        if not visit.new:
            return Exit.NOTHING_LISTED, str(visit.discovery.get("advice") or "nothing is listed")
        reasons = ", ".join(f"{count} {reason}" for reason, count in not_sampled.items())
        return Exit.FAILURES, f"{visit.new} pages are listed, and none of the sample could be had ({reasons or 'no answer'})"


@contextmanager
def look(
    process: CrawlerProcessBase, given: Mapping[str, str], spidercls: type[MirrorSpider] = MirrorSpider
) -> Iterator[MirrorSpider]:
    """Crawl as asked and yield the spider when it is through. Raises OSError where the crawl broke off or was stopped."""
    for name in ("newscrawler.finish", "newscrawler.spiders.tour"):  # of a run that nobody keeps; the command says the rest
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with TemporaryDirectory(prefix="newscrawler-") as folder, elsewhere(process.settings, Path(folder)):
        crawler = process.create_crawler(spidercls)
        process.crawl(crawler, **given)
        process.start()
        spider, books = crawler.spider, crawler.get_extension(Bookkeeping)
        assert isinstance(spider, MirrorSpider)
        assert books is not None
        assert crawler.stats is not None
        if books.broken:
            raise OSError(None, books.broken)
        if crawler.stats.get_value("finish_reason") != "finished":
            raise InterruptedError(None, "stopped by a signal; nothing was written")
        yield spider
        books.ledger.close()


@contextmanager
def elsewhere(settings: Settings, folder: Path) -> Iterator[None]:
    """Let a crawl of these settings write into `folder`, and tell nobody."""
    places = {f"NEWSCRAWLER_{name}": str(folder / name) for name in ("OUTPUT", "STATE")}
    nobody = dict.fromkeys(("NEWSCRAWLER_METRICS", "NEWSCRAWLER_ON_FAILURE", "NEWSCRAWLER_WEBHOOK"), "")
    usual = {name: settings[name] for name in (*places, *nobody)}
    settings.setdict({**places, **nobody}, priority="cmdline")
    yield
    settings.setdict(usual, priority="cmdline")


def exit_of(error: Exception) -> Exit:
    """Return the exit code of a command whose look was ended by `error`."""
    return Exit.INTERRUPTED if isinstance(error, InterruptedError) else Exit.BROKEN


def looks(spider: MirrorSpider) -> list[Look]:
    """Return what was seen of each site, in the order they were asked for."""
    sampled = [response for response in spider.tour.sampled.values() if response.status == 200]
    pages = [(response.meta["row"].site, page_of(response, response.meta["row"])) for response in sampled]
    return [Look(visit, tuple(page for site, page in pages if site == name)) for name, visit in spider.tour.visits.items()]
