"""Texts that share their beginning and their end -> the pattern of which they are instances.

In: texts with numbers and times masked. Out: patterns, each with its texts and what stood in its gap.
Must not know: pages, sites, languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newscrawler.profiles.gapped import LONGEST_GAP
from newscrawler.profiles.units import Unit

SHARED = (2, 3, 4, 6, 10, 16, 24, 40)
"""Lengths of a shared beginning that are tried, the shortest first: it unites the most texts."""

LONGEST_ALIGNED = 400
"""Longest text that is aligned: a notice of 320 characters with a publisher's name in it."""

LABEL_WIDTH, FIXED_WIDTH = 5, 12
"""Width of what is fixed: beside a label's mark ("来源：", "via |") little is enough, without one it must be a phrase."""

_HOLES = {"{n}": "\ue000", "{time}": "\ue001", "{title}": "\ue002", "{url}": "\ue003"}
_SIGNS = {sign: hole for hole, sign in _HOLES.items()}
BAR = "丨"
"""A Chinese letter that is used as a bar."""

_PLAIN = r"\w\s.,!?…。，、！？'\"”’-"
_MARK = re.compile(rf"(?:[^{_PLAIN}]|{BAR})\s*$")
_OPENING = re.compile(rf"^\s*(?:[^{_PLAIN}]|{BAR})")
"""A label's mark, a bracket or a sign at the end or the beginning of what is fixed."""

CHANCE = 2
"""Letters of an unspaced script that several names may share by chance: 新华社, 新京报; 日报, 晚报."""

_STOP = re.compile(r"[。！？!?；;]|\.\s|\.$")


@dataclass(frozen=True, slots=True)
class Aligned:
    """A pattern, its texts, and what its {x} holds in each."""

    pattern: str
    units: list[Unit]
    gaps: list[str]


def align(units: Sequence[Unit], fewest: int) -> Iterator[Aligned]:
    """Yield patterns that at least `fewest` different stories share; no text is in two."""
    left = [(_signed(unit.masked), unit) for unit in units if len(unit.masked) <= LONGEST_ALIGNED]
    for backwards in (False, True):
        for length in SHARED:
            for run in _runs(left, length, backwards):
                if len({unit.story for _, unit in run}) < fewest:
                    continue
                if aligned := _fit(run):
                    yield aligned
                    taken = {id(unit) for unit in aligned.units}
                    left = [pair for pair in left if id(pair[1]) not in taken]


def common_start(texts: Sequence[str]) -> str:
    """Return what all the texts begin with."""
    low, high = min(texts), max(texts)
    return low[
        : next((at for at, pair in enumerate(zip(low, high, strict=False)) if pair[0] != pair[1]), min(len(low), len(high)))
    ]


def _signed(text: str) -> str:
    for hole, sign in _HOLES.items():
        text = text.replace(hole, sign)
    return text


def _shown(text: str) -> str:
    return "".join(_SIGNS.get(char, char) for char in text)


def _runs(pairs: Sequence[tuple[str, Unit]], length: int, backwards: bool) -> list[list[tuple[str, Unit]]]:
    """Return the groups of texts that begin, or end, with the same `length` characters."""
    groups: dict[str, list[tuple[str, Unit]]] = {}
    for text, unit in pairs:
        if len(text) > length:
            groups.setdefault(text[-length:] if backwards else text[:length], []).append((text, unit))
    return [sorted(group, key=lambda pair: (pair[0], pair[1].page)) for _, group in sorted(groups.items())]


def _fit(run: list[tuple[str, Unit]]) -> Aligned | None:
    """Return the pattern of texts that share their beginning or end, if what they share says something."""
    texts = [text for text, _ in run]
    shortest = min(map(len, texts))
    head = _whole_words(common_start(texts), texts)
    tail = common_start([text[::-1] for text in texts])[: shortest - len(head) - 1][::-1]
    tail = _whole_end(tail, texts)
    gaps = [text[len(head) : len(text) - len(tail)] for text in texts]
    if not _is_telling(head, tail) or not all(map(_is_name, gaps)) or len(set(gaps)) == 1:
        return None
    return Aligned(_shown(f"{head}{{x}}{tail}"), [unit for _, unit in run], [_shown(gap).strip() for gap in gaps])


def _is_name(gap: str) -> bool:
    return len(gap.strip()) > 0 and len(gap) <= LONGEST_GAP and not _STOP.search(gap.strip())


def _is_telling(head: str, tail: str) -> bool:
    fixed = sum(2 if char > "\u2e7f" else 1 for char in (head + tail).strip())
    marked = _MARK.search(head) is not None or (not head and _OPENING.search(tail) is not None)
    return fixed >= (LABEL_WIDTH if marked else FIXED_WIDTH)


def _whole_words(head: str, texts: Sequence[str]) -> str:
    """Cut a shared beginning back to where something ends: the values may share their first letters by chance."""
    if all(not _joined(head[-1:], text[len(head) : len(head) + 1]) for text in texts):
        return head
    marks = [match.end() for match in re.finditer(rf"(?:[^\w]|{BAR})+", head)]
    border = marks[-1] if marks else 0
    return head if _is_unspaced(head[-1:]) and len(head) - border > CHANCE else head[:border]


def _whole_end(tail: str, texts: Sequence[str]) -> str:
    """Cut a shared end forward to where something begins."""
    if all(not _joined(text[: len(text) - len(tail)][-1:], tail[:1]) for text in texts):
        return tail
    mark = re.search(rf"[^\w]|{BAR}", tail)
    border = mark.start() if mark else len(tail)
    return tail if _is_unspaced(tail[:1]) and border > CHANCE else tail[border:]


def _joined(one: str, other: str) -> bool:
    return one.isalnum() and other.isalnum() and BAR not in (one, other)


def _is_unspaced(char: str) -> bool:
    """Whether the script is written without spaces; Hangul is not."""
    return char > "\u2e7f" and char.isalpha() and not "\uac00" <= char <= "\ud7a3"
