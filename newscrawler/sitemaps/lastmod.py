"""When a listing says its pages changed, and what that lets a crawl leave out.

In: lastmod as it stands. Out: moments and decisions. Must not know: listings, the clock.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

NUMERIC = re.compile(
    r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})(?:\D{1,3}(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?\s?([AP]M)?)?\D?", re.I
)
SECONDS = re.compile(r"(\d{10})(\d{3})?(\.\d+)?")
MONTHLY = re.compile(r"(\d{4})-(\d{2})")
ZONE = re.compile(r"([T\s]\d{1,2}:\d{2}(?::\d{2})?)(?:[.,](\d{1,6})\d*)?\s*(?:([+-])(\d{1,2}):?(\d{2})?|(Z|UTC|GMT))?$", re.I)
SPELLED = ("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%a %b %d %H:%M:%S %Y", "%d-%b-%Y")

FIRST_YEAR = 1990
"""Earlier ones are empty database fields: 0001-01-01, 1970-01-01. There was no web to be modified in."""

SLACK = timedelta(hours=36)
"""How far a lastmod may lie before the moment it means: a bare day ends 24 hours later, 12 more in the westernmost zone."""


def parse_lastmod(text: str | None) -> datetime | None:
    """Return the moment `text` names, in UTC where it names no zone; None if it names none. Never raises.

    text: W3C datetime, as the protocol asks, or any other form that listings were seen to use: RFC 822, with slashes, dots or
    年月日, seconds since 1970, English month names. Day before month is not guessed: 03/04/2026 is None.
    """
    text = (text or "").strip()[:64]
    if not text:
        return None
    for read in (datetime.fromisoformat, read_zoned, read_number, read_rfc822, read_numeric, read_spelled):
        try:
            moment = read(text)
            if moment and moment.year >= FIRST_YEAR:
                return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None


def read_zoned(text: str) -> datetime | None:
    """Read ISO 8601 with a zone or fraction that Python does not take: +8, UTC, seven digits."""
    match = ZONE.search(text)
    if not match:
        return None
    _, fraction, sign, hours, minutes, utc = match.groups()
    clock = match[1].strip().lstrip("Tt").rjust(5, "0") + (f".{fraction:0<6}" if fraction else "")
    zone = f"{sign}{hours:0>2}:{minutes or '00'}" if sign else ("+00:00" if utc else "")
    return datetime.fromisoformat(f"{text[: match.start()].strip()}T{clock}{zone}")


def read_number(text: str) -> datetime | None:
    if month := MONTHLY.fullmatch(text):
        return datetime(int(month[1]), int(month[2]), 1)
    seconds = SECONDS.fullmatch(text)
    return datetime.fromtimestamp(int(seconds[1]), UTC) if seconds else None


def read_rfc822(text: str) -> datetime | None:
    return parsedate_to_datetime(text)


def read_numeric(text: str) -> datetime | None:
    match = NUMERIC.fullmatch(text)
    if not match:
        return None
    *numbers, half = match.groups()
    year, month, day, hour, minute, second = (int(number or 0) for number in numbers)
    if half:
        hour = hour % 12 + (12 if half.upper() == "PM" else 0)
    return datetime(year, month, day, hour, minute, second)


def read_spelled(text: str) -> datetime | None:
    for form in SPELLED:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return None


Reader = Callable[[str], datetime | None]


def can_prune(lastmod: str | None, since: float) -> bool:
    """True where a listing last changed at `lastmod` cannot hold a page changed after `since` (seconds since 1970).

    Only by `since`: a listing that changed after `until` may well hold older pages too. Without a lastmod, never.
    """
    moment = parse_lastmod(lastmod)
    return moment is not None and (moment + SLACK).timestamp() < since


def in_range(lastmod: str | None, since: float | None = None, until: float | None = None) -> bool:
    """True where a page with this lastmod may have come out between `since` and `until` (seconds since 1970).

    A page comes out before its last change or with it, so `until` excludes nothing that has only a lastmod after it: what
    was published before may have been corrected since. Without a lastmod, always True.
    """
    return since is None or not can_prune(lastmod, since)
