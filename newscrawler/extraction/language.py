"""The language of an article's text: what the page declares, checked against the text itself.

In: a Page, what it declares, some of its text. Out: a primary subtag of BCP 47.
Must not know: sites.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict

from newscrawler.extraction.found import Found
from newscrawler.extraction.metadata import Metadata
from newscrawler.extraction.page import Page
from newscrawler.extraction.vocabulary import read_table

SAMPLE = 600
"""Characters of the text that are looked at: enough for a dozen stop words."""

_TABLE = read_table("languages")
_SCRIPTS = list(_TABLE["scripts"])
_BLOCKS = (
    map(re.escape, map(chr, (int(code, 16) for code in one.split()[0].split("-")))) for one in _TABLE["scripts"].values()
)
_RUN = re.compile("|".join(f"([{'-'.join(block)}]+)" for block in _BLOCKS))
"""A run of one script's Unicode block, a group for each of _SCRIPTS; every other letter counts as Latin."""

_LANGUAGES = {name: spans.split()[1:] for name, spans in _TABLE["scripts"].items()}
_LETTERS: dict[str, str] = _TABLE["letters"]
_STOP_SETS = {language: frozenset(words.split()) for language, words in _TABLE["stop words"].items()}
_LANGUAGES_OF: dict[str, list[str]] = defaultdict(list)
for _tag, _stops in _STOP_SETS.items():
    for _stop in _stops:
        _LANGUAGES_OF[_stop].append(_tag)
_UNLATIN = frozenset(tag for tags in _LANGUAGES.values() for tag in tags) - {"sr", "uz", "bs", "az", "mn"}
_OTHERS = re.compile(r"[^\0-\u036f\u2000-\u206f]+")
"""What is not written in Latin letters; the combining marks are the last of Latin's blocks, quotes and dashes any script's."""

_ONE_IN = 12
"""A text has one of its language's ten commonest words in at least so many; other languages' prose has one in thirty."""
_WORD = re.compile(r"[^\W\d_]+")
_APART = {code: " " for code in range(128) if not chr(code).isalpha()}
"""What parts the words of a text in ASCII."""


def find_language(page: Page, metadata: Metadata, text: str) -> Found | None:
    """Return the primary subtag of the text's language, or None where nothing tells it.

    text: of the article; a declared language its script or stop words contradict is not believed.
    """
    text = text[:SAMPLE]
    script = "latin" if text.isascii() and text else _script(text)
    possible = _LANGUAGES.get(script or "", [])
    words = [] if possible else _words(text.lower())
    declared = [(page.lang, "html lang"), *((stated.value, stated.evidence) for stated in metadata.of("language"))]
    for value, evidence in declared:
        tag = _primary(value)
        if tag and (tag in possible if possible else _is_believable(tag, words)):
            return Found(tag, value or "", evidence)
    if possible:
        return Found(_of_script(possible, text), "", f"{script} script of the text")
    best, count = _by_stop_words(words)
    return Found(best, "", "stop words of the text") if count > 2 else None


def _words(text: str) -> list[str]:
    return text.translate(_APART).split() if text.isascii() else _WORD.findall(text)


def _primary(value: str | None) -> str | None:
    tag = (value or "").strip().lower().replace("_", "-").partition("-")[0]
    return tag if tag.isascii() and tag.isalpha() and len(tag) in (2, 3) else None


def _is_believable(tag: str, words: list[str]) -> bool:
    """Whether a text in Latin script may be in the declared language; a text too short to tell may be in any."""
    if tag in _UNLATIN:
        return not words
    stops = _STOP_SETS.get(tag)
    own = sum(map(stops.__contains__, words)) if stops else 0
    if stops is None or own * _ONE_IN >= len(words):
        return True
    count = _by_stop_words(words)[1]
    return count < 5 or own * 3 >= count


def _script(text: str) -> str | None:
    """Return the script of most letters; kana weigh most, as Japanese mixes them with Han. None without letters."""
    others = "".join(_OTHERS.findall(text))
    counts: Counter[str] = Counter()
    for run in _RUN.finditer(others):
        counts[_SCRIPTS[run.lastindex - 1]] += run.end() - run.start()  # type: ignore[operator]
    counts["latin"] = sum(map(str.isalpha, _OTHERS.sub("", text))) if counts else any(map(str.isalpha, text))
    if counts["kana"] * 10 > counts["han"] and counts["kana"] > 3:
        counts["kana"] += counts["han"]
    name, count = counts.most_common(1)[0] if counts else ("", 0)
    return name if count else None


def _of_script(possible: list[str], text: str) -> str:
    letters = set(text.lower())
    told = (tag for tag, marks in _LETTERS.items() if tag in possible and not letters.isdisjoint(marks))
    return next(told, possible[0])


def _by_stop_words(words: list[str]) -> tuple[str, int]:
    """Return the language with most stop words among `words`, and how many."""
    scores = dict.fromkeys(_STOP_SETS, 0)
    for word in words:
        for tag in _LANGUAGES_OF.get(word, ()):
            scores[tag] += 1
    best = max(scores, key=scores.__getitem__)
    return best, scores[best]
