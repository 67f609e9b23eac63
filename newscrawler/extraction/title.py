"""The headline: the string that a page prints above its text.

In: a Page and what it declares. Out: the headline without the site's name, and where it stands.
Must not know: any site.

A page's headings and its declared titles vote: a heading that agrees with what the head declares is the headline. A declared
title alone is often written for search engines; a heading alone is often the site's name or a section.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby, islice
from typing import NamedTuple
from urllib.parse import urlsplit

from newscrawler.extraction.found import NO_HINTS, Found, Hints
from newscrawler.extraction.likeness import compact, likeness, pairs
from newscrawler.extraction.metadata import Metadata, Stated
from newscrawler.extraction.page import HEADINGS, Block, Box, Page

LONGEST_TITLE = 300
"""Characters; the longest headline of the saved pages has 190."""

MOST_TITLES, MOST_HEADINGS = 40, 1_000
"""Candidates looked at, so that no page costs more than in proportion to its length."""

_RELATED = 0.35
"""Likeness from which a heading and a declared title are two headlines of one story: on the saved pages another story's
headline stays below .3, a variant for search engines above .4."""

_RANK = {"h1": 0.4, "h2": 0.2, "h3": 0.1}
"""What a heading's rank is worth beside its likeness: the headline is an h1 on 83% of the saved pages, an h2 on 5%."""

_TRUST = {"json-ld headline": 1.0, "json-ld alternativeHeadline": 0.6, "json-ld name": 0.8, "meta twitter:title": 0.6}
"""How often a declared title is the printed one; 0.9 for every other kind. Second headlines are for search and sharing."""

_UNSURE = 0.6
"""A lower heading that only resembles a declared title is mostly a section of the story: 6 of 7 on the saved pages."""

_KICKER = 24
"""Letters of a kicker ("Opinion", "Blog:") that may run into the headline."""

_SURE = 1.0
"""Score of a heading that says what a declared title says: no other can be likelier than by a little."""

_PREFIX = 8
"""Letters by which a line is seen to begin like a declared title."""

_FURNITURE = re.compile(r">(?:nav|footer|aside|form|dialog)\b|crumb|logo|sidebar|related|recommend|popup|modal", re.IGNORECASE)
"""Places in a template whose headings are not the story's, or repeat it for search engines."""

_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_CUT = re.compile(
    rf"\s+[-–—|·:»«•/ㅣ]+\s+|\s*[|_｜丨ㅣ»]+\s*|(?<=[{_CJK}）)”】！？。…])\s*[-–—]{{1,2}}\s*|\s-(?=\S)|(?<=\S)-\s|[：:](?=\S{{2,12}}$)"
)
"""What stands between a headline and the site's name in a <title>."""

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
"""Soft hyphens and joiners that a headline carries for its line breaks."""


class Heading(NamedTuple):
    """A candidate on the page: its text, the blocks it is made of, the rank of its element."""

    text: str
    blocks: tuple[Block, ...]
    rank: str


class Declared(NamedTuple):
    """A declared title, or the part of one before the site's name."""

    text: str
    key: str
    pairs: frozenset[str]
    evidence: str
    whole: bool

    def leads_to(self, key: str) -> bool:
        """Whether a heading is this title behind a kicker."""
        return self.whole and _KICKER < len(self.key) < len(key) <= len(self.key) + _KICKER and key.endswith(self.key)


def find_title(page: Page, metadata: Metadata, hints: Hints = NO_HINTS) -> Found | None:
    """Return the headline, or None where the page shows and declares none."""
    names = _site_names(page.url, (*hints.names, *metadata.site_names))
    declared = list(islice(_declared(page, metadata, names), MOST_TITLES))
    titles = "\n".join(item.text for item in declared)
    headings = list(islice(_headings(page), MOST_HEADINGS))
    found = _best((h for h in headings if h.rank == "h1" or h.text[:_PREFIX] in titles), declared, hints, names)
    if found is None or found[0] < _SURE:
        found = _best([*headings, *islice(_lines(page, titles), MOST_HEADINGS)], declared, hints, names)
    if found:
        return _answer(found[1], found[2], declared, names)
    if declared:
        return Found(declared[0].text, declared[0].text, declared[0].evidence)
    return None


def _best(
    headings: Iterable[Heading], declared: list[Declared], hints: Hints, names: set[str]
) -> tuple[float, Heading, Declared | None] | None:
    """Return the heading most likely to be the headline, with its score; the first of equals; None where none is likely."""
    best: tuple[float, Heading, Declared | None] | None = None
    for heading in headings:
        score, partner = _score(heading, declared, hints, names)
        if score > (best[0] if best else _RELATED):
            best = score, heading, partner
    return best


def _site_names(url: str, names: tuple[str, ...]) -> set[str]:
    """Return the keys of the site's names, those of its host among them."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return {compact(name) for name in (*names, host, *host.split(".")[:-1])} - {""}


def _declared(page: Page, metadata: Metadata, names: set[str]) -> Iterator[Declared]:
    """Yield each declared title, then its parts: without the site's name, up to each cut."""
    stated: dict[str, str] = {}
    for value, evidence in (*metadata.of("title"), *([Stated(page.title_tag, "title tag")] if page.title_tag else [])):
        stated.setdefault(value, evidence)
    seen: set[str] = set()
    for value, evidence in stated.items():
        for n, part in enumerate(_parts(value[:LONGEST_TITLE].translate(_INVISIBLE), names)):
            key = compact(part)
            if key and key not in seen and key not in names:
                seen.add(key)
                yield Declared(part, key, pairs(key), evidence, n == 0)


def _parts(text: str, names: set[str]) -> Iterator[str]:
    """Yield the title without the site's name at either end, then the runs of its pieces that keep the longest."""
    cuts = [(0, 0), *(match.span() for match in _CUT.finditer(text)), (len(text), len(text))]
    pieces = [(cuts[i][1], cuts[i + 1][0]) for i in range(len(cuts) - 1)]
    keys = [compact(text[a:b]) for a, b in pieces]
    longest = max(range(len(pieces)), key=lambda i: len(keys[i]))
    first, last = 0, len(pieces) - 1
    while last > longest and (keys[last] in names or not keys[last]):
        last -= 1
    while first < longest and (keys[first] in names or not keys[first]):
        first += 1
    yield text[pieces[first][0] : pieces[last][1]].strip()
    for end in range(last, longest - 1, -1):
        yield text[pieces[first][0] : pieces[end][1]].strip()
    yield text[pieces[longest][0] : pieces[longest][1]].strip()


def _headings(page: Page) -> Iterator[Heading]:
    """Yield each heading of the page, whole and block by block."""
    holder: dict[Box | None, Box] = {}
    for box in page.boxes:
        if box.tag in HEADINGS:
            holder[box] = box
        elif holder and box.parent in holder:
            holder[box] = holder[box.parent]
    held = [block for block in page.blocks if block.box in holder]
    for box, group in groupby(held, key=lambda block: holder[block.box]):
        yield from _of_group(list(group), box)


def _lines(page: Page, titles: str) -> Iterator[Heading]:
    """Yield each block that begins like one of the declared titles."""
    for block in page.blocks:
        if block.text[:_PREFIX] in titles and len(block.text) <= LONGEST_TITLE:
            yield Heading(block.text, (block,), "")


def _of_group(group: list[Block], box: Box) -> Iterator[Heading]:
    if len(group) < 9:
        if len(group) > 1:
            yield Heading(" ".join(block.text for block in group), tuple(group), box.tag)
        for block in group:
            yield Heading(block.text, (block,), box.tag)


def _score(heading: Heading, declared: list[Declared], hints: Hints, names: set[str]) -> tuple[float, Declared | None]:
    """Return how likely this heading is the headline, and the declared title it agrees with most."""
    text, block = heading.text, heading.blocks[0]
    if len(text) > LONGEST_TITLE:
        return 0.0, None
    key = compact(text)
    if key in names or not key:
        return 0.0, None
    mine, partner, agreement = pairs(key), None, 0.0
    for item in declared:
        exact = item.key == key or item.leads_to(key)
        alike = _TRUST.get(item.evidence, 0.9) * (1.0 if exact else 0.98 * likeness(mine, item.pairs))
        if not exact and heading.rank != "h1":
            alike *= _UNSURE
        if alike > agreement:
            partner, agreement = item, alike
    score = agreement + _RANK.get(heading.rank, 0.0)
    score -= 0.5 * _is_furniture(block.path) + 0.3 * block.hidden + 0.2 * (block.link_chars * 2 > len(block.text))
    score += 0.3 * (hints.paths.get("title") == block.path)
    return (score if agreement >= _RELATED or not declared else score * 0.5), partner


@lru_cache(maxsize=4096)
def _is_furniture(path: str) -> bool:
    return bool(_FURNITURE.search(path))


def _answer(heading: Heading, partner: Declared | None, declared: list[Declared], names: set[str]) -> Found:
    """Return the heading's text without the site's name; as declared where its pieces run together or a kicker leads."""
    raw = heading.text
    text = next(_parts(raw.translate(_INVISIBLE), names))
    key, evidence = compact(text), heading.rank or "line that repeats the declared title"
    same = [item for item in declared if item.key == key] or [item for item in declared if item.leads_to(key)]
    if same and (same[0].key != key or len(same[0].text) > len(text)):
        text, partner = same[0].text, same[0]
    if partner:
        evidence += f", as {partner.evidence}"
    return Found(text, raw, evidence, tuple(block.index for block in heading.blocks), heading.blocks[0].path)
