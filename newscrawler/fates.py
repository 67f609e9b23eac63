"""The pages of a run and what becomes of each, on disk: what the end of a run holds in memory does not grow with the run.

In: candidates in any order. Out: their fates by site and address. Must not know: Scrapy, journals, the ledger.
It is a file without a name, which ends with the process; nothing in it is promised to anybody.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, islice
from pathlib import Path
from tempfile import mkstemp
from typing import Any, TypeVar

import msgspec

from newscrawler.choice import Candidate, Fate, choose
from newscrawler.items import Reason
from newscrawler.ledger import explained
from newscrawler.shards import PART

BATCH = 500
"""Candidates a statement; as many are in memory at once, beside one story's."""

CACHE_KIB = 8_000
"""SQLite's pages in memory: what 10,000 candidates take."""

SCHEMA = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -{cache};
CREATE TABLE candidates (site TEXT, url TEXT, cluster TEXT, candidate BLOB, PRIMARY KEY (site, url)) WITHOUT ROWID;
CREATE INDEX candidates_cluster ON candidates (cluster);
CREATE TABLE fates (site TEXT, url TEXT, fate BLOB, PRIMARY KEY (site, url)) WITHOUT ROWID;
CREATE TABLE stories (site TEXT, story TEXT, PRIMARY KEY (site, story)) WITHOUT ROWID;
CREATE TABLE names (story TEXT PRIMARY KEY, name TEXT) WITHOUT ROWID;
CREATE TABLE changes (site TEXT, url TEXT, state TEXT, reason TEXT, PRIMARY KEY (site, url)) WITHOUT ROWID;
"""

T = TypeVar("T")


class Fates:
    """A run's choice among copies. folder: where there is room for it. Raises LedgerError, OSError where there is none."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = mkstemp(PART, dir=folder)
        os.close(handle)
        self._path = Path(name)
        with explained(self._path):
            self._conn = sqlite3.connect(self._path, isolation_level=None)
            self._conn.executescript(SCHEMA.format(cache=CACHE_KIB))
        self._path.unlink()
        self._decode = msgspec.msgpack.Decoder(Fate).decode

    def add(self, candidates: Iterable[Candidate], labels: Callable[[list[str]], list[str]]) -> None:
        """Take in pages; of one that was read twice the later counts.

        labels: ids -> the stories they are in by now; two that were apart on arrival may have been found to be one.
        """
        for batch in batched(candidates, BATCH):
            for candidate, label in zip(batch, labels([candidate.id for candidate in batch]), strict=True):
                candidate.cluster = label
            rows = [(one.site, one.url, one.cluster, msgspec.msgpack.encode(one)) for one in batch]
            self._write("INSERT OR REPLACE INTO candidates VALUES (?, ?, ?, ?)", rows)

    def decide(self) -> None:
        """Give each page its fate."""
        decode = msgspec.msgpack.Decoder(Candidate).decode
        pages = self._read("SELECT cluster, candidate FROM candidates ORDER BY cluster, site, url")
        chosen = (
            fate
            for cluster, group in groupby(pages, key=lambda row: row[0])
            for fate in choose(cluster, [decode(blob) for _, blob in group])
        )
        for fates in batched(chosen, BATCH):
            named = [(fate.candidate.cluster, fate.cluster) for fate in fates if fate.cluster != fate.candidate.cluster]
            self._write("INSERT OR IGNORE INTO names VALUES (?, ?)", named)
            rows = [(fate.candidate.site, fate.candidate.url, msgspec.msgpack.encode(fate)) for fate in fates]
            self._write("INSERT INTO fates VALUES (?, ?, ?)", rows)
            self._write("INSERT OR IGNORE INTO stories VALUES (?, ?)", [(fate.candidate.site, fate.cluster) for fate in fates])

    def of(self, site: str) -> Iterator[Fate]:
        """Yield the fates of the site's pages, by address."""
        return (self._decode(blob) for (blob,) in self._read("SELECT fate FROM fates WHERE site = ? ORDER BY url", site))

    def stories(self, site: str) -> Iterator[str]:
        """Yield the stories of the site's pages, each once."""
        return (story for (story,) in self._read("SELECT story FROM stories WHERE site = ?", site))

    def names(self) -> Iterator[tuple[str, str]]:
        """Yield (story, the page that names it now) of stories whose best page was not the first."""
        return self._read("SELECT story, name FROM names")

    def change(self, candidate: Candidate, state: str, reason: Reason | None) -> None:
        """The page's fate is not what it seemed on arrival."""
        self._write("INSERT INTO changes VALUES (?, ?, ?, ?)", [(candidate.site, candidate.url, state, reason)])

    def changes(self, site: str) -> Iterator[tuple[str, str, str | None]]:
        """Yield (url, state, reason) of such pages."""
        return self._read("SELECT url, state, reason FROM changes WHERE site = ?", site)

    def close(self) -> None:
        self._conn.close()

    def _write(self, statement: str, rows: list[tuple[Any, ...]]) -> None:
        with explained(self._path):
            self._conn.execute("BEGIN")
            self._conn.executemany(statement, rows)
            self._conn.execute("COMMIT")

    def _read(self, statement: str, *values: str) -> Iterator[tuple[Any, ...]]:
        with explained(self._path):
            yield from self._conn.execute(statement, values)


def batched(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield the values in lists of `size`, the last one shorter."""
    left = iter(values)
    while batch := list(islice(left, size)):
        yield batch
