"""The phrase rules of phrases.toml, compiled: what does this block, or this sentence, do?

In: one block or sentence of text. Out: the rule it answers to, or None.
Must not know: where the text stands, which article or site it is from.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import re2

REPEATED = 1_000
"""Characters of a sentence that may come again and is remembered; longer ones would fill the memory."""

LINE_LENGTH = 200
"""Longest block a line rule is tried on: the longest line of its kind in 69 Chinese pages has 161 characters."""

NOTICE_POINTS = 2
"""A keyword alone is one point; only together with who speaks, or as a full formula, is it a notice."""

_POINTS = {"act": 1, "strong": 2, "speaker": 1, "opener": 1, "story": -1, "reported": -9}

_PLAIN = str.maketrans("：，；（）【】［］〔〕｜丨︱！？／　＊“”„«»「」『』〝〞‘’﹕", ":,;()[][][]|||!?/ *" + '"' * 11 + "'':")


@dataclass(frozen=True, slots=True)
class LineRule:
    """What a whole block is, by name, and where it is cut: "any", "edge", "head" or "list" (see phrases.toml)."""

    rule: str
    where: str


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(files("newscrawler").joinpath("phrases.toml").read_text(encoding="utf-8"))


@cache
def _simplified() -> dict[int, int]:
    pairs: str = _rules()["fold"]
    return str.maketrans(pairs[0::2], pairs[1::2])


@cache
def _folding() -> dict[int, int | str]:
    return {**_PLAIN, **_simplified()}


@cache
def _lines() -> tuple[re2.Filter, list[LineRule]]:
    entries = [
        (pattern, LineRule(entry["rule"], entry["where"])) for entry in _rules()["line"] for pattern in entry["patterns"]
    ]
    return _compiled(f"^(?:{pattern})$" for pattern, _ in entries), [rule for _, rule in entries]


@cache
def _sentences() -> tuple[re2.Filter, list[str]]:
    entries = [(pattern, entry["kind"]) for entry in _rules()["sentence"] for pattern in entry["patterns"]]
    return _compiled(pattern for pattern, _ in entries), [kind for _, kind in entries]


def _compiled(patterns: Iterable[str]) -> re2.Filter:
    """Return the patterns behind one search for the words each of them cannot do without.

    A set of them all has an automaton whose states are made while it reads: on texts it has not seen that took four times
    as long as this, and hundreds of megabytes.
    """
    matcher = re2.Filter()
    for pattern in patterns:
        matcher.Add(pattern.translate(_simplified()), _options())
    matcher.Compile()
    return matcher


def _options() -> re2.Options:
    options = re2.Options()
    options.never_capture = True
    options.max_mem = 256 << 20  # RE2 falls back or fails when a set of this many patterns outgrows its default 8 MB
    return options


def fold(text: str) -> str:
    """Return `text` as the patterns see it: lower case, single spaces, plain punctuation, simplified characters."""
    plain = text.lower()
    return " ".join((plain if plain.isascii() else plain.translate(_folding())).split())


def line_rule(text: str) -> LineRule | None:
    """Return the rule of which the whole block `text` is an instance; the first in the file where several match."""
    return None if len(text) > LINE_LENGTH else _line_rule(text)


@lru_cache(maxsize=4096)
def _line_rule(text: str) -> LineRule | None:
    matcher, rules = _lines()
    found = matcher.Match(fold(text))
    return rules[min(found)] if found else None


def notice_points(sentence: str) -> int:
    """Return how much `sentence` is the site speaking of itself, its rights or its liability; NOTICE_POINTS is enough."""
    return (_notice_points if len(sentence) <= REPEATED else _notice_points.__wrapped__)(sentence)


@lru_cache(maxsize=4096)
def _notice_points(sentence: str) -> int:
    matcher, kinds = _sentences()
    count = Counter(kinds[index] for index in matcher.Match(fold(sentence)) or ())
    points = min(count["act"], 2) + sum(_POINTS[kind] for kind in count if kind != "act")
    return points if count["act"] or count["strong"] else min(points, NOTICE_POINTS - 1)
