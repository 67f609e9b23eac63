"""What a block looks like among its neighbours: numbers that tell the article's own text from the rest.

In: the blocks and boxes of a Page. Out: one row of numbers a block, named by NAMES.
Must not know: any language's words. Class and id names are English by habit everywhere, so these it may read.
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import log2

from newscrawler.extraction.page import Box, Page, cut

_GROUPS = {
    "content": "article content body text story post entry main prose richtext copy paragraph paragraphs detail details para",
    "navigation": "nav navigation menu breadcrumb breadcrumbs pagination pager pages paging toc navbar submenu dropdown"
    " tabs tab",
    "meta": "byline author authors meta date time published info dateline timestamp writer posted updated avatar",
    "share": "share social sharing facebook twitter toolbar tools follow icons whatsapp print actions likes rating",
    "related": "related recommended recommend recommendations recommendation more also next prev previous popular trending"
    " most latest recirc teaser teasers promo promos card cards list feed read recent similar outbrain taboola upnext",
    "advert": "ad ads advert advertisement advertising banner sponsor sponsored promotion commercial dfp adslot affiliate cta",
    "comment": "comment comments disqus discussion reply replies respond forum",
    "footer": "footer foot copyright legal disclaimer colophon bottom",
    "side": "sidebar side aside widget widgets rail secondary module",
    "subscribe": "newsletter subscribe subscription signup paywall premium login register cookie cookies consent gdpr modal"
    " popup overlay form email donate gate onetrust ot dialog banner notification notice alert membership",
    "caption": "caption captions credit credits figcaption figure image images photo gallery media video slideshow player",
    "tags": "tag tags topic topics keyword keywords category categories label kicker section eyebrow",
    "title": "title headline heading head header hed",
    "lead": "lead standfirst summary intro excerpt dek deck description subtitle sub subheading lede abstract chapo",
    "quote": "quote pullquote blockquote pull tweet twitter instagram embed",
    "note": "note notes footnote footnotes reference references bio box factbox infobox",
}
_HINTS = {word: 1 << bit for bit, words in enumerate(_GROUPS.values()) for word in words.split()}
_WORD = re.compile(r"[A-Z]?[a-z]+")
_DIGIT = re.compile(r"\d")
_NAVIGATION = 1 << 19

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
_ROLE_HINTS = {"navigation": 1 << 19, "dialog": 1 << 9, "alertdialog": 1 << 9, "complementary": 1 << 18, "contentinfo": 1 << 20}
_ROLE_HINTS |= {"main": 1 << 17, "article": 1 << 16, "banner": 1 << 21}
BITS = [*_GROUPS, *_TAG_HINTS, "itemprop"]

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
    " share_own plain_own count_own share_parent plain_parent count_parent share_grand plain_grand count_grand share_great"
    " same_words same_count same_plain same_each core core_depth core_before core_after"
    " prev_words prev_linked prev_ending prev_tag prev_same next_words next_linked next_tag next_same"
    " prev2_words next2_words window repeats title_like after_title title_depth title_up described declared"
    " page_blocks page_words core_share own parent above"
).split()
MASKS = ("own", "parent", "above")


@lru_cache(maxsize=8192)
def read_hints(tag: str, names: str, role: str | None) -> int:
    """Return the groups, as bits in the order of BITS, that an element's tag and names speak of."""
    bits = _TAG_HINTS.get(tag, 0) | _ROLE_HINTS.get(role or "", 0)
    for word in _WORD.findall(names):
        bits |= _HINTS.get(word.lower(), 0)
    return bits


def count_words(text: str) -> int:
    """Return about how many words `text` has; in scripts without spaces, one for each two characters."""
    spaced = text.count(" ") + 1
    return spaced if len(text) < 12 * spaced else len(text) // 2


class Tally:
    """What stands in a box, itself or below: words, words outside links, words of running text, blocks."""

    __slots__ = ("above", "blocks", "good", "inside", "own", "plain", "title_depth", "words")

    def __init__(self) -> None:
        self.words = self.plain = self.good = 0.0
        self.blocks = 0
        self.own = self.above = 0
        self.inside = -1
        self.title_depth = 0


class Survey:
    """A page's blocks, counted."""

    def __init__(self, page: Page, title: str) -> None:
        self.page, self.title = page, title
        blocks = page.blocks
        self.words = [count_words(block.text) for block in blocks]
        self.linked = [block.link_chars / len(block.text) for block in blocks]
        self.plain = [words * (1 - linked) for words, linked in zip(self.words, self.linked, strict=True)]
        self.good = [p if p >= 8 and p > w * 0.6 else 0.0 for p, w in zip(self.plain, self.words, strict=True)]
        self.logs = [log2(1 + words) for words in self.words]
        self.endings = [_ENDINGS.get(block.text[-1], 0) for block in blocks]
        self.tags = [_TAGS.get(block.box.tag, 0) for block in blocks]
        self.tallies = {box: Tally() for box in page.boxes}
        self.same: dict[str, list[float]] = {}
        self.repeats: dict[str, int] = {}
        self._words = frozenset(title.lower().split() if " " in title else title)
        self._spaced = " " in title
        self._count()
        self.total = self.tallies[page.boxes[0]].good or 1.0
        self.core = self._find_core()
        self._mark_boxes()

    def _count(self) -> None:
        for i, block in enumerate(self.page.blocks):
            tally = self.tallies[block.box]
            tally.words += self.words[i]
            tally.plain += self.plain[i]
            tally.good += self.good[i]
            tally.blocks += 1
            same = self.same.get(block.box.path)
            if same is None:
                same = self.same[block.box.path] = [0.0, 0.0, 0.0, 0.0, 0]
            same[0] += self.words[i]
            same[1] += self.plain[i]
            same[2] += 1
            holder = id(block.box.parent)
            if same[4] != holder:
                same[4] = holder
                same[3] += 1
            self.repeats[block.text] = self.repeats.get(block.text, 0) + 1
        for box in reversed(self.page.boxes):
            if box.parent is not None:
                tally, above = self.tallies[box], self.tallies[box.parent]
                above.words += tally.words
                above.plain += tally.plain
                above.good += tally.good
                above.blocks += tally.blocks

    def _find_core(self) -> Box | None:
        """Return the deepest box that holds two thirds of the page's running text."""
        core = self.page.boxes[0]
        mass = self.tallies[core].good
        for box in self.page.boxes:
            if box.parent is core and self.tallies[box].good >= 0.67 * mass:
                core = box
        return core if mass else None

    def _mark_boxes(self) -> None:
        """Give each box the hints of its names, its depth in the core, and where its way parts from the title's."""
        h1 = next((i for i, block in enumerate(self.page.blocks) if block.box.tag == "h1"), -1)
        self.alike = [self._likeness(block.text) for block in self.page.blocks]
        alike = max(self.alike, default=0.0)
        self.title_at = self.alike.index(alike) if alike > 0.5 else h1
        way = set()
        box = self.page.blocks[self.title_at].box if self.title_at >= 0 else None
        while box is not None:
            way.add(box)
            box = box.parent
        bodies = {e for e in self.page.itemprops if "articleBody" in (e.get("itemprop") or "")}
        for box in self.page.boxes:
            tally, up = self.tallies[box], box.parent
            tally.own = read_hints(box.tag, box.look.names, cut(box.element.get("role")))
            if box.element in bodies:
                tally.own |= 1 << 30
            if up is None:
                continue
            above = self.tallies[up]
            tally.above = (above.own if up.depth > 1 else 0) | above.above
            tally.inside = 0 if box is self.core else above.inside + 1 if above.inside >= 0 else -1
            tally.title_depth = box.depth if box in way else above.title_depth

    def _likeness(self, text: str) -> float:
        """Return how much a block says the page's title."""
        if not self._words or not 4 <= len(text) <= 200:
            return 0.0
        words = set(text.lower().split() if self._spaced else text)
        shared = len(words & self._words)
        return shared / (len(words) + len(self._words) - shared) if shared else 0.0

    def may_be_own(self, i: int) -> bool:
        """Whether the block may be the article's at all: no short line of links alone, nothing in a navigation without text."""
        block = self.page.blocks[i]
        if self.linked[i] > 0.95 and self.words[i] < 8 and not 1 <= self.tags[i] <= 5:
            return False
        tally, up = self.tallies[block.box], block.box.parent
        if not (tally.own | tally.above | (self.tallies[up].own if up else 0)) & _NAVIGATION:
            return True
        grand = up.parent if up else None
        return grand is None or self.tallies[grand].good > 0


def read_rows(page: Page, title: str) -> tuple[list[int], list[list[float]]]:
    """Return the blocks that may be the article's, and for each of them a row of numbers in the order of NAMES."""
    if not page.blocks:
        return [], []
    survey = Survey(page, title)
    blocks, n = page.blocks, len(page.blocks)
    inside = [i for i, block in enumerate(blocks) if survey.tallies[block.box].inside >= 0]
    first, last = (inside[0], inside[-1]) if inside else (0, n)
    description = next((c for k, c in page.metas if k in ("og:description", "description") and c), "")
    declared = "".join(page.json_ld) if any("articleBody" in text for text in page.json_ld) else ""
    if declared and not any(block.text[:24] in declared for block in blocks if len(block.text) > 60):
        declared = ""
    core_share = survey.tallies[survey.core].good / survey.total if survey.core else 0.0
    page_words = log2(1 + sum(survey.words))
    rows: list[list[float]] = []
    candidates = [i for i in range(n) if survey.may_be_own(i)]
    logs, linked, tags, endings = survey.logs, survey.linked, survey.tags, survey.endings
    for i in candidates:
        block = blocks[i]
        text, box = block.text, block.box
        size, words = len(text), survey.words[i]
        tally = survey.tallies[box]
        chain: list[float] = []
        level: Box | None = box
        for _ in range(3):
            if level is None:
                chain += (1.0, 1.0, 0.0)
                continue
            t = survey.tallies[level]
            chain += (t.good / survey.total, t.plain / t.words if t.words else 0.0, t.blocks)
            level = level.parent
        great = survey.tallies[level].good / survey.total if level else 1.0
        same = survey.same[box.path]
        head = text[0]
        start = 1 if head.isupper() else 2 if head.islower() else 3 if head.isdigit() else 4 if head.isalpha() else 5
        odd = (1 if "©" in text else 0) + (2 if "|" in text else 0) + (4 if "@" in text else 0) + (8 if "://" in text else 0)
        commas = text.count(",") + text.count("，") + text.count("、") + text.count(". ") + text.count("。") if words > 6 else 0
        digits = len(_DIGIT.findall(text)) / size if size < 80 else 0.0
        up = box.parent
        rows.append(
            [
                logs[i], size, linked[i], block.links, block.strong_chars / size, endings[i], commas / words, digits, start,
                odd, tags[i], block.broken, box.hidden, box.depth, i / n, block.media - (blocks[i - 1].media if i else 0),
                *chain, great,
                same[0], same[2], same[1] / same[0], same[1] / same[3],
                tally.inside >= 0, tally.inside, i - first, last - i,
                logs[i - 1] if i else 0, linked[i - 1] if i else 0, endings[i - 1] if i else -1, tags[i - 1] if i else -1,
                (blocks[i - 1].box.parent is up) if i else 0,
                logs[i + 1] if i + 1 < n else 0, linked[i + 1] if i + 1 < n else 0, tags[i + 1] if i + 1 < n else -1,
                (blocks[i + 1].box.parent is up) if i + 1 < n else 0,
                logs[i - 2] if i > 1 else 0, logs[i + 2] if i + 2 < n else 0,
                log2(1 + sum(survey.good[max(0, i - 4) : i + 5])), survey.repeats[text],
                survey.alike[i], i - survey.title_at if survey.title_at >= 0 else 999,
                tally.title_depth, box.depth - tally.title_depth,
                size >= 30 and text[:30] in description,
                (2 if text[:24] in declared else 1) if declared and size >= 24 else 0,
                n, page_words, core_share, tally.own, survey.tallies[up].own if up and up.depth > 1 else 0, tally.above,
            ]
        )  # fmt: skip
    return candidates, rows


def title_of(page: Page) -> str:
    """Return the title the page declares: Open Graph's, else the <title>."""
    return next((c for n, c in page.metas if n == "og:title" and c), page.title_tag or "")
