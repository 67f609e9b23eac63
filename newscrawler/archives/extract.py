"""Archives -> articles, in as many processes as there are cores, in the order of the files.

In: paths, or pages with their places and sites. Out: a Reading a page. Must not know: Scrapy, the ledger.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

from newscrawler.archives.answers import Place
from newscrawler.archives.parallel import map_ordered, prepare
from newscrawler.archives.reader import ArchiveReader
from newscrawler.archives.reading import Reading, read_one
from newscrawler.archives.remarks import Known
from newscrawler.archives.sources import Source
from newscrawler.archives.survey import ArchivedSites, Survey, may_be_page
from newscrawler.items import Article
from newscrawler.sites import Site

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A page to read. tag: what the caller wants back with its article; it stays in this process."""

    places: tuple[Place, ...]
    """Its captures, the one to be read first."""
    site: Site
    tag: T


def read_pages(
    sources: Sequence[Source], pages: Iterable[Page[T]], profiles: Known | None = None, processes: int | None = None
) -> Iterator[tuple[T, Reading]]:
    """Yield each page's tag and what came of it. The processes read the archives themselves."""
    tags: deque[T] = deque()
    given = keep_tags(pages, tags)
    for reading in map_ordered(partial(read_one, sources, profiles or {}), given, processes):
        yield tags.popleft(), reading


def get_ready(processes: int | None = None) -> None:
    """Begin what `read_pages` will need in as many processes, while the archives are surveyed here."""
    prepare("newscrawler.archives.ready", processes)


def keep_tags(pages: Iterable[Page[T]], tags: deque[T]) -> Iterator[tuple[tuple[Place, ...], Site]]:
    for page in pages:
        tags.append(page.tag)
        yield page.places, page.site


def extract_archive(
    paths: Iterable[str | Path],
    *,
    processes: int | None = None,
    sites: ArchivedSites | None = None,
    profiles: Known | None = None,
) -> Iterator[tuple[str, Article | None]]:
    """Yield every page's address and its article, None where it is none. Raises OSError for a path that is not there.

    processes: default one a core; 1 reads here. sites: default each host its own.
    """
    get_ready(processes)
    reader = ArchiveReader(paths, may_be_page)
    survey = Survey(sites or ArchivedSites((), Path()))
    survey.read(reader.places())
    pages = (Page(found.places, found.site, found.url) for found in survey.pages())
    for url, reading in read_pages(reader.sources, pages, profiles, processes):
        yield url, reading.article
