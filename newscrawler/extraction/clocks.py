"""The moments a page states about its article.

In: a Page, what it declares, the lines about the article. Out: declared and printed moments with where each stands.
Must not know: which of them is the publication.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

import re2
from lxml import etree

from newscrawler.extraction.dates import has_figures, is_modified, read_declared, read_moments
from newscrawler.extraction.metadata import Stated
from newscrawler.extraction.page import Block, Page, shown_text
from newscrawler.extraction.surroundings import LONGEST_DATELINE, Surroundings
from newscrawler.extraction.vocabulary import any_of, read_table

_WORDS = read_table("datelines")
_PUBLISHED = re2.compile(
    rf"(?i){any_of(_WORDS['published'])}|(?:^|[^\pL\d_])(?:{any_of(_WORDS['published words'])})(?:$|[^\pL\d_])"
)
_AFTER = re.compile(rf"\s*({any_of(_WORDS['behind'])})")
"""Labels that stand behind their moment."""

_OTHERS = re2.compile(f"(?i){any_of(_WORDS['others'])}")
"""Labels of moments that are another page's."""

_PROSE = 60
"""Characters that stand before a moment in a line that is about it; more are a sentence that happens to name a day."""

_RUN_ON = re.compile(r"(?<=\d[-/.月]\d\d)(?=\d\d:\d\d(?!\d))")
"""Between a day and a clock that only the markup parts: 24-03-2720:33."""

_LABEL, _EARLY = 30, 25
"""Characters before a moment in which its label stands; at which a line about a moment begins to name it."""

_URL_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/_]?(0[1-9]|1[0-2])[-/_]?(0[1-9]|[12]\d|3[01])(?!\d)")

_URL_NAMED_DAY = re.compile(r"/(20\d\d)/([a-z]{3,9})/(\d\d?)/", re.IGNORECASE)

MOST_TIMES = 40
"""<time> elements read about one article."""

_ANCESTORS = 4
"""Elements between a <time> and the block that prints it at most."""


class Stamp(NamedTuple):
    """A stated moment.

    label: "published", "modified" (or otherwise not the publication) or "".
    score: how much its place speaks for it, of the printed ones.
    """

    value: date | datetime
    raw: str
    evidence: str
    label: str = ""
    score: float = 0.0
    block: Block | None = None
    swapped: date | datetime | None = None


def declared_stamps(stated: Iterable[Stated], language: str | None, month_first: bool) -> Iterator[Stamp]:
    """Yield what the head's declarations say, in their order."""
    for value, evidence in stated:
        moment = read_declared(value[:100], language, month_first=month_first)
        if moment:
            yield Stamp(moment, value, evidence)


def printed_stamps(place: Surroundings, language: str | None, month_first: bool) -> Iterator[Stamp]:
    """Yield each moment that a line about the article prints, those in sentences left out."""
    before = ""
    for block in place.head:
        text = block.text
        if block.index in place.dated:
            yield from _of_line(block, before, place, language, month_first)
        before = text if len(text) < 30 else ""
    for block in place.tail:
        if block.index in place.dated and len(block.text) < LONGEST_DATELINE:
            for stamp in _of_line(block, "", place, language, month_first):
                if stamp.label:
                    yield stamp._replace(score=stamp.score - 1, evidence="line below the text")


def labelled_stamps(page: Page, language: str | None, month_first: bool) -> Iterator[Stamp]:
    """Yield each moment anywhere on the page behind a label in its line or the one before, for pages that show no other."""
    before = ""
    for block in page.blocks:
        text = block.text
        if len(text) < _PROSE and has_figures(text):
            for moment in read_moments(text, language, month_first=month_first):
                if _label(text[: moment.start] or before) == "published":
                    yield Stamp(moment.value, moment.raw, "labelled line", "published", 0.0, block, moment.swapped)
        before = text if len(text) < 30 else ""


def _of_line(block: Block, before: str, place: Surroundings, language: str | None, month_first: bool) -> Iterator[Stamp]:
    text, at = block.text if len(block.text) <= LONGEST_DATELINE else block.text[: 2 * _PROSE], 0
    text = _RUN_ON.sub(" ", text) if ":" in text else text
    in_body = place.body.start <= block.index < place.body.stop
    for moment in read_moments(text, language, month_first=month_first):
        lead, behind = text[at : moment.start], _AFTER.match(text, moment.end)
        label = _label(lead if lead.strip() or at else before)
        at = moment.end
        if behind and not label:
            label, at = _label(behind[1]), behind.end()
        if len(lead) > _PROSE or ((len(block.text) > LONGEST_DATELINE or in_body) and not (label or moment.start < _EARLY)):
            continue
        if in_body and not (isinstance(moment.value, datetime) or label):
            continue
        score = _place_score(block, place) + len(moment.raw) / (len(block.text) + 10) + isinstance(moment.value, datetime)
        score += 2 * (label == "published")
        yield Stamp(moment.value, moment.raw, "line beside the title", label, score, block, moment.swapped)


def _label(lead: str) -> str:
    """Return what the text before a moment says of it."""
    tail = lead[-_LABEL:].strip()
    return _meaning(tail) if tail else ""


@lru_cache(maxsize=1024)
def _meaning(tail: str) -> str:
    """Return what a label says. Remembered, since a site gives all its dates the same few."""
    if _OTHERS.search(tail) or is_modified(tail):
        return "modified"
    return "published" if _PUBLISHED.search(tail) else ""


def _place_score(block: Block, place: Surroundings) -> float:
    """Return how near the headline a line stands; below it counts for more than above."""
    if place.title is None:
        return 0.0
    distance = block.index - place.title
    return -0.06 * distance if distance >= 0 else 0.09 * distance


def time_elements(page: Page, place: Surroundings, language: str | None) -> Iterator[Stamp]:
    """Yield what the <time> elements in the lines about the article hold in their datetime attribute."""
    blocks: dict[etree._Element, Block] = {}
    for block in place.head:
        blocks.setdefault(block.element, block)
    held = ((element, _holder(element, blocks)) for element in page.times)
    for element, holder in islice(((element, holder) for element, holder in held if holder), MOST_TIMES):
        value = element.get("datetime")
        moment = read_declared(value, language) if value else None
        if moment and value:
            shown = shown_text(element)
            lead = holder.text.partition(shown)[0] if shown else ""
            label = _label(shown if is_modified(shown) else lead)
            if "dateModified" in (element.get("itemprop") or "").split():
                label = "modified"
            yield Stamp(moment, value, "time tag", label, _place_score(holder, place) + 2 * (label == "published"), holder)


def _holder(element: etree._Element, blocks: dict[etree._Element, Block]) -> Block | None:
    step: etree._Element | None = element
    for _ in range(_ANCESTORS):
        if step is None:
            return None
        if step in blocks:
            return blocks[step]
        step = step.getparent()
    return None


def address_day(url: str) -> date | None:
    """Return the day that the page's address names, as in /2024/03/27/ or t20240327_1.html."""
    path = url.partition("?")[0]
    if match := _URL_NAMED_DAY.search(path):
        return next((m.value for m in read_moments(" ".join(match.groups()[::-1]), "en")), None)
    for match in _URL_DAY.finditer(path):
        try:
            return date(*map(int, match.groups()))
        except ValueError:
            continue
    return None
