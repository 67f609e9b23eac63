"""When a page that was read is worth another look.

In: what became of it, how often nothing new was found. Out: the second from which a re-check is due.
Must not know: how it is made.
"""

from __future__ import annotations

DAY = 86_400.0

FREE_CHECKS = 2
"""Re-checks made at once, in the next two runs: news is corrected soon after it is out or hardly ever."""

LONGEST = 30 * DAY
"""Re-checks never grow rarer than this, so that takedowns are noticed within a month."""

AFTER = {"not_article": 7 * DAY, "incomplete": 7 * DAY, "gone": LONGEST, "http_error": 0.0, "failed": 0.0, "robots": DAY}
"""Seconds until another look at what gave no article; what failed is tried again by the next run."""


def due_after(state: str, checks: int, now: float) -> float | None:
    """Return when a URL in `state` is due again, after `checks` re-checks that found nothing new; None: never by itself."""
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
