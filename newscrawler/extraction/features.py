"""What a block looks like among its neighbours: numbers that tell the article's own text from the rest.

In: the Survey of a Page. Out: one column of numbers a block, named by NAMES. Must not know: any language's words.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from newscrawler.extraction.looks import BITS, NAVIGATION
from newscrawler.extraction.page import Box, Page
from newscrawler.extraction.survey import RUNNING, Numbers, Places, Survey

_TAGS = {
    tag: number
    for number, tags in enumerate(
        "p|h1|h2|h3|h4 h5 h6|li|div|section article main|td|th|blockquote q|figcaption caption|dt|dd|pre|button label legend"
        "|footer|header|address|center|body html|aside|figure|summary details".split("|"),
        start=1,
    )
    for tag in tags.split()
}

_ENDINGS = {
    ending: number
    for number, endings in enumerate((".!?。！？…।۔؟", '"”»」』', ")）】]", ":：", ",，;、", "›>|"), start=1)
    for ending in endings
}

_ITEMPROP = 1 << len(BITS) - 1

NAMES = (
    "words chars linked links ending start odd tag hidden depth position media"
    " share_own plain_own count_own share_parent plain_parent count_parent share_grand plain_grand count_grand share_great"
    " same_words same_count same_plain same_each core core_depth core_before core_after"
    " prev_linked prev_tag next_words next_linked next_tag next_same window repeats"
    " after_title title_depth title_up described declared page_blocks page_words core_share"
).split()
MASKS = ("own", "parent", "above")
COLUMNS = [*NAMES, *(f"{mask} {bit}" for mask in MASKS for bit in BITS)]


TELLING = 30
"""Characters by which a text is known to be the one that the page's description begins with."""

NEAR = 10
"""Blocks from running text within which a block may be the article's: of the saved news pages' text, .999 stands nearer."""


def read_columns(survey: Survey) -> tuple[Places, NDArray[np.float32]]:
    """Return which blocks may be the article's, and their numbers: a row for each of COLUMNS, a column for each block."""
    tags = np.array([_TAGS.get(block.box.tag, 0) for block in survey.page.blocks])
    asked = np.flatnonzero(_may_be_own(survey, tags))
    masks = _masks(survey, asked)
    grand = survey.parent[survey.parent[survey.box[asked]]]
    kept = (np.bitwise_or.reduce(masks) & NAVIGATION == 0) | (survey.good_share[grand] > 0)
    asked, masks = asked[kept], masks[:, kept]
    columns = np.empty((len(COLUMNS), len(asked)), dtype=np.float32)
    for at, column in enumerate(_columns(survey, tags, asked)):
        columns[at] = column
    bits = np.unpackbits(masks[:, :, None].view(np.uint8), axis=2, bitorder="little")[:, :, : len(BITS)]
    columns[len(NAMES) :] = bits.swapaxes(1, 2).reshape(len(MASKS) * len(BITS), len(asked))
    return asked, columns


def _may_be_own(survey: Survey, tags: Places) -> NDArray[np.bool_]:
    """Return which blocks stand near running text and are no short lines of links alone."""
    links = (survey.linked > 0.95) & (survey.words < RUNNING) & ((tags < 1) | (tags > 5))
    before, at, n = survey.good_before, np.arange(len(tags)), len(tags)
    near = before[np.minimum(at + NEAR + 1, n)] > before[np.maximum(at - NEAR, 0)]
    may: NDArray[np.bool_] = ~links & (near | (before[n] == 0))
    return may


def _masks(survey: Survey, asked: Places) -> NDArray[np.uint32]:
    """Return for each block asked about the hints of its box, of the box around it, and of all around it."""
    page = survey.page
    boxes = [page.blocks[index].box for index in asked.tolist()]
    own = [box.look.hints for box in boxes]
    around = [box.parent.look.hints if box.parent and box.parent.depth > 1 else 0 for box in boxes]
    masks = np.array([own, around, [box.above for box in boxes]], dtype="<u4")
    for element in page.itemprops:
        if "articleBody" in (element.get("itemprop") or ""):
            box = next((box for box in page.boxes if box.element is element), None)
            if box:
                _mark_body(box, page, asked, masks)
    return masks


def _mark_body(body: Box, page: Page, asked: Places, masks: NDArray[np.uint32]) -> None:
    """Set the hint of the declared article body for the blocks in it."""
    for at in np.flatnonzero((asked >= body.start) & (asked < body.end)).tolist():
        box = page.blocks[asked[at]].box
        masks[0 if box is body else 1 if box.parent is body else 2, at] |= _ITEMPROP


def _columns(survey: Survey, tags: Places, asked: Places) -> Iterator[ArrayLike]:
    """Yield the columns in the order of NAMES."""
    logs = np.log2(1 + survey.words)
    yield from _own(survey, logs, asked)
    yield tags[asked]
    yield from _place(survey, asked)
    yield from _boxes(survey, asked)
    yield from _alike(survey, asked)
    yield from _core(survey, asked)
    yield from _neighbours(survey, logs, tags, asked)
    yield from _title(survey, asked)
    yield from ([number] * len(asked) for number in (len(tags), np.log2(1 + survey.words.sum()), _core_share(survey)))


def _core_share(survey: Survey) -> float:
    return float(survey.good_share[survey.core.index]) if survey.core else 0.0


def _own(survey: Survey, logs: Numbers, asked: Places) -> Iterator[ArrayLike]:
    """Yield what a block says of itself."""
    blocks = [survey.page.blocks[at] for at in asked.tolist()]
    yield logs[asked]
    yield survey.size[asked]
    yield survey.linked[asked]
    yield [block.links for block in blocks]
    yield [_ENDINGS.get(block.text[-1], 0) for block in blocks]
    yield [_start(block.text[0]) for block in blocks]
    yield [("©" in text) + 2 * ("|" in text) + 4 * ("@" in text) + 8 * ("://" in text) for text in (b.text for b in blocks)]


def _start(head: str) -> int:
    """Return the kind of a first character: upper case, lower case, digit, letter without case, other."""
    return 1 if head.isupper() else 2 if head.islower() else 3 if head.isdigit() else 4 if head.isalpha() else 5


def _place(survey: Survey, asked: Places) -> Iterator[ArrayLike]:
    """Yield how and where a block stands."""
    blocks = survey.page.blocks
    yield [blocks[at].box.hidden for at in asked.tolist()]
    yield survey.depth[survey.box[asked]]
    yield asked / len(blocks)
    yield np.diff([block.media for block in blocks], prepend=0)[asked]


def _boxes(survey: Survey, asked: Places) -> Iterator[ArrayLike]:
    """Yield of the boxes around a block, from the inside out, how much of the page's text they hold."""
    level = survey.box[asked]
    for _ in range(3):
        yield survey.good_share[level]
        yield survey.plain_share[level]
        yield survey.count[level]
        level = survey.parent[level]
    yield survey.good_share[level]


def _alike(survey: Survey, asked: Places) -> Iterator[ArrayLike]:
    """Yield of the blocks asked about with the same path, this one among them: words, blocks, and how they read."""
    numbers: dict[str, int] = {}
    blocks = survey.page.blocks
    path = np.array([numbers.setdefault(blocks[at].box.path, len(numbers)) for at in asked.tolist()], dtype=np.intp)
    words, count = np.bincount(path, survey.words[asked]), np.bincount(path)
    plain = np.bincount(path, survey.plain[asked])
    order = np.argsort(path, kind="stable")
    holder = survey.parent[survey.box[asked[order]]]
    first = np.ones(len(path), dtype=bool)
    first[1:] = (path[order][1:] != path[order][:-1]) | (holder[1:] != holder[:-1])
    yield words[path]
    yield count[path]
    yield (plain / words)[path]
    yield (plain / np.bincount(path[order], first))[path]


def _core(survey: Survey, asked: Places) -> Iterator[ArrayLike]:
    """Yield where a block stands by the core."""
    core = survey.core
    first, last = (core.start, core.end - 1) if core else (0, len(survey.page.blocks))
    inside = (asked >= first) & (asked <= last) & (core is not None)
    yield inside
    depth = survey.depth[survey.box[asked]] - (core.depth if core else 0)
    yield np.where(inside & (depth >= 0), depth, -1)
    yield asked - first
    yield last - asked


def _neighbours(survey: Survey, logs: Numbers, tags: Places, asked: Places) -> Iterator[ArrayLike]:
    """Yield how the blocks before and after look, and how much running text stands within four blocks."""
    n = len(tags)
    before, after = asked - 1, asked + 1
    last = after == n
    after[last] = asked[last]
    yield np.where(asked > 0, survey.linked[before], 0)
    yield np.where(asked > 0, tags[before], -1)
    yield np.where(last, 0, logs[after])
    yield np.where(last, 0, survey.linked[after])
    yield np.where(last, -1, tags[after])
    yield ~last & (survey.parent[survey.box[after]] == survey.parent[survey.box[asked]])
    running = survey.good_before
    yield np.log2(1 + running[np.minimum(asked + 5, n)] - running[np.maximum(asked - 4, 0)])


def _title(survey: Survey, asked: Places) -> Iterator[ArrayLike]:
    """Yield how a block stands by the headline, and by the texts the page declares."""
    page, repeats = survey.page, survey.repeats()
    yield [repeats[at] for at in asked.tolist()]
    yield asked - survey.title_at if survey.title_at >= 0 else [999.0] * len(asked)
    yield survey.title_depth[asked]
    yield survey.depth[survey.box[asked]] - survey.title_depth[asked]
    description = next((c for k, c in page.metas if k in ("og:description", "description") and c), "")
    texts = [page.blocks[at].text for at in asked.tolist()]
    yield [len(text) >= TELLING and text[:TELLING] in description for text in texts]
    declared = _declared_body(page)
    yield [(2 if text[:24] in declared else 1) if declared and len(text) >= 24 else 0 for text in texts]


def _declared_body(page: Page) -> str:
    """Return the articleBody that JSON-LD declares, where it is of this page's text."""
    declared = "".join(page.json_ld) if any("articleBody" in text for text in page.json_ld) else ""
    known = declared and any(block.text[:24] in declared for block in page.blocks if len(block.text) > 60)
    return declared if known else ""
