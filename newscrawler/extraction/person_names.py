"""The grammar of persons' names as bylines and declarations give them.

In: a short text. Out: the names in it; whether a text may be a name.
Must not know: pages, places; any site or publisher by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newscrawler.extraction.dates import names_month
from newscrawler.extraction.likeness import compact
from newscrawler.extraction.vocabulary import any_of, read_table

LONGEST_PERSON = 50
"""Letters of a name."""

_MOST_WORDS, _LONGEST_WORD = 6, 16
_WORDS_ALONE = range(2, 4)
"""Words of a name that nothing introduces."""

CJK = "\u3400-\u9fff"
CJK_LETTER = re.compile(rf"[{CJK}]")
CJK_NAME = re.compile(rf"[{CJK}]{{2,4}}$")

_TABLE: dict[str, list[str]] = read_table("bylines")
_DEEDS = frozenset(_TABLE["deeds"])
_LABELS = frozenset(map(compact, _TABLE["by"] + _TABLE["labels"]))
BY = re.compile(
    rf"\W{{0,3}}(?:{any_of(_TABLE['by'])})(?:\s{{0,2}}[:：]\s{{0,2}}|\s+)(?=[^\s\d])|\W{{0,3}}(?:{any_of(_TABLE['labels'])})\s?[:：]\s*",
    re.IGNORECASE,
)
"""What introduces a name."""
_SPLIT = re.compile(r"\s*[;；、|/&\n]\s*|\s*[,，]\s*|\s+(?:and|und|et|y|e|og|och|en|ja|i|и|oraz|ve|și|és|a|và|dan)\s+")
_CJK_ROLE = re.compile(rf"[{CJK}]{{0,12}}(?:记者|記者|通讯员|实习生|专栏作者|评论员)[\s:：]+")
_CJK_SPACE = re.compile(rf"(?<=[{CJK}])\s+(?=[{CJK}])")
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


def split_names(text: str) -> Iterator[str]:
    """Yield each name of "By A, B and C", without its role and without credentials."""
    text = text.strip()
    if by := BY.match(text):
        text = text[by.end() :]
    text = _CJK_SPACE.sub("、", _CJK_ROLE.sub("", text))
    parts = _SPLIT.split(text)
    for part in parts:
        name = _ROLE.sub("", part).strip(' .:：,，-–—•·●()（）[]【】"“”')
        if name and not _CREDENTIAL.fullmatch(name) and not (part is not parts[0] and _INITIALS.fullmatch(name)):
            yield name


def is_person(name: str, own: set[str]) -> bool:
    """Whether a text may be a person's name: a few capitalised words or a few ideographs, and not the site's."""
    if not 2 <= len(name) <= LONGEST_PERSON or len(name.split()) > _MOST_WORDS or not name[0].isalpha():
        return False
    if name in _DEEDS or compact(name) in _LABELS or _CODE.search(name) or names_month(name) or compact(name) in own:
        return False
    group = _COLLECTIVE.search(name)
    rest = name[: group.start()] if group else name
    if not group and any(_is_acronym(word, own) for word in name.split()):
        return False
    return not _NOT_PERSONS.search(rest) and sum(map(str.isdigit, name)) < 3


def _is_acronym(word: str, own: set[str]) -> bool:
    """Whether a word is the site's own name in capitals, as in "RTO Nord"."""
    return word.isupper() and word.isascii() and word.lower() in own


def is_full_name(text: str) -> bool:
    """Whether a text has the shape of a first and a last name and nothing else, for names that no label introduces."""
    words = text.split()
    return len(words) in _WORDS_ALONE and all(_is_capitalised_word(word) for word in words)


def _is_capitalised_word(word: str) -> bool:
    return word[0].isupper() and len(word) <= _LONGEST_WORD and word.replace("-", "").replace(".", "").isalpha()
