"""Who published the article first, by what the page says.

In: a Page, what it declares, the lines about the article, its language. Out: the publisher's name as printed, and its address.
Must not know: any publisher; the grammar of labelled lines, which is attribution's.

A labelled line counts most. The site's own name gives way to another that the text's end names, as platforms label all
they carry. A page that names nobody has no source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from newscrawler.extraction.attribution import (
    LABEL,
    LONGEST_NAME,
    Attribution,
    clean_name,
    ends_in_label,
    is_name,
    read_attribution,
)
from newscrawler.extraction.bare_names import ALONE, BRACKETED, bare_names
from newscrawler.extraction.found import NO_HINTS, Found, Hints
from newscrawler.extraction.likeness import compact, name_key
from newscrawler.extraction.metadata import Metadata, web_address
from newscrawler.extraction.page import Block, Page, shown_text
from newscrawler.extraction.surroundings import Surroundings, which_hold
from newscrawler.extraction.vocabulary import any_of, read_table
from newscrawler.urls import site_key

LONGEST_LINE = 240
"""Characters of a line that may be all byline or notice."""

_LINE_END = 90
"""Characters at a paragraph's end in which its source may stand."""

_OTHER_PAGES = re.compile(rf"\W*(?:{any_of(read_table('attribution')['other pages'])})", re.IGNORECASE)
"""Lines below the text after which the sources are other articles'."""

_TITLE_CUT = re.compile(r"\s*[|_｜丨»]\s*|\s+[-–—]\s+|[-–—]{1,2}(?=[^-–—\s]+$)")
_ASIDE = re.compile(r"figure|caption|credit|fact-?box|infobox|>aside|quote|gallery|slide|product", re.IGNORECASE)
"""Places in a template whose sources are a picture's or a box's."""

_COLON = re.compile(r"[:：︰|丨｜/／\]】\s]")
"""Stands between a label and its name; a phrase without one ("本文来自某网") that names the site itself is its notice."""


def find_source(page: Page, metadata: Metadata, place: Surroundings, own: set[str], hints: Hints = NO_HINTS) -> Found | None:
    """Return the original publisher's name, or None where the page attributes the article to nobody.

    own: the keys of the site's names.
    """
    head, tail = list(_labelled(place.head, place, hints)), list(_labelled(_article_tail(place), place, hints))
    named = [*head, *(found for found in tail[::-1] if _COLON.search(found.raw) or not _is_own(found.value, own))]
    foreign = [found for found in named if compact(found.value) not in own]
    if named:
        return next(iter(foreign or named))
    bare = list(bare_names(page, place))
    other = next((found for found in bare if not _is_own(found.value, own)), None)
    return (
        other
        or _declared(metadata, own, page.url)
        or next((found for found in bare if found.evidence in (ALONE, BRACKETED)), None)
    )


def own_names(page: Page, metadata: Metadata, hints: Hints) -> set[str]:
    """Return the keys of the site's names: known, declared, of its host, and at the end of its <title>."""
    host = (urlsplit(page.url).hostname or "").removeprefix("www.")
    ends = _TITLE_CUT.split((page.title_tag or "")[:LONGEST_LINE])[1:]
    names = {name_key(name) for name in (*hints.names, *metadata.site_names, host, *host.split(".")[:-1])}
    return (names | {compact(end) for end in ends}) - {""}


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
    if preferred := hints.paths.get("source"):
        blocks = sorted(blocks, key=lambda block: block.path != preferred)
    lines = [(block, _readable(block, place)) for block in blocks]
    for at in sorted(which_hold(LABEL, [text for _, text in lines])):
        block, text = lines[at]
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
