"""The listings of a site as the ledger knows them: what was read of each, and what named it.

In: a site, an address. Out: rows of the table of sitemaps. Must not know: Scrapy, how a listing is fetched or read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as upsert

from newscrawler.tables import sitemaps

READ = ("read", "unchanged")
"""Outcomes of a listing that was read well."""

UNFINISHED = frozenset(
    {
        "truncated",
        "damaged",
        "undecodable",
        "too_large",
        "compression_bomb",
        "too_many_entries",
        "too_many_urls",
        "before_since",
        "too_many_sitemaps",
    }
)
"""Losses after which a listing is read again though it did not change: part of it was not seen, or not wanted then."""


def known_listing(conn: Connection, site: str, url: str) -> Mapping[str, Any] | None:
    """Return the listing's row from earlier runs, if it was read well then, and to its end."""
    query = select(sitemaps).where(sitemaps.c.site == site, sitemaps.c.url == url, sitemaps.c.outcome.in_(READ))
    row = conn.execute(query).mappings().first()
    losses = msgspec.json.decode(row["losses"]) if row and row["losses"] else {}
    return dict(row) if row and not UNFINISHED.intersection(losses) else None


def known_roots(conn: Connection, site: str) -> list[str]:
    """Return the listings that earlier runs found by guessing: one known name spares the guesses before it."""
    query = select(sitemaps.c.url).where(sitemaps.c.site == site, sitemaps.c.parent.is_(None), sitemaps.c.outcome.in_(READ))
    return list(conn.execute(query.order_by(sitemaps.c.id)).scalars())


def known_children(conn: Connection, site: str, parent: str) -> list[tuple[str, str | None]]:
    """Return (url, lastmod) of the listings that the index `parent` named."""
    query = select(sitemaps.c.url, sitemaps.c.lastmod).where(sitemaps.c.site == site, sitemaps.c.parent == parent)
    return [(url, lastmod) for url, lastmod in conn.execute(query.order_by(sitemaps.c.id))]


def validators(known: Mapping[str, Any] | None) -> dict[str, str]:
    """Return the headers that make a request conditional on what is known."""
    if known and known["etag"]:
        return {"If-None-Match": known["etag"]}
    if known and known["last_modified"]:
        return {"If-Modified-Since": known["last_modified"]}
    return {}


def record_sitemap(conn: Connection, **values: Any) -> None:
    """Insert or renew the row of one listing."""
    row = upsert(sitemaps).values(**values)
    kept = {name: row.excluded[name] for name in values if name not in ("site", "url")}
    conn.execute(row.on_conflict_do_update(index_elements=["site", "url"], set_=kept))


def name_sitemap(conn: Connection, site: str, url: str, parent: str, lastmod: str | None, run: str) -> None:
    """Record that `parent` names the listing `url`; what is known of it from reading it stays."""
    row = upsert(sitemaps).values(site=site, url=url, parent=parent, lastmod=lastmod, outcome="named", run=run)
    kept = {"parent": row.excluded.parent, "lastmod": row.excluded.lastmod}
    conn.execute(row.on_conflict_do_update(index_elements=["site", "url"], set_=kept))
