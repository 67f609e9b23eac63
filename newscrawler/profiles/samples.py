"""A sampled page as the rules read it, and the groups that sampled pages fall into.

In: Pages with what extraction found on them without a profile. Out: which pages tell one story, which share a layout.
Must not know: what is learned from them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeVar

from newscrawler.extraction.found import Found
from newscrawler.extraction.page import Block, Page
from newscrawler.profiles.patterns import anonymise, mask_numbers

T = TypeVar("T")

SHINGLE = 8
"""Characters of a shingle: four words of Chinese, about one and a half of English."""

LONGEST_STORY = 4000
"""Characters of a story that are compared; two stories that share so much are one."""

SAME_STORY = 0.5
"""Share of the shorter story's shingles from which two pages tell one: copies have .96 at the median, and edited
daily reports .5 and more, while two stories of one event stay below .2."""

SAME_LAYOUT = 0.6
"""Jaccard likeness of two pages' paths from which they share a template; an article's own lists and tables move it by .2."""

HOLDING = 0.9
"""Share of an article's characters that its element holds; the rest is a standfirst or a caption outside."""

FRAME = 0.8
"""Share of a template's pages that have a path of its frame."""

ABOVE, BELOW = 12, 20
"""Blocks before the text and after it in which a site's lines about the article stand."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A page, and what the rules make of it.

    body: indices of the blocks they take for the article's. lastmod: the sitemap's. declared: other stated moments.
    """

    page: Page
    body: Sequence[int]
    title: Found | None = None
    timestamp: Found | None = None
    source: Found | None = None
    language: str | None = None
    lastmod: str | None = None
    declared: Sequence[str] = ()

    @property
    def headline(self) -> str:
        """The title's text, or nothing."""
        return self.title.value if self.title else ""

    @property
    def region(self) -> Sequence[Block]:
        """The blocks about and in the article."""
        blocks = self.page.blocks
        first, last = self.body[0], self.body[-1]
        titled = min((at for at in self.title.blocks if at < first), default=first) if self.title else first
        return blocks[max(0, min(first - ABOVE, titled)) : last + 1 + BELOW]


def group_stories(samples: Sequence[Sample]) -> list[int]:
    """Return each sample's story, as the position of the first sample that tells it."""
    masked = [[mask_numbers(sample.page.blocks[at].text) for at in sample.body] for sample in samples]
    common = _frequent(masked, len(samples) / 2)
    stories = [_shingles("\n".join(text for text in texts if text not in common)[:LONGEST_STORY]) for texts in masked]
    common = _frequent(stories, len(samples) / 2)
    stories = [story - common for story in stories]
    return _components(stories, lambda one, other: len(one & other) >= SAME_STORY * (min(len(one), len(other)) or 1))


def group_layouts(samples: Sequence[Sample]) -> list[int]:
    """Return each sample's template, as the position of the first sample that has it."""
    layouts = [(holder_of(sample), layout_of(sample.page)) for sample in samples]
    return _components(layouts, lambda one, other: _is_nested(one[0], other[0]) and likeness(one[1], other[1]) >= SAME_LAYOUT)


def holder_of(sample: Sample) -> str:
    """Return the path of the deepest element that holds nearly all of the page's text; a paragraph alone holds none."""
    blocks = [sample.page.blocks[at] for at in sample.body]
    siblings = Counter(id(block.box) for block in blocks)
    weight: Counter[str] = Counter()
    for block in blocks:
        steps = block.path.split(">")
        depth = len(steps) if siblings[id(block.box)] > 1 else max(1, len(steps) - 1)
        weight.update({">".join(steps[:at]): len(block.text) for at in range(1, depth + 1)})
    enough = HOLDING * sum(len(block.text) for block in blocks)
    return max((path for path, held in weight.items() if held >= enough), key=lambda path: path.count(">"))


def _is_nested(one: str, other: str) -> bool:
    return f"{one}>".startswith(f"{other}>") or f"{other}>".startswith(f"{one}>")


def layout_of(page: Page) -> frozenset[str]:
    """Return the paths at which a page has text."""
    for box in page.boxes:  # one after the other, parents first: faster than each when it is asked for
        if box.unread:
            box.read()
    return frozenset([block.box.path for block in page.blocks])


def frame_of(pages: Sequence[Page]) -> frozenset[str]:
    """Return the paths that nearly all of these pages have."""
    return frozenset(_frequent(map(layout_of, pages), FRAME * len(pages) - 0.001))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the Jaccard index."""
    return len(one & other) / (len(one | other) or 1)


def anonymous(sample: Sample, text: str) -> str:
    """Return `text` without what is this page's alone."""
    return anonymise(text, sample.headline)


def _shingles(text: str) -> frozenset[str]:
    text = "".join(text.split())
    return frozenset(text[at : at + SHINGLE] for at in range(max(0, len(text) - SHINGLE + 1)))


def _frequent(groups: Iterable[Iterable[T]], limit: float) -> set[T]:
    """Return what is in more than `limit` of the groups."""
    counts = Counter(member for group in groups for member in set(group))
    return {member for member, count in counts.items() if count > limit}


def _components(values: Sequence[T], alike: Callable[[T, T], bool]) -> list[int]:
    """Return for each value the first position of the group that chains of likeness make."""
    leader = list(range(len(values)))
    for one, other in combinations(range(len(values)), 2):
        if leader[one] != leader[other] and alike(values[one], values[other]):
            low, high = sorted((leader[one], leader[other]))
            leader = [low if at == high else at for at in leader]
    return leader
