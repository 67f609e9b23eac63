"""A page's blocks and boxes, counted: words, links, running text, and where its core and its headline stand.

In: a Page and its headline. Out: a Survey, arrays a number a block or a box. Must not know: what is the article's.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from newscrawler.extraction.page import Box, Page

Numbers = NDArray[np.float64]
Places = NDArray[np.intp]

RUNNING = 8
"""Words outside links from which a block counts as running text."""

CORE_SHARE = 0.67
"""Share of the page's running text that its core holds: a text with a long related list beside it still has two thirds."""

_GRAIN = 1024
"""Words outside links are counted in parts of this, so that differences of sums are exact."""


def count_words(text: str) -> int:
    """Return about how many words `text` has; in scripts without spaces, one for each two characters."""
    spaced = text.count(" ") + 1
    return spaced if len(text) < 12 * spaced else len(text) // 2


def sums(numbers: Numbers) -> Numbers:
    """Return the sum before each place and, last, of all."""
    total = np.zeros(len(numbers) + 1)
    np.cumsum(numbers, out=total[1:])
    return total


class Survey:
    """The counts of one page that has blocks. Arrays end in a number for "no box" where boxes are counted."""

    def __init__(self, page: Page, title: str) -> None:
        self.page = page
        blocks, boxes = page.blocks, page.boxes
        self.size = np.array([len(block.text) for block in blocks], dtype=float)
        self.words = np.array([count_words(block.text) for block in blocks], dtype=float)
        self.linked = np.array([block.link_chars for block in blocks]) / self.size
        self.plain = np.rint(self.words * (1 - self.linked) * _GRAIN) / _GRAIN
        self.good = np.where((self.plain >= RUNNING) & (self.plain > 0.6 * self.words), self.plain, 0.0)
        self.box: Places = np.array([block.box.index for block in blocks])
        none = len(boxes)
        self.parent: Places = np.array([none, *[box.parent.index for box in boxes[1:] if box.parent], none])
        self.start: Places = np.array([box.start for box in boxes])
        self.end: Places = np.array([box.end for box in boxes])
        self.depth: Places = np.array([box.depth for box in boxes])
        self.good_before = sums(self.good)
        self._weigh_boxes()
        self.core = self._find_core()
        self._find_title(title)

    def _weigh_boxes(self) -> None:
        """Count each box: its share of the page's running text, the share outside links, its blocks."""
        words, plain = sums(self.words), sums(self.plain)
        good = self.good_before[self.end] - self.good_before[self.start]
        held = words[self.end] - words[self.start]
        self.total = good[0] or 1.0
        self.good_share = np.append(good / self.total, 1.0)
        self.plain_share = np.append((plain[self.end] - plain[self.start]) / held, 1.0)
        self.count = np.append(self.end - self.start, 0)

    def _find_core(self) -> Box | None:
        """Return the deepest box that holds two thirds of the page's running text."""
        if not self.good_share[0]:
            return None
        large = np.flatnonzero(self.good_share[:-1] >= CORE_SHARE)  # one within the other, since two do not fit beside
        return self.page.boxes[int(large[-1])]

    def _find_title(self, title: str) -> None:
        """Find the block that says the title best, and where each block's way parts from that one's."""
        blocks = self.page.blocks
        alike = likenesses([block.text for block in blocks], title)
        self.title_at = alike.index(max(alike))
        if alike[self.title_at] <= 0.5:
            self.title_at = next((block.index for block in blocks if block.box.tag == "h1"), -1)
        self.title_depth = np.zeros(len(blocks))
        box = blocks[self.title_at].box if self.title_at >= 0 else None
        while box is not None:
            span = self.title_depth[box.start : box.end]
            np.maximum(span, box.depth, out=span)
            box = box.parent

    def repeats(self) -> list[int]:
        """Return how often each block's text stands on the page."""
        texts = [block.text for block in self.page.blocks]
        counts = Counter(texts)
        return [counts[text] for text in texts]


def likenesses(texts: list[str], title: str) -> list[float]:
    """Return how much each text says the title: the share of words both have; 0 where their lengths tell enough."""
    spaced = " " in title
    own = frozenset(title.lower().split() if spaced else title)
    least, most = len(title) / 2, 2 * len(title)
    alike = [0.0] * len(texts)
    for at, text in enumerate(texts):
        if own and least <= len(text) <= most:
            words = set(text.lower().split() if spaced else text)
            shared = len(words & own)
            alike[at] = shared / (len(words) + len(own) - shared)
    return alike
