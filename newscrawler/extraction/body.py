"""Which of a page's blocks are the article's own.

In: a Page and its headline. Out: a Body: the blocks chosen, in order, and how sure each choice was.
Must not know: notices and other phrases (disclaimers.py), what the site repeats (profiles).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from newscrawler.extraction.features import read_columns
from newscrawler.extraction.forest import load_forest
from newscrawler.extraction.page import Block, Page
from newscrawler.extraction.survey import Survey

ECHO = 60
"""Characters from which a block that stands twice is one paragraph shown twice; shorter lines may well recur in a text."""

UNSURE, SURE = 1.2, 2.5
"""Log-odds below which blocks that stand by themselves are related lines, where others are the text for sure."""

APART = 6
"""Blocks from which a gap parts what stands by itself from the text."""

NEVER = -9.0
"""Log-odds of a block that need not be asked about."""


@dataclass(frozen=True, slots=True)
class Body:
    """The article's blocks as the classifier sees them."""

    chosen: list[int]
    """Indices of the blocks, in reading order."""
    odds: list[float]
    """Log-odds of each block of the page that it is the article's."""
    survey: Survey
    """The page's counts."""


def find_body(page: Page, title: str) -> Body:
    """Return the blocks that are the article's own.

    page: one with blocks. title: its headline as far as it is known, to see where the article begins.
    """
    survey = Survey(page, title)
    odds = [NEVER] * len(page.blocks)
    asked, columns = read_columns(survey)
    for index, odd in zip(asked.tolist(), load_forest("blocks").score(columns).tolist(), strict=True):
        odds[index] = odd
    return Body(choose(page.blocks, odds), odds, survey)


def choose(blocks: Sequence[Block], odds: Sequence[float]) -> list[int]:
    """Return the indices of what is likelier than not the article's, a repeated block once."""
    seen: set[str] = set()
    runs: list[list[int]] = []
    for block, odd in zip(blocks, odds, strict=True):
        if odd > 0 and block.text not in seen:
            if runs and block.index - runs[-1][-1] <= APART:
                runs[-1].append(block.index)
            else:
                runs.append([block.index])
            if len(block.text) >= ECHO:
                seen.add(block.text)
    best = [max(odds[at] for at in run) for run in runs]
    if max(best, default=0.0) < SURE:
        return [at for run in runs for at in run]
    chosen = [at for run, odd in zip(runs, best, strict=True) if odd >= UNSURE for at in run]
    while odds[chosen[-1]] < UNSURE and chosen[-1] - 1 not in chosen[-2:-1]:
        chosen.pop()
    return chosen
