"""Read dates and times as pages print them.

In: a short text and its language. Out: the days and moments it names, with the very text they were read from.
Must not know: where on the page the text stands, which of several moments is the publication, the site's zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

import re2

from newscrawler.extraction.vocabulary import any_of, read_table
from newscrawler.extraction.zones import zone_named

LONGEST_LINE = 400
"""Characters of a line that are read: no dateline or byline in the saved pages is half as long."""

_YEARS = range(1900, 2101)
"""Numbers outside are no years of the web."""

_YEAR_FIRST = frozenset(("zh", "ja", "ko"))
"""Languages that write 24-03-27 for what others write 27-03-24."""

_BUDDHIST = 543
"""Thai years count from 543 BC."""

_WORD = r"(?<![^\W\d_])[^\W\d_][^\s\d,/|()\-]{1,15}+"
_OF = r"(?:\s?(?:de|di|del|of|d')\s)?"
_DATE = re.compile(
    r"(?<![\d.:/-])(?P<y1>\d{4})\s?(?P<cut>[-/.年년‐–])\s?(?P<m1>\d{1,2})\s?[-/.月월‐–]\s?(?P<d1>\d{1,2})(?![\d:])\s?[日号號일]?"
    r"|(?<![\d.:/-])(?P<a>\d{1,2})\s?(?P<cut2>[-/.])\s?(?P<b>\d{1,2})\s?(?P=cut2)\s?(?P<y2>\d{4}|\d{2})(?![\d:])"
    rf"|(?<!\d)(?P<d3>\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.)?[\s.,/-]{{0,2}}{_OF}"
    rf"(?:tháng (?P<n3>\d{{1,2}})|(?P<m3>{_WORD}))\.?(?:\s?năm\s)?{_OF}"
    r"[\s.,/-]{0,3}(?P<y3>\d{4})(?:(?!\d)|(?=\d{1,2}:\d))"
    rf"|(?P<m4>{_WORD})\s?(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?[\s.,]{{1,3}}(?:[^\W\d_]{{2,9}}[\s.,]{{1,2}})?(?P<y4>\d{{4}})(?:(?!\d)|(?=\d{{1,2}}:\d))"
    rf"|(?<!\d)(?P<y5>\d{{4}})[.,]?\s(?:m\.\s)?(?P<m5>{_WORD})\s(?P<d5>\d{{1,2}})(?!\d)"
)
_DIGIT = re.compile(r"\d")
_FIGURES = re.compile(r"\d(?:\d{3}|\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d)")
"""What every date has; most lines with a figure have neither, and are seen off at a twentieth of the cost."""

_BEFORE_YEAR = 45
"""Characters of a date before its year at most: "27th of September of 2024" has 21."""

_CLOCK = re.compile(
    r"(?P<half1>上午|下午|晚上|早上|凌晨|中午|午前|午後|오전|오후)?\s?"
    r"(?<!\d)(?P<hour>\d{1,2})\s?(?:[:：.hH時时点點시]|Uhr)\s?(?P<minute>\d{2})(?!\d)"
    r"(?:\s?[:：.分분]\s?(?P<second>\d{2})(?!\d)(?:[.,]\d{1,9})?)?\s?[分秒분]?"
    r"(?:\s?(?P<half2>[aApP]\.?\s?[mM]\b\.?|πμ|μμ))?"
    r"(?:[\s(]{0,2}(?P<zone>(?:UTC|GMT)\s?[+-−]\d{1,2}(?::?\d{2})?|[+-]\d{2}:?\d{2}(?!\d)|北京时间|мск|(?-i:[A-Z]{1,4})\b))?"
)
_MODIFIED = re2.compile(f"(?i){any_of(read_table('datelines')['modified'])}")
"""How pages say that a moment is a change's, in the languages of large newsrooms."""

_AFTERNOON = frozenset(("下午", "晚上", "午後", "오후", "pm", "μμ"))
_RUN_TOGETHER = re.compile(r"(\d{4})(\d\d)(\d\d)T?(\d\d)(\d\d)(\d\d)?$")
_YEAR_LAST = re.compile(r"([A-Z][a-z]{2} \d{1,2}) (\d\d:\d\d:\d\d [A-Z]{3,4}) (\d{4})$")
"""20240327203300; Wed Mar 27 20:33:00 CST 2024, as Java prints it."""

_GAP = 20
"""Characters that may stand between a day and its time: a weekday, "Uhr", "at", a bar."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, or a day with its time, as a text names it.

    value: a date alone, a datetime without zone (a clock on the wall), or one with zone.
    start, end: where `raw` stands in the text. swapped: the same with day and month exchanged, where either order is possible.
    """

    value: date | datetime
    raw: str
    start: int = 0
    end: int = 0
    swapped: date | datetime | None = None


def read_moments(text: str, language: str | None = None, *, month_first: bool = False) -> Iterator[Moment]:
    """Yield each moment that `text` names in full, day, month and year, in order.

    language: primary subtag; decides the few month names and zones that differ between languages.
    month_first: how 03/04/2024 is meant.
    """
    text, at, used = text[:LONGEST_LINE], 0, 0
    while (figures := _FIGURES.search(text, at)) and (match := _DATE.search(text, max(at, figures.start() - _BEFORE_YEAR))):
        at = match.start() + 1
        if (days := _days(match, language, month_first)) is None:
            continue
        clock = _clock_beside(text, match, used)
        start, end = match.span()
        if clock:
            start, end = min(start, clock.start()), max(end, clock.end())
        value, swapped = (_with_clock(day, clock, language) for day in days)
        if value:
            yield Moment(value, text[start:end].strip(), start, end, swapped)
        at = used = end


def has_figures(text: str) -> bool:
    """Whether a text has figures such as every date has; asked first, since it costs a twentieth of reading."""
    if text.isascii():
        raw = text.encode()
        has_digit = len(raw.translate(None, b"0123456789")) < len(raw)  # three times as fast as the search
    else:
        has_digit = _DIGIT.search(text) is not None
    return has_digit and _FIGURES.search(text) is not None


def names_month(text: str) -> bool:
    """Whether a short text with figures has a month's name among its words."""
    return any(map(str.isdigit, text)) and any(_month(word.strip(",."), None) for word in text.split() if not word[0].isdigit())


def is_modified(label: str) -> bool:
    """Whether a label says "updated" or the like."""
    return _MODIFIED.search(label) is not None


def read_declared(value: str, language: str | None = None, *, month_first: bool = False) -> date | datetime | None:
    """Return the moment of a machine's value: ISO 8601 in its many spellings, seconds since 1970, RFC 2822, else as printed."""
    text = value.strip()
    if text[:4].isdigit():
        try:
            moment = datetime.fromisoformat(text.replace(" +", "+")).replace(microsecond=0)
            return (moment.date() if len(text) <= 10 else moment) if moment.year in _YEARS else None
        except ValueError:
            pass
        if text.isdigit() and len(text) in (10, 13):
            return datetime.fromtimestamp(int(text[:10]), UTC)
        if match := _RUN_TOGETHER.match(text):
            text = "{}-{}-{} {}:{}:{}".format(*match.groups("00"))
    elif match := _YEAR_LAST.search(text):
        text = f"{match[1]} {match[3]} {match[2]}"
    return next((moment.value for moment in read_moments(text, language, month_first=month_first)), None)


def _days(match: re.Match[str], language: str | None, month_first: bool) -> tuple[date, date | None] | None:
    """Return the day a match of _DATE names, and the other reading where day and month can be exchanged."""
    group = match.groupdict()
    if group["a"]:
        one, two, year = int(group["a"]), int(group["b"]), int(group["y2"])
        if len(group["y2"]) == 2:
            if language in _YEAR_FIRST and (day := _day(2000 + one, two, year)):
                return day, None
            year += 2000
        either = (_day(year, two, one), _day(year, one, two))
        first, other = either[::-1] if month_first and group["cut2"] != "." else either
        return (first, other if other != first else None) if first else (other, None) if other else None
    for n in "1345":
        if group["y" + n]:
            month = group.get("n" + n) or group["m" + n]
            day = _day(int(group["y" + n]), _month(month, language), int(group["d" + n]))
            return (day, None) if day else None
    return None


def _day(year: int, month: int, day: int) -> date | None:
    if year - _BUDDHIST in range(1990, 2101):
        year -= _BUDDHIST
    if year not in _YEARS or not 1 <= month <= 12 or not 1 <= day <= 31:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(name: str, language: str | None) -> int:
    """Return 1 to 12, or 0 where `name` is no month."""
    if name.isdigit():
        return int(name)
    key = name.casefold().rstrip(".'’")
    return _EXCEPTIONS.get(language or "", {}).get(key) or _MONTHS.get(key, 0)


def _clock_beside(text: str, day: re.Match[str], used: int) -> re.Match[str] | None:
    """Return the time that stands after the day, else before it, with no other number between; not before `used`."""
    gaps: list[tuple[int, re.Match[str]]] = []
    after = _CLOCK.search(text, day.end(), day.end() + _GAP + 30)
    if after and _is_clock(after) and _is_gap(text[day.end() : after.start()]):
        gaps.append((after.start() - day.end(), after))
    start = max(used, day.start() - _GAP - 12)
    before = _CLOCK.finditer(text, start, day.start()) if any(map(str.isdigit, text[start : day.start()])) else ()
    gaps += [(day.start() - m.end(), m) for m in before if _is_clock(m) and _is_gap(text[m.end() : day.start()])]
    return min(gaps, key=lambda gap: gap[0], default=(0, None))[1]


def _is_gap(between: str) -> bool:
    return len(between) <= _GAP and not _DIGIT.search(between) and (len(between) < 2 or not is_modified(between))


def _is_clock(match: re.Match[str]) -> bool:
    return int(match["hour"]) < 25 and int(match["minute"]) < 60 and int(match["second"] or 0) < 60


def _with_clock(day: date | None, clock: re.Match[str] | None, language: str | None) -> date | datetime | None:
    if day is None or clock is None:
        return day
    hour, half = int(clock["hour"]), _half(clock)
    if half:
        hour = hour % 12 + 12 if half in _AFTERNOON else hour % 12 if half not in ("中午",) else hour
    zone = _offset(clock["zone"] or "", language)
    moment = datetime(day.year, day.month, day.day, hour % 24, int(clock["minute"]), int(clock["second"] or 0), tzinfo=zone)
    return moment + timedelta(days=1) if hour == 24 else moment


def _half(clock: re.Match[str]) -> str:
    return clock["half1"] or (clock["half2"] or "").casefold().replace(".", "").replace(" ", "")


def _offset(text: str, language: str | None) -> tzinfo | None:
    """Return the zone that "+08:00", "GMT-5" or "CEST" means."""
    digits = re.sub(r"[^\d]", "", text)
    if not digits:
        return zone_named(text, language) if text else None
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    if hours > 14 or minutes > 59:
        return None
    ahead = timedelta(hours=hours, minutes=minutes)
    return timezone(ahead if "+" in text else -ahead) if ahead else UTC


_TABLE = read_table("months")
_MONTHS = {name: int(month) for month, names in _TABLE["months"].items() for name in names.split()}
_EXCEPTIONS: dict[str, dict[str, int]] = _TABLE["exceptions"]
