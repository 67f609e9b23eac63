"""The headline: the string that a page prints above its text.

In: a Page and what it declares. Out: the headline without the site's name, and where it stands.
Must not know: any site.

A page's headings and its declared titles vote: a heading that agrees with what the head declares is the headline. A declared
title alone is often written for search engines; a heading alone is often the site's name or a section. Only where a news
article's JSON-LD and its og:title both give the headline in other words than the heading's are theirs taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, islice
from typing import NamedTuple

from newscrawler.extraction.declared_titles import (
    LONGEST_TITLE,
    Declared,
    declared_titles,
    site_names,
    without_names,
    without_rider,
)
from newscrawler.extraction.found import NO_HINTS, Found, Hints
from newscrawler.extraction.likeness import compact, likeness, pairs
from newscrawler.extraction.metadata import Metadata
from newscrawler.extraction.page import HEADINGS, Block, Box, Page

MOST_TITLES, MOST_HEADINGS = 40, 1_000
"""Candidates looked at, so that no page costs more than in proportion to its length."""

_RELATED = 0.35
"""Likeness from which a heading and a declared title are two headlines of one story: on the saved pages another story's
headline stays below .3, a variant for search engines above .4."""

_RANK = {"h1": 0.4, "h2": 0.2, "h3": 0.1}
"""What a heading's rank is worth beside its likeness: the headline is an h1 on 83% of the saved pages, an h2 on 5%."""

_UNSURE = 0.6
"""A lower heading that only resembles a declared title is mostly a section of the story: 6 of 7 on the saved pages."""

_PART = 0.8
"""A lower heading that says but a part of a declared title may as well be a section of the story."""

_KICKER = 24
"""Letters of a kicker ("Opinion", "Blog:") or of a rider ("(updated)") that may run into the headline."""

_SURE = 1.0
"""Score of a heading that says what a declared title says: no other can be likelier than by a little."""

_PREFIX = 8
"""Letters by which a line is seen to begin like a declared title."""

_MOST_BLOCKS, _MOST_NODES = 8, 16
"""Blocks, and pieces of text, in one headline's element; one with more holds other things."""

_FURNITURE = re.compile(r">(?:nav|footer|aside|form|dialog)\b|crumb|logo|sidebar|related|recommend|popup|modal", re.IGNORECASE)
"""Places in a template whose headings are not the story's, or repeat it for search engines."""


class Heading(NamedTuple):
    """A candidate on the page: its text, the blocks it is made of, the rank of its element."""

    text: str
    blocks: tuple[Block, ...]
    rank: str


class Chosen(NamedTuple):
    """The heading that is the headline, how likely that is, and the declared title it agrees with."""

    score: float
    heading: Heading
    partner: Declared | None


@dataclass(slots=True)
class Ballot:
    """What the headings of one page are held against: its declared titles, its site's names, what is known beforehand."""

    declared: list[Declared]
    names: set[str]
    hints: Hints
    by_key: dict[str, Declared] = field(init=False)
    """The most trusted declaration of each wording."""
    _pairs: list[frozenset[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Rank the declarations."""
        self.by_key = {item.key: item for item in sorted(self.declared, key=lambda item: item.trust)}

    def best(self, headings: Iterable[Heading]) -> Chosen | None:
        """Return the heading most likely to be the headline, the first of equals; None where none is likely."""
        best: Chosen | None = None
        for heading in headings:
            score, partner = self._score(heading)
            if score > (best.score if best else _RELATED):
                best = Chosen(score, heading, partner)
        return best

    def _score(self, heading: Heading) -> tuple[float, Declared | None]:
        """Return how likely this heading is the headline, and the declared title it agrees with most."""
        text, block = heading.text, heading.blocks[0]
        key = compact(text) if len(text) <= LONGEST_TITLE else ""
        if key in self.names or not key:
            return 0.0, None
        partner, agreement = self._agreement(key, heading.rank)
        if agreement < _RELATED and self.declared:
            return 0.0, None
        score = agreement + _RANK.get(heading.rank, 0.0)
        score -= 0.5 * _is_furniture(block.path) + 0.3 * block.hidden + 0.2 * (block.link_chars * 2 > len(block.text))
        return score + 0.3 * (self.hints.paths.get("title") == block.path), partner

    def _agreement(self, key: str, rank: str) -> tuple[Declared | None, float]:
        """Return the declared title that says most nearly what a heading says, and how far to trust the two."""
        if item := self.by_key.get(key) or next((item for item in self.declared if _is_within(item, key)), None):
            return item, item.trust * (1.0 if item.whole or rank == "h1" else _PART)
        mine, partner, agreement = pairs(key), None, 0.0
        self._pairs = self._pairs or [pairs(item.key) for item in self.declared]
        for item, theirs in zip(self.declared, self._pairs, strict=True):
            alike = item.trust * 0.98 * likeness(mine, theirs) * (1.0 if rank == "h1" else _UNSURE)
            if alike > agreement:
                partner, agreement = item, alike
        return partner, agreement


def find_title(page: Page, metadata: Metadata, hints: Hints = NO_HINTS) -> Found | None:
    """Return the headline, or None where the page shows and declares none."""
    names = site_names(page.url, (*hints.names, *metadata.site_names))
    declared = list(islice(declared_titles(page, metadata, names), MOST_TITLES))
    ballot = Ballot(declared, names, hints)
    if chosen := _choose(page, ballot):
        return _as_publisher_says(_answer(chosen, ballot), metadata, names)
    if declared:
        return Found(without_rider(declared[0].text), declared[0].text, declared[0].evidence)
    return None


def _choose(page: Page, ballot: Ballot) -> Chosen | None:
    """Return the likeliest heading; the lower ones and other lines are asked only where none is sure."""
    titles = "\n".join(item.text for item in ballot.declared)
    boxes = [box for box in page.boxes if box.tag in HEADINGS]
    chosen = ballot.best(islice(_headings(page, boxes, titles), MOST_HEADINGS))
    if chosen is None or chosen.score < _SURE:
        headings = islice(_headings(page, boxes, None), MOST_HEADINGS)
        chosen = ballot.best([*headings, *islice(_lines(page, titles), MOST_HEADINGS)])
    return chosen


def _headings(page: Page, boxes: Sequence[Box], titles: str | None) -> Iterator[Heading]:
    """Yield each heading of the page, whole and block by block; of the lower ranks those that begin like one of `titles`."""
    for box in boxes:
        if box.end - box.start <= _MOST_BLOCKS:
            group = page.blocks[box.start : box.end]
            if titles is None or box.tag == "h1" or any(block.text[:_PREFIX] in titles for block in group):
                if len(group) > 1:
                    yield Heading(" ".join(block.text for block in group), tuple(group), box.tag)
                yield from (Heading(block.text, (block,), box.tag) for block in group)


def _lines(page: Page, titles: str) -> Iterator[Heading]:
    """Yield each block that begins like one of the declared titles."""
    for block in page.blocks:
        if block.text[:_PREFIX] in titles and len(block.text) <= LONGEST_TITLE:
            yield Heading(block.text, (block,), "")


def _is_within(item: Declared, key: str) -> bool:
    """Whether a heading is this title behind a kicker, or before a rider."""
    fits = item.whole and _KICKER < len(item.key) < len(key) <= len(item.key) + _KICKER
    return fits and (key.endswith(item.key) or key.startswith(item.key))


@lru_cache(maxsize=4096)
def _is_furniture(path: str) -> bool:
    return bool(_FURNITURE.search(path))


def _answer(chosen: Chosen, ballot: Ballot) -> Found:
    """Return the heading's text without the site's name; as declared where its pieces run together or a kicker leads."""
    heading, partner = chosen.heading, chosen.partner
    text = without_rider(without_names(heading.text, ballot.names))
    key, evidence = compact(text), heading.rank or "line that repeats the declared title"
    same = ballot.by_key.get(key)
    within = (item for item in ballot.declared if _is_within(item, key))
    bare = next((item for item in within if _stands_apart(item, heading) or (not same and _follows_a_mark(item, text))), None)
    if better := bare or (same if same and len(same.text) > len(text) else None):
        text, partner = better.text, better
    if partner:
        evidence += f", as {partner.evidence}"
    return Found(text, heading.text, evidence, tuple(block.index for block in heading.blocks), heading.blocks[0].path)


def _stands_apart(item: Declared, heading: Heading) -> bool:
    """Whether the heading's markup parts this title from what leads to it, or from what follows."""
    nodes = [compact(str(node)) for block in heading.blocks for node in islice(block.element.itertext(), _MOST_NODES)]
    return item.key in accumulate(nodes) or any("".join(nodes[at:]) == item.key for at in range(len(nodes)))


def _follows_a_mark(item: Declared, text: str) -> bool:
    """Whether a colon or the like parts this title from what leads to it."""
    return text.endswith(item.text) and not text[: -len(item.text)].rstrip()[-1].isalnum()


def _as_publisher_says(printed: Found, metadata: Metadata, names: set[str]) -> Found:
    """Return a news article's headline as its JSON-LD and its og:title both give it, where the page prints other words."""
    if not any(value.endswith("NewsArticle") for value, _ in metadata.of("kind")):
        return printed
    stated = {evidence: value for value, evidence in reversed(metadata.of("title"))}
    own, shared = (without_names(stated.get(name, ""), names) for name in ("json-ld headline", "meta og:title"))
    key = compact(own)
    if not key or key != compact(shared) or compact(printed.value).startswith(key):
        return printed
    evidence = f"json-ld headline, as meta og:title; {printed.evidence.partition(',')[0]}: {printed.value}"
    return Found(own, printed.raw, evidence, printed.blocks, printed.path)
