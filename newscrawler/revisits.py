"""When a page that was read is worth another look.

In: what became of it, how often nothing new was found. Out: the second from which a re-check is due.
Must not know: how it is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from newscrawler.sitemaps import parse_lastmod

DAY = 86_400.0

EARLY_CHECKS = 2
"""Re-checks made before a page is due, in the next two runs: they show whether the site changes pages without a word."""

SMALL_SITE, SAMPLE = 500, 20
"""Pages of a site that is asked for all of them then (some minutes at the default pace), and how many of a larger one's
newest are: an unchanged site of any size costs a handful of requests."""

LONGEST = 30 * DAY
"""Re-checks never grow rarer than this, so that takedowns are noticed within a month."""

AFTER = {"not_article": 7 * DAY, "incomplete": 7 * DAY, "gone": LONGEST, "robots": DAY}
"""Seconds until another look at what gave no article."""

AT_ONCE = ("http_error", "failed")
"""What the next run tries again, whatever else it leaves alone."""


def due_after(state: str, wait: float, now: float) -> float | None:
    """Return when a URL in `state` is due again; None: never by itself. wait: seconds that an article is left alone."""
    if state in AT_ONCE:
        return 0.0
    if state in AFTER:
        return now + AFTER[state]
    if state in ("kept", "duplicate", "unchanged"):
        return now + wait
    return None


def interval(checks: int, stood: float, place: int = 0) -> float:
    """Return seconds to the next re-check: as long as the page has stood, but from a day, doubled by `checks`, to a month.

    place: any number of the page's own; up to half of the wait is taken off by it, so that a site's pages are not due at once.
    """
    wait = min(LONGEST, max(DAY * 2.0 ** min(checks, 10), stood))
    return wait * (1.0 - place * GOLDEN % 1.0 / 2)


GOLDEN = 0.618034
"""Multiples of the golden ratio fall evenly between whole numbers, however many there are."""


def stood_for(moments: Iterable[str | None], now: float) -> float:
    """Return for how many seconds a page has stood, by the latest of the times that are said of it; 0 where none is."""
    known = [moment.timestamp() for text in moments if (moment := parse_lastmod(text))]
    return max(0.0, now - max(known, default=now))


def early_checks(articles: int) -> int:
    """Return how many of a site's articles are looked at again before they are due."""
    return articles if articles <= SMALL_SITE else SAMPLE


PROOFS = 3
"""Changes that a site's lastmod must have announced, and none that it kept to itself, before it is relied on."""

LIES = 10
"""Announced changes that were none, against at most a quarter as many true ones, after which lastmod is not believed."""

Lastmod = Literal["honest", "lying", "unproved"]


def lastmod_fact(listed: str | None, read: str | None, *, changed: bool) -> str | None:
    """Return which fact about a site's lastmod a re-check shows: announced, false_alarm or missed; None: none.

    listed, read: lastmod as listed now, and when the page was read before. changed: whether the article is another now.
    """
    if not listed or not read:
        return None
    if changed:
        return "announced" if listed != read else "missed"
    return "false_alarm" if listed != read else None


def lastmod_standing(facts: Mapping[str, int]) -> Lastmod:
    """Return whether a site's lastmod can be relied on: alone (honest), not at all (lying), or beside re-checks."""
    announced, missed, false = (facts.get(name, 0) for name in ("announced", "missed", "false_alarm"))
    if false >= LIES and false > 4 * announced:
        return "lying"
    return "honest" if announced >= PROOFS and not missed else "unproved"
