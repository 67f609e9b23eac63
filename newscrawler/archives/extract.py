"""Archives -> articles, in as many processes as there are cores, in the order of the files.

In: paths, or pages with their sites. Out: an Extracted a page. Must not know: Scrapy, the ledger.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

from newscrawler.archives.captures import Capture
from newscrawler.archives.parallel import map_ordered
from newscrawler.archives.reader import ArchiveReader
from newscrawler.archives.survey import ArchivedSites, may_be_page
from newscrawler.items import Article
from newscrawler.pages import Fetched, charset_of, read_article
from newscrawler.profiles import Profile
from newscrawler.sites import Site

T = TypeVar("T")
Profiles = Mapping[str, Profile]
"""By site name."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page to read. tag: what the caller wants back with its article; it stays in this process."""

    fetched: Fetched
    site: Site
    tag: T


def page_of(capture: Capture, site: Site, tag: T) -> Page[T]:
    """Return the capture as extraction takes it: the same values that a live crawl hands over."""
    fetched = Fetched(
        body=capture.body,
        url=capture.url,
        listed=capture.listed,
        fetched_at=capture.fetched_at or "",
        charset=charset_of(capture.content_type),
        lastmod=capture.notes.get("lastmod"),
        news=capture.notes.get("news"),
    )
    return Page(fetched, site, tag)


def read_pages(
    pages: Iterable[Page[T]], profiles: Profiles | None = None, processes: int | None = None
) -> Iterator[tuple[T, Article | None]]:
    """Yield each page's tag and its article, None where it is none."""
    tags: deque[T] = deque()
    given = keep_tags(pages, tags)
    for article in map_ordered(partial(read_one, profiles or {}), given, processes):
        yield tags.popleft(), article


def keep_tags(pages: Iterable[Page[T]], tags: deque[T]) -> Iterator[tuple[Fetched, Site]]:
    for page in pages:
        tags.append(page.tag)
        yield page.fetched, page.site


def read_one(profiles: Profiles, page: tuple[Fetched, Site]) -> Article | None:
    """Runs in the processes."""
    fetched, site = page
    return read_article(fetched, site, profiles.get(site.name))


def extract_archive(
    paths: Iterable[str | Path],
    *,
    processes: int | None = None,
    sites: ArchivedSites | None = None,
    profiles: Profiles | None = None,
) -> Iterator[tuple[Capture, Article | None]]:
    """Yield every page of the archives and its article, None where it is none. Raises OSError for a path that is not there.

    processes: default one a core; 1 reads here. sites: default each host its own.
    """
    find = (sites or ArchivedSites((), Path())).find
    reader = ArchiveReader(paths, may_be_page)
    found = ((capture, find(capture)) for capture in reader)
    pages = (page_of(capture, site[1], capture) for capture, site in found if site)
    yield from read_pages(pages, profiles, processes)
