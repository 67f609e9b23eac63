"""The assets that archived pages refer to: which were asked for, which still wait.

In: addresses as pages name them, outcomes. Out: addresses to fetch, each once; rows of the ledger.
Must not know: Scrapy, how an address is found or fetched. What waits when a run is stopped is fetched by the next.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from newscrawler.tables import assets

IN_SITE = 200_000
"""Assets a site: their addresses are remembered, so that each is fetched once, in some 30 MB."""

DEEPEST = 4
"""Style sheets that import each other: a site has two or three, a trap has no end."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One address, and how many references away from a page it is."""

    site: str
    url: str
    depth: int


class WantedAssets:
    """The assets of a run's sites; `record` is a committer of the run."""

    def __init__(self) -> None:
        self._seen: dict[str, set[str]] = {}
        self._waiting: deque[Asset] = deque()
        self._changes: dict[tuple[str, str], tuple[Asset, str | None]] = {}

    def load(self, conn: Connection, site: str) -> None:
        """Take up what earlier runs of the site asked for and did not get."""
        self._seen[site] = set()
        for row in conn.execute(select(assets).where(assets.c.site == site)):
            self._seen[site].add(row.url)
            if row.outcome is None:
                self._waiting.append(Asset(site, row.url, row.depth))

    def ask(self, site: str, urls: Iterable[str], depth: int) -> None:
        """Put the addresses that are new in line, within the bounds."""
        seen = self._seen[site]
        for url in urls:
            if depth <= DEEPEST and url not in seen and len(seen) < IN_SITE:
                seen.add(url)
                asset = Asset(site, url, depth)
                self._waiting.append(asset)
                self._changes[site, url] = (asset, None)

    def take(self) -> Asset | None:
        """Return the next address to fetch, or None where none waits."""
        return self._waiting.popleft() if self._waiting else None

    def settle(self, asset: Asset, outcome: str) -> None:
        """The address was asked for, and this is what it came to."""
        self._changes[asset.site, asset.url] = (asset, outcome)

    def record(self, conn: Connection) -> None:
        """Write what is new since the last commit."""
        rows = [
            {"site": asset.site, "url": asset.url, "depth": asset.depth, "outcome": outcome}
            for asset, outcome in self._changes.values()
        ]
        if rows:
            row = insert(assets)
            renewed = row.on_conflict_do_update(index_elements=["site", "url"], set_={"outcome": row.excluded.outcome})
            conn.execute(renewed, rows)
            self._changes.clear()
