"""Whether a page is an article at all.

In: a Page, what it declares, the body found on it. Out: a verdict. Must not know: any field's value.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import numpy as np

from newscrawler.extraction.body import Body
from newscrawler.extraction.forest import load_forest
from newscrawler.extraction.metadata import Metadata
from newscrawler.extraction.page import Page

NAMES = (
    "share plain_share linked_chosen og_article og_other ld_article ld_other dated author"
    " h1 headings linked_headings times digits depth hyphens root query ending"
).split()

_ARTICLES = ("article", "blogposting", "report", "liveblogposting")
_OTHERS = frozenset(
    "collectionpage itemlist product searchresultspage profilepage videoobject qapage event recipe discussionforumposting"
    " jobposting webapplication localbusiness".split()
)
_TYPES = re.compile(r'"@type"\s{0,8}:\s{0,8}(\[[^\]]{0,300}\]|"[^"]{0,100}")')
_NAME = re.compile(r"\w+")

ENDINGS = frozenset('.!?。！？…”"')
"""What a sentence ends with."""

FOUND, LISTED = 0.0, -0.6
"""Log-odds from which a page counts as an article: of itself, and where its site lists it as one, which it is until shown
otherwise."""


def is_article(page: Page, metadata: Metadata, body: Body, *, listed: bool, titled: bool) -> bool:
    """Whether the page is one article, not a list, a shop, a forum or an error.

    listed: its site says that it is. titled: it has a headline; without one it must at least have a sentence.
    """
    if not body.chosen or not (titled or any(page.blocks[at].text[-1] in ENDINGS for at in body.chosen)):
        return False
    row = np.array([describe(page, metadata, body)], dtype=np.float32)
    return bool(load_forest("kinds").score(row.T)[0] > (LISTED if listed else FOUND))


def describe(page: Page, metadata: Metadata, body: Body) -> list[float]:
    """Return numbers that tell an article from any other page, in the order of NAMES. None is a length: news can be short."""
    blocks, survey = page.blocks, body.survey
    chosen = [blocks[at] for at in body.chosen]
    words = survey.words[body.chosen].sum()
    headings = [block for block in blocks if block.tag in ("h2", "h3")]
    return [
        words / survey.words.sum(),
        words / (survey.plain.sum() or 1),
        sum(block.link_chars for block in chosen) / (sum(len(block.text) for block in chosen) or 1),
        *declared_kind(page),
        bool(metadata.of("published")),
        bool(metadata.of("author")),
        sum(block.tag == "h1" for block in blocks),
        len(headings),
        sum(2 * block.link_chars > len(block.text) for block in headings),
        len(page.times),
        *describe_address(page.url),
        sum(block.text[-1] in ENDINGS for block in chosen) / (len(chosen) or 1),
    ]


def declared_kind(page: Page) -> tuple[bool, bool, bool, bool]:
    """Return whether Open Graph, then JSON-LD, calls the page an article, or something else."""
    og = next((content.lower() for name, content in page.metas if name == "og:type"), "")
    types = {name.lower() for text in page.json_ld for match in _TYPES.findall(text) for name in _NAME.findall(match)}
    articles = any(name.endswith(_ARTICLES) for name in types)
    return "article" in og, bool(og) and "article" not in og, articles, not types.isdisjoint(_OTHERS)


def describe_address(url: str) -> tuple[float, float, float, bool, bool]:
    """Return of the path: digits, depth, hyphens of its last part; whether it is the root; whether there is a query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return 0, 0, 0, False, False
    steps = [step for step in parts.path.split("/") if step]
    last = steps[-1] if steps else ""
    return sum(map(str.isdigit, parts.path)), len(steps), last.count("-"), bool(parts.netloc) and not steps, bool(parts.query)
