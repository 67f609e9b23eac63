"""What is cut from a body: keeping the account, putting it back, making one account of two steps.

In: paragraphs and cuts, or a body and its Removals. Out: what is left, the Removals, the body before.
Must not know: why anything was cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from newscrawler.items import Removal


@dataclass(frozen=True, slots=True)
class Stripped:
    """What `strip` kept, and what it cut in reading order."""

    kept: list[str]
    removed: list[Removal]


@dataclass(slots=True)
class Paragraph:
    """A paragraph that is being cut at its ends."""

    text: str
    start: int = 0
    end: int = 0
    cuts: list[tuple[int, int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.end = len(self.text)

    @property
    def left(self) -> str:
        """What is not cut."""
        return self.text[self.start : self.end]

    def keep(self, start: int, end: int, rule: str) -> None:
        """Cut what stands before `start` and after `end`, with the white space at the cut."""
        end = max(end, start)
        if self.start < start:
            start += len(self.text[start:end]) - len(self.text[start:end].lstrip())
            self.cuts.append((self.start, start, rule))
        if end < self.end:
            end = start + len(self.text[start:end].rstrip())
            self.cuts.append((end, self.end, rule))
        self.start, self.end = start, end

    def drop(self, rule: str) -> None:
        """Cut all that is left."""
        if self.start < self.end:
            self.cuts.append((self.start, self.end, rule))
        self.start = self.end


def account(draft: Sequence[Paragraph]) -> Stripped:
    """Say what stands and what fell, so that `restore` finds every character and line break again."""
    before, spans = "\n".join(paragraph.text for paragraph in draft), []
    offset, begun = 0, False
    for paragraph in draft:
        cuts = [(offset + start, offset + end, rule) for start, end, rule in sorted(paragraph.cuts)]
        if not cuts or paragraph.left:
            begun = True
        elif begun:  # the line break before a paragraph goes with it, or the one after it where none is kept before
            cuts[0] = (cuts[0][0] - 1, *cuts[0][1:])
        else:
            cuts[-1] = (cuts[-1][0], min(cuts[-1][1] + 1, len(before)), cuts[-1][2])
        spans += cuts
        offset += len(paragraph.text) + 1
    removed, cut = [], 0
    for start, end, rule in spans:
        removed.append(Removal(rule=rule, text=before[start:end], position=start - cut))
        cut += end - start
    return Stripped([paragraph.left for paragraph in draft if paragraph.left or not paragraph.cuts], removed)


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
