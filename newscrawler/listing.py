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
from typing import Any

import msgspec
import re2
from sqlalchemy import select

from newscrawler import tables
from newscrawler.discovery import WELL_KNOWN, links_of, next_in_series, not_found_advice
from newscrawler.hosts import words_of
from newscrawler.ledger import Ledger, Listing, account, list_urls, name_sitemap, record_sitemap
from newscrawler.sitemaps import SitemapEntry, SitemapReport, can_prune, parse_lastmod, parse_sitemap
from newscrawler.sites import Site
from newscrawler.urls import host_of, same_site
from newscrawler.visits import Visit
from newscrawler.withdrawals import REASON, Withdrawals, load

BATCH = 2_000
"""URLs a transaction: the other sites get the event loop and the ledger back some fifty times a second."""

MOST_SITEMAPS = 50_000
"""Listings read a site and run: the protocol's most in one index. An index that extends itself ends here."""

MOST_DEPTH = 6
"""Indexes within indexes; the protocol allows one."""

UNFINISHED = frozenset(
    {
        "truncated",
        "damaged",
        "undecodable",
        "too_large",
        "compression_bomb",
        "too_many_entries",
        "too_many_urls",
        "before_since",
        "too_many_sitemaps",
    }
)
"""Losses after which a listing is read again though it did not change: part of it was not seen, or not wanted then."""

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

    async def run(self) -> None:
        """Read everything the site lists. Raises what `fetch` raises to end a visit."""
        with self.ledger.begin() as conn:
            self.visit.known = sum(account(conn, self.site.name).values())
            self.withdrawn = load(conn)
        if self.site.sitemaps:
            await self._read_all(Todo(url) for url in self.site.sitemaps)
        else:
            await self._discover()
        self.visit.discovery["tried"] = self.tried
        if not self.visit.new and not self.visit.known:
            silent = self.visit.discovery.get("front_page")
            cause = f"nothing was listed, and the front page cannot be had: {silent}" if silent else None
            self.visit.discovery["advice"] = cause or not_found_advice(self.site.url, self.tried)

    async def _discover(self) -> None:
        """robots.txt first, then well-known names, then what the front page links, feeds last."""
        listed = await self._read_all(Todo(url) for url in self.robots_sitemaps)
        for name in WELL_KNOWN:
            if listed:
                break
            listed = await self._read_all([Todo(self._at(name), guessed=True)])
        home = await self.fetch(self.site.url, {})
        if not 200 <= home.status < 300:
            if home.failure:
                self.visit.discovery["front_page"] = words_of(home.failure)
            return
        found = links_of(home.body, home.url)
        listed += await self._read_all(Todo(url) for url in found.sitemaps)
        if not listed:
            await self._read_all(Todo(url) for url in found.feeds)

    async def _read_all(self, todos: Iterable[Todo]) -> int:
        """Read the listings, those they name and the numbers that follow theirs; return how many pages they listed."""
        waiting = deque(todo for todo in todos if self._is_new(todo.url))
        listed = 0
        while waiting:
            todo = waiting.popleft()
            entries = await self._read(todo, waiting)
            listed += entries or 0
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

    async def _read(self, todo: Todo, waiting: deque[Todo]) -> int | None:
        """Read one listing; return how many pages it lists, or None where there is none."""
        known = self._known(todo.url)
        self.tried.append(todo.url)
        reply = await self.fetch(todo.url, validators(known))
        if reply.status == 304 and known:
            waiting.extend(self._children(todo))
            self._record(todo, "unchanged", SitemapReport(kind=known["kind"], entries=known["entries"]), reply)
            return int(known["entries"]) or None
        if not 200 <= reply.status < 300:
            if not todo.guessed:
                self._record(todo, reply.failure or f"http_{reply.status}", SitemapReport(), reply)
            return None
        report = SitemapReport()
        nested = await self._list(todo, reply, report)
        waiting.extend(nested)
        if report.kind == "unknown" and todo.guessed:
            return None  # a page that says "not found" with status 200
        self._record(todo, "read", report, reply, nested)
        return report.entries

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
                listings = [self._listing(entry) for entry in pages]
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

    def _listing(self, entry: SitemapEntry) -> Listing:
        moment = parse_lastmod(entry.lastmod or entry.news_date)
        news = {"title": entry.news_title, "date": entry.news_date, "name": entry.news_name}
        reason = REASON if self.withdrawn.of_url(entry.loc) else scope_reason(entry.loc, self.site)
        return Listing(
            url=entry.loc,
            lastmod=entry.lastmod,
            rank=moment.timestamp() if moment else 0.0,
            news=msgspec.json.encode(news).decode() if any(news.values()) else None,
            state="filtered" if reason else "pending",
            reason=reason,
        )

    def _known(self, url: str) -> Mapping[str, Any] | None:
        """Return the listing's row from earlier runs, if it was read well then and the site was listed since."""
        table = tables.sitemaps
        with self.ledger.begin() as conn:
            query = select(table).where(table.c.site == self.site.name, table.c.url == url)
            row = conn.execute(query.where(table.c.outcome.in_(("read", "unchanged")))).mappings().first()
        losses = msgspec.json.decode(row["losses"]) if row and row["losses"] else {}
        return dict(row) if row and not UNFINISHED.intersection(losses) else None

    def _children(self, todo: Todo) -> list[Todo]:
        """Return the listings that an unchanged index named."""
        table = tables.sitemaps
        with self.ledger.begin() as conn:
            query = select(table.c.url, table.c.lastmod).where(table.c.site == self.site.name, table.c.parent == todo.url)
            rows = conn.execute(query.order_by(table.c.id)).all()
        return [Todo(url, todo.depth + 1, todo.url, lastmod) for url, lastmod in rows if self._is_new(url)]

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


def validators(known: Mapping[str, Any] | None) -> dict[str, str]:
    """Return the headers that make a request conditional on what is known."""
    if known and known["etag"]:
        return {"If-None-Match": known["etag"]}
    if known and known["last_modified"]:
        return {"If-Modified-Since": known["last_modified"]}
    return {}


def scope_reason(url: str, site: Site) -> str | None:
    """Return why a listed page is not one to read, or None: another host's, or ruled out by the site's patterns."""
    if not same_site(url, site.url) and host_of(url) not in site.allow_hosts:
        return "foreign_host"
    if any(re2.search(pattern, url) for pattern in site.exclude):
        return "excluded"
    if site.include and not any(re2.search(pattern, url) for pattern in site.include):
        return "not_included"
    return None
