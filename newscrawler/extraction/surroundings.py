"""Where bylines stand: the lines about the headline, and those about the text's end.

In: a Page, its headline, the span of its body. Out: the few blocks that the finders of time, source and authors read.
Must not know: what a byline says.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

import re2

from newscrawler.extraction.dates import has_figures
from newscrawler.extraction.found import Found
from newscrawler.extraction.page import Block, Page

_ABOVE, _INTO, _BELOW = 12, 3, 15
"""Blocks read above the headline, into the body at either end, and below the body."""

_FAR = 40
"""Blocks between headline and body at most; more are a menu or a gallery."""

LONGEST_DATELINE = 200
"""Characters of a line that may name a day."""

_INTRODUCTION = 8
"""Blocks of a body that may be a standfirst and bylines."""

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NAMED_BYLINE = re.compile(r"byline|author|autor|auteur|writer|date|time|publi", re.IGNORECASE)
"""What a line that stands between a standfirst and the text shows, or what templates call its element."""

_PARAGRAPH = 60
"""Width of a paragraph, a letter of an unspaced script counted twice."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The blocks about an article's text.

    head: from above the headline into the body. tail: from the body's last paragraphs on. title: index of the headline's block.
    body: indices of its first block and the one after its last. lines: the blocks of head and tail, each once.
    dated: indices of the lines that have figures such as every day has.
    """

    head: list[Block]
    tail: list[Block]
    title: int | None
    body: range
    lines: list[Block]
    dated: frozenset[int]


def which_hold(pattern: re2._Regexp, texts: Sequence[str]) -> set[int]:
    """Return the places of the texts in which a pattern of one line is found.

    All are asked at once: with RE2 that costs as much as asking two or three of them.
    """
    ends = list(accumulate(len(text) + 1 for text in texts))
    return {bisect(ends, match.start()) for match in pattern.finditer("\n".join(texts))}


def surround(page: Page, title: Found | None, body: range | None = None) -> Surroundings:
    """Return the blocks about the article; where the body's span is not known, about its largest run of paragraphs."""
    blocks, at = page.blocks, title.blocks[0] if title and title.blocks else None
    if body and at is not None and at in body[:-1]:
        body = range(at + 1, body.stop)
    span = _from_first_paragraph(blocks, body) if body else _largest_run(blocks, at or 0)
    start = at if at is not None and at < span.start else max(0, span.start - _FAR)
    first = max(0, start - _ABOVE)
    head = blocks[first : start + _FAR] if span.start - start > _FAR else blocks[first : span.start + _INTO]
    tail = blocks[max(span.stop - _INTO, span.start) : span.stop + _BELOW]
    last = head[-1].index if head else -1
    lines = [*head, *(block for block in tail if block.index > last)]
    dated = frozenset(block.index for block in lines if has_figures(block.text[:LONGEST_DATELINE]))
    return Surroundings(head, tail, at, span, lines, dated)


def _from_first_paragraph(blocks: list[Block], body: range) -> range:
    """Return the span without the short lines it begins with, which may be bylines, nor a standfirst above a byline."""
    wide = (index for index in body[: 2 * _INTRODUCTION] if _width(blocks[index].text) >= _PARAGRAPH)
    paragraphs = list(islice(wide, 2))
    first = paragraphs[0] if paragraphs and paragraphs[0] < body.start + _INTRODUCTION else body.start
    for after in paragraphs[1:2]:
        if after - first <= _INTRODUCTION and any(_is_byline(block) for block in blocks[first + 1 : after]):
            return range(after, body.stop)
    return range(first, body.stop)


def _is_byline(block: Block) -> bool:
    return bool(_YEAR.search(block.text) or _NAMED_BYLINE.search(block.path.rpartition(">")[2]))


def _largest_run(blocks: list[Block], start: int) -> range:
    """Return from the first to the last paragraph of the element that holds most of the text below `start`."""
    weight: Counter[int] = Counter()
    ends: dict[int, list[int]] = {}
    for block in blocks[start:]:
        width = _width(block.text)
        if width < _PARAGRAPH or block.link_chars * 2 > len(block.text) or block.tag.startswith("h"):
            continue
        holder = block.box if block.tag not in ("p", "li", "blockquote") or block.box.parent is None else block.box.parent
        weight[id(holder)] += width
        ends.setdefault(id(holder), [block.index, block.index])[1] = block.index
    if not weight:
        return range(min(start + 1, len(blocks)), min(start + 1, len(blocks)))
    first, last = ends[weight.most_common(1)[0][0]]
    return range(first, last + 1)


def _width(text: str) -> int:
    """Return the letters of a text, those of unspaced scripts, three bytes long, counted twice."""
    return len(text) if text.isascii() else (len(text) + len(text.encode("utf-8", "replace"))) // 2
