"""The file in which a crawl remembers: opening it, and its transactions.

In: a path. Out: transactions. Must not know: Scrapy, HTML, what the tables mean.
Every read and write of ours happens inside a transaction that the caller holds (`with ledger.begin() as conn`): see rows,
accounts, known_listings and history.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DatabaseError, OperationalError

from newscrawler import tables
from newscrawler.tables import metadata

BUSY_MS = 10_000
"""How long a writer waits for another process: longer than any commit of ours, short enough to tell a person."""

CACHE_KIB, WAL_PAGES = 32_768, 8_000
"""Memory for pages of the file, and pages of the log before they go into it (32 MB each): a long listing touches the same pages
of the indices again and again. With SQLite's 2 MB and 1,000 pages a million rows take half as long again."""


class LedgerError(Exception):
    """The ledger cannot be used; the message says why and what to do."""


class Ledger:
    """One SQLite file, created when missing. Raises LedgerError where it cannot be read or is of another version."""

    def __init__(self, path: Path | str = ":memory:") -> None:
        self.path = path
        if path != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        self.engine = open_engine(str(path))
        with explained(path):
            self._prepare()

    def _prepare(self) -> None:
        with self.engine.begin() as conn:
            version = conn.execute(text("PRAGMA user_version")).scalar_one()
            if version not in (0, tables.VERSION):
                raise LedgerError(
                    f"{self.path} has schema version {version}, this newscrawler reads {tables.VERSION}: "
                    "move it away and run `scrapy rebuild`"
                )
            metadata.create_all(conn)
            if missing := first_missing(conn):
                raise LedgerError(
                    f"{self.path} lacks {missing}, made by another newscrawler: move it away and run `scrapy rebuild`"
                )
            conn.execute(text(f"PRAGMA user_version = {tables.VERSION:d}"))

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction: all of it or nothing. Raises LedgerError when the file is locked or broken."""
        with explained(self.path), self.engine.begin() as conn:
            yield conn

    def close(self) -> None:
        self.engine.dispose()


def first_missing(conn: Connection) -> str | None:
    """Return the first "TABLE.COLUMN" that we know and the file does not."""
    for table in metadata.sorted_tables:
        known = {row[1] for row in conn.exec_driver_sql(f"PRAGMA table_info({table.name})")}
        if lacking := [column.name for column in table.columns if column.name not in known]:
            return f"{table.name}.{lacking[0]}"
    return None


def open_engine(path: str) -> Engine:
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_MS / 1000})

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # transactions are begun below, so that reads and writes share one
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB:d}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES:d}")

    @event.listens_for(engine, "begin")
    def begin(conn: Connection) -> None:
        conn.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


@contextmanager
def explained(path: Path | str) -> Iterator[None]:
    """Turn the database's errors into sentences."""
    try:
        yield
    except (OperationalError, sqlite3.OperationalError) as error:
        if "locked" in str(error) or "busy" in str(error):
            raise LedgerError(f"{path} is locked by another process for over {BUSY_MS // 1000} s") from error
        raise LedgerError(f"{path} cannot be used: {plain(error)}") from error
    except (DatabaseError, sqlite3.DatabaseError) as error:
        raise LedgerError(f"{path} is damaged ({plain(error)}): move it away and run `scrapy rebuild`") from error


def plain(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error)
