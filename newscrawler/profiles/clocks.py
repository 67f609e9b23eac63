"""The site's zone and date order, where several pages together tell them.

In: clocks as pages print them, and moments with an offset that sitemaps and declarations state for the same pages.
Out: an offset, an order, or None: never a guess. Must not know: the language's or the country's usual zone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from newscrawler.extraction.dates import read_declared, read_moments
from newscrawler.profiles.samples import Sample

AGREEING = 0.6
"""Share of the pages with a clock that must be ahead of a stated moment by the same span."""

OFTEN = 0.5
"""The same for a line with a clock of its own, beside declarations that follow daylight saving."""

FEWEST = 3
"""Pages that must agree."""

HOUR = timedelta(hours=1)
"""What daylight saving moves a clock by."""

STEP = timedelta(minutes=15)
"""Every zone in use is a multiple of it ahead of UTC."""

TOLERANCE = timedelta(seconds=90)
"""Printed clocks have no seconds."""

_ORDER = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?!\d)")


def find_zone(samples: Sequence[Sample]) -> str | None:
    """Return the offset, e.g. "+08:00", by which the site's clocks are ahead of UTC, or None where the pages do not tell."""
    return _agreed([(clock, stated_moments(sample)) for sample in samples if (clock := _printed(sample))], AGREEING)


def find_line_zone(clocks: Iterable[tuple[str, Sample]]) -> str | None:
    """Return the offset of the clock in a line that names the source and the time of its publication.

    The line's clock is its own, and no season moves it: where declarations that follow one are at times an hour nearer,
    it is UTC's if that is one of the two offsets, else the more frequent. clocks: what its {time} holds, and the page.
    """
    printed = [(clock, stated_moments(sample)) for text, sample in clocks if (clock := _clock(text, sample.language))]
    votes = _votes(printed)
    beside = votes[HOUR] + votes[-HOUR]
    if min(votes[timedelta(0)], beside) >= FEWEST and votes[timedelta(0)] + beside >= AGREEING * len(printed):
        return _written(timedelta(0))
    return _agreed(printed, OFTEN)


def _votes(clocks: Sequence[tuple[datetime, Iterable[datetime]]]) -> Counter[timedelta]:
    """Count by how much the clocks are ahead of the moments stated beside them, each page once for each offset."""
    votes = Counter[timedelta]()
    for clock, moments in clocks:
        votes.update({offset for stated in moments if (offset := _ahead(clock, stated)) is not None})
    return votes


def _agreed(clocks: Sequence[tuple[datetime, Iterable[datetime]]], share: float) -> str | None:
    """Return the offset that enough of the clocks are ahead of moments stated beside them."""
    votes = _votes(clocks)
    if not votes:
        return None
    offset, count = min(votes.items(), key=lambda item: (-item[1], abs(item[0])))
    return _written(offset) if count >= max(FEWEST, share * len(clocks)) else None


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


def has_dated_listing(samples: Sequence[Sample]) -> bool:
    """Whether lastmod names the day a page came out, give or take the zone.

    Where pages show a date it must agree with theirs; where they show none it must differ from page to page, as the time
    of a build does not.
    """
    listed = [(day, sample) for sample in samples if (day := _day(sample.lastmod))]
    shown = [(day, own) for day, sample in listed if (own := _day(sample.timestamp.value if sample.timestamp else None))]
    if len(shown) >= FEWEST:
        return sum(abs((day - own).days) <= 1 for day, own in shown) >= OFTEN * len(shown)
    return len({day for day, _ in listed}) >= max(FEWEST, len(samples) / 2)


def _day(value: str | None) -> date | None:
    moment = read_declared(value) if value else None
    return moment.date() if isinstance(moment, datetime) else moment


def _printed(sample: Sample) -> datetime | None:
    """Return the clock the page prints without a zone."""
    return _clock(sample.timestamp.raw, sample.language) if sample.timestamp else None


def _clock(text: str, language: str | None) -> datetime | None:
    moment = next(read_moments(text, language), None)
    value = moment.value if moment else None
    return value if isinstance(value, datetime) and value.tzinfo is None else None


def stated_moments(sample: Sample) -> list[datetime]:
    """Return the moments with an offset that the sitemap and the page's declarations state."""
    read = (read_declared(text) for text in (sample.lastmod, *sample.declared) if text)
    return [moment for moment in read if isinstance(moment, datetime) and moment.tzinfo is not None]


def _ahead(clock: datetime, stated: datetime) -> timedelta | None:
    """Return how far the clock is ahead of the moment where that may be a zone."""
    ahead = clock.replace(tzinfo=UTC) - stated
    offset = STEP * round(ahead / STEP)
    return offset if abs(ahead - offset) <= TOLERANCE and timedelta(hours=-12) <= offset <= timedelta(hours=14) else None


def _written(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
