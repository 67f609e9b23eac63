"""Sealed files into the store.

In: sealed files, the ledger's labels of stories, takedowns. Out: pages in the store, what could not be read.
Must not know: what a release looks like.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TypeVar

import msgspec

from newscrawler.corpus.options import Options
from newscrawler.corpus.sources import SealedFile
from newscrawler.corpus.store import Page, Store
from newscrawler.items import Article, Duplicate
from newscrawler.sealing import seconds
from newscrawler.shards import open_lines
from newscrawler.withdrawals import Withdrawals

T = TypeVar("T")

BATCH = 1_000
"""Lines whose stories are asked of the ledger at once."""

Labels = Callable[[list[str]], list[str]]
"""Ids -> the stories they are in by now."""

_article = msgspec.json.Decoder(Article)
_duplicate = msgspec.json.Decoder(Duplicate)


@dataclass(slots=True)
class Taker:
    """Takes one file after another."""

    store: Store
    options: Options
    labels: Labels
    withdrawn: Withdrawals
    unreadable: Counter[str] = field(default_factory=Counter)
    """Site and file -> lines that are no article of this format."""

    def take(self, file: SealedFile) -> None:
        """Take one file. Raises OSError, sqlite3.Error."""
        for lines in batches(file.path):
            (self._take_aside if file.aside else self._take)(lines, f"{file.site}/{file.path.name}")

    def _take(self, lines: Iterable[bytes], name: str) -> None:
        read = list(self._read(_article, lines, name))
        stories = self.labels([article.id for article, _ in read])
        self.store.add((self._page(article, story), line) for (article, line), story in zip(read, stories, strict=True))

    def _take_aside(self, lines: Iterable[bytes], name: str) -> None:
        pages = [page for page, _ in self._read(_duplicate, lines, name)]
        stories = self.labels([page.duplicate_of for page in pages])
        self.store.add_aside(
            (page.id, story or page.cluster, page.url, self._kind(page.source, page.url))
            for page, story in zip(pages, stories, strict=True)
        )

    def _read(self, decoder: msgspec.json.Decoder[T], lines: Iterable[bytes], name: str) -> Iterator[tuple[T, bytes]]:
        for line in lines:
            try:
                yield decoder.decode(line), line
            except (msgspec.MsgspecError, UnicodeDecodeError):
                self.unreadable[name] += 1

    def _page(self, article: Article, story: str) -> Page:
        return Page(
            id=article.id,
            story=story or article.cluster or article.id,
            url=article.url,
            site=article.site or "",
            moment=seconds(article.timestamp),
            length=len(article.body),
            version=article.version,
            fetched=seconds(article.fetched_at),
            withdrawn=self._kind(article.source, article.url, article.canonical_url, article.source_url),
            wanted=self.options.wants(article),
        )

    def _kind(self, source: str | None, *addresses: str | None) -> str | None:
        return self.withdrawn.of_url(*addresses) or self.withdrawn.of_source(source)


def batches(path: Path) -> Iterator[list[bytes]]:
    with open_lines(path) as file:
        while lines := list(islice(file, BATCH)):
            yield lines
