"""One crawl a site at a time. In: a folder and a site's name. Out: a lock that ends with the process. Must not know: Scrapy."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newscrawler.ledger import LedgerError


@contextmanager
def hold_site(state: Path, site: str) -> Iterator[None]:
    """Hold the site's lock. Raises LedgerError when another process crawls the site."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / f"{site}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LedgerError(f"site {site} is being crawled by another process: wait for it, or stop it") from None
        yield
