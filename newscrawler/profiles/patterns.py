"""Texts that recur with something varying in them, and how a text is compared with them.

A pattern is the text itself, with placeholders: {n} digits, {title} the page's headline, {url} an address, {time} a date
or time as printed, {x} anything short. In: texts. Out: which pattern a text is an instance of, and what stood in its gaps.
Must not know: where a text stands.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import NamedTuple

from newscrawler.disclaimers import split_sentences
from newscrawler.extraction.dates import read_moments
from newscrawler.profiles.gapped import Gapped
from newscrawler.profiles.profile import Repeat

LONGEST_MASKED = 600
"""Characters of a text in which digits are looked for; a longer one is compared as it stands."""

NUMBERS_WIDTH = 60
"""Characters by which a text may be longer than its pattern, for the numbers in it."""

SHORTEST_TITLE = 4
"""A shorter title is a word that any text may have."""

FIXED_WIDTH = 16
"""Width of letters, one of an unspaced script counted twice, from which a text is nobody's but the site's."""

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_URL = re.compile(r"(?:https?://|www\.)[^\s，。；、）)】\]>》”\"']+")
_HOLE = re.compile(r"\{(?:x|time|n|title|url)\}")
_GAP = re.compile(r"\{(?:x|time|n)\}")
_KEY = 3
"""Characters at a pattern's fixed end by which it is looked up."""


def anonymise(text: str, title: str) -> str:
    """Return `text` with the page's own title and addresses as placeholders; its braces are no placeholders."""
    if "{" in text or "}" in text:
        text = text.replace("{", "(").replace("}", ")")
    if len(title) >= SHORTEST_TITLE and title in text:
        text = text.replace(title, "{title}")
    if "://" in text or "www." in text:
        text = _URL.sub("{url}", text)
    return text


def mask_numbers(text: str) -> str:
    """Return an anonymised text with its numbers as {n}."""
    return _NUMBER.sub("{n}", text) if len(text) <= LONGEST_MASKED else text


def mask_times(text: str, language: str | None) -> str:
    """Return an anonymised text with each date, and the time beside it, as {time}."""
    for moment in reversed(list(read_moments(text, language))):
        text = f"{text[: moment.start]}{{time}}{text[moment.end :]}"
    return text


class Match(NamedTuple):
    """The entry a text is an instance of, and what its first {x} and {time} hold, if it has any."""

    entry: Repeat
    gap: str | None = None
    time: str | None = None


_Entry = tuple[Repeat, Gapped]


class Index:
    """Entries, made ready for lookup by the texts of a page."""

    def __init__(self, entries: Iterable[Repeat]) -> None:
        self.exact: dict[str, Repeat] = {}
        self.by_head: Mapping[str, list[_Entry]] = defaultdict(list)
        self.by_tail: Mapping[str, list[_Entry]] = defaultdict(list)
        self.open: list[_Entry] = []
        self.inside: list[Repeat] = []
        self.longest_numbered = 0
        for entry in entries:
            self._add(entry)

    def _add(self, entry: Repeat) -> None:
        pattern = entry.pattern
        if entry.inside:
            self.inside.append(entry)
        if "{x}" not in pattern and "{time}" not in pattern:
            self.exact[pattern] = entry
            if "{n}" in pattern:
                self.longest_numbered = max(self.longest_numbered, len(pattern) + NUMBERS_WIDTH)
            return
        gapped = Gapped(pattern)
        head, tail = gapped.pieces[0], gapped.pieces[-1]
        if len(head) >= _KEY:
            self.by_head[head[:_KEY]].append((entry, gapped))
        elif len(tail) >= _KEY:
            self.by_tail[tail[-_KEY:]].append((entry, gapped))
        else:
            self.open.append((entry, gapped))

    def match(self, text: str, title: str) -> Match | None:
        """Return the entry of which the whole of `text` is an instance."""
        return self.match_anonymous(anonymise(text, title))

    def match_anonymous(self, text: str) -> Match | None:
        """Return the entry of which the whole of an anonymised text is an instance."""
        entry = self.exact.get(text)
        if entry is None and len(text) <= self.longest_numbered:
            entry = self.exact.get(mask_numbers(text))
        if entry:
            return Match(entry)
        if len(text) > LONGEST_MASKED:
            return None
        for group in (self.by_head.get(text[:_KEY]), self.by_tail.get(text[-_KEY:]), self.open):
            for entry, gapped in group or ():
                if (held := gapped.gaps(text)) and (found := _matched(entry, held)):
                    return found
        return None

    def cut(self, text: str, title: str) -> tuple[int, int, list[Match]]:
        """Return the part of a paragraph that is left without the repeated sentences at its ends, and what they are."""
        start, end, matches = 0, len(text), list[Match]()
        spans = self._spans(text) if self.inside else []
        while spans and (found := self.match(text[slice(*spans[-1])].strip(), title)):
            end = spans.pop()[0]
            matches.append(found)
        while spans and (found := self.match(text[slice(*spans[0])].strip(), title)):
            start = spans.pop(0)[1]
            matches.append(found)
        return start, end, matches

    def _spans(self, text: str) -> list[tuple[int, int]]:
        """Return the pieces of a paragraph that may be the site's: its sentences, and from where a known one begins."""
        borders = {edge for span in split_sentences(text) for edge in span}
        for entry in self.inside:
            beginning = _GAP.split(entry.pattern)[0]
            if len(beginning) >= _KEY and (at := text.rfind(beginning)) > 0:
                borders.add(at)
        return list(pairwise(sorted(borders)))


def _matched(entry: Repeat, held: list[tuple[str, str]]) -> Match | None:
    """Return the entry with what its gaps hold, or None where a {time} holds none."""
    times = [text for hole, text in held if hole == "{time}"]
    gaps = [text.strip() for hole, text in held if hole == "{x}"]
    if not all(map(_is_time, times)):
        return None
    return Match(entry, next(iter(gaps), None), next(iter(times), None))


def _is_time(text: str) -> bool:
    """Whether the text is a date, or a date and time, and next to nothing else."""
    return any(len(moment.raw) * 5 >= len(text) * 4 for moment in read_moments(text))


def is_loose(pattern: str) -> bool:
    """Whether so little of a pattern is fixed that the article's own words may be an instance of it."""
    fixed = _HOLE.sub("", pattern)
    return "{x}" in pattern or sum(1 + (char > "\u2e7f") for char in fixed if char.isalpha()) < FIXED_WIDTH


def rule_of(entry: Repeat) -> str:
    """Return the name by which a cut is accounted for."""
    return f"profile: {entry.pattern[:80]}"
