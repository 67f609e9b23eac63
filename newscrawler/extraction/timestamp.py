"""When the article was published, and when it was last changed.

In: a Page, what it declares, the lines about the article, its language. Out: RFC 3339 moments with their evidence.
Must not know: any site; what the text says.

A declared moment counts most, but gives way to a printed line that is earlier or finer: publishing systems declare midnight or
the import of a copy, and print the minute. Where both name one instant, the answer is the printed clock with the zone that
follows.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from urllib.parse import urlsplit

from newscrawler.extraction.clocks import (
    Stamp,
    address_day,
    declared_stamps,
    labelled_stamps,
    printed_stamps,
    time_elements,
)
from newscrawler.extraction.found import NO_HINTS, Found, Hints
from newscrawler.extraction.metadata import Metadata
from newscrawler.extraction.page import Page
from newscrawler.extraction.surroundings import Surroundings
from newscrawler.extraction.zones import zone_of

_AHEAD = timedelta(days=1)
"""A clock in another zone may be this far ahead of ours; what is later is no publication."""

_WIDEST_OFFSET = 14 * 60
_OFFSET_STEP = 15
"""Minutes: zones lie up to fourteen hours from UTC, in quarters of an hour."""

_OWN_LINE = 0.3
"""Score of a printed day that fills its line and stands within a few lines of the headline."""

_AMERICAN = frozenset(("us", "com", "org", "net", "edu", "gov", "ph", ""))
"""Top-level domains where an English 03/04/2024 is the fourth of March."""


class Timing:
    """Every moment that a page states about its article, and what they tell of its zone."""

    def __init__(
        self, page: Page, metadata: Metadata, place: Surroundings, language: str | None, hints: Hints = NO_HINTS
    ) -> None:
        latest = datetime.now(UTC) + _AHEAD
        host = urlsplit(page.url).hostname or ""
        order = _is_month_first(page.lang, language, host) if hints.month_first is None else hints.month_first
        self.declared = _past(declared_stamps(metadata.of("published"), language, order), latest)
        self.changed = _past(declared_stamps(metadata.of("modified"), language, order), latest)
        self.printed = sorted(_past(printed_stamps(place, language, order), latest), key=lambda s: -_rank(s, hints))
        self.tagged = _past(time_elements(page, place, language), latest)
        if not (self.declared or self.printed or self.tagged):
            self.printed = _past(labelled_stamps(page, language, order), latest)
        self.address = address_day(page.url)
        self.zone = hints.zone or self._stated_zone() or zone_of(page.lang if _region(page.lang) else language, host)

    def _stated_zone(self) -> tzinfo | None:
        """Return the zone in which the page itself writes, told by any offset other than UTC's."""
        for stamp in (*self.printed, *self.declared, *self.changed, *self.tagged):
            if isinstance(stamp.value, datetime) and stamp.value.utcoffset():
                return stamp.value.tzinfo
        return None

    def published(self) -> Found | None:
        """Return the publication, or None where the page names no day."""
        printed = [stamp for stamp in self.printed if stamp.label != "modified"]
        tagged = sorted((stamp for stamp in self.tagged if stamp.label != "modified"), key=lambda s: -s.score)
        declared = _finest(self.declared) or next((stamp for stamp in tagged if _has_clock(stamp)), None)
        if declared is None:
            best = next(iter([*printed, *tagged, *self.printed]), None)
            return self._answer(self._unswapped(best)) if best else self._from_address()
        for stamp in (*printed, *tagged):
            if _has_clock(stamp) and _has_clock(declared) and (value := _same_instant(stamp, declared)):
                return self._answer(stamp._replace(value=value, evidence=f"{stamp.evidence}, as {declared.evidence}"))
        confirmed = any(s.score >= _OWN_LINE and abs((_day(s.value) - _day(declared.value)).days) <= 1 for s in printed)
        rivals = (stamp for stamp in printed if _has_clock(stamp) or not confirmed)
        truer = next((stamp for stamp in rivals if self._is_truer(stamp, declared)), None)
        return self._answer(truer or declared)

    def modified(self, published: Found | None) -> Found | None:
        """Return the last change, or None where the page states none after the publication."""
        stamp = next(iter(self.changed), None) or next(
            (s for s in (*self.tagged, *self.printed) if s.label == "modified"), None
        )
        found = self._answer(stamp) if stamp else None
        if found and published and _instant(found.value) < _instant(published.value):
            return None
        return found

    def _is_truer(self, printed: Stamp, declared: Stamp) -> bool:
        """Whether a printed line beats the declared moment: by its clock on that day, or as an earlier day in its own line."""
        days = (_day(declared.value) - _day(printed.value)).days
        if not _has_clock(printed):
            return days > 1 and printed.score >= _OWN_LINE
        if not _has_clock(declared):
            return abs(days) <= 1
        return timedelta(0) < self._aware(declared.value) - self._aware(printed.value) < timedelta(days=1)

    def _unswapped(self, stamp: Stamp) -> Stamp:
        """Return the stamp with day and month exchanged where the address or another declared day says so."""
        known = {self.address, *(_day(s.value) for s in (*self.changed, *self.tagged))}
        if stamp.swapped and _day(stamp.value) not in known and _day(stamp.swapped) in known:
            return stamp._replace(value=stamp.swapped)
        return stamp

    def _aware(self, value: date | datetime) -> datetime:
        if not isinstance(value, datetime):
            value = datetime.combine(value, time())
        return value if value.tzinfo else value.replace(tzinfo=self.zone or UTC)

    def _answer(self, stamp: Stamp) -> Found:
        value = stamp.value if _has_clock(stamp) else _day(stamp.value)
        evidence = stamp.evidence
        if isinstance(value, datetime):
            if value.tzinfo is None:
                evidence += ", zone of the site" if self.zone else ", zone unknown"
            value = self._aware(value).replace(microsecond=0)
        blocks = (stamp.block.index,) if stamp.block else ()
        return Found(value.isoformat(), stamp.raw, evidence, blocks, stamp.block.path if stamp.block else None)

    def _from_address(self) -> Found | None:
        return Found(self.address.isoformat(), self.address.isoformat(), "address") if self.address else None


def _finest(stamps: list[Stamp]) -> Stamp | None:
    """Return the first stamp, or the first of its day that has a clock."""
    if not stamps:
        return None
    near = (stamp for stamp in stamps if abs((_day(stamp.value) - _day(stamps[0].value)).days) <= 1)
    return next((stamp for stamp in near if _has_clock(stamp)), stamps[0])


def _past(stamps: Iterable[Stamp], latest: datetime) -> list[Stamp]:
    """Return the stamps that are not in the future."""
    return [s for s in stamps if (s.value if isinstance(s.value, datetime) and s.value.tzinfo else _floor(s.value)) <= latest]


def _floor(value: date | datetime) -> datetime:
    return datetime(value.year, value.month, value.day, tzinfo=UTC)


def _rank(stamp: Stamp, hints: Hints) -> float:
    preferred = stamp.block is not None and stamp.block.path == hints.paths.get("timestamp")
    return stamp.score + 3 * preferred - 2 * (stamp.label == "modified")


def _has_clock(stamp: Stamp) -> bool:
    """Whether the stamp names a time; a machine's midnight is a day without one."""
    value = stamp.value
    if not isinstance(value, datetime):
        return False
    return stamp.block is not None or (value.hour, value.minute, value.second) != (0, 0, 0)


def _same_instant(printed: Stamp, declared: Stamp) -> datetime | None:
    """Return the printed clock with the zone that makes it the declared instant, to the second where that is declared."""
    clock, moment = printed.value, declared.value
    assert isinstance(clock, datetime) and isinstance(moment, datetime)
    if clock.tzinfo and moment.tzinfo:
        return moment.astimezone(clock.tzinfo) if clock.replace(second=0) == moment.replace(second=0) else None
    ahead = (clock.replace(second=0, tzinfo=None) - moment.replace(second=0, tzinfo=None)) // timedelta(minutes=1)
    if moment.tzinfo is None:
        return clock if ahead == 0 else None
    ahead += (moment.utcoffset() or timedelta()) // timedelta(minutes=1)
    if abs(ahead) > _WIDEST_OFFSET or ahead % _OFFSET_STEP:
        return None
    return moment.astimezone(timezone(timedelta(minutes=ahead)) if ahead else UTC)


def _day(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def _instant(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(hour=0, minute=0, second=0, tzinfo=UTC) - _AHEAD


def _region(lang: str | None) -> str:
    return (lang or "").replace("_", "-").rpartition("-")[2].lower() if lang and len(lang) > 3 else ""


def _is_month_first(lang: str | None, language: str | None, host: str) -> bool:
    region = _region(lang)
    return language == "en" and (region == "us" or (not region and host.rpartition(".")[2] in _AMERICAN))
