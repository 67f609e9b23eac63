"""Every site has its part of the downloader: hosts that hang take nothing from the others."""

from __future__ import annotations

import pytest

from newscrawler.frontier import Frontier, Lane, lane_share
from newscrawler.ledger import Ledger
from newscrawler.rows import Listing, list_urls


@pytest.mark.parametrize(
    ("concurrency", "total", "sites", "share"),
    [(4, 256, 1, 8), (4, 256, 32, 8), (4, 256, 64, 4), (4, 256, 1000, 1), (16, 64, 2, 32), (1, 64, 3, 2)],
)
def test_lane_share(concurrency: int, total: int, sites: int, share: int) -> None:
    assert lane_share(concurrency, total, sites) == share


def test_a_site_that_hangs_starves_no_other() -> None:
    names, total = [f"slow{number}" for number in range(30)] + ["fast"], 64
    ledger = Ledger()
    with ledger.begin() as conn:
        for name in names:
            list_urls(conn, name, "run", "map", [Listing(f"https://{name}.example/{page}") for page in range(50)])
    share = lane_share(4, total, len(names))
    lanes = [Lane(name, "run", share, open=True) for name in names]
    frontier = Frontier(ledger, lanes)
    read = 0
    for _ in range(200):
        for row in frontier.take(0.0):
            if row.site == "fast":  # the others answer never
                frontier.settled(row)
                read += 1
        assert sum(len(lane.flying) for lane in lanes) <= total
    assert read == 50
