"""Who published the article first, by what the page says.

In: a Page, what it declares, the lines about the article, its language. Out: the publisher's name as printed, and its address.
Must not know: any publisher; the grammar of labelled lines, which is attribution's.

A labelled line counts most. The site's own name gives way to another that the text's end names, as platforms label all
they carry. A page that names nobody has no source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from urllib.parse import urlsplit

from newscrawler.extraction.attribution import (
    LONGEST_NAME,
    Attribution,
    clean_name,
    ends_in_label,
    has_label,
    is_name,
    looks_like_media,
    read_attribution,
)
from newscrawler.extraction.dates import read_moments
from newscrawler.extraction.found import NO_HINTS, Found, Hints
from newscrawler.extraction.likeness import compact
from newscrawler.extraction.metadata import Metadata, web_address
from newscrawler.extraction.page import Block, Page, shown_text
from newscrawler.extraction.surroundings import Surroundings
from newscrawler.extraction.vocabulary import any_of, read_table
from newscrawler.urls import site_key

LONGEST_LINE = 240
"""Characters of a line that may be all byline or notice."""

_LINE_END = 90
"""Characters at a paragraph's end in which its source may stand."""

_OTHER_PAGES = re.compile(rf"\W*(?:{any_of(read_table('attribution')['other pages'])})", re.IGNORECASE)
"""Lines below the text after which the sources are other articles'."""

_CLOSING = re.compile(r"[(（〔\[【]([^()（）〔〕\[\]【】]{2,40})[)）〕\]】]\s*$")
_TITLE_CUT = re.compile(r"\s*[|_｜丨»]\s*|\s+[-–—]\s+|[-–—]{1,2}(?=[^-–—\s]+$)")
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

_ASIDE = re.compile(r"figure|caption|credit|fact-?box|infobox|>aside|quote|gallery|slide|product", re.IGNORECASE)
"""Places in a template whose sources are a picture's or a box's."""

_DIGIT = re.compile(r"\d")
_SOURCE_CLASS = re.compile(r"(?:^|[\s_-])(?:source|laiyuan|ly|media-?name|copyfrom|from)(?:$|[\s_-])|source", re.IGNORECASE)
_MOST_ELEMENTS = 20
"""Elements of a byline's that are looked at; an element with more is the article's."""


def find_source(page: Page, metadata: Metadata, place: Surroundings, hints: Hints = NO_HINTS) -> Found | None:
    """Return the original publisher's name, or None where the page attributes the article to nobody."""
    own = own_names(page, metadata, hints)
    head, tail = list(_labelled(place.head, place, hints)), list(_labelled(_article_tail(place), place, hints))
    named = [*head, *tail[::-1]]
    foreign = [found for found in named if compact(found.value) not in own]
    if named:
        return next(iter(foreign or named))
    return next(_unlabelled(page, place, own), None) or _declared(metadata, own, page.url)


def own_names(page: Page, metadata: Metadata, hints: Hints) -> set[str]:
    """Return the keys of the site's names: known, declared, of its host, and at the end of its <title>."""
    host = (urlsplit(page.url).hostname or "").removeprefix("www.")
    ends = _TITLE_CUT.split((page.title_tag or "")[:LONGEST_LINE])[1:]
    return {compact(name) for name in (*hints.names, *metadata.site_names, host, *host.split(".")[:-1], *ends)} - {""}


def _article_tail(place: Surroundings) -> list[Block]:
    """Return the last paragraphs and the lines below, up to where other articles are listed."""
    lines: list[Block] = []
    for block in place.tail:
        if block.index >= place.body.stop and (_OTHER_PAGES.match(block.text) or block.link_chars * 2 > len(block.text) > 30):
            break
        lines.append(block)
    return lines


def _labelled(blocks: list[Block], place: Surroundings, hints: Hints) -> Iterator[Found]:
    """Yield the source of each line that names one behind a label; the template's own place for it first."""
    preferred = hints.paths.get("source")
    lines = [(block, _readable(block, place)) for block in sorted(blocks, key=lambda block: block.path != preferred)]
    if not has_label("\n".join(text for _, text in lines)):
        return
    for block, text in lines:
        in_body = place.body.start <= block.index < place.body.stop
        named = read_attribution(text)
        if named is None and len(text) < 12 and ends_in_label(text):
            named = _on_next_line(place, block)
        if named is None or _ASIDE.search(block.path):
            continue
        whole = len(named.raw) * 2 > len(block.text) or not in_body
        where = "labelled line beside the title" if block.index < place.body.start else "labelled line at the text's end"
        yield Found(_linked_part(block, named.name), named.raw, where, (block.index,) if whole else (), block.path)


def _readable(block: Block, place: Surroundings) -> str:
    """Return the line, or the end of a paragraph."""
    whole = _LINE_END if place.body.start <= block.index < place.body.stop else LONGEST_LINE
    return block.text if len(block.text) <= whole else block.text[-_LINE_END:]


def _on_next_line(place: Surroundings, block: Block) -> Attribution | None:
    """Return the name in the block after one that is only a label."""
    following = next((other for other in (*place.head, *place.tail) if other.index == block.index + 1), None)
    name = clean_name(following.text) if following and len(following.text) <= LONGEST_NAME else None
    return Attribution(name, f"{block.text} {name}", 0) if name else None


def _linked_part(block: Block, name: str) -> str:
    """Return the name without what runs on behind its link."""
    for link in block.element.iter("a") if block.links else ():
        text = shown_text(link)
        if len(text) > 1 and name.startswith(text):
            return text
    return name


def _unlabelled(page: Page, place: Surroundings, own: set[str]) -> Iterator[Found]:
    """Yield names that no label introduces: beside the time, in closing brackets, before a wire story's text."""
    yield from _beside_time(page, place, own)
    last = [block for block in place.tail if block.index < place.body.stop][-2:]
    for block in reversed(last):
        match = _CLOSING.search(block.text[-60:])
        lead = block.text[: -len(match[0])] if match else ""
        if match and (not lead or _SENTENCE_END.search(lead)) and (name := _bracketed(match[1], bool(lead))):
            yield Found(name, match[0].strip(), "brackets at the text's end", () if lead else (block.index,), block.path)
    first = page.blocks[place.body.start : place.body.start + 2]
    for block in first:
        if (
            (match := _WIRE.search(block.text[:100]))
            and (name := next(filter(None, match.groups())))
            and not _is_own(name, own)
        ):
            yield Found(name, match[0], "dateline", (), block.path)


def _bracketed(text: str, after_sentence: bool) -> str | None:
    """Return the publisher in "（X报）", "（X报 记者 某某）", "（某某/X报）", "(Reuters)"."""
    parts = re.split(r"\s*[/／]\s*", text)
    for part in parts[::-1]:
        name = clean_name(part)
        if name and looks_like_media(name):
            return name
    if after_sentence and len(text) <= 12 and text.isascii() and text.isalpha() and not text.islower():
        return text
    return None


def _beside_time(page: Page, place: Surroundings, own: set[str]) -> Iterator[Found]:
    """Yield what the template marks as the source, or what stands alone beside the time and is named like media."""
    for n, block in enumerate(place.head):
        if len(block.text) > 80 or block.index >= place.body.start or (place.title is not None and block.index <= place.title):
            continue
        moment = next(read_moments(block.text), None) if _DIGIT.search(block.text) else None
        marked = _marked(block) if moment or block.text[0] > _LAST_LATIN else None
        if marked and not _is_own(marked, own):
            yield Found(marked, marked, "element named source", (block.index,), block.path)
        if moment:
            rest = (*_SPACE_OR_BAR.split(block.text[: moment.start]), *_SPACE_OR_BAR.split(block.text[moment.end :]))
            if (linked := _linked_elsewhere(block, page.url)) and not _is_own(linked, own):
                yield Found(linked, block.text, "link beside the time", (block.index,), block.path)
            before = place.head[n - 1].text if n else ""
            for piece in (*rest, before if before[:1] > _LAST_LATIN else ""):
                name = piece.strip()
                if looks_like_media(name) and clean_name(name) == name and not _is_own(name, own):
                    yield Found(name, block.text, "name beside the time", (block.index,), block.path)


def _linked_elsewhere(block: Block, url: str) -> str | None:
    """Return the name that the line of the time links to another site."""
    host = site_key(url)
    for link in block.element.iter("a") if block.links and host else ():
        name = shown_text(link)
        address = web_address(url, link.get("href"))
        if address and site_key(address) != host and name in block.text and clean_name(name) == name and _is_unspaced(name):
            return name
    return None


def _is_unspaced(name: str) -> bool:
    return name[0] > _LAST_LATIN


def _marked(block: Block) -> str | None:
    """Return the text of the block's element whose class or id says source, if it has the shape of a name."""
    for element in islice(block.element.iter("a", "span", "em", "i", "p", "div", "td", "li"), _MOST_ELEMENTS):
        if _says_source(element.get("class"), element.get("id")):
            text = shown_text(element)
            if len(text) <= 30 and text in block.text and not any(map(str.isdigit, text)) and looks_like_media(text):
                return clean_name(text)
    return None


@lru_cache(maxsize=4096)
def _says_source(name: str | None, identity: str | None) -> bool:
    return bool(_SOURCE_CLASS.search(f"{name or ''} {identity or ''}"))


def _declared(metadata: Metadata, own: set[str], url: str) -> Found | None:
    """Return a declared source that is another than the site itself."""
    host = compact(urlsplit(url).hostname or "")
    for value, evidence in metadata.of("source"):
        if is_name(value) and ":" not in value and compact(value) not in host and not _is_own(value, own):
            return Found(value, value, evidence)
    return None


def _is_own(name: str, own: set[str]) -> bool:
    """Whether a name is the site's, or begins like one of its names."""
    key = compact(name)
    return any(key == known or (len(known) > 4 and (key.startswith(known) or known.startswith(key))) for known in own)


def find_source_url(page: Page, metadata: Metadata, source: Found | None) -> Found | None:
    """Return the address of the original: the source's link, a declared one, or a canonical address on another site."""
    host = site_key(page.url)
    for index in source.blocks if source else ():
        for link in page.blocks[index].element.iter("a"):
            address = web_address(page.url, link.get("href"))
            named = source is not None and compact(shown_text(link)) == compact(source.value)
            if named and address and site_key(address) != host:
                return Found(address, link.get("href") or "", "link in the source's line")
    for value, evidence in metadata.of("source_url"):
        if (address := web_address(page.url, value)) and site_key(address) != host:
            return Found(address, value, evidence)
    if metadata.canonical and host and site_key(metadata.canonical) != host:
        return Found(metadata.canonical, metadata.canonical, "canonical address on another site")
    return None
