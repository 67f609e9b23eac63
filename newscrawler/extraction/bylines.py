"""Whom the lines about an article name as its writers.

In: the blocks about the article, the keys of the site's own names. Out: names as printed, with the line each stands in.
Must not know: what the head declares; any site.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

import re2

from newscrawler.extraction.dates import read_moments
from newscrawler.extraction.found import Found
from newscrawler.extraction.likeness import compact
from newscrawler.extraction.page import Block, Page, fold
from newscrawler.extraction.person_names import (
    BY,
    CJK,
    CJK_LETTER,
    CJK_NAME,
    LONGEST_PERSON,
    is_full_name,
    is_person,
    split_names,
)
from newscrawler.extraction.surroundings import Surroundings, which_hold
from newscrawler.extraction.vocabulary import any_of, read_table

LONGEST_BYLINE = 160
"""Characters of a line that is a byline."""

_LONGEST_DATELINE = 80
_MOST_PIECES = 16
"""Pieces of text in an element; one with more is no line."""

_NEXT_NAME = 2
"""Blocks from one writer's line to the next at most: a title or a town may stand between them."""

_ABOVE_TITLE, _BELOW_TITLE = 3, 4
"""Blocks between a byline and the headline below it, or above it where no label introduces the name, at most."""


def byline(place: Surroundings, own: set[str]) -> list[Found]:
    """Return the names of the first line near the headline that is a byline, by its label or by its place in the template."""
    labelled = _labelled_lines(place.lines)
    for block in place.lines:
        in_place = _is_byline_place(block, place)
        if (in_place or block.index in labelled) and (found := _signed(block, in_place, own)):
            return found
    return []


def name_lines(place: Surroundings, own: set[str]) -> list[Found]:
    """Return the names of the first lines in one byline's place that are a name each, a line for each writer."""
    names: list[Found] = []
    for block in place.lines:
        if names and (block.path != names[0].path or block.index > names[-1].blocks[0] + _NEXT_NAME):
            break
        if _is_byline_place(block, place):
            names += [found for found in _signed(block, True, own) if found.value == block.text]
    return names


def labelled_byline(place: Surroundings, own: set[str]) -> list[Found]:
    """Return the names of the first line above the text that has them behind a label."""
    above = [block for block in place.head if block.index < place.body.start]
    labelled = _labelled_lines(above)
    found = (_signed(block, False, own) for block in above if block.index in labelled)
    return next(filter(None, found), [])


def _signed(block: Block, in_place: bool, own: set[str]) -> list[Found]:
    names = [name for name in _names(block, in_place) if is_person(name, own) and _is_capitalised(name)]
    return [Found(name, block.text, "byline", (block.index,), block.path) for name in names]


def _labelled_lines(lines: Sequence[Block]) -> set[int]:
    """Return the indices of the short lines with a label in them."""
    short = [block for block in lines if len(block.text) <= LONGEST_BYLINE]
    return {short[at].index for at in which_hold(_LABEL, [block.text for block in short])}


def _names(block: Block, in_place: bool) -> list[str]:
    """Return the names behind a line's label; without one those of a line in a byline's place, if more than a word."""
    text = _without_moment(_spaced(block))
    labelled = _labelled_names(text)
    bare = labelled is None and in_place and not _NOT_BY.match(text)
    named = max(text.split("|"), key=len) if bare else labelled
    names = list(split_names(named)) if named else []
    if names and " " in names[0]:
        names = [name for name in names if " " in name or CJK_NAME.match(name)]  # "Von Anna Long, Berlin"
    return [name for name in names if not (bare and _is_word(name))]


def name_beside_the_day(place: Surroundings, own: set[str]) -> Iterator[Found]:
    """Yield the name that stands by itself beside the day below the headline, unlinked; a section would have a link."""
    first = (place.title or 0) + 1
    stop = min(first + _BELOW_TITLE, place.body.start)
    near = [block for block in place.head if first <= block.index < stop and len(block.text) < _LONGEST_DATELINE]
    rests = {block.index: _without_moment(block.text) if block.index in place.dated else block.text for block in near}
    dated = {block.index for block in near if rests[block.index] != block.text}
    for block in near:
        if not block.links and not dated.isdisjoint((block.index - 1, block.index, block.index + 1)):
            for part in re.split(r"\s[|•·–-]\s", f" {rests[block.index]} "):
                name = part.strip(" |•·–-")
                if is_full_name(name) and not BY.match(name) and is_person(name, own):
                    yield Found(name, block.text, "name beside the day", (block.index,), block.path)
                    return


def reporters(page: Page, place: Surroundings, own: set[str]) -> Iterator[Found]:
    """Yield the reporters whom brackets name in the text's first or last paragraphs."""
    first, stop = place.body.start, place.body.stop
    blocks = page.blocks[first : first + 3] + page.blocks[max(stop - 2, first) : stop]
    for block in blocks:
        for text in (block.text[:120], block.text[-60:]):
            match = None if text.isascii() else _REPORTER.search(text)
            names = [name for name in split_names(match["names"] or match["wire"]) if is_person(name, own)] if match else []
            if match and names:
                yield from (Found(name, match[0], "reporter in brackets", (), block.path) for name in names)
                return


def _spaced(block: Block) -> str:
    """Return a line with a space where only the markup parts its words, as in <b>By</b><a>Jane Doe</a>."""
    if CJK_LETTER.search(block.text):
        return block.text
    pieces = [fold(str(piece)) for piece in islice(block.element.itertext(), _MOST_PIECES)]
    text = " ".join(filter(None, pieces))
    return text if compact(text) == compact(block.text) else block.text


def _without_moment(text: str) -> str:
    """Return a line with a bar in place of its first moment."""
    moment = next(read_moments(text), None)
    return f"{text[: moment.start]} | {text[moment.end :]}" if moment else text


def _is_word(name: str) -> bool:
    """Whether what no label introduces is one word, a button's as often as a person's, or longer than a name in ideographs."""
    return not CJK_NAME.match(name) if CJK_LETTER.search(name) else " " not in name


def _labelled_names(text: str) -> str | None:
    """Return what stands behind "By", "作者：" and the like, up to the next label; None without such a label."""
    match = BY.match(text) or (_LABELLED.search(text) if COLON.search(text) else None)
    match = match or (None if text.isascii() else _REPORTER_LINE.match(text))
    match = match or (_BY_WITHIN.match(text) if "by" in text.casefold() else None)
    if not match or _NOT_BY.match(text):
        return None
    rest = text[match.end() :].strip()
    return (NEXT_LABEL.split(rest, maxsplit=1)[0] if rest else "") or None


def _is_byline_place(block: Block, place: Surroundings) -> bool:
    if block.index >= place.body.start or (place.title is not None and block.index < place.title - _ABOVE_TITLE):
        return False
    return len(block.text) <= LONGEST_PERSON * 2 and (_is_writers(block.path, block.box.look.names) or _links_writer(block))


@lru_cache(maxsize=4096)
def _is_writers(path: str, names: str) -> bool:
    """Whether the template's names for a line, or for what stands around it, speak of writers."""
    steps = path.rsplit(">", 3)[-3:]
    said = " ".join((names, *steps)).lower()
    if any(word in said for word in _PLACES) or any(step.partition(".")[0] == "address" for step in steps):
        return True
    return "reporter" in said and bool(_REPORTER_PLACE.search(said))


def _links_writer(block: Block) -> bool:
    """Whether the line's first link goes to a writer's own page."""
    link = next(block.element.iter("a"), None) if block.links else None
    return link is not None and (link.get("rel") == "author" or bool(_WRITERS_PAGE.search(link.get("href") or "")))


def _is_capitalised(name: str) -> bool:
    first, last = name.split()[0], name.split()[-1]
    return not first[0].islower() and not last[0].islower()


_TABLE: dict[str, list[str]] = read_table("bylines")
_BY_WITHIN = re.compile(
    r"(?:.{0,40}\||(?:published|posted|written|words|story|guide|article|report)\b.{0,40}?)\W{0,3}\bby\s+(?=[^\s\d])",
    re.IGNORECASE,
)
"""Behind the day, or behind what was done."""

_NOT_BY = re.compile(
    r"\W*(?:(?:medically|fact|last)[ -]?)?(?:reviewed|checked|edited|updated|photo\w*|illustrat\w*|sponsored|powered) by\b",
    re.IGNORECASE,
)
_LABEL = re2.compile(
    rf"(?im)^[^\pL\n]{{0,4}}(?:{any_of(_TABLE['by'])})|by[^\pL\n]"
    rf"|(?:{any_of(_TABLE['labels'])})\pZ?[:：/／丨|︱｜]|记者|記者|通讯员|作者"
)
"""Without any of these a line names nobody by a label."""

_LABELLED = re.compile(rf"(?:^|[\s(（\[【|｜])(?:{any_of(_TABLE['labels'])})\s?[:：/／丨|︱｜]\s*", re.IGNORECASE)
_REPORTER_LINE = re.compile(
    rf"[《“]?[{CJK}]{{0,8}}[》”]?(?:记者|記者|通讯员|作者)\s+|(?:.{{0,80}}[\s|｜])?作者(?=[{CJK}]{{2,4}}\s*(?:$|[|｜]))"
)
COLON = re.compile(r"[:：/／丨|︱｜]")
NEXT_LABEL = re.compile(
    rf"\s*(?:{any_of(_TABLE['next'])})(?!员)|\s(?:on|in|at)(?:\s|$)|\s*[-–—|•·●⋅]\s+|\d|[|｜丨）)\]】。]", re.IGNORECASE
)
_PLACES = ("author", "byline", "writer", "journalist", "autor", "auteur", "firma")
_REPORTER_PLACE = re.compile(r"reporter(?![a-z])")
_WRITERS_PAGE = re.compile(
    r"/(?:authors?|by|people|person|profiles?|contributors?|writers?|journalists?|staff|autor(?:es|en|i)?|auteurs?|redak\w+|skribent\w*)/[^/?#]{3,}",
    re.IGNORECASE,
)
_REPORTER = re.compile(
    rf"[（(【\[]\s?(?:[{CJK}]{{0,10}}(?:记者|記者|通讯员|作者|专栏作者|文)[\s:：/／]?\s?(?:[{CJK}]{{0,12}}作者\s)?)"
    rf"(?P<names>[{CJK}·]{{2,6}}(?:[、，,\s]{{1,2}}[{CJK}·]{{2,4}})*)(?=[\s、，,；;）)】\]/／]|$)"
    rf"|电[（(](?:记者|記者)?\s?(?P<wire>[{CJK}、\s]{{2,20}})[）)]"
)
"""（某报记者 甲 乙）, 【文/某网专栏作者 甲】; the bare names behind a wire's 电."""
