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
from newscrawler.extensions.archive import Archive
from newscrawler.extensions.bookkeeping import Bookkeeping
from newscrawler.frontier import Frontier, Lane, lane_share
from newscrawler.history import facts_of
from newscrawler.hosts import Hosts, Verdict
from newscrawler.items import Article
from newscrawler.pages import Fetched, learn_profile
from newscrawler.profiles import Profile
from newscrawler.profiles.storage import load_profile, save_profile
from newscrawler.revisits import lastmod_standing
from newscrawler.rows import Row
from newscrawler.runs import Policy
from newscrawler.sites import Site
from newscrawler.spiders.drift import Seen, Watch
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
    watches: dict[str, Watch] = field(default_factory=dict)
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

    def stored_profile(self, site: Site) -> Profile | None:
        """Return what was learned of the site in an earlier run. Raises ValueError that names a broken file."""
        return load_profile(self.books.state / "profiles", site.name)

    def learn(self, site: Site, pages: list[Fetched], version: int = 1) -> Profile | None:
        """Learn the site from some of its pages and keep it; None where they are too few."""
        profile = learn_profile(pages, site, version)
        if profile:
            save_profile(self.books.state / "profiles", profile)
        return profile

    def use(self, site: Site, profile: Profile | None) -> None:
        """Read the site's pages with `profile`, as its TOML wants it."""
        wanted = self.visits[site.name].use(profile)
        if wanted:
            self.profiles[site.name] = wanted
        if self.archive:
            self.archive.use(site.name, profile)

    @property
    def archive(self) -> Archive | None:
        return self.crawler.get_extension(Archive)

    def watch(self, site: Site, seen: Seen, article: Article | None) -> list[Seen]:
        """Take note of a page as it was read; return the pages to read again, with a profile that was learned from them."""
        profile = self.profiles.get(site.name)
        watch = self.watches.setdefault(site.name, Watch())
        sentence = watch.note(seen, article) if profile else None
        if profile is None or sentence is None:
            return []
        misfits = watch.take()
        learned = learn_profile([one.page for one in misfits], site, profile.version + 1)
        logger.warning("%s: %s: %s", site.name, sentence, "learned anew" if learned else "nothing to learn from them")
        report = self.visits[site.name].profile or {}
        self.visits[site.name].profile = {**report, "drift": sentence}
        if learned is None:
            return []
        save_profile(self.books.state / "profiles", learned)
        self.use(site, learned)
        self.visits[site.name].profile = {**(self.visits[site.name].profile or {}), "drift": sentence}
        return misfits

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
    total, each = (crawler.settings.getint(f"CONCURRENT_REQUESTS{of}") for of in ("", "_PER_DOMAIN"))
    shares = {name: lane_share(visit.site.concurrency or each, total, len(visits)) for name, visit in visits.items()}
    with books.ledger.begin() as conn:
        for visit in visits.values():
            visit.lastmod = lastmod_standing(facts_of(conn, visit.site.name))
    books.frontier = Frontier(books.ledger, [lane_of(visit, books, asked, shares[name]) for name, visit in visits.items()])
    return Tour(crawler, books, asked, visits, books.frontier)


def lane_of(visit: Visit, books: Bookkeeping, asked: Arguments, share: int) -> Lane:
    """Return the site's lane. Where lastmod is honest only what it announces (due at 0) is looked at again."""
    site = visit.site
    due = 0.0 if visit.lastmod == "honest" else time()
    recheck = {"due": due, "all": float("inf"), "none": None}[asked.recheck]
    run = books.run.sites[site.name].run
    return Lane(site.name, run, share, limit=asked.limit, window=asked.window, recheck=recheck)
