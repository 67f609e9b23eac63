"""Paragraphs in, the article's own paragraphs out, with an account of what was cut.

Extraction calls `strip` on the paragraphs of a body it has chosen, with the title, the lines it took other fields
from, and what the site's profile knows; its articles say so in `evidence["body"]`, and the pipeline calls `strip` on the
others only. `strip` of what it kept cuts nothing more; `removals.merge` makes one list of two steps' cuts, and
`removals.restore` undoes it.

A keyword is no evidence. A paragraph goes for what it is as a whole (an editor's line, a row of page numbers), or, at
the head or the tail of the article, for sentences in which the site speaks: who speaks, and the act (phrases.toml).
Must not know: HTML, Scrapy, which site it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Protocol

from newscrawler.phrases import NOTICE_POINTS, fold, line_rule, notice_points
from newscrawler.removals import Paragraph, Stripped, account

HEAD, TAIL = 2, 4
"""Paragraphs, counted in kept ones, in which a notice may stand before and after the text."""

NOTICE_LENGTH = 800
"""Longest paragraph that may be a notice as a whole; legal tails of finance portals reach 700 characters."""

NOTICE_SHARE = 0.6
"""Share of a paragraph's characters that notice sentences make up where the whole of it is a notice."""

LIST_LENGTH = 15
"""Longest run of titles under a heading such as "Read more" that goes with it."""

TITLE_LENGTH = 120
"""Longest line of such a run."""

SLACK = 8
"""Characters by which white space may make a repeated title longer than the title."""

NOBODYS = frozenset({"advertisement", "page numbers"})
"""Line rules for what never came with a story."""

_SENTENCE = re.compile(r"(?:[。！？!?；]+|\.(?=\s))[”\"’」』）)]*\s*")
_TRAILER = re.compile(r"([(（【\[][^()（）【】\[\]]*[)）】\]])\Z")
_CLOSING = (")", "）", "】", "]")
TRAILER_LENGTH = 90
"""Longest bracket at a paragraph's end that is looked at by itself."""

Window = tuple[int, int, str]
"""What is left of a paragraph, from and to, and the name of what cut the rest."""


class Known(Protocol):
    """What a profile says of a page; newscrawler.profiles.Reading is one."""

    @property
    def sure(self) -> bool:
        """Whether it knows all that the site says itself: notices that came with the story are then the story's."""

    def windows(self, paragraphs: Sequence[str]) -> list[Window | None]:
        """Return for each paragraph what is left without what the site repeats; None where all of it is the article's."""


def strip(
    paragraphs: Sequence[str],
    *,
    title: str | None = None,
    taken: Iterable[str | None] = (),
    lines: Mapping[int, str] = MappingProxyType({}),
    known: Known | None = None,
) -> Stripped:
    """Return the article's own paragraphs and what was cut from between and within them.

    title: a paragraph that only repeats it is cut.
    taken: texts other fields were read from (source_raw, timestamp_raw ...): a line made of them is cut at the edges.
    lines: paragraphs, by number, of which the caller knows that they are none, and the rule to name for each.
    known: the site's profile. Where it is sure, it decides alone, but for what never came with a story.
    """
    draft = [Paragraph(text) for text in paragraphs]
    if known:
        for paragraph, window in zip(draft, known.windows(paragraphs), strict=True):
            if window:
                paragraph.keep(*window)
    if known and known.sure:
        _cut_lines(draft, "", NOBODYS)
        return account(draft)
    _cut_lines(draft, fold(title or ""), None)
    for number, rule in lines.items():
        draft[number].drop(rule)
    raw = [fold(text) for text in taken if text and text.strip()]
    cut = -1
    while cut != (cut := sum(len(paragraph.cuts) for paragraph in draft)):
        _cut_list(draft)
        _cut_edge(draft, raw, tail=True)
        _cut_edge(draft, raw, tail=False)
    return account(draft)


def _left(draft: Iterable[Paragraph]) -> Iterable[Paragraph]:
    return (paragraph for paragraph in draft if paragraph.start < paragraph.end)


def _cut_lines(draft: list[Paragraph], title: str, rules: frozenset[str] | None) -> None:
    """Cut what belongs to no story wherever it stands: advertisements, page numbers, the title again."""
    for paragraph in _left(draft):
        if abs(len(paragraph.left) - len(title)) <= SLACK and fold(paragraph.left) == title:
            paragraph.drop("title")
        elif (found := line_rule(paragraph.left)) and found.where == "any" and (rules is None or found.rule in rules):
            paragraph.drop(found.rule)


def _cut_list(draft: list[Paragraph]) -> None:
    """Cut a heading such as "Related articles" at the end, with the titles under it."""
    run: list[Paragraph] = []
    for paragraph in _left(reversed(draft)):
        run.append(paragraph)
        found = line_rule(paragraph.left)
        if found and found.where == "list":
            for line in run:
                line.drop(found.rule)
            run = []
        elif len(run) > LIST_LENGTH or not _is_title(paragraph.left):
            return


def _is_title(text: str) -> bool:
    return len(text) <= TITLE_LENGTH and not text.endswith(("。", ".", "：", ":"))


def _cut_edge(draft: list[Paragraph], taken: list[str], *, tail: bool) -> None:
    """Cut notices at one end; what is decided of a paragraph hangs on itself and on the kept ones outside it alone."""
    depth = 0
    for paragraph in _left(reversed(draft) if tail else draft):
        rule = _edge_rule(paragraph.left, taken, "tail" if tail else "head")
        if rule:
            paragraph.drop(rule)
            continue
        if depth == 0:
            _trim(paragraph, tail=tail)
            if paragraph.start == paragraph.end:
                continue
        depth += 1
        if depth == (TAIL if tail else HEAD):
            return


def _edge_rule(text: str, taken: list[str], end: str) -> str | None:
    """Name what the paragraph is as a whole, at the head or the tail of an article; None when it is the story."""
    rule = notice_rule(text, end)
    if rule is None and taken and _is_made_of(text, taken):
        return "field line"
    return rule


def notice_rule(text: str, end: str) -> str | None:
    """Return the phrase rule that the whole of `text` answers to where it stands at the "head" or the "tail" of an article."""
    if (found := line_rule(text)) and found.where in ("any", "edge", end):
        return found.rule
    if len(text) > NOTICE_LENGTH:
        return None
    pieces = [text[start:end] for start, end in split_sentences(text)]
    points = [notice_points(piece) for piece in pieces]
    notice = sum(len(piece) for piece, said in zip(pieces, points, strict=True) if said >= NOTICE_POINTS)
    return "notice" if points and points[0] > 0 and notice >= NOTICE_SHARE * len(text) else None


def _is_made_of(text: str, taken: list[str]) -> bool:
    """Whether the line is one or more of the texts in `taken` and next to nothing else."""
    if len(text) > 2 * TITLE_LENGTH:
        return False
    line = rest = fold(text)
    for piece in sorted(taken, key=len, reverse=True):
        rest = rest.replace(piece, "")
    return rest != line and len(rest) <= len(line) // 5


def _trim(paragraph: Paragraph, *, tail: bool) -> None:
    """Cut the notice sentences, and at the tail a bracket such as (责任编辑：…), from one end of a paragraph."""
    text, offset = paragraph.left, paragraph.start
    sentences = split_sentences(text)
    edge = len(text) if tail else 0
    for start, end in reversed(sentences) if tail else sentences:
        piece = text[start:end]
        if notice_points(piece) < NOTICE_POINTS and not (tail and start and _is_trailer(piece)):
            break
        edge = start if tail else end
    if tail:
        paragraph.keep(offset, offset + edge, "notice")
    else:
        paragraph.keep(offset + edge, paragraph.end, "notice")


def _is_trailer(piece: str) -> bool:
    """Whether the last piece of a paragraph is an editor's or a source line run on; a writer's name may be the text's."""
    found = line_rule(piece.strip())
    return found is not None and found.where in ("any", "edge") and found.rule != "byline"


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Return where each sentence starts and ends, white space after it included; a closing bracket stands alone."""
    borders = {match.end() for match in _SENTENCE.finditer(text)}
    if text.endswith(_CLOSING) and (trailer := _TRAILER.search(text, max(0, len(text) - TRAILER_LENGTH))):
        borders.add(trailer.start(1))
    edges = sorted({0, len(text), *borders})
    return list(pairwise(edges))
