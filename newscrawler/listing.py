"""Walks what a site lists, from robots.txt to the last nested sitemap, into the ledger.

In: a site, a way to fetch. Out: rows in the ledger, what was read and what was lost. Must not know: Scrapy, pages.
A sitemap is read as a stream, a batch of URLs a transaction, so that a million URLs need no memory.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

import msgspec

from newscrawler.accounts import account
from newscrawler.discovery import WELL_KNOWN, WELL_KNOWN_FEEDS, Links, links_of, next_in_series, not_found_advice
from newscrawler.hosts import words_of
from newscrawler.known_listings import known_children, known_listing, known_roots, name_sitemap, record_sitemap, validators
from newscrawler.ledger import Ledger
from newscrawler.rows import list_urls
from newscrawler.scope import listing_of
from newscrawler.sitemaps import SitemapEntry, SitemapReport, can_prune, parse_sitemap
from newscrawler.sites import Site
from newscrawler.urls import same_site
from newscrawler.vanished import Coverage, mark_unlisted
from newscrawler.visits import Visit
from newscrawler.withdrawals import Withdrawals, load

BATCH = 2_000
"""URLs a transaction: the other sites get the event loop and the ledger back some fifty times a second."""

MOST_SITEMAPS = 50_000
"""Listings read a site and run: the protocol's most in one index. An index that extends itself ends here."""

MOST_DEPTH = 6
"""Indexes within indexes; the protocol allows one."""

MOST_URLS = 20_000_000
"""URLs recorded a site and run, so that a listing without end fills no disk."""


@dataclass(slots=True)
class Reply:
    """What a fetch came to: status 0 and a named failure, or an answer."""

    url: str
    status: int
    body: bytes = b""
    etag: str | None = None
    last_modified: str | None = None
    failure: str | None = None


Fetch = Callable[[str, Mapping[str, str]], Awaitable[Reply]]


@dataclass(slots=True, frozen=True)
class Todo:
    """A listing to read."""

    url: str
    depth: int = 0
    parent: str | None = None
    lastmod: str | None = None
    guessed: bool = False
    """Nobody named it: its absence is no loss."""


@dataclass(slots=True)
class Walk:
    """One site's listings in one run."""

    site: Site
    fetch: Fetch
    ledger: Ledger
    visit: Visit
    run_id: str
    window: tuple[float, float] | None = None
    robots_sitemaps: tuple[str, ...] = ()
    most: int = MOST_SITEMAPS
    """Listings read."""
    seen: set[str] = field(default_factory=set)
    tried: list[str] = field(default_factory=list)
    withdrawn: Withdrawals = field(default_factory=Withdrawals)
    coverage: Coverage = field(default_factory=Coverage)

    async def run(self) -> None:
        """Read everything the site lists. Raises what `fetch` raises to end a visit."""
        with self.ledger.begin() as conn:
            self.visit.known = sum(account(conn, self.site.name).values())
            self.withdrawn = load(conn)
        if self.site.sitemaps:
            await self._read_all(Todo(url) for url in self.site.sitemaps)
        else:
            await self._discover()
        with self.ledger.begin() as conn:
            mark_unlisted(conn, self.site.name, self.run_id, self.coverage)
        self.visit.discovery["tried"] = self.tried
        if not self.visit.new and not self.visit.known:
            silent = self.visit.discovery.get("front_page")
            cause = f"nothing was listed, and the front page cannot be had: {silent}" if silent else None
            self.visit.discovery["advice"] = cause or not_found_advice(self.site.url, self.tried)

    async def _discover(self) -> None:
        """robots.txt first and what was read before, then well-known names, then what the front page links, feeds last."""
        with self.ledger.begin() as conn:
            roots = known_roots(conn, self.site.name)
        listed = await self._read_all(Todo(url) for url in (*self.robots_sitemaps, *roots))
        listed = listed or await self._guess(WELL_KNOWN)
        home = await self.fetch(self.site.url, {})
        found = Links((), ())
        if 200 <= home.status < 300:
            found = links_of(home.body, home.url)
        elif home.failure:
            self.visit.discovery["front_page"] = words_of(home.failure)
        listed += await self._read_all(Todo(url) for url in found.sitemaps)
        listed = listed or await self._read_all(Todo(url) for url in found.feeds)
        if not listed:
            await self._guess(WELL_KNOWN_FEEDS)

    async def _guess(self, names: Iterable[str]) -> int:
        """Read the first of the names that is there; return how many pages it listed."""
        for name in names:
            if listed := await self._read_all([Todo(self._at(name), guessed=True)]):
                return listed
        return 0

    async def _read_all(self, todos: Iterable[Todo]) -> int:
        """Read the listings, those they name and the numbers that follow theirs; return how many pages they listed."""
        waiting = deque(todo for todo in todos if self._is_new(todo.url))
        listed = 0
        while waiting:
            todo = waiting.popleft()
            entries = await self._read(todo, waiting)
            listed += entries
            follower = next_in_series(todo.url) if entries and not todo.depth else None
            if follower and self._is_new(follower):
                waiting.append(Todo(follower, guessed=True))
        return listed

    def _is_new(self, url: str) -> bool:
        if url in self.seen or len(self.seen) >= self.most or not same_site(url, self.site.url):
            return False
        self.seen.add(url)
        return True

    def _at(self, name: str) -> str:
        return f"{self.site.url.split('/', 3)[0]}//{self.site.url.split('/', 3)[2]}{name}"

    async def _read(self, todo: Todo, waiting: deque[Todo]) -> int:
        """Read one listing; return how many pages it lists."""
        with self.ledger.begin() as conn:
            known = known_listing(conn, self.site.name, todo.url)
        self.tried.append(todo.url)
        reply = await self.fetch(todo.url, validators(known))
        report, nested = SitemapReport(), list[Todo]()
        if reply.status == 304 and known:
            outcome, report = "unchanged", SitemapReport(kind=known["kind"], entries=known["entries"])
            waiting.extend(self._children(todo))
        elif 200 <= reply.status < 300:
            outcome, nested = "read", await self._list(todo, reply, report)
            waiting.extend(nested)
        else:
            outcome = reply.failure or f"http_{reply.status}"
        absent = todo.guessed and report.kind == "unknown"  # also a page that says "not found" with status 200
        if known or not absent:
            self.coverage.note(todo.url, outcome, report, known)
        if not absent:
            self._record(todo, outcome, report, reply, nested)
        return report.entries

    def _children(self, todo: Todo) -> list[Todo]:
        """Return the listings that an unchanged index named."""
        with self.ledger.begin() as conn:
            named = known_children(conn, self.site.name, todo.url)
        return [Todo(url, todo.depth + 1, todo.url, lastmod) for url, lastmod in named if self._is_new(url)]

    async def _list(self, todo: Todo, reply: Reply, report: SitemapReport) -> list[Todo]:
        """Stream the entries: pages into the ledger; return the listings among them."""
        nested: list[Todo] = []
        entries = parse_sitemap(reply.body, url=reply.url, report=report)
        while batch := list(islice(entries, BATCH)):
            pages = [entry for entry in batch if entry.kind == "page"]
            nested.extend(self._nested(todo, (entry for entry in batch if entry.kind == "sitemap"), report))
            if self.visit.known + self.visit.new + len(pages) > MOST_URLS:
                report.skip("too_many_urls")
                break
            with self.ledger.begin() as conn:
                believe = self.visit.lastmod != "lying"
                listings = [listing_of(entry, self.site, self.withdrawn) for entry in pages]
                self.visit.new += list_urls(conn, self.site.name, self.run_id, todo.url, listings, believe=believe)
            await asyncio.sleep(0)  # the other sites' turn
        return nested

    def _nested(self, todo: Todo, entries: Iterable[SitemapEntry], report: SitemapReport) -> Iterator[Todo]:
        for entry in entries:
            if todo.depth >= MOST_DEPTH:
                report.skip("too_deep")
            elif not same_site(entry.loc, todo.url) or not same_site(entry.loc, self.site.url):
                report.skip("foreign_sitemap")
            elif self.window and can_prune(entry.lastmod, self.window[0]):
                report.skip("before_since")
            elif self._is_new(entry.loc):
                yield Todo(entry.loc, todo.depth + 1, todo.url, entry.lastmod)
            else:
                report.skip("seen" if entry.loc in self.seen else "too_many_sitemaps")

    def _record(self, todo: Todo, outcome: str, report: SitemapReport, reply: Reply, nested: Iterable[Todo] = ()) -> None:
        """Remember the listing, and with it those it names: a stop before they are read must not lose them."""
        losses = dict(report.losses())
        self.visit.sitemaps.append(
            {"url": todo.url, "kind": report.kind, "outcome": outcome, "entries": report.entries, "losses": losses}
        )
        with self.ledger.begin() as conn:
            record_sitemap(
                conn,
                site=self.site.name,
                url=todo.url,
                parent=todo.parent,
                kind=report.kind,
                outcome=outcome,
                entries=report.entries,
                losses=msgspec.json.encode(losses).decode() if losses else None,
                lastmod=todo.lastmod,
                etag=reply.etag,
                last_modified=reply.last_modified,
                run=self.run_id,
            )
            for child in nested:
                name_sitemap(conn, self.site.name, child.url, todo.url, child.lastmod, self.run_id)
