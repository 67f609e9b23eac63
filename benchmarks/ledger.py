"""Measure the ledger with a listing of a million URLs: rows a second in and out, and memory.

    python -m benchmarks.ledger [--count 1000000]

The listing is made up as it is read, a batch a transaction, as newscrawler.listing does it. CPU time of one process.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from resource import getpagesize
from tempfile import TemporaryDirectory
from time import process_time, time

from newscrawler.history import open_run
from newscrawler.ledger import Ledger
from newscrawler.listing import BATCH
from newscrawler.rows import Listing, Row, list_urls, settle, take_pending

SITE, RUN = "site", "20261124T000000Z"
TAKE = 64
"""Rows a take: what the frontier asks for at once."""


def batches(count: int) -> Iterator[list[Listing]]:
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        yield [
            Listing(f"https://news.example.com/{n % 997}/story-{n}.html", "2026-11-24", float(n * 7919 % count))
            for n in numbers
        ]


def resident() -> float:
    """Return the process' memory in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * getpagesize() / 1e6


def insert_all(ledger: Ledger, count: int, name: str) -> float:
    """Record the listing; return the memory at its highest."""
    start, most = process_time(), 0.0
    for batch in batches(count):
        with ledger.begin() as conn:
            list_urls(conn, SITE, RUN, "https://news.example.com/sitemap.xml", batch)
        most = max(most, resident())
    print(f"{name:<22} {count / (process_time() - start):>9,.0f} rows/s")
    return most


def outcome(row: Row) -> dict[str, object]:
    return {"row": row.id, "state": "kept", "run": RUN, "attempts": 1, "fetched": time(), "article": "a" * 16, "version": 1}


def take_some(ledger: Ledger, takes: int) -> None:
    """Take pending rows and settle them, as a crawl does."""
    start = process_time()
    for _ in range(takes):
        with ledger.begin() as conn:
            settle(conn, [outcome(row) for row in take_pending(conn, SITE, TAKE)])
    print(f"{'take and settle':<22} {takes * TAKE / (process_time() - start):>9,.0f} rows/s")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--count", type=int, default=1_000_000)
    count = options.parse_args().count
    with TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "ledger.db")
        with ledger.begin() as conn:
            open_run(conn, SITE, RUN, time())
        before = resident()
        most = insert_all(ledger, count, "listed first")
        most = max(most, insert_all(ledger, count, "listed again"))
        take_some(ledger, 500)
        size = (Path(folder) / "ledger.db").stat().st_size / 1e6
        print(f"memory                 +{max(most, resident()) - before:.0f} MB, file {size:.0f} MB")
        ledger.close()


if __name__ == "__main__":
    main()
