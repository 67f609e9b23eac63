"""What a crawl of several sites holds together: their visits, lanes, hosts, profiles, pages in hand.

In: the arguments, the books. Out: a Tour. Must not know: HTML, sitemaps.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from time import time

from scrapy.crawler import Crawler
from scrapy.http import Response

from newscrawler.arguments import Arguments
from newscrawler.extensions.bookkeeping import Bookkeeping
from newscrawler.frontier import Frontier, Lane
from newscrawler.hosts import Hosts, Verdict
from newscrawler.ledger import Row
from newscrawler.profiles import Profile
from newscrawler.runs import Policy
from newscrawler.sites import Site
from newscrawler.visits import Visit

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Tour:
    """One crawl's sites by name."""

    crawler: Crawler
    books: Bookkeeping
    asked: Arguments
    visits: dict[str, Visit]
    frontier: Frontier
    hosts: Hosts = field(default_factory=Hosts)
    profiles: dict[str, Profile] = field(default_factory=dict)
    sampled: dict[int, Response] = field(default_factory=dict)
    """Responses fetched to learn from, by row, until their turn."""

    def put_back(self, row: Row, verdict: Verdict, host: str) -> None:
        """The row wants another try; its site's lane waits as long as its host asks to."""
        standing = self.hosts[host]
        lane = self.frontier.lanes[row.site]
        lane.paused_until = max(lane.paused_until, standing.not_before)
        self.frontier.put_back(row, verdict.not_before)
        if standing.stopped:
            self.stop(row.site, standing.stopped)
        self.books.changed.set()

    def stop(self, site: str, why: str) -> None:
        """Ask the site for no more in this run; its URLs stay pending."""
        visit = self.visits[site]
        if visit.stopped is None:
            logger.warning("%s: stopped: %s", site, why)
            visit.stopped = why
        self.frontier.lanes[site].open = False


def open_tour(crawler: Crawler, books: Bookkeeping, asked: Arguments, given: dict[str, str]) -> Tour:
    """Lock the sites, open their runs and lanes. Raises LedgerError, ShardError, OSError."""
    visits = {site.name: Visit(site) for site in asked.sites}
    policies: dict[str, Policy] = {site.name: asked.duplicates or site.duplicates or "drop" for site in asked.sites}
    books.open(visits, policies, given)
    share = crawler.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
    books.frontier = Frontier(books.ledger, [lane_of(site, books, asked, share) for site in asked.sites])
    return Tour(crawler, books, asked, visits, books.frontier)


def lane_of(site: Site, books: Bookkeeping, asked: Arguments, share: int) -> Lane:
    recheck = {"due": time(), "all": float("inf"), "none": None}[asked.recheck]
    run = books.run.sites[site.name].run
    return Lane(site.name, run, 2 * (site.concurrency or share), limit=asked.limit, window=asked.window, recheck=recheck)
