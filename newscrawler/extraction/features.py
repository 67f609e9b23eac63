"""What a block looks like among its neighbours: numbers that tell the article's own text from the rest.

In: the blocks and boxes of a Page. Out: one row of numbers a block, named by NAMES.
Must not know: any language's words. Class and id names are English by habit everywhere, so these it may read.
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import log2

from newscrawler.extraction.page import Block, Box, Page

_GROUPS = {
    "content": "article content body text story post entry main prose richtext copy paragraph paragraphs detail details para",
    "navigation": "nav navigation menu breadcrumb breadcrumbs pagination pager pages paging toc navbar submenu dropdown tabs tab",
    "meta": "byline author authors meta date time published info dateline timestamp writer posted updated avatar",
    "share": "share social sharing facebook twitter toolbar tools follow icons whatsapp print actions likes rating",
    "related": "related recommended recommend recommendations recommendation more also next prev previous popular trending"
    " most latest recirc teaser teasers promo promos card cards list feed read recent similar outbrain taboola upnext",
    "advert": "ad ads advert advertisement advertising banner sponsor sponsored promotion commercial dfp adslot affiliate cta",
    "comment": "comment comments disqus discussion reply replies respond forum",
    "footer": "footer foot copyright legal disclaimer colophon bottom",
    "side": "sidebar side aside widget widgets rail secondary module",
    "subscribe": "newsletter subscribe subscription signup paywall premium login register cookie cookies consent gdpr modal"
    " popup overlay form email donate gate",
    "caption": "caption captions credit credits figcaption figure image images photo gallery media video slideshow player",
    "tags": "tag tags topic topics keyword keywords category categories label kicker section eyebrow",
    "title": "title headline heading head header hed",
    "lead": "lead standfirst summary intro excerpt dek deck description subtitle sub subheading lede abstract chapo",
    "quote": "quote pullquote blockquote pull",
    "note": "note notes footnote footnotes reference references bio box factbox infobox",
}
_HINTS = {word: 1 << bit for bit, words in enumerate(_GROUPS.values()) for word in words.split()}
_WORD = re.compile(r"[A-Z]?[a-z]+")

_TAG_HINTS = {
    "article": 1 << 16,
    "main": 1 << 17,
    "aside": 1 << 18,
    "nav": 1 << 19,
    "footer": 1 << 20,
    "header": 1 << 21,
    "figure": 1 << 22,
    "form": 1 << 23,
    "table": 1 << 24,
    "blockquote": 1 << 25,
    "ul": 1 << 26,
    "ol": 1 << 27,
    "section": 1 << 28,
    "li": 1 << 29,
}
BITS = [*_GROUPS, *_TAG_HINTS]

_TAGS = {
    tag: number
    for number, tags in enumerate(
        "p|h1|h2|h3|h4 h5 h6|li|div|section article main|td|th|blockquote q|figcaption caption|dt|dd|pre|button label legend"
        "|footer|header|address|center|body html|aside|figure|summary details".split("|"),
        start=1,
    )
    for tag in tags.split()
}

_ENDINGS = {".": 1, "!": 1, "?": 1, "。": 1, "！": 1, "？": 1, "…": 1, "।": 1, "۔": 1, "؟": 1, '"': 2, "”": 2, "»": 2, "」": 2}
_ENDINGS |= {
    "』": 2,
    ")": 3,
    "）": 3,
    "】": 3,
    "]": 3,
    ":": 4,
    "：": 4,
    ",": 5,
    "，": 5,
    ";": 5,
    "、": 5,
    "›": 6,
    ">": 6,
    "|": 6,
}

NAMES = (
    "words chars linked links strong ending commas digits start odd tag broken hidden depth position media"
    " share_own plain_own count_own share_parent plain_parent count_parent share_grand plain_grand count_grand"
    " same_words same_count same_plain core core_depth core_before core_after"
    " prev_words prev_linked prev_ending prev_tag prev_same next_words next_linked next_tag next_same"
    " prev2_words prev2_linked next2_words next2_linked window repeats title_like after_h1 page_blocks page_words core_share"
    " own parent above"
).split()
MASKS = ("own", "parent", "above")


@lru_cache(maxsize=8192)
def read_hints(tag: str, names: str) -> int:
    """Return the groups, as bits in the order of BITS, that an element's tag and names speak of."""
    bits = _TAG_HINTS.get(tag, 0)
    for word in _WORD.findall(names):
        bits |= _HINTS.get(word.lower(), 0)
    return bits


def count_words(text: str) -> int:
    """Return about how many words `text` has; in scripts without spaces, one for each two characters."""
    spaced = text.count(" ") + 1
    return spaced if len(text) < 12 * spaced else len(text) // 2


def read_rows(page: Page, title: str) -> list[list[float]]:
    """Return a row of numbers for each block of the page, in the order of NAMES."""
    blocks, boxes = page.blocks, page.boxes
    words = [count_words(block.text) for block in blocks]
    plain = [w * (1 - b.link_chars / len(b.text)) for w, b in zip(words, blocks)]
    good = [p if p >= 8 and p > w * 0.6 else 0.0 for p, w in zip(plain, words)]
    tallies: dict[Box, list[float]] = {box: [0.0, 0.0, 0.0, 0.0] for box in boxes}
    same: dict[str, list[float]] = {}
    repeats: dict[str, int] = {}
    for i, block in enumerate(blocks):
        tally = tallies[block.box]
        tally[0] += words[i]
        tally[1] += plain[i]
        tally[2] += good[i]
        tally[3] += 1
        group = same.setdefault(block.path, [0.0, 0.0, 0.0])
        group[0] += words[i]
        group[1] += plain[i]
        group[2] += 1
        repeats[block.text] = repeats.get(block.text, 0) + 1
    for box in reversed(boxes):
        if box.parent is not None:
            tally, above = tallies[box], tallies[box.parent]
            for k in range(4):
                above[k] += tally[k]
    total = (tallies[boxes[0]][2] if boxes else 0) or 1.0
    hints: dict[Box, tuple[int, int, int]] = {}
    for box in boxes:
        own = read_hints(box.tag, box.look.names)
        up = box.parent
        if up is None or box.depth <= 1:
            hints[box] = (own, 0, 0)
        else:
            hints[box] = (own, hints[up][0] if up.depth > 1 else 0, hints[up][1] | hints[up][2])
    core = _core(boxes, tallies)
    inside: dict[Box, int] = {}
    if core is not None:
        for box in boxes:
            if box is core:
                inside[box] = 0
            elif box.parent in inside:
                inside[box] = inside[box.parent] + 1
    members = [i for i, b in enumerate(blocks) if b.box in inside]
    first, last = (members[0], members[-1]) if members else (0, len(blocks))
    h1 = next((i for i, b in enumerate(blocks) if b.tag == "h1"), -1)
    core_share = tallies[core][2] / total if core is not None else 0.0
    title_words = set(title.lower().split()) if " " in title else set(title)
    logs = [log2(1 + w) for w in words]
    linked = [b.link_chars / len(b.text) for b in blocks]
    endings = [_ENDINGS.get(b.text[-1], 0) for b in blocks]
    tags = [_TAGS.get(b.tag, 0) for b in blocks]
    n, page_words = len(blocks), log2(1 + sum(words))
    rows: list[list[float]] = []
    for i, block in enumerate(blocks):
        text, box = block.text, block.box
        size = len(text)
        chain = []
        level: Box | None = box
        for _ in range(3):
            if level is None:
                chain += (1.0, 1.0, 0.0)
                continue
            t = tallies[level]
            chain += (t[2] / total, t[1] / t[0] if t[0] else 0.0, t[3])
            level = level.parent
        group = same[block.path]
        head = text[0]
        start = 1 if head.isupper() else 2 if head.islower() else 3 if head.isdigit() else 4 if head.isalpha() else 5
        odd = (1 if "©" in text else 0) + (2 if "|" in text else 0) + (4 if "@" in text else 0) + (8 if "://" in text else 0)
        commas = (
            (text.count(",") + text.count("，") + text.count("、") + text.count(". ") + text.count("。")) if words[i] > 6 else 0
        )
        digits = sum(c.isdigit() for c in text) / size if size < 80 else 0.0
        if size < 200:
            tw = set(text.lower().split()) if " " in title else set(text)
            alike = len(tw & title_words) / (len(tw | title_words) or 1)
        else:
            alike = 0.0
        window = sum(good[max(0, i - 4) : i + 5])
        rows.append(
            [
                logs[i],
                size,
                linked[i],
                block.links,
                block.strong_chars / size,
                endings[i],
                commas / words[i],
                digits,
                start,
                odd,
                tags[i],
                block.broken,
                block.hidden,
                box.depth,
                i / n,
                block.media - (blocks[i - 1].media if i else 0),
                *chain,
                group[0],
                group[2],
                group[1] / group[0],
                1 if box in inside else 0,
                inside.get(box, -1),
                i - first,
                last - i,
                logs[i - 1] if i else 0,
                linked[i - 1] if i else 0,
                endings[i - 1] if i else -1,
                tags[i - 1] if i else -1,
                (blocks[i - 1].box.parent is box.parent) if i else 0,
                logs[i + 1] if i + 1 < n else 0,
                linked[i + 1] if i + 1 < n else 0,
                tags[i + 1] if i + 1 < n else -1,
                (blocks[i + 1].box.parent is box.parent) if i + 1 < n else 0,
                logs[i - 2] if i > 1 else 0,
                linked[i - 2] if i > 1 else 0,
                logs[i + 2] if i + 2 < n else 0,
                linked[i + 2] if i + 2 < n else 0,
                log2(1 + window),
                repeats[text],
                alike,
                i - h1 if h1 >= 0 else 999,
                n,
                page_words,
                core_share,
                *hints[box],
            ]
        )
    return rows


def _core(boxes: list[Box], tallies: dict[Box, list[float]]) -> Box | None:
    """Return the deepest box that holds two thirds of the page's running text."""
    core = None
    mass = 0.0
    for box in boxes:
        if core is None:
            core, mass = box, tallies[box][2]
        elif box.parent is core and tallies[box][2] >= 0.67 * mass:
            core = box
    return core if mass else None


def title_of(page: Page) -> str:
    """Return the title the page declares: Open Graph's, else the <title>."""
    return next((c for n, c in page.metas if n == "og:title" and c), page.title_tag or "")
