"""Names of publishers that no label introduces: beside the time, in closing brackets, before a wire story's text.

In: a Page and the lines about its article. Out: the names, likeliest first.
Must not know: which of them are the site's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from newscrawler.extraction.attribution import clean_name, has_label, looks_like_media
from newscrawler.extraction.dates import Moment, read_moments
from newscrawler.extraction.found import Found
from newscrawler.extraction.metadata import web_address
from newscrawler.extraction.page import Block, Page, shown_text
from newscrawler.extraction.surroundings import Surroundings
from newscrawler.urls import site_key

_CLOSING = re.compile(r"[(（〔\[【]([^()（）〔〕\[\]【】]{2,40})[)）〕\]】]\s*$")
_SENTENCE_END = re.compile(r"[.!?。！？”\"'»…]\s*$")
_WIRE = re.compile(
    r"^\W{0,2}(?:据)?(?P<zh>[\u4e00-\u9fff]{1,8}?(?:社|网|報|报|电视台|通讯社))[\u4e00-\u9fff]{0,10}\d{1,2}月\d{1,2}日(?:电|電)"
    r"|^[(\[][가-힣·\s]{2,12}=(?P<ko>[가-힣A-Za-z0-9]{2,12})[)\]]"
    r"|^[A-ZÀ-ÖØ-Þ][^()\d—–]{2,50}?(?:, [^()—–]{3,20})? ?\((?P<la>[A-Z][A-Za-z]{1,11}(?: [A-Z][a-z]+)?|[a-z]{3,4})\)\.? ?[-–—]"
    r"|^\((?P<la2>[A-Z][A-Za-z]{1,11})\) [-–—]"
    r"|^[А-ЯЁ][А-Яа-яЁё -]+, \d{1,2} [а-яё]+\.? ?[/—–-] ?(?P<ru>[А-ЯЁ]{2,8}(?: [А-Я][а-яё]+)?)[/.]"
)
"""Datelines of agencies: 某社北京3月27日电, (서울=통신), LONDON (Agency) -, МОСКВА, 27 марта /АГЕНТСТВО/."""

_SPACE_OR_BAR = re.compile(r"\s+[-–—|·•/]\s+|\s*[|｜丨·•]\s*|(?<=[\u3040-\u9fff])\s+|\s+(?=[\u3040-\u9fff])")
_LAST_LATIN = "\u2e7f"
"""Scripts beyond are unspaced: their names of media can be told by their last letters."""

_SOURCE_CLASS = re.compile(r"(?:^|[\s_-])(?:source|laiyuan|ly|media-?name|copyfrom|from)(?:$|[\s_-])|source", re.IGNORECASE)
BESIDE, ALONE, BRACKETED = "name beside the time", "name alone beside the time", "brackets at the text's end"
"""Evidence; alone or in brackets even the site's own name is meant as the source."""

_SHORT_NAME = 8
"""Letters of an unspaced name that a template's word for its place makes a publisher's, whatever it ends in."""

_MOST_ELEMENTS = 20
"""Elements of a byline's that are looked at; an element with more is the article's."""


def bare_names(page: Page, place: Surroundings) -> Iterator[Found]:
    """Yield names that no label introduces: beside the time, in closing brackets, before a wire story's text."""
    yield from _beside_time(page, place)
    last = [block for block in place.tail if block.index < place.body.stop][-2:]
    for block in reversed(last):
        match = _CLOSING.search(block.text[-60:])
        lead = block.text[: -len(match[0])] if match else ""
        if match and (not lead or _SENTENCE_END.search(lead)) and (name := _bracketed(match[1], bool(lead))):
            yield Found(name, match[0].strip(), BRACKETED, () if lead else (block.index,), block.path)
    first = page.blocks[place.body.start : place.body.start + 2]
    for block in first:
        if (match := _WIRE.search(block.text[:100])) and (name := next(filter(None, match.groups()))):
            yield Found(name, match[0], "dateline", (), block.path)


def _bracketed(text: str, after_sentence: bool) -> str | None:
    """Return the publisher in "（X报）", "（X报 记者 某某）", "（某某/X报）", "(Reuters)"."""
    parts = [] if has_label(text) else re.split(r"\s*[/／]\s*", text)
    for part in parts[::-1]:
        name = clean_name(part)
        if name and looks_like_media(name):
            return name
    if after_sentence and len(text) <= 12 and text.isascii() and text.isalpha() and not text.islower():
        return text
    return None


def _beside_time(page: Page, place: Surroundings) -> Iterator[Found]:
    """Yield what the template marks as the source, or what stands alone beside the time and is named like media."""
    for n, block in enumerate(place.head):
        if len(block.text) > 80 or block.index >= place.body.start or (place.title is not None and block.index <= place.title):
            continue
        moment = next(read_moments(block.text), None) if block.index in place.dated else None
        marked = _marked(block) if moment or block.text[0] > _LAST_LATIN else None
        if marked:
            yield Found(marked, marked, "element named source", (block.index,), block.path)
        if not moment:
            continue
        if linked := _linked_elsewhere(block, page.url):
            yield Found(linked, block.text, "link beside the time", (block.index,), block.path)
        yield from _in_line(block, moment)
        before = place.head[n - 1] if n else block
        if before.text[0] > _LAST_LATIN and _is_name_alone(before.text):
            yield Found(before.text, before.text, BESIDE, (before.index,), before.path)


def _in_line(block: Block, moment: Moment) -> Iterator[Found]:
    """Yield each part of the time's line that is a name, those that only the markup parts from the time among them."""
    rest = (*_SPACE_OR_BAR.split(block.text[: moment.start]), *_SPACE_OR_BAR.split(block.text[moment.end :]))
    nodes = map(str, islice(block.element.itertext(), _MOST_ELEMENTS))
    alone = sum(map(bool, map(str.strip, rest))) == 1 and block.text[-1] > _LAST_LATIN
    for piece in (*rest, *nodes):
        name = piece.strip()
        if name in block.text and _is_name_alone(name):
            yield Found(name, block.text, ALONE if alone else BESIDE, (block.index,), block.path)


def _is_name_alone(text: str) -> bool:
    return looks_like_media(text) and clean_name(text) == text


def _linked_elsewhere(block: Block, url: str) -> str | None:
    """Return the name that the line of the time links to another site."""
    host = site_key(url)
    for link in block.element.iter("a") if block.links and host else ():
        name = shown_text(link)
        if not (name and _is_unspaced(name)):
            continue
        address = web_address(url, link.get("href"))
        if address and site_key(address) != host and name in block.text and clean_name(name) == name:
            return name
    return None


def _is_unspaced(name: str) -> bool:
    return name[0] > _LAST_LATIN


def _marked(block: Block) -> str | None:
    """Return the text of the block's element whose class or id says source, if it has the shape of a name."""
    for element in islice(block.element.iter("a", "span", "em", "i", "p", "div", "td", "li"), _MOST_ELEMENTS):
        if _says_source(element.get("class"), element.get("id")):
            text = shown_text(element)
            is_named = looks_like_media(text) or (_is_unspaced(text) and len(text) <= _SHORT_NAME) if text else False
            if is_named and len(text) <= 30 and text in block.text and clean_name(text) == text:
                return text
    return None


@lru_cache(maxsize=4096)
def _says_source(name: str | None, identity: str | None) -> bool:
    return bool(_SOURCE_CLASS.search(f"{name or ''} {identity or ''}"))
