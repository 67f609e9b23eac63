"""What was cut from a body: putting it back, and making one account of two steps.

In: a body and the Removals that led to it. Out: the body before, or one list for both steps.
Must not know: why anything was cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from newscrawler.items import Removal


def restore(body: str, removed: Iterable[Removal]) -> str:
    """Return the body as it was before `removed` was cut from it."""
    pieces: list[str] = []
    position = 0
    for removal in removed:
        pieces += body[position : removal.position], removal.text
        position = removal.position
    return "".join((*pieces, body[position:]))


def merge(earlier: Sequence[Removal], later: Sequence[Removal]) -> list[Removal]:
    """Return as one list the removals of two steps, the second of which worked on what the first had kept."""
    merged: list[Removal] = []
    waiting, cut = list(reversed(earlier)), 0
    for removal in later:
        start, done = removal.position + cut, 0
        while waiting and waiting[-1].position < start + len(removal.text):
            first = waiting.pop()
            inside = first.position - start
            if inside > done:
                merged.append(replace(removal, text=removal.text[done:inside]))
                done = inside
            merged.append(replace(first, position=min(first.position, start) - cut))
        merged.append(replace(removal, text=removal.text[done:]))
        cut += len(removal.text)
    return merged + [replace(removal, position=removal.position - cut) for removal in reversed(waiting)]
