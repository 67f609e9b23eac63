"""Archives -> articles, in as many processes as there are cores, in the order of the files.

In: paths, or pages with their places and sites. Out: a Reading a page. Must not know: Scrapy, the ledger.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from newscrawler.archives.answers import Place, capture_at
from newscrawler.archives.captures import Capture
from newscrawler.archives.parallel import map_ordered
from newscrawler.archives.payload import PassedOver
from newscrawler.archives.reader import ArchiveReader
from newscrawler.archives.sources import Source
from newscrawler.archives.survey import ArchivedSites, Survey, may_be_page
from newscrawler.challenges import challenge_of
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

    places: tuple[Place, ...]
    """Its captures, the one to be read first."""
    site: Site
    tag: T


class Reading(NamedTuple):
    """What came of a page."""

    article: Article | None
    url: str | None
    """Where the capture that was read came from; None where none could be read."""
    passed: tuple[str, ...] = ()
    """Why captures were passed over."""


def fetched_of(capture: Capture) -> Fetched:
    """Return the capture as extraction takes it: the same values that a live crawl hands over."""
    return Fetched(
        body=capture.body,
        url=capture.url,
        listed=capture.listed,
        fetched_at=capture.fetched_at or "",
        charset=charset_of(capture.content_type),
        lastmod=capture.notes.get("lastmod"),
        news=capture.notes.get("news"),
    )


def read_pages(
    sources: Sequence[Source], pages: Iterable[Page[T]], profiles: Profiles | None = None, processes: int | None = None
) -> Iterator[tuple[T, Reading]]:
    """Yield each page's tag and what came of it. The processes read the archives themselves."""
    tags: deque[T] = deque()
    given = keep_tags(pages, tags)
    for reading in map_ordered(partial(read_one, sources, profiles or {}), given, processes):
        yield tags.popleft(), reading


def keep_tags(pages: Iterable[Page[T]], tags: deque[T]) -> Iterator[tuple[tuple[Place, ...], Site]]:
    for page in pages:
        tags.append(page.tag)
        yield page.places, page.site


def read_one(sources: Sequence[Source], profiles: Profiles, page: tuple[tuple[Place, ...], Site]) -> Reading:
    """Return what comes of the first capture that is a page of the site's own. Runs in the processes."""
    places, site = page
    passed: list[str] = []
    for place in places:
        try:
            capture = own_capture(sources, place)
        except PassedOver as why:
            passed.append(str(why))
        except OSError:
            passed.append("broken_record")
        else:
            article = read_article(fetched_of(capture), site, profiles.get(site.name))
            return Reading(article, capture.url, tuple(passed))
    return Reading(None, None, tuple(passed))


def own_capture(sources: Sequence[Source], place: Place) -> Capture:
    """Return the capture. Raises OSError, PassedOver, also for what a guard sent in place of the page."""
    capture = capture_at(sources, place)
    headers = {name.lower(): value for name, value in capture.headers}
    if challenge_of(capture.status, headers, capture.body):
        raise PassedOver("challenge")
    return capture


def extract_archive(
    paths: Iterable[str | Path],
    *,
    processes: int | None = None,
    sites: ArchivedSites | None = None,
    profiles: Profiles | None = None,
) -> Iterator[tuple[str, Article | None]]:
    """Yield every page's address and its article, None where it is none. Raises OSError for a path that is not there.

    processes: default one a core; 1 reads here. sites: default each host its own.
    """
    reader = ArchiveReader(paths, may_be_page)
    survey = Survey(sites or ArchivedSites((), Path()))
    survey.read(reader.places())
    pages = (Page(found.places, found.site, found.url) for found in survey.pages())
    for url, reading in read_pages(reader.sources, pages, profiles, processes):
        yield url, reading.article
