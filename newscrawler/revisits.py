"""When a page that was read is worth another look.

In: what became of it, how often nothing new was found. Out: the second from which a re-check is due.
Must not know: how it is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

DAY = 86_400.0

FREE_CHECKS = 2
"""Re-checks made at once, in the next two runs: news is corrected soon after it is out or hardly ever."""

LONGEST = 30 * DAY
"""Re-checks never grow rarer than this, so that takedowns are noticed within a month."""

AFTER = {"not_article": 7 * DAY, "incomplete": 7 * DAY, "gone": LONGEST, "robots": DAY}
"""Seconds until another look at what gave no article."""

AT_ONCE = ("http_error", "failed")
"""What the next run tries again, whatever else it leaves alone."""


def due_after(state: str, checks: int, now: float) -> float | None:
    """Return when a URL in `state` is due again, after `checks` re-checks that found nothing new; None: never by itself."""
    if state in AT_ONCE:
        return 0.0
    if state in AFTER:
        return now + AFTER[state]
    if state in ("kept", "duplicate", "unchanged"):
        return now + interval(checks)
    return None


def interval(checks: int) -> float:
    """Return seconds to the next re-check: none for the first two, then a day, doubling up to a month."""
    if checks < FREE_CHECKS:
        return 0.0
    return min(LONGEST, DAY * 2.0 ** min(checks - FREE_CHECKS, 10))


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
