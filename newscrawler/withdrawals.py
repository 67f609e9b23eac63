"""Takedowns: addresses, domains and publishers that are released no more and crawled no more.

In: what somebody asked to be taken down. Out: a record in the ledger, a reason for whatever it covers.
Must not know: Scrapy, how a release is written.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec
from sqlalchemy import Column, Connection, String, Table, Text, bindparam, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from newscrawler.copies import copies
from newscrawler.items import encode_line
from newscrawler.tables import metadata, urls
from newscrawler.urls import canonicalise, host_of

Kind = Literal["url", "domain", "source"]
REASON = "withdrawn"
"""The reason of a filtered URL in the ledger."""

FILE = "withdrawals.jsonl"
"""Beside the ledger: every takedown once more, for when the ledger is lost and rebuilt."""

BATCH = 10_000
"""Rows of the ledger that are looked at between two writes."""

withdrawals = Table(
    "withdrawals",
    metadata,
    Column("kind", String, primary_key=True),
    Column("value", Text, primary_key=True, doc="canonical address, host in ASCII, or the publisher's folded name"),
    Column("recorded", String, nullable=False, doc="RFC 3339 in UTC"),
    Column("note", Text, doc="why, or who asked; never published"),
)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """One takedown."""

    kind: Kind
    value: str
    recorded: str
    note: str | None = None


@dataclass(slots=True)
class Withdrawals:
    """All takedowns on record."""

    by_kind: dict[str, set[str]] = field(default_factory=lambda: {"url": set(), "domain": set(), "source": set()})

    def of_url(self, *addresses: str | None) -> Kind | None:
        """Return the kind of takedown that covers one of the addresses, or None."""
        for address in addresses:
            if address and self.by_kind["url"] and key_of(address) in self.by_kind["url"]:
                return "url"
            if address and self.by_kind["domain"] and self._covers(host_of(address)):
                return "domain"
        return None

    def of_source(self, source: str | None) -> Kind | None:
        """Return "source" where the publisher is taken down."""
        return "source" if source and self.by_kind["source"] and folded(source) in self.by_kind["source"] else None

    def _covers(self, host: str | None) -> bool:
        """Is the host, or a domain above it, taken down?"""
        labels = (host or "").split(".")
        return any(".".join(labels[start:]) in self.by_kind["domain"] for start in range(len(labels)))


def key_of(address: str) -> str:
    """Return the canonical address; what is none, as it is."""
    try:
        return canonicalise(address)
    except ValueError:
        return address


def folded(name: str) -> str:
    """Return a publisher's name as names are compared: width, case and spacing do not count."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def parse_takedown(text: str, kind: Kind | None = None) -> tuple[Kind, str]:
    """Return (kind, value) of what is to be forgotten. Raises ValueError where it is nothing.

    An address has a scheme; a domain is a host name with a dot, without space; anything else is a publisher's name.
    """
    text = text.strip()
    if not text:
        raise ValueError("URL, DOMAIN or SOURCE: one is needed, e.g. scrapy forget mirror.example")
    if kind == "url" or (kind is None and "://" in text):
        return "url", canonicalise(text)
    host = None if " " in text else host_of(f"http://{text}/")
    if kind == "domain" or (kind is None and host and "." in text):
        if not host:
            raise ValueError(f"{text}: is no domain")
        return "domain", host
    return "source", folded(text)


def recorded(conn: Connection) -> list[Withdrawal]:
    """Return every takedown, the oldest first."""
    query = select(withdrawals).order_by(withdrawals.c.recorded, withdrawals.c.kind, withdrawals.c.value)
    return [Withdrawal(*row) for row in conn.execute(query)]


def load(conn: Connection) -> Withdrawals:
    """Return what is taken down, ready to be asked."""
    found = Withdrawals()
    for withdrawal in recorded(conn):
        found.by_kind[withdrawal.kind].add(withdrawal.value)
    return found


def record(conn: Connection, takedowns: Iterable[Withdrawal]) -> None:
    """Record takedowns; one that is on record keeps its date."""
    rows = [{"kind": x.kind, "value": x.value, "recorded": x.recorded, "note": x.note} for x in takedowns]
    if rows:
        conn.execute(upsert(withdrawals).on_conflict_do_nothing(), rows)


def remember(path: Path, takedowns: Iterable[Withdrawal]) -> None:
    """Append takedowns to the file that outlives the ledger. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.writelines(encode_line(takedown) for takedown in takedowns)
        file.flush()
        os.fsync(file.fileno())


def recall(conn: Connection, path: Path) -> int:
    """Take the file's takedowns into a new ledger; return how many URLs they filter. Raises OSError, msgspec.MsgspecError."""
    if path.exists():
        record(conn, msgspec.json.Decoder(Withdrawal).decode_lines(path.read_bytes()))
    return stop_crawling(conn, load(conn))


def stop_crawling(conn: Connection, found: Withdrawals) -> int:
    """Filter the URLs that the takedowns cover, by address or by the publisher read there; return how many are new."""
    known, stopped, last = set(pages_of_sources(conn, found)), 0, 0
    query = select(urls.c.id, urls.c.url, urls.c.state, urls.c.reason).order_by(urls.c.id).limit(BATCH)
    while rows := conn.execute(query.where(urls.c.id > last)).all():
        last = rows[-1].id
        covered = [row for row in rows if row.url in known or found.of_url(row.url)]
        fresh = [{"row": row.id} for row in covered if (row.state, row.reason) != ("filtered", REASON)]
        if fresh:
            conn.execute(STOP, fresh)
        stopped += len(fresh)
    return stopped


def pages_of_sources(conn: Connection, found: Withdrawals) -> Iterator[str]:
    """Yield the addresses of pages that were read and name a publisher that is taken down."""
    if found.by_kind["source"]:
        for url, source in conn.execute(select(copies.c.url, copies.c.source).where(copies.c.source.is_not(None))):
            if found.of_source(source):
                yield url


STOP = update(urls).where(urls.c.id == bindparam("row")).values(state="filtered", reason=REASON, due=None)
