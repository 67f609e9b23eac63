"""What a run archived, as its report says it.

In: the ledger. Out: plain values. Must not know: files, how they are written.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from newscrawler.tables import archives, assets, shards


def archive_files(conn: Connection, site: str, run: str) -> list[dict[str, Any]]:
    """Return the WARC files of a site's run, in order; paths are relative to the site's folder."""
    mine = (shards.c.site == site, shards.c.run == run)
    both = select(shards, archives.c.records).join(archives, archives.c.path == shards.c.path)
    found = conn.execute(both.where(*mine).order_by(shards.c.path))
    return [
        {"path": row.path.partition("/")[2], "records": row.records, "bytes": row.length, "sha256": row.sha256} for row in found
    ]


def asset_account(conn: Connection, site: str) -> dict[str, int]:
    """Return how many assets of a site came to what, over all runs; "waiting" are those that the next run fetches."""
    query = select(assets.c.outcome, func.count()).where(assets.c.site == site).group_by(assets.c.outcome)
    return dict(sorted((outcome or "waiting", count) for outcome, count in conn.execute(query)))
