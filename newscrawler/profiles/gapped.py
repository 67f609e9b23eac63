"""A pattern with something varying in it, compared with a text: what stands in its gaps.

In: a pattern, an anonymised text. Out: the gaps' contents, or None. Must not know: where a text stands.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import re2

LONGEST_GAP = 80
"""Characters an {x} may hold: the longest name of a publisher in the saved pages has 41."""

LONGEST_TIME = 48
"""Characters a {time} may hold, weekday and zone included."""

_LIMITS = {"{x}": LONGEST_GAP, "{time}": LONGEST_TIME}
_HOLE = re.compile(r"(\{(?:x|time|n)\})")

FEW = 2
"""Gaps that are found by looking for what stands between them, each at most LONGEST_GAP times; RE2 takes 70 microseconds for
what this does in three."""


class Gapped:
    """A pattern that has an {x} or a {time}."""

    __slots__ = ("holes", "pattern", "pieces")

    def __init__(self, pattern: str) -> None:
        parts = _HOLE.split(pattern)
        self.pattern, self.pieces, self.holes = pattern, parts[::2], parts[1::2]

    def gaps(self, text: str) -> list[tuple[str, str]] | None:
        """Return (hole, what it holds) for each {x} and {time} of a text that is an instance, the first as short as can be."""
        if not (text.startswith(self.pieces[0]) and text.endswith(self.pieces[-1])):
            return None
        if len(self.holes) > FEW or "{n}" in self.holes:
            return self._searched(text) if all(piece in text for piece in self.pieces) else None
        held = self._cut(text)
        return list(zip(self.holes, held, strict=True)) if held else None

    def _cut(self, text: str) -> list[str] | None:
        """Return what the one gap, or the two, hold."""
        start, end = len(self.pieces[0]), len(text) - len(self.pieces[-1])
        last = _LIMITS[self.holes[-1]]
        if len(self.holes) == 1:
            return [text[start:end]] if 1 <= end - start <= last else None
        between, first = self.pieces[1], _LIMITS[self.holes[0]]
        limit = min(end, start + first + len(between))
        at = text.find(between, start + 1, limit)
        while at >= 0:
            after = at + len(between)
            if 1 <= end - after <= last:
                return [text[start:at], text[after:end]]
            at = text.find(between, at + 1, limit)
        return None

    def _searched(self, text: str) -> list[tuple[str, str]] | None:
        found = _compiled(self.pattern).fullmatch(text)
        if not found:
            return None
        holes = [hole for hole in self.holes if hole in _LIMITS]
        return list(zip(holes, found.groups(), strict=True))


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> Any:
    """Return a matcher of the whole text, with a group for each {x} and {time}."""
    holes = {hole: f"(.{{1,{limit}}}?)" for hole, limit in _LIMITS.items()} | {"{n}": r"\d+(?:[.,:]\d+)*"}
    return re2.compile("(?s)" + "".join(holes.get(part) or re2.escape(part) for part in _HOLE.split(pattern)))
