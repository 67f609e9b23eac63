"""Whether a page is an article at all.

In: a Page, what it declares, the body found on it. Out: a verdict. Must not know: any field's value.
"""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import urlsplit

import numpy as np

from newscrawler.extraction.body import Body
from newscrawler.extraction.forest import load_forest
from newscrawler.extraction.looks import COMMENT
from newscrawler.extraction.metadata import Metadata
from newscrawler.extraction.page import Page
from newscrawler.extraction.survey import RUNNING
from newscrawler.extraction.vocabulary import read_table

_WORDS = {name: words.split() for name, words in read_table("kinds").items()}
"""What sections are called in addresses and in the class of <body>, in English by habit everywhere."""

_BIT = {word: 1 << bit for bit, words in enumerate(_WORDS.values()) for word in words}

DECLARED = slice(3, 9)
"""Place in NAMES of what a page declares in its head, which old and plain sites do not."""

NAMES = (
    "share plain_share linked_chosen og_article og_other ld_article ld_other dated author"
    " h1 headings linked_headings times digits depth hyphens root query ending"
    " cover runs elements short certainty after_title commented".split()
    + [f"{place} {name}" for place in ("address", "page") for name in _WORDS]
)

_ARTICLES = ("article", "blogposting", "report", "liveblogposting")
_OTHERS = frozenset(
    "collectionpage itemlist product searchresultspage profilepage videoobject qapage event recipe discussionforumposting"
    " jobposting webapplication localbusiness".split()
)
_TYPES = re.compile(r'"@type"\s{0,8}:\s{0,8}(\[[^\]]{0,300}\]|"[^"]{0,100}")')
_NAME = re.compile(r"\w+")
_WORD = re.compile(r"[a-z]+")

ENDINGS = frozenset('.!?。！？…”"')
"""What a sentence ends with."""

FOUND, LISTED = -0.4, -1.0
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
    words = survey.words[body.chosen].tolist()
    tags = [block.box.tag for block in blocks]
    headings = [block for block, tag in zip(blocks, tags, strict=True) if tag in ("h2", "h3")]
    path = path_of(page.url)
    return [
        sum(words) / float(survey.words.sum()),
        sum(words) / (float(survey.plain.sum()) or 1),
        sum(block.link_chars for block in chosen) / (sum(len(block.text) for block in chosen) or 1),
        *declared_kind(page),
        bool(metadata.of("published")),
        bool(metadata.of("author")),
        tags.count("h1"),
        len(headings),
        sum(2 * block.link_chars > len(block.text) for block in headings),
        len(page.times),
        *describe_address(path, page.url),
        sum(block.text[-1] in ENDINGS for block in chosen) / (len(chosen) or 1),
        *describe_body(body, words),
        *speak_of(path),
        *speak_of(" ".join(box.look.names for box in page.boxes[:2])),
    ]


def describe_body(body: Body, words: list[float]) -> tuple[float, ...]:
    """Return of the blocks chosen: how they cover their span, in how many runs and elements, how short, sure and placed."""
    survey, chosen, count = body.survey, body.chosen, len(body.chosen)
    if not chosen:
        return (0.0,) * 7
    boxes = [survey.page.blocks[at].box for at in chosen]
    return (
        sum(words) / float(survey.words[chosen[0] : chosen[-1] + 1].sum()),
        sum(later - earlier > 3 for earlier, later in pairwise(chosen)),
        (len({id(box.parent) for box in boxes}) - 1) / count,
        sum(number < RUNNING for number in words) / count,
        sum(body.odds[at] for at in chosen) / count,
        float(chosen[0] - survey.title_at) if survey.title_at >= 0 else -99.0,
        sum(box.above & COMMENT > 0 for box in boxes) / count,
    )


def speak_of(names: str) -> list[bool]:
    """Return for each kind of section whether the names speak of it."""
    bits = 0
    for word in _WORD.findall(names.lower()):
        bits |= _BIT.get(word, 0)
    return [bool(bits >> bit & 1) for bit in range(len(_WORDS))]


def declared_kind(page: Page) -> tuple[bool, bool, bool, bool]:
    """Return whether Open Graph, then JSON-LD, calls the page an article, or something else."""
    og = next((content.lower() for name, content in page.metas if name == "og:type"), "")
    types = {name.lower() for text in page.json_ld for match in _TYPES.findall(text) for name in _NAME.findall(match)}
    articles = any(name.endswith(_ARTICLES) for name in types)
    return "article" in og, bool(og) and "article" not in og, articles, not types.isdisjoint(_OTHERS)


def describe_address(path: str, url: str) -> tuple[float, float, float, bool, bool]:
    """Return of the path: digits, depth, hyphens of its last part; whether it is the root; whether there is a query."""
    steps = [step for step in path.split("/") if step]
    last = steps[-1] if steps else ""
    return sum(map(str.isdigit, path)), len(steps), last.count("-"), bool(url) and not steps, "?" in url


def path_of(url: str) -> str:
    """Return the path of an address; empty where it is none."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
