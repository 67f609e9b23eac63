"""The copies of stories in the ledger: who they are, what they are found by, which stories were merged.

In: copies, keys. Out: copies. Must not know: Scrapy, when one text is a copy of another.

Only a story's representatives have a fingerprint and keys: what a lookup costs does not grow with a story's copies.
Reads go past SQLAlchemy's Core, whose share of a statement would be larger than SQLite's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from sqlite3 import DatabaseError
from typing import Any

from sqlalchemy import Column, Connection, Engine, Float, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from newscrawler.fingerprints import KEYS, Fingerprint, pack, unpack
from newscrawler.items import Reason
from newscrawler.ledger import explained
from newscrawler.tables import metadata

copies = Table(
    "copies",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("article", LargeBinary(16), nullable=False, unique=True, doc="the article's id"),
    Column("cluster", Integer, ForeignKey("copies.number"), nullable=False, doc="the copy that names the story"),
    Column("site", String),
    Column("url", Text, nullable=False),
    Column("timestamp", String),
    Column("source", String),
    Column("source_url", Text),
    Column("similarity", Float),
    Column("reason", String, doc="why it was taken for a copy; null: it was the first"),
    Column("text", Integer, nullable=False, doc="hash of the letters"),
    Column("fingerprint", LargeBinary, doc="packed; null unless it represents its story"),
)
Index("copies_cluster", copies.c.cluster)
Index("copies_text", copies.c.text)

postings = Table(
    "postings",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("copy", Integer, ForeignKey("copies.number"), primary_key=True),
    sqlite_with_rowid=False,
)

merges = Table(
    "merges",
    metadata,
    Column("source", String, primary_key=True, doc="id of the story that was merged"),
    Column("target", String, nullable=False, doc="id of the story it became part of"),
    Column("moment", String, doc="when the page that showed it was fetched"),
    Column("article", String, nullable=False, doc="id of the page that is a copy of both"),
    Column("similarity", Float, nullable=False, doc="to the text of the story that was merged"),
)

POPULAR = 16
"""Copies a key leads to at most: what more texts than that share is a form or a notice, and tells nobody apart."""

MAPPED = 1 << 31
"""Bytes of the ledger that are read in place, in memory that the system can take back: SQLite's most, two million articles."""

CANDIDATES = 6
"""Copies that are compared in one lookup, of those recorded and of those of the batch."""


@dataclass(slots=True)
class Copy:
    """An article as the index of stories knows it."""

    id: str
    cluster: str
    url: str
    site: str | None
    timestamp: str | None
    source: str | None
    source_url: str | None
    similarity: float | None
    reason: Reason | None
    text: int
    fingerprint: Fingerprint | None
    """Null unless it represents its story."""


@dataclass(slots=True, frozen=True)
class Merge:
    """Two stories found to be one: `source` became part of `target` when `article` was found a copy of both."""

    source: str
    target: str
    article: str
    moment: str | None
    similarity: float


_READ = (
    "SELECT c.article, n.article, c.url, c.site, c.timestamp, c.source, c.source_url, c.similarity, c.reason, c.text, "
    "c.fingerprint FROM copies c JOIN copies n ON n.number = c.cluster "
)
_BY_ID = _READ + "WHERE c.article = ?"
_BY_ID_OR_TEXT = f"SELECT * FROM ({_BY_ID}) UNION ALL SELECT * FROM ({_READ} WHERE c.text = ? ORDER BY c.number LIMIT 1)"
_BY_CLUSTER = _READ + "WHERE c.cluster = (SELECT cluster FROM copies WHERE article = ?)"
_BY_NUMBER = [f"{_READ}WHERE c.number IN ({', '.join('?' * count)}) ORDER BY c.number" for count in range(CANDIDATES + 1)]
_MERGES = (
    "SELECT m.source, m.target, m.article, m.moment, m.similarity "
    "FROM copies c JOIN merges m ON m.source = lower(hex(c.article)) "
    "WHERE c.cluster = (SELECT cluster FROM copies WHERE article = ?) ORDER BY m.moment, m.rowid"
)
_POSTINGS = "SELECT key, copy FROM postings WHERE key IN (" + ", ".join("?" * KEYS) + ")"


class CopyReader:
    """Reads what is committed; raises LedgerError. One connection, held: the pool would begin a transaction for each read."""

    def __init__(self, engine: Engine) -> None:
        self._path = str(engine.url.database)
        self._connection = engine.raw_connection()
        self._cursor = self._connection.cursor()
        self._rows(f"PRAGMA mmap_size = {MAPPED}")

    def close(self) -> None:
        self._connection.close()

    def by_id(self, article: str) -> Copy | None:
        return self._one(_BY_ID, bytes.fromhex(article))

    def by_id_or_text(self, article: str, text: int) -> tuple[Copy | None, Copy | None]:
        """Return the article, and the copy of these letters that came first; in one statement."""
        found = [copy_of(row) for row in self._rows(_BY_ID_OR_TEXT, (bytes.fromhex(article), text))]
        if not found:
            return None, None
        return found[0] if found[0].id == article else None, found[-1] if found[-1].text == text else None

    def by_cluster(self, article: str) -> list[Copy]:
        """Return all copies of the story that the article is one of."""
        return [copy_of(row) for row in self._rows(_BY_CLUSTER, (bytes.fromhex(article),))]

    def merges_into(self, article: str) -> list[Merge]:
        """Return the stories that became part of the one that the article is a copy of, in order."""
        return [Merge(*row) for row in self._rows(_MERGES, (bytes.fromhex(article),))]

    def by_keys(self, keys: tuple[int, ...]) -> tuple[list[Copy], set[int]]:
        """Return the copies nearest by `keys`, oldest first, and the keys that lead to as many as they may."""
        leads: dict[int, list[int]] = {}
        padded = (*keys, *keys[-1:] * (KEYS - len(keys)))  # a statement of one length is prepared once
        for key, number in self._rows(_POSTINGS, padded) if keys else ():
            leads.setdefault(key, []).append(number)
        if not leads:
            return [], set()
        numbers = nearest(leads.values())
        found = [copy_of(row) for row in self._rows(_BY_NUMBER[len(numbers)], numbers)]
        return found, {key for key, led in leads.items() if len(led) >= POPULAR}

    def _one(self, statement: str, value: object) -> Copy | None:
        rows = self._rows(statement, (value,))
        return copy_of(rows[0]) if rows else None

    def _rows(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        try:
            return list(self._cursor.execute(statement, values))
        except DatabaseError:
            with explained(self._path):  # not around it: that costs as much as a short statement
                raise


def nearest(leads: Iterable[Sequence[int]]) -> list[int]:
    """Return the `CANDIDATES` copies that most keys lead to, the fewer a key leads to the more it counts. leads: of each key.

    Of those with as many the newest: reports filled into one form share its keys, and copies of one come close together.
    """
    scores: dict[int, float] = {}
    for numbers in leads:
        share = 1 / len(numbers)
        for number in numbers:
            scores[number] = scores.get(number, 0) + share
    best = sorted([(score, number) for number, score in scores.items()], reverse=True)[:CANDIDATES]
    return sorted([number for _, number in best])


def copy_of(row: Sequence[Any]) -> Copy:
    article, cluster, url, site, timestamp, source, source_url, similarity, reason, text, blob = row
    found = unpack(blob, text) if blob else None
    return Copy(article.hex(), cluster.hex(), url, site, timestamp, source, source_url, similarity, reason, text, found)


class CopyWriter:
    """Writes in the transaction that the caller holds."""

    def __init__(self, connection: Connection) -> None:
        self._run = connection.exec_driver_sql

    def add(self, found: Iterable[Copy]) -> None:
        """Record copies in the order in which they came; a known article keeps its story and takes the new text."""
        number = int(self._run("SELECT coalesce(max(number), 0) FROM copies").scalar_one())
        new = list(found)
        if new:
            self._run(_ADD, [row_of(copy, number + n) for n, copy in enumerate(new, start=1)])
        self._post({copy.id: copy.fingerprint.keys for copy in new if copy.fingerprint})

    def move(self, source: str, target: str) -> None:
        """Give every copy of the story `source` to the story `target`."""
        self._run(_MOVE, (bytes.fromhex(target), bytes.fromhex(source)))

    def rename(self, story: str, name: str) -> None:
        """Name the story after another copy of it; the two change places in who is a copy of whom."""
        old, new = bytes.fromhex(story), bytes.fromhex(name)
        self.move(story, name)
        self._run(_SWAP, (new, new, old))
        self._run("UPDATE copies SET reason = NULL, similarity = NULL WHERE article = ?", (new,))

    def merge(self, merge: Merge) -> None:
        """Make one story of two, and keep that it was done, when and why."""
        self.move(merge.source, merge.target)
        row = (merge.source, merge.target, merge.moment, merge.article, merge.similarity)
        self._run("INSERT OR REPLACE INTO merges VALUES (?, ?, ?, ?, ?)", row)

    def _post(self, keys_of: Mapping[str, Sequence[int]]) -> None:
        """Record what the articles are found by, in the order of the keys: that of the table."""
        postings = []
        for article, keys in keys_of.items():
            number = self._run("SELECT number FROM copies WHERE article = ?", (bytes.fromhex(article),)).scalar_one()
            postings += [(key, number) for key in keys]
        if postings:
            self._run("INSERT OR IGNORE INTO postings VALUES (?, ?)", sorted(postings))


_ADD = (
    "INSERT INTO copies VALUES (?, ?, coalesce((SELECT cluster FROM copies WHERE article = ?), ?), ?, ?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (article) DO UPDATE SET site = excluded.site, timestamp = excluded.timestamp, source = excluded.source, "
    "source_url = excluded.source_url, text = excluded.text, fingerprint = excluded.fingerprint"
)
_MOVE = (
    "UPDATE copies SET cluster = (SELECT number FROM copies WHERE article = ?) "
    "WHERE cluster = (SELECT number FROM copies WHERE article = ?)"
)
_SWAP = (
    "UPDATE copies SET reason = (SELECT reason FROM copies WHERE article = ?), "
    "similarity = (SELECT similarity FROM copies WHERE article = ?) WHERE article = ?"
)


def row_of(copy: Copy, number: int) -> tuple[object, ...]:
    cluster = bytes.fromhex(copy.cluster)
    columns = (copy.site, copy.url, copy.timestamp, copy.source, copy.source_url, copy.similarity, copy.reason, copy.text)
    return number, bytes.fromhex(copy.id), cluster, number, *columns, pack(copy.fingerprint) if copy.fingerprint else None
