"""Archives every answer of a crawl: pages, sitemaps, robots.txt, redirects and errors alike.

In: Scrapy's signal that a response came, before any middleware has touched it. Out: SITE/archive/RUN-NUMBER.warc.gz in the
output folder, committed with the ledger. Must not know: how a record is written.

Beside the answers stands which profile each page was read with (newscrawler.archives.remarks).

What is tapped is the answer as the downloader has it: the body still in its content coding, transfer coding undone.
Argument: archive=yes, or `archive = true` in a site's TOML.
"""

from __future__ import annotations

from datetime import UTC, datetime
from time import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from newscrawler import __version__
from newscrawler.archives.captures import Exchange
from newscrawler.archives.remarks import Remark, key_of, told_profile, told_reading
from newscrawler.extensions.bookkeeping import UNWRITABLE, Bookkeeping
from newscrawler.profiles import Profile
from newscrawler.reports import moment
from newscrawler.rows import Row
from newscrawler.sites import Site

if TYPE_CHECKING:  # the libraries that write archives are an extra
    from newscrawler.archives.shelf import Shelf

TRUNCATED = {"dataloss": "disconnect", "download_stopped": "unspecified"}
"""Scrapy's flags of a body that ends early -> WARC's reasons."""

DESCRIBED = ("USER_AGENT", "ROBOTSTXT_OBEY", "DOWNLOAD_DELAY", "CONCURRENT_REQUESTS_PER_DOMAIN", "DOWNLOAD_MAXSIZE")
"""Settings that say how the answers were got: part of each file's warcinfo."""


class Archive:
    """The extension; it is not there unless a site is archived."""

    def __init__(self, crawler: Crawler, sites: list[Site]) -> None:
        try:
            from newscrawler.archives.shelf import Shelf
        except ImportError as missing:
            raise ValueError(f"archive=yes: {missing.name} is missing: pip install 'newscrawler[archive]'") from None
        self.crawler = crawler
        self.sites = {site.name: site for site in sites}
        self.by_host = {host: site.name for site in reversed(sites) for host in (*site.allow_hosts, site.host)}
        self.shelf: Shelf | None = None
        self._make_shelf = Shelf
        self._in_force: dict[str, str] = {}
        self._read_with: dict[int, str] = {}
        """Row -> key of the profile that its page is being read with, where its capture names another."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Archive:
        asked: Any = getattr(crawler.spider, "asked", None)
        sites = [site for site in getattr(asked, "sites", ()) if (site.archive if asked.archive is None else asked.archive)]
        if not sites and getattr(asked, "assets", "no") != "no":
            raise ValueError(f"assets={asked.assets}: needs archive=yes")
        if not sites:
            raise NotConfigured
        archive = cls(crawler, sites)
        crawler.signals.connect(archive.response_downloaded, signal=signals.response_downloaded)
        crawler.signals.connect(archive.spider_closed, signal=signals.spider_closed)
        return archive

    @property
    def books(self) -> Bookkeeping:
        books = self.crawler.get_extension(Bookkeeping)
        assert books is not None
        return books

    def response_downloaded(self, response: Response, request: Request) -> None:
        """Archive the answer, and stamp the request with the moment that its record bears."""
        row = request.meta.get("row")
        asset = request.meta.get("asset")
        host = urlsplit(request.url).hostname or ""
        name = row.site if row is not None else (asset.site if asset else self.by_host.get(host))
        if name not in self.sites or self.books.broken:
            return
        now = time()
        request.meta["fetched_at"] = moment(now)
        request.meta["profile"] = self._in_force.get(name)
        self._add(name, exchange_of(request, response, name, now))

    def use(self, site: str, profile: Profile | None) -> None:
        """From here on the site's pages are read with `profile`."""
        if site not in self.sites:
            return
        if not self._in_force:
            self.books.witnesses.append(self._tell_reading)
        self._in_force[site] = key_of(profile)
        if profile:
            self._add(site, told_profile(profile))

    def note_reading(self, row: Row, noted: str | None) -> None:
        """The row's page is read with the profile in force. noted: the key in the notes of its capture."""
        key = self._in_force.get(row.site)
        if key and key != noted:
            self._read_with[row.id] = key

    def _tell_reading(self, row: Row) -> None:
        """The row has its outcome: what it was read with goes into the same commit."""
        if key := self._read_with.pop(row.id, None):
            self._add(row.site, told_reading(row.site, row.url, key))

    def _add(self, name: str, given: Exchange | Remark) -> None:
        try:
            self._shelf(name).add(name, given)
        except UNWRITABLE as error:
            self.books.break_off(error)

    def _shelf(self, name: str) -> Shelf:
        if self.shelf is None:
            self.shelf = self._make_shelf(self.books.run)
        if name not in self.shelf:
            self.shelf.begin(name, describe(self.crawler, self.sites[name]))
        return self.shelf

    def spider_closed(self, spider: Spider) -> None:
        """Make the archives complete; runs before the books are closed, for EXTENSIONS names it first."""
        if self.shelf is None or self.books.broken:
            return
        try:
            self.shelf.end()
        except UNWRITABLE as error:
            self.books.break_off(error)


def exchange_of(request: Request, response: Response, site: str, now: float) -> Exchange:
    """Return what went over the wire, copied: middlewares change headers in place."""
    flags = [TRUNCATED[flag] for flag in response.flags if flag in TRUNCATED]
    return Exchange(
        url=request.url.partition("#")[0],
        fetched_at=datetime.fromtimestamp(now, UTC),
        method=request.method,
        request_headers=[(name, value) for name, values in request.headers.items() for value in values],
        request_body=request.body,
        protocol=response.protocol or "HTTP/1.1",
        status=response.status,
        headers=[(name, value) for name, values in response.headers.items() for value in values],
        body=response.body,
        address=str(response.ip_address) if response.ip_address else None,
        truncated=flags[0] if flags else None,
        notes=notes_of(request, site),
    )


def notes_of(request: Request, site: str) -> dict[str, Any]:
    """Return what extraction takes from the listing and what the site was learned from: the archive gives the same articles."""
    row = request.meta.get("row")
    listed = {"listed": row.url, "lastmod": row.lastmod, "news": row.news} if row is not None else {}
    notes = {**listed, "sample": request.meta.get("sample"), "profile": request.meta.get("profile")}
    return {"site": site, **{name: value for name, value in notes.items() if value}}


def describe(crawler: Crawler, site: Site) -> dict[str, str]:
    """Return the fields of the warcinfo record."""
    settings = {name: str(crawler.settings[name]) for name in DESCRIBED}
    robots = "obey" if crawler.settings.getbool("ROBOTSTXT_OBEY") else "ignore"
    return {"software": f"newscrawler/{__version__}", "isPartOf": site.name, "robots": robots, **settings}
