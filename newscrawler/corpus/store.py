"""Everything that was kept, sorted on disk: which version of which page of which story a release has.

In: article lines and lines of pages set aside. Out: the chosen lines in order. Must not know: formats, statistics.
A SQLite file beside the release does what an external sort would: memory stays flat, and it is gone at the end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

import zstandard

from newscrawler.corpus.options import Dedup

FAST = -3
"""zstd's level for what is written and read once: half the time of level 1, a quarter more on the disk."""

TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -65536;
PRAGMA temp_store = FILE;
CREATE TABLE pages (n INTEGER PRIMARY KEY, id TEXT, story TEXT, url TEXT, site TEXT, moment REAL, length INTEGER,
    version INTEGER, fetched REAL, withdrawn TEXT, wanted INTEGER);
CREATE TABLE lines (n INTEGER PRIMARY KEY, line BLOB);
CREATE TABLE aside (id TEXT, story TEXT, url TEXT, withdrawn TEXT);
CREATE TABLE before (id TEXT, digest BLOB, url TEXT, met INTEGER DEFAULT 0, PRIMARY KEY (id, digest)) WITHOUT ROWID;
"""
"""64 MB of cache; whatever is more goes to the file."""

LATEST = """
CREATE TABLE latest AS SELECT n, id, story, url, moment, length, version, withdrawn, wanted, place FROM (
    SELECT *, row_number() OVER (PARTITION BY id ORDER BY version DESC, fetched DESC, url, n DESC) AS place FROM pages)
"""
"""place 1 is a page's latest version; of equal versions, the one fetched last, whatever the order of the files."""

WITHDRAW = """
CREATE TABLE withdrawn_stories AS
    SELECT story FROM pages WHERE withdrawn = 'url' UNION SELECT story FROM aside WHERE withdrawn = 'url';
UPDATE latest SET withdrawn = 'story' WHERE withdrawn IS NULL AND story IN (SELECT story FROM withdrawn_stories);
CREATE TABLE sizes AS SELECT story, count(DISTINCT id) AS copies FROM
    (SELECT story, id FROM pages UNION SELECT story, id FROM aside) GROUP BY story;
CREATE INDEX sizes_story ON sizes (story);
CREATE INDEX pages_id ON pages (id);
"""
"""The takedown of one address is that of its story: a copy would publish the same text."""

ELIGIBLE = "withdrawn IS NULL AND wanted"
CHOSEN = {
    "none": f"SELECT n, id, story, moment, version FROM latest WHERE {ELIGIBLE}",
    "page": f"SELECT n, id, story, moment, version FROM latest WHERE {ELIGIBLE} AND place = 1",
    "story": f"""SELECT n, id, story, moment, version FROM (
        SELECT *, row_number() OVER (PARTITION BY story ORDER BY moment, length DESC, url) AS rank
        FROM latest WHERE {ELIGIBLE} AND place = 1) WHERE rank = 1""",
}
"""A story is carried by its earliest page, then the most complete, then by address: as in a crawl."""

ORDERED = """
SELECT lines.line, sizes.copies FROM chosen CROSS JOIN lines ON lines.n = chosen.n JOIN sizes ON sizes.story = chosen.story
ORDER BY chosen.place
"""


class Page(NamedTuple):
    """What the choice needs of an article line."""

    id: str
    story: str
    url: str
    site: str
    moment: float
    length: int
    version: int
    fetched: float
    withdrawn: str | None
    wanted: bool


@dataclass(frozen=True, slots=True)
class Gone:
    """An article of the last release that this one has no more, or one that was taken down."""

    id: str
    url: str
    reason: str


class Store:
    """One temporary file; `close` removes it. Raises sqlite3.Error where the disk is full."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript(TABLES)
        self._db.execute("BEGIN")
        self._taken = 0
        self.chosen = 0
        """Lines of the release, once `choose` was called."""
        self._pack = zstandard.ZstdCompressor(level=FAST).compress
        self._unpack = zstandard.ZstdDecompressor().decompress

    def add(self, pages: Iterable[tuple[Page, bytes]]) -> None:
        """Take article lines, in the order they were kept; the text of what is not wanted is not stored."""
        numbered = list(enumerate(pages, self._taken + 1))
        self._taken += len(numbered)
        self._db.executemany("INSERT INTO pages VALUES (?,?,?,?,?,?,?,?,?,?,?)", ((n, *page) for n, (page, _) in numbered))
        wanted = ((n, self._pack(line)) for n, (page, line) in numbered if page.wanted and not page.withdrawn)
        self._db.executemany("INSERT INTO lines VALUES (?, ?)", wanted)

    def add_aside(self, rows: Iterable[tuple[str, str, str, str | None]]) -> None:
        """Take (id, story, url, kind of takedown) of pages that were set aside."""
        self._db.executemany("INSERT INTO aside VALUES (?, ?, ?, ?)", rows)

    def add_before(self, rows: Iterable[tuple[str, bytes, str]]) -> None:
        """Take (id, digest, url) of the lines of the last release."""
        self._db.executemany("INSERT OR REPLACE INTO before (id, digest, url) VALUES (?, ?, ?)", rows)

    def choose(self, dedup: Dedup) -> None:
        """Settle what the release has."""
        self._db.execute(LATEST)
        for statement in WITHDRAW.split(";\n"):
            if statement.strip():
                self._db.execute(statement)
        chosen = CHOSEN[dedup]
        self._db.execute("CREATE TABLE chosen (place INTEGER PRIMARY KEY, n INTEGER, story TEXT)")
        self._db.execute(f"INSERT INTO chosen (n, story) SELECT n, story FROM ({chosen}) ORDER BY moment, id, version")
        self.chosen = self._one("SELECT count(*) FROM chosen")

    def lines(self) -> Iterator[tuple[bytes, int]]:
        """Yield each chosen line and how many pages carry its story, the earliest first."""
        for line, copies in self._db.execute(ORDERED):
            yield self._unpack(line), copies

    def change(self, article: str, digest: bytes) -> Literal["added", "changed", "same"]:
        """Return how the line of an article stands to the last release's, which may have had several versions of it."""
        known = self._db.execute("SELECT max(digest = ?) FROM before WHERE id = ?", (digest, article)).fetchone()[0]
        if known is None:
            return "added"
        self._db.execute("UPDATE before SET met = 1 WHERE id = ?", (article,))
        return "same" if known else "changed"

    def gone(self) -> Iterator[Gone]:
        """Yield what is taken down, and what the last release had for another reason, by id."""
        query = """
            SELECT id, min(url), min(reason) FROM (
                SELECT id, url, withdrawn AS reason FROM latest WHERE withdrawn IS NOT NULL
                UNION ALL SELECT id, url, withdrawn FROM aside WHERE withdrawn IS NOT NULL
                UNION ALL SELECT id, url, 'story' FROM aside
                    WHERE withdrawn IS NULL AND story IN (SELECT story FROM withdrawn_stories)
                UNION ALL SELECT id, url, CASE
                    WHEN id NOT IN (SELECT id FROM pages) THEN 'missing'
                    WHEN id IN (SELECT id FROM latest WHERE place = 1 AND NOT wanted) THEN 'filtered'
                    ELSE 'superseded' END FROM before
                    WHERE NOT met AND id NOT IN (SELECT id FROM latest WHERE withdrawn IS NOT NULL)
            ) GROUP BY id ORDER BY id"""
        for row in self._db.execute(query):
            yield Gone(*row)

    def counts(self) -> dict[str, int]:
        """Return what the store holds and what of it the release has."""
        return {
            "lines": self._one("SELECT count(*) FROM pages"),
            "pages": self._one("SELECT count(*) FROM latest WHERE place = 1"),
            "pages_set_aside": self._one("SELECT count(*) FROM aside"),
            "stories": self._one("SELECT count(*) FROM sizes"),
            "stories_with_copies": self._one("SELECT count(*) FROM sizes WHERE copies > 1"),
            "filtered": self._one("SELECT count(*) FROM latest WHERE place = 1 AND withdrawn IS NULL AND NOT wanted"),
            "withdrawn": self._one("SELECT count(*) FROM latest WHERE place = 1 AND withdrawn IS NOT NULL"),
            "released": self.chosen,
        }

    def _one(self, query: str) -> int:
        return int(self._db.execute(query).fetchone()[0])

    def close(self) -> None:
        self._db.close()
        self.path.unlink(missing_ok=True)
