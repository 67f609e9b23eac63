"""What a crawl's exit code says. In: nothing. Out: names for numbers. The README's table is checked against this."""

from enum import IntEnum


class Exit(IntEnum):
    """0 and 1 are Scrapy's own; a run that deserves several gets the first of them in this order of gravity."""

    OK = 0
    CRASHED = 1
    USAGE = 2
    BROKEN = 3
    UNBALANCED = 4
    NOTHING_LISTED = 5
    FAILURES = 6
    UNHEALTHY = 7
    INTERRUPTED = 8

    @property
    def meaning(self) -> str:
        """One line for people."""
        return MEANINGS[self]


MEANINGS = {
    Exit.OK: "done, and the account balances",
    Exit.CRASHED: "an error of newscrawler itself",
    Exit.USAGE: "bad arguments, or a site's TOML that does not fit; nothing was fetched",
    Exit.BROKEN: "the output or the ledger could not be written (disk full, locked, damaged); run again to go on",
    Exit.UNBALANCED: "the account does not balance: listed URLs and their states differ",
    Exit.NOTHING_LISTED: "a site listed nothing",
    Exit.FAILURES: "too many pages failed, or a host was stopped",
    Exit.UNHEALTHY: "a site fell off its baseline",
    Exit.INTERRUPTED: "stopped by a signal; what was read is sealed, the rest is pending",
}
