"""The site's zone and date order, where several pages together tell them.

In: clocks as pages print them, and moments with an offset that sitemaps and declarations state for the same pages.
Out: an offset, an order, or None: never a guess. Must not know: the language's or the country's usual zone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from newscrawler.extraction.dates import read_declared, read_moments
from newscrawler.profiles.samples import Sample

AGREEING = 0.6
"""Share of the pages with a clock that must be ahead of a stated moment by the same span."""

FEWEST = 3
"""Pages that must agree."""

STEP = timedelta(minutes=15)
"""Every zone in use is a multiple of it ahead of UTC."""

TOLERANCE = timedelta(seconds=90)
"""Printed clocks have no seconds."""

_ORDER = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?!\d)")


def find_zone(samples: Sequence[Sample]) -> str | None:
    """Return the offset, e.g. "+08:00", by which the site's clocks are ahead of UTC, or None where the pages do not tell."""
    clocks, votes = 0, Counter[timedelta]()
    for sample in samples:
        clock = _printed(sample)
        if clock:
            clocks += 1
            votes.update({offset for stated in _stated(sample) if (offset := _ahead(clock, stated)) is not None})
    if not votes:
        return None
    offset, count = min(votes.items(), key=lambda item: (-item[1], abs(item[0])))
    return _written(offset) if count >= max(FEWEST, AGREEING * clocks) else None


def find_order(samples: Sequence[Sample]) -> bool | None:
    """Return whether the site writes the month first in 03/04/2024; None where no page tells, or two disagree."""
    orders = set()
    for sample in samples:
        match = _ORDER.search(sample.timestamp.raw) if sample.timestamp else None
        if match:
            first, second = int(match[1]), int(match[2])
            if first > 12 >= second:
                orders.add(False)
            elif second > 12 >= first:
                orders.add(True)
    return orders.pop() if len(orders) == 1 else None


def _printed(sample: Sample) -> datetime | None:
    """Return the clock the page prints without a zone."""
    if not sample.timestamp:
        return None
    moment = next(read_moments(sample.timestamp.raw, sample.language), None)
    value = moment.value if moment else None
    return value if isinstance(value, datetime) and value.tzinfo is None else None


def _stated(sample: Sample) -> Iterable[datetime]:
    for text in (sample.lastmod, *sample.declared):
        moment = read_declared(text) if text else None
        if isinstance(moment, datetime) and moment.tzinfo is not None:
            yield moment


def _ahead(clock: datetime, stated: datetime) -> timedelta | None:
    """Return how far the clock is ahead of the moment where that may be a zone."""
    ahead = clock.replace(tzinfo=UTC) - stated
    offset = STEP * round(ahead / STEP)
    return offset if abs(ahead - offset) <= TOLERANCE and timedelta(hours=-12) <= offset <= timedelta(hours=14) else None


def _written(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
