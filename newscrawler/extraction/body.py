"""Which of a page's blocks are the article's own.

In: a Page and its headline. Out: a Body: the blocks chosen, in order, and how sure each choice was.
Must not know: notices and other phrases (disclaimers.py), what the site repeats (profiles).
"""

from __future__ import annotations

from dataclasses import dataclass

from newscrawler.extraction.features import read_rows
from newscrawler.extraction.forest import score
from newscrawler.extraction.page import Page


@dataclass(frozen=True, slots=True)
class Body:
    """The article's blocks as the classifier sees them."""

    chosen: list[int]
    """Indices of the blocks, in reading order."""
    odds: list[float]
    """Log-odds of each block of the page that it is the article's."""

    @property
    def span(self) -> range:
        """From the first chosen block to the one after the last."""
        return range(self.chosen[0], self.chosen[-1] + 1) if self.chosen else range(0)


def find_body(page: Page, title: str) -> Body:
    """Return the blocks that are the article's own: what is likelier than not, a repeated block once.

    title: the page's headline as far as it is known, to see where the article begins.
    """
    odds = [score(row) for row in read_rows(page, title)]
    seen: set[str] = set()
    chosen = []
    for block, odd in zip(page.blocks, odds, strict=True):
        if odd > 0 and block.text not in seen:
            chosen.append(block.index)
            if len(block.text) >= ECHO:
                seen.add(block.text)
    return Body(chosen, odds)


ECHO = 60
"""Characters from which a block that stands twice is one paragraph shown twice; shorter lines may well recur in a text."""
