"""The smaller fields: section, tags, lead image, canonical address, licence.

In: a Page, what it declares, its headline. Out: each field as the page gives it.
Must not know: the article's text.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from newscrawler.extraction.found import Found
from newscrawler.extraction.likeness import compact
from newscrawler.extraction.metadata import Metadata, web_address
from newscrawler.extraction.page import Block, Page
from newscrawler.extraction.vocabulary import read_table
from newscrawler.urls import canonicalise, same_site

_NAMES_A_PAGE = re.compile(r"\d{4}|[^/-]-[^/-]+-[^/-]")
"""In a path that needs no query to tell one article from another: a date or a number, or a title of three words."""

MOST_TAGS = 30
"""Keywords kept; longer lists are written for search engines."""

_LONGEST_SECTION, _LONGEST_TAG = 40, 60
_TAG_CUT = re.compile(r"\s*[,，;；、|]\s*")
_TRAIL_CUT = re.compile(r"\s*(?:>{1,2}|»|›|→|/|::|-&gt;)\s*")
_TRAIL = re.compile(r"crumb|position|location|\bpath\b|local", re.IGNORECASE)
_HOME = frozenset(map(compact, read_table("bylines")["trail ends"]))
"""Steps of a trail that are no section: where it begins, and the page itself."""


def find_section(page: Page, metadata: Metadata, title: Found | None) -> Found | None:
    """Return the section the page declares, else the last step but the headline of the trail above it."""
    for value, evidence in metadata.of("section"):
        if len(value) <= _LONGEST_SECTION and "://" not in value:
            return Found(value, value, evidence)
    end = title.blocks[0] if title and title.blocks else min(len(page.blocks), 60)
    for block in reversed(page.blocks[max(0, end - 12) : end]):
        if (
            len(block.text) < 120
            and _TRAIL_CUT.search(block.text)
            and _is_trail(block.path)
            and (step := _last_step(block, title))
        ):
            return Found(step, block.text, "trail above the headline", (block.index,), block.path)
    return None


@lru_cache(maxsize=4096)
def _is_trail(path: str) -> bool:
    return bool(_TRAIL.search(path))


def _last_step(block: Block, title: Found | None) -> str | None:
    headline = compact(title.value) if title else ""
    for step in reversed(_TRAIL_CUT.split(block.text.partition("：")[2] or block.text)[1:]):
        key = compact(step)
        if key and key not in _HOME and not (headline and (key in headline or headline in key)):
            return step.strip() if len(step) <= _LONGEST_SECTION else None
    return None


def find_tags(metadata: Metadata) -> list[str]:
    """Return the keywords of the first kind of declaration that has any, in its order, each once."""
    kinds: dict[str, list[str]] = {}
    for value, evidence in metadata.of("tag"):
        kinds.setdefault(evidence, []).extend(_TAG_CUT.split(value))
    for tags in kinds.values():
        kept = list({compact(tag): tag.strip(" #") for tag in tags if compact(tag) and len(tag) <= _LONGEST_TAG}.values())
        if kept:
            return kept[:MOST_TAGS]
    return []


def find_image(page: Page, metadata: Metadata) -> Found | None:
    """Return the absolute address of the declared lead image."""
    for value, evidence in metadata.of("image"):
        if address := web_address(page.url, value):
            return Found(address, value, evidence)
    return None


def find_license(metadata: Metadata) -> Found | None:
    """Return the licence the page declares, as given."""
    stated = metadata.first("license")
    return Found(stated.value, stated.value, stated.evidence) if stated else None


def find_canonical(page: Page, metadata: Metadata) -> Found:
    """Return the page's one address, normalised: the declared one if it is on this site, else the page's own."""
    own = _normal(page.url) or page.url
    declared = metadata.canonical
    if declared and same_site(declared, page.url) and (canonical := _normal(declared)) and not is_for_many(canonical, own):
        return Found(canonical, declared, "link rel=canonical")
    return Found(own, page.url, "address")


def is_for_many(canonical: str, own: str) -> bool:
    """Is it what a careless template gives all pages: the home page, or `story` for each `story?sid=N`?"""
    named, mine = urlsplit(canonical), urlsplit(own)
    if named.query:
        return False
    if named.path == "/":
        return mine.path != "/" or bool(mine.query)
    return named.path == mine.path and bool(mine.query) and not _NAMES_A_PAGE.search(mine.path)


def _normal(address: str) -> str | None:
    try:
        return canonicalise(address)
    except ValueError:
        return None
