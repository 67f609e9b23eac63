"""What an archive holds, before any of it is extracted: its pages by site, and which capture of each page counts.

In: captures with their places. Out: sites, listings, the places of each page's captures. Must not know: extraction, the run.
A page that was fetched again, after a kill or a refusal, counts once: its last capture that can be read is the one the live
crawl took.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec

from newscrawler.archives.answers import Place
from newscrawler.archives.captures import Capture
from newscrawler.archives.remarks import PROFILE, ReadWith, key_of
from newscrawler.profiles import Profile
from newscrawler.profiles.profile import decode
from newscrawler.rows import Listing
from newscrawler.scope import scope_reason
from newscrawler.sites import NAME, Site, load_site, site_of

ELSEWHERE = "archive"
"""Folder of the pages whose site nobody declared: an archive of the web at large has more hosts than files can be open."""

WHERE = "source INTEGER, offset INTEGER, first INTEGER, at INTEGER"
"""A Place in columns."""

TABLES = f"""
CREATE TABLE pages (folder, url, last INTEGER, lastmod, news, PRIMARY KEY (folder, url)) WITHOUT ROWID;
CREATE TABLE captures (folder, url, number INTEGER, {WHERE}, profile, PRIMARY KEY (folder, url, number)) WITHOUT ROWID;
CREATE TABLE samples (folder, number INTEGER, {WHERE}, PRIMARY KEY (folder, number)) WITHOUT ROWID;
"""

PAGES_IN_ORDER = """
SELECT folder, url, source, offset, first, at, profile FROM pages JOIN captures USING (folder, url) ORDER BY last, number DESC
"""

READ_WITH = """
UPDATE captures SET profile = ? WHERE (folder, url, number) = (SELECT folder, url, last FROM pages WHERE folder = ? AND url = ?)
"""

NO_PAGES = ("image/", "video/", "audio/", "font/", "text/css", "text/javascript", "application/")
"""Media types that are never an article; a page may be sent under any other, or none."""

PAGES = ("application/xhtml", "application/octet-stream", "application/vnd.wap")


def may_be_page(url: str, status: int, content_type: str) -> bool:
    """True for what a live crawl would try to read."""
    kind = content_type.strip().lower()
    return 200 <= status < 300 and (kind.startswith(PAGES) or not kind.startswith(NO_PAGES))


class ArchivedSites:
    """Tells the site of a capture. declared: the sites asked for; none: all that is there."""

    def __init__(self, declared: Sequence[Site], folder: Path) -> None:
        self._declared = {site.name: site for site in declared}
        self._hosts = {host: site for site in reversed(declared) for host in (*site.allow_hosts, site.host)}
        self._folder = folder
        self._noted = lru_cache(maxsize=1000)(self._load)

    def find(self, capture: Capture) -> tuple[str, Site] | None:
        """Return the folder the page belongs into and its site, or None for a page that is not asked for."""
        noted = str(capture.notes.get("site") or "")
        host = host_of(capture.listed)
        if host is None:
            return None
        if self._declared:
            site = self._declared.get(noted) or self._hosts.get(host)
            return (site.name, site) if site else None
        root = "/".join(capture.listed.split("/", 3)[:3]) + "/"
        if NAME.fullmatch(noted):
            return noted, self._noted(noted, root)
        site = site_at(root)
        return (ELSEWHERE, site) if site else None

    def _load(self, name: str, root: str) -> Site:
        path = self._folder / f"{name}.toml"
        return load_site(path) if path.is_file() else Site(name=name, url=root)


def host_of(url: str) -> str | None:
    """Return the host of an http(s) address, or None where it is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts.hostname if parts.scheme in ("http", "https") else None


@lru_cache(maxsize=10_000)
def site_at(root: str) -> Site | None:
    """Return the site of a host nobody declared, or None for a host that can be none."""
    try:
        return site_of(root)
    except ValueError:
        return None


class PageFound(NamedTuple):
    """A page of an archive."""

    folder: str
    url: str
    """As it was listed."""
    site: Site
    places: tuple[Place, ...]
    """Its captures, the last one first."""


class Survey:
    """The pages of an archive, on disk: memory stays flat at any number of captures."""

    def __init__(self, sites: ArchivedSites) -> None:
        self.sites: dict[str, Site] = {}
        self.counts: Counter[str] = Counter()
        self.profiles: dict[str, dict[str, Profile]] = {}
        """Those the archived crawl told of: by site and key, the one last in force last."""
        self._find = sites.find
        self._tables = sqlite3.connect("", check_same_thread=False)  # a private file that goes with the connection
        self._tables.executescript(TABLES)

    def read(self, found: Iterable[tuple[Place, Capture]]) -> None:
        """Take note of every page."""
        for number, (place, capture) in enumerate(found):
            if belongs := self.place(capture):
                folder, site = belongs
                self.sites.setdefault(folder, Site(name=folder, url=site.url) if folder == ELSEWHERE else site)
                self._note(folder, number, place, capture)

    def hear(self, kind: str, content: bytes) -> None:
        """Take note of what the crawl told, between two captures."""
        try:
            if kind == PROFILE:
                profile = decode(content)
                told = self.profiles.setdefault(profile.site, {})
                told.pop(key := key_of(profile), None)
                told[key] = profile
            else:
                self._note_reading(msgspec.json.decode(content, type=ReadWith))
        except (ValueError, msgspec.DecodeError):
            self.counts["unreadable_remark"] += 1

    def _note_reading(self, read: ReadWith) -> None:
        belongs = self._find(replace(Capture.at(read.listed), notes={"site": read.site, "listed": read.listed}))
        if belongs:
            self._tables.execute(READ_WITH, (read.profile, belongs[0], read.listed))

    def place(self, capture: Capture) -> tuple[str, Site] | None:
        """Return folder and site of a capture, or None where it is no page that is asked for."""
        ours = "site" in capture.notes and "listed" not in capture.notes  # a sitemap, robots.txt, the front page
        found = None if ours else self._find(capture)
        if found is None or scope_reason(capture.listed, found[1]):
            self.counts["not_asked_for"] += 1
            return None
        return found

    def _note(self, folder: str, number: int, place: Place, capture: Capture) -> None:
        listed, notes = capture.listed, capture.notes
        where = (place.source, place.offset, *(place.repeated or (None, None)))
        page = (folder, listed, number, notes.get("lastmod"), notes.get("news"))
        self._tables.execute("INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?)", page)
        self._tables.execute("INSERT INTO captures VALUES (?, ?, ?, ?, ?, ?, ?, NULL)", (folder, listed, number, *where))
        if isinstance(sample := notes.get("sample"), int):
            self._tables.execute("INSERT OR REPLACE INTO samples VALUES (?, ?, ?, ?, ?, ?)", (folder, sample, *where))

    def listings(self, folder: str) -> Iterator[Listing]:
        """Yield the pages of one folder, by address."""
        query = "SELECT url, lastmod, news FROM pages WHERE folder = ? ORDER BY url"
        for url, lastmod, news in self._tables.execute(query, (folder,)):
            yield Listing(url, lastmod, 0.0, news)

    def pages(self) -> Iterator[PageFound]:
        """Yield every page, in the order of the last captures."""
        rows = self._tables.execute(PAGES_IN_ORDER)
        for (folder, url), captures in groupby(rows, itemgetter(0, 1)):
            site = self._find(Capture.at(url)) if folder == ELSEWHERE else (folder, self.sites[folder])
            if site:
                yield PageFound(folder, url, site[1], tuple(place_of(*row[2:]) for row in captures))

    def places(self, folder: str, url: str) -> tuple[Place, ...]:
        """Return the captures of one page, the last one first."""
        query = "SELECT source, offset, first, at, profile FROM captures WHERE folder = ? AND url = ? ORDER BY number DESC"
        return tuple(place_of(*row) for row in self._tables.execute(query, (folder, url)))

    def sample(self, folder: str) -> list[Place]:
        """Return the captures from which the live crawl learned the site, in its order; none in archives of other tools."""
        query = "SELECT source, offset, first, at FROM samples WHERE folder = ? ORDER BY number"
        return [place_of(*row) for row in self._tables.execute(query, (folder,))]


def place_of(source: int, offset: int, first: int | None, at: int | None, profile: str | None = None) -> Place:
    return Place(source, offset, None if first is None or at is None else (first, at), profile)
