"""The grammar of a line that names the original publisher.

In: a line of a page, near a headline or at a text's end. Out: the publisher's name as printed, with the text it was read from.
Must not know: pages, sites; any publisher.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import re2

from newscrawler.extraction.dates import names_month
from newscrawler.extraction.vocabulary import any_of, read_table

LONGEST_NAME = 40
"""Letters; the longest name printed on the saved pages has 22."""

MOST_WORDS = 8
"""Words of a name in a spaced script."""

_WHOLE_LINE = 3
"""Words of a line that may all be a name's."""

_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_SEPARATOR = re.compile(r"\s{0,2}(?:[:：︰|丨｜/／]|[\]】]\s?[:：]?)\s*(?![|丨｜])")
_DAY = re.compile(r"[\d０-９]{2,4}\s?[-/.年]\s?\d{1,2}|\d{1,2}[:：]\d{2}")
_END = re.compile(r"[，,。；;！!？?()（）\[\]【】〔〕|｜丨\"“”\n]|\s[-–—•·/]\s|(?<![. ][A-Z])\.\s|\.$|https?:")
_WRITER = re.compile(rf"\s*(?:记者|記者|通讯员|特约|首席|编辑|作者|기자)(?=\s|$|[{_CJK}]{{2,4}}$).*")
_CHANNEL = re.compile(r"(?:微信)?(?:公众号|公眾號)\s*[:：“「『\"|丨]\s*")
"""Says where a publisher posts, before its name."""

_QUOTED = re.compile(rf"\s*(?P<name>[“「『\"][^“”「」『』\"]{{2,16}}[”」』\"](?P<kind>[{_CJK}]{{2,8}}))(?=$|[\s)）\]】，,。])")
"""A name in quotes and what it is: “某某”客户端."""

_RUN_ON = re.compile(
    rf"[A-Z][\w.]+\s?(?=$|[|｜丨])|[{_CJK}\d]{{0,10}}(?:{any_of(read_table('attribution')['media'])})(?=$|[\s|｜丨])"
)
"""A name of media that fills its part of a line."""

_SLASH = re.compile(r"\s*[/／]\s*")
_QUOTES = " 　\t:：>》」』\"'“”‘’«»<-–—·.、/|"


class Attribution(NamedTuple):
    """A name and the text, label included, that it was read from; `start` is the label's place in the line."""

    name: str
    raw: str
    start: int


def read_attribution(line: str) -> Attribution | None:
    """Return what a labelled line names as its source: "来源：X", "Source: X", "Originally published by X on ..."; else None.

    A label without a name, a caption's source and a demand to name the source give None.
    """
    for match in LABEL.finditer(line):
        label, end = match[0], match.end()
        phrase = label.lower() in _PHRASES
        if not _may_begin(line, match.start(), phrase):
            continue
        separator = _SEPARATOR.match(line, end)
        if separator:
            end = separator.end()
        elif not (phrase or _stands_alone(line, match)):
            continue
        if not separator and label[-1].isascii() and line[end : end + 1].isalnum():
            continue
        name = clean_name(line[end:].lstrip().removeprefix("the ") if phrase else line[end:])
        if name and not (phrase and _first_letter(name).islower()):
            stop = line.find(name, end) + len(name)
            return Attribution(name, line[match.start() : stop].strip(), match.start())
    return None


def _may_begin(line: str, start: int, phrase: bool) -> bool:
    """Whether a label can begin here: not within a word, not behind what makes it a caption's or a demand's."""
    before = line[max(0, start - 14) : start].rstrip(" :：的于")
    if any(before.lower().endswith(trap) for trap in _TRAPS):
        return False
    if start == 0:
        return True
    char = line[start - 1]
    if not char.isalpha():
        return True
    return _is_cjk(char) and not phrase and any(word in before for word in ("作者", "编辑", "記者", "记者", "编", "字号"))


def _stands_alone(line: str, match: re.Match[str]) -> bool:
    """Whether a label without a colon may count: before a space, first in brackets that end the line; in an unspaced script
    also in a short line or one with a time, there even run on with the name; in capitals also first in a short line, as
    press releases end.
    """
    start, rest = match.start(), line[match.end() :]
    if not rest[:1].isspace():
        begins = start == 0 or line[start - 1].isspace() or line[start - 1] in "|｜丨"
        return begins and _is_cjk(match[0][0]) and bool(_DAY.search(line)) and bool(_RUN_ON.match(rest))
    if start and line[start - 1] in "(（[【":
        return len(rest) <= LONGEST_NAME and rest.rstrip(" .。").endswith(tuple(")）]】"))
    if _is_cjk(match[0][0]):
        return len(line) <= LONGEST_NAME if start == 0 else bool(_DAY.search(line))
    return start == 0 and match[0] == "SOURCE" and len(line) <= 2 * LONGEST_NAME


def has_label(text: str) -> bool:
    """Whether any source's label stands in a text, wherever it begins."""
    return LABEL.search(text) is not None


def ends_in_label(line: str) -> bool:
    """Whether a short line is nothing but a source's label, so that the next line may be the name."""
    match = LABEL.search(line)
    if not match or not _may_begin(line, match.start(), False):
        return False
    return bool(_SEPARATOR.fullmatch(line, match.end())) or (
        match.start() == 0 and match.end() == len(line) and _is_cjk(line[0])
    )


def clean_name(text: str) -> str | None:
    """Return the name that stands at the start of `text`, or None where none does."""
    if (quoted := _QUOTED.match(text)) and _cut_at_labels(quoted["kind"]):
        return quoted["name"]
    text = text.lstrip(_QUOTES.replace("》", "").replace("«", "")).lstrip("「『")
    text = _CHANNEL.sub("", text)
    if day := _DAY.search(text):
        text = text[: day.start()]
    text = _cut_at_labels(text)
    if end := _END.search(text):
        text = text[: end.start()]
    name = _unspaced_name(text) if text[:1] and _is_cjk(_first_letter(text)) else _spaced_name(text)
    name = _WRITER.sub("", name).strip(_QUOTES.replace("》", ""))
    if name.startswith(("综合", "綜合")) and name.endswith(_MEDIA):
        name = name[2:].removeprefix("自").lstrip(_QUOTES)
    name = next((part for part in _SLASH.split(name)[1:] if looks_like_media(part)), name)
    return name if is_name(name) else None


def is_name(name: str) -> bool:
    """Whether a text has the shape of a publisher's name: short, with letters, and none of the words that name nobody."""
    letters = sum(map(str.isalpha, name))
    named = letters >= 2 or (letters == 1 and len(name) > 2 and _is_cjk(name[-1]))
    plain = named and len(name) <= LONGEST_NAME and name.lower() not in _NOT_NAMES and "://" not in name
    return plain and not (_NOBODY.match(name) or names_month(name))


def looks_like_media(name: str) -> bool:
    """Whether a name ends as names of media do (报, 网, 社, News ...), for names that no label introduces."""
    if not is_name(name) or _SECTION.match(name):
        return False
    if _is_cjk(_first_letter(name)):
        return name.rstrip("》").endswith(_MEDIA) and len(name) <= 16
    return name[0].isupper() and name.endswith(_LATIN_MEDIA) and 2 <= len(name.split()) <= 5


def _cut_at_labels(text: str) -> str:
    """Cut before the next label of a byline, spaced or run on."""
    if match := _NEXT_LABEL.search(text):
        return text[: match.start()]
    return text


def _unspaced_name(text: str) -> str:
    """Return the name up to the first space; Latin words in a row keep theirs."""
    words = text.split()
    name = words[0] if words else ""
    for word in words[1:]:
        if not (name[-1].isascii() and word[0].isascii() and word[0].isalpha()):
            break
        name += " " + word
    return name


def _spaced_name(text: str) -> str:
    """Return the words up to the first that cannot belong to a name: lower case, unless it joins two of the name.

    A line of few words is a name to its end: many languages write all but the first word in lower case.
    """
    printed = text.split()
    if len(printed) <= _WHOLE_LINE and not (printed and printed[0].islower() and len(printed) > 1):
        return " ".join(printed)
    words: list[str] = []
    for word in printed[:MOST_WORDS]:
        first = _first_letter(word)
        if word.isdigit() and words and words[-1].lower() in _JOINERS:
            break
        if first.islower() and word.lower() not in _JOINERS and "." not in word[1:-1] and words:
            break
        words.append(word)
    while words and words[-1].lower() in _JOINERS:
        words.pop()
    return " ".join(words)


def _first_letter(text: str) -> str:
    return next((char for char in text if char.isalpha()), "")


def _is_cjk(char: str) -> bool:
    return "\u3040" <= char <= "\u30ff" or "\u3400" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3"


def _spellings(words: list[str]) -> str:
    """Return an alternation of the words as printed, capitalised and in capitals."""
    return any_of({form for word in words for form in (word, word.upper(), word[0].upper() + word[1:])})


_TABLE: dict[str, list[str]] = read_table("attribution")
_PHRASES = frozenset(_TABLE["phrases"])
_TRAPS = tuple(_TABLE["traps_before"])
_NOT_NAMES = frozenset(_TABLE["not_names"])
_JOINERS = frozenset(_TABLE["joiners"])
_MEDIA, _LATIN_MEDIA = tuple(_TABLE["media"]), tuple(_TABLE["media latin"])
_SECTION = re.compile(rf"(?:{any_of(_TABLE['sections'])})+$")
_NOBODY = re.compile(r"(?:its|this|that|our|their|his|her|an?)\b", re.IGNORECASE)
"""Words that point at something instead of naming it."""

LABEL = re2.compile(_spellings(_TABLE["labels"] + _TABLE["phrases"]))
"""A thousand spellings: RE2 takes 6 us a line where re takes 250."""

_NEXT_LABEL = re.compile(rf"(?:^|\s+|(?=\S{{2,4}}[:：]))(?:{any_of(_TABLE['follows'])})|{any_of(_TABLE['buttons'])}")
"""The next label of the byline; or a button, which needs no space before it."""
