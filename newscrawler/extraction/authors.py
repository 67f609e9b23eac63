"""Who wrote the article.

In: a Page, what it declares, the lines about the article. Out: names of persons as printed.
Must not know: any site or publisher by name.

Declared persons count most; the site's own name, an address or a user's handle in their place does not. Where the page declares
nobody, its byline tells: "By A and B", "作者：A B", "（记者 A）".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

import re2

from newscrawler.extraction.dates import names_month, read_moments
from newscrawler.extraction.found import NO_HINTS, Found, Hints
from newscrawler.extraction.likeness import compact
from newscrawler.extraction.looks import Look
from newscrawler.extraction.metadata import Metadata
from newscrawler.extraction.page import Block, Page, fold
from newscrawler.extraction.source import own_names
from newscrawler.extraction.surroundings import Surroundings
from newscrawler.extraction.vocabulary import any_of, read_table

MOST_AUTHORS = 12
"""Names; a longer list is a menu of contributors."""

_LONGEST_NAME, _MOST_WORDS = 50, 6
LONGEST_BYLINE = 160
"""Characters of a line that is a byline."""

_MOST_PIECES = 16
"""Pieces of text in an element; one with more is no line."""

_ABOVE_TITLE = 3
"""Blocks between a byline and the headline below it at most."""

_CJK = "\u3400-\u9fff"
_SPLIT = re.compile(r"\s*[;；、|/&\n]\s*|\s*[,，]\s*|\s+(?:and|und|et|y|e|og|och|en|ja|i|и|oraz|ve|și|és|a|và|dan)\s+")
_CJK_LETTER = re.compile(rf"[{_CJK}]")
_CJK_ROLE = re.compile(rf"[{_CJK}]{{0,12}}(?:记者|記者|通讯员|实习生|专栏作者|评论员)[\s:：]+")
_CJK_SPACE = re.compile(rf"(?<=[{_CJK}])\s+(?=[{_CJK}])")
_CJK_NAME = re.compile(rf"[{_CJK}]{{2,4}}$")
"""A meta author in ideographs is often whoever put the page up, not the writer."""


def find_authors(
    page: Page, metadata: Metadata, place: Surroundings, hints: Hints = NO_HINTS, editor: str | None = None
) -> list[Found]:
    """Return the writers, one name each, in printed order; empty where the page names no person.

    editor: whom the page prints as its editor; declared as the writer too, they give way to who is printed as such.
    """
    own = own_names(page, metadata, hints)
    found = declared = _declared(metadata, own)
    if not declared or declared[0].value == editor or _is_poster(declared[0]):
        found = [*_byline(place, own, hints)] or [*_reporters(page, place, own)] or declared
    return list({compact(name.value): name for name in found}.values())[:MOST_AUTHORS]


def _is_poster(declared: Found) -> bool:
    """Whether a declared name may be that of whoever put the page up."""
    return declared.evidence == "meta author" and bool(_CJK_NAME.match(declared.value))


def _declared(metadata: Metadata, own: set[str]) -> list[Found]:
    """Return the persons of the first kind of declaration that has any."""
    by_kind: dict[str, list[Found]] = {}
    for value, evidence in metadata.of("author"):
        if "://" in value or "@" in value or len(value) > LONGEST_BYLINE:
            continue
        if evidence == "meta citation_author":  # "Doe, Jane", as libraries write
            value = " ".join(part.strip() for part in value.split(",")[::-1])
        for name in split_names(value):
            if is_person(name, own):
                by_kind.setdefault(evidence, []).append(Found(name, value, evidence))
    return next(iter(by_kind.values()), [])


def split_names(text: str) -> Iterator[str]:
    """Yield each name of "By A, B and C", without its role and without credentials."""
    text = text.strip()
    if by := _BY.match(text):
        text = text[by.end() :]
    text = _CJK_SPACE.sub("、", _CJK_ROLE.sub("", text))
    parts = _SPLIT.split(text)
    for part in parts:
        name = _ROLE.sub("", part).strip(' .:：,，-–—•·●()（）[]【】"“”')
        if name and not _CREDENTIAL.fullmatch(name) and not (part is not parts[0] and _INITIALS.fullmatch(name)):
            yield name


def is_person(name: str, own: set[str]) -> bool:
    """Whether a text may be a person's name: a few capitalised words or a few ideographs, and not the site's."""
    if not 2 <= len(name) <= _LONGEST_NAME or len(name.split()) > _MOST_WORDS or not name[0].isalpha():
        return False
    if name in _DEEDS or _CODE.search(name) or names_month(name) or compact(name) in own:
        return False
    group = _COLLECTIVE.search(name)
    rest = name[: group.start()] if group else name
    if not group and any(_is_acronym(word, own) for word in name.split()):
        return False
    return not _NOT_PERSONS.search(rest) and sum(map(str.isdigit, name)) < 3


def _is_acronym(word: str, own: set[str]) -> bool:
    """Whether a word is the site's own name in capitals, as in "RTO Nord"."""
    return word.isupper() and word.isascii() and word.lower() in own


def _byline(place: Surroundings, own: set[str], hints: Hints) -> Iterator[Found]:
    """Yield the names of the first line near the headline that is a byline, by its label or by its place in the template."""
    preferred = hints.paths.get("authors")
    lines = [*place.head, *place.tail]
    for block in sorted(lines, key=lambda block: block.path != preferred):
        in_place = len(block.text) <= LONGEST_BYLINE and _is_byline_place(block, place)
        if not in_place and (len(block.text) > LONGEST_BYLINE or not _LABEL.search(block.text)):
            continue
        text = _without_moment(_spaced(block))
        labelled = _labelled_names(text)
        bare = labelled is None and in_place and not _NOT_BY.match(text)
        named = max(text.split("|"), key=len) if bare else labelled
        names = list(split_names(named)) if named else []
        if names and " " in names[0]:
            names = [name for name in names if " " in name or _CJK_NAME.match(name)]  # "Von Anna Long, Berlin"
        found = [name for name in names if is_person(name, own) and _is_capitalised(name) and not (bare and _is_word(name))]
        if found:
            yield from (Found(name, block.text, "byline", (block.index,), block.path) for name in found)
            return


def _spaced(block: Block) -> str:
    """Return a line with a space where only the markup parts its words, as in <b>By</b><a>Jane Doe</a>."""
    if _CJK_LETTER.search(block.text):
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
    return not _CJK_NAME.match(name) if _CJK_LETTER.search(name) else " " not in name


def _labelled_names(text: str) -> str | None:
    """Return what stands behind "By", "作者：" and the like, up to the next label; None without such a label."""
    match = _BY.match(text) or (_LABELLED.search(text) if COLON.search(text) else None) or _REPORTER_LINE.match(text)
    match = match or _BY_WITHIN.match(text)
    if not match or _NOT_BY.match(text):
        return None
    rest = text[match.end() :].strip()
    return (NEXT_LABEL.split(rest, maxsplit=1)[0] if rest else "") or None


def _is_byline_place(block: Block, place: Surroundings) -> bool:
    if block.index >= place.body.start or (place.title is not None and block.index < place.title - _ABOVE_TITLE):
        return False
    return len(block.text) <= _LONGEST_NAME * 2 and (_is_writers(block.path, block.box.look) or _links_writer(block))


@lru_cache(maxsize=4096)
def _is_writers(path: str, look: Look) -> bool:
    return bool(_PLACE.search(look.names) or _PLACE.search(">".join(path.split(">")[-3:])))


def _links_writer(block: Block) -> bool:
    """Whether the line's first link goes to a writer's own page."""
    link = next(block.element.iter("a"), None) if block.links else None
    return link is not None and (link.get("rel") == "author" or bool(_WRITERS_PAGE.search(link.get("href") or "")))


def _is_capitalised(name: str) -> bool:
    first, last = name.split()[0], name.split()[-1]
    return not first[0].islower() and not last[0].islower()


def _reporters(page: Page, place: Surroundings, own: set[str]) -> Iterator[Found]:
    """Yield the reporters whom brackets name in the text's first or last paragraphs."""
    first, stop = place.body.start, place.body.stop
    blocks = page.blocks[first : first + 3] + page.blocks[max(stop - 2, first) : stop]
    for block in blocks:
        for text in (block.text[:120], block.text[-60:]):
            match = _REPORTER.search(text)
            names = [name for name in split_names(match["names"] or match["wire"]) if is_person(name, own)] if match else []
            if match and names:
                yield from (Found(name, match[0], "reporter in brackets", (), block.path) for name in names)
                return


_TABLE: dict[str, list[str]] = read_table("bylines")
_DEEDS = frozenset(_TABLE["deeds"])
_BY = re.compile(
    rf"\W{{0,3}}(?:{any_of(_TABLE['by'])})(?:\s{{0,2}}[:：]\s{{0,2}}|\s+)(?=[^\s\d])|\W{{0,3}}(?:{any_of(_TABLE['labels'])})\s?[:：]\s*",
    re.IGNORECASE,
)
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
    rf"(?i)^[^\pL]{{0,4}}(?:{any_of(_TABLE['by'])})|by[^\pL]|(?:{any_of(_TABLE['labels'])})\pZ?[:：/／丨|︱｜]|记者|記者|通讯员|作者"
)
"""Without any of these a line names nobody by a label."""

_LABELLED = re.compile(rf"(?:^|[\s(（\[【|｜])(?:{any_of(_TABLE['labels'])})\s?[:：/／丨|︱｜]\s*", re.IGNORECASE)
_REPORTER_LINE = re.compile(
    rf"[《“]?[{_CJK}]{{0,8}}[》”]?(?:记者|記者|通讯员|作者)\s+|(?:.{{0,80}}[\s|｜])?作者(?=[{_CJK}]{{2,4}}\s*(?:$|[|｜]))"
)
COLON = re.compile(r"[:：/／丨|︱｜]")
NEXT_LABEL = re.compile(
    rf"\s*(?:{any_of(_TABLE['next'])})(?!员)|\s(?:on|in|at)(?:\s|$)|\s*[-–—|•·●⋅]\s+|\d|[|｜丨）)\]】。]", re.IGNORECASE
)
_ROLE = re.compile(
    rf"\s*(?:\(.*?\)|（.*?）|\s[-–—|•·⋅]\s.*|\b(?:(?:senior|chief|staff|political|deputy|associate) )*"
    rf"(?:{any_of(_TABLE['roles'])})\b.*|\b(?:updated|published).*)$",
    re.IGNORECASE,
)
_NOT_PERSONS = re.compile(
    rf"https?:|www\.|@|\.(?:com|de|net|org)\b|\b(?:{any_of(_TABLE['not persons'])})\b"
    r"|编辑部|編集部|新闻|记者|关注|文章|发布|更多|主页|订阅|专栏|本报|通讯社|[网报社台]$",
    re.IGNORECASE,
)
_COLLECTIVE = re.compile(r"(?<=\w[ -])(?:staff|team|desk|redaktion|editors)$", re.IGNORECASE)
"""Ends the name of writers who sign together: "Riverside Staff"."""

_CODE = re.compile(r":|\w[._]\w{3,}|^by$", re.IGNORECASE)
"""What templates leave where a name was to be put."""

_INITIALS = re.compile(r"[A-Z]{2,5}")
"""A degree or a membership behind a name."""

_CREDENTIAL = re.compile(rf"(?:{any_of(_TABLE['credentials'])})\.?", re.IGNORECASE)
_PLACE = re.compile(r"author|byline|writer|journalist|autor|auteur|firma|reporter(?![a-z])|^address$|>address\b", re.IGNORECASE)
_WRITERS_PAGE = re.compile(
    r"/(?:authors?|by|people|person|profiles?|contributors?|writers?|journalists?|staff|autor(?:es|en|i)?|auteurs?|redak\w+|skribent\w*)/[^/?#]{3,}",
    re.IGNORECASE,
)
_REPORTER = re.compile(
    rf"[（(【\[]\s?(?:[{_CJK}]{{0,10}}(?:记者|記者|通讯员|作者|专栏作者|文)[\s:：/／]?\s?(?:[{_CJK}]{{0,12}}作者\s)?)"
    rf"(?P<names>[{_CJK}·]{{2,6}}(?:[、，,\s]{{1,2}}[{_CJK}·]{{2,4}})*)(?=[\s、，,；;）)】\]/／]|$)"
    rf"|电[（(](?:记者|記者)?\s?(?P<wire>[{_CJK}、\s]{{2,20}})[）)]"
)
"""（某报记者 甲 乙）, 【文/某网专栏作者 甲】; the bare names behind a wire's 电."""
