"""Which of a page's blocks are the article's own.

In: a Page and its headline. Out: a Body: the blocks chosen, in order, and how sure each choice was.
Must not know: notices and other phrases (disclaimers.py), what the site repeats (profiles).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from newscrawler.extraction.features import TELLING, read_columns
from newscrawler.extraction.forest import load_forest
from newscrawler.extraction.looks import ARTICLE, ASIDE
from newscrawler.extraction.page import HEADINGS, Block, Box, Page
from newscrawler.extraction.survey import Survey

ECHO = 60
"""Characters from which a block that stands twice is one paragraph shown twice; shorter lines may well recur in a text."""

UNSURE, SURE = 1.2, 2.5
"""Log-odds below which blocks that stand by themselves are related lines, where others are the text for sure."""

APART = 6
"""Blocks from which a gap parts what stands by itself from the text."""

SUBHEADINGS = HEADINGS - {"h1"}

A_TEXT = 300
"""Characters that are a text: two sentences."""

TABLES = frozenset(("table", "dl", "pre"))
"""Elements whose parts belong together, however short."""

LABEL = 2
"""Blocks that may stand between the text and a table that ends it: the table's name, a unit."""

NEVER = -9.0
"""Log-odds of a block that need not be asked about."""


@dataclass(frozen=True, slots=True)
class Body:
    """The article's blocks as the classifier sees them."""

    chosen: list[int]
    """Indices of the blocks, in reading order, the standfirst not among them."""
    standfirst: list[int]
    """Index of the block that is, where there is one: dates and names may stand between it and the text."""
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
    return make_body(survey, odds)


def make_body(survey: Survey, odds: list[float]) -> Body:
    """Return the Body that the log-odds of the page's blocks give."""
    chosen = with_headings(of_one_article(choose(survey.page.blocks, odds), survey), survey.page.blocks)
    return Body(with_tables(chosen, survey), standfirst(chosen, survey), odds, survey)


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


def of_one_article(chosen: list[int], survey: Survey) -> list[int]:
    """Return the blocks less those of later <article> elements, other stories or comments, where the headline's has a text."""
    blocks = survey.page.blocks
    box = blocks[survey.title_at].box if survey.title_at >= 0 else None
    while box is not None and box.tag != "article":
        box = box.parent
    if box is None or sum(len(blocks[at].text) for at in chosen if at < box.end) < A_TEXT:
        return chosen
    return [at for at in chosen if at < box.end or not (blocks[at].box.above | blocks[at].box.look.hints) & ARTICLE]


def standfirst(chosen: list[int], survey: Survey) -> list[int]:
    """Return the block between the headline and the text that the page's description begins with, where there is one."""
    blocks, first = survey.page.blocks, chosen[0] if chosen else 0
    if not 0 <= survey.title_at < first:
        return []
    declared = " ".join(content for name, content in survey.page.metas if "description" in name)
    said = {blocks[at].text[:TELLING] for at in chosen}
    for block in blocks[survey.title_at + 1 : first]:
        start = block.text[:TELLING]
        if len(start) == TELLING and start in declared and start not in said and 2 * block.link_chars < len(block.text):
            return [block.index]
    return []


def with_headings(chosen: list[int], blocks: Sequence[Block]) -> list[int]:
    """Return the blocks with each sub-heading that stands in the text right above one of them, or above another such."""
    headings: list[int] = []
    for earlier, later in pairwise(chosen):
        at = later - 1
        while at > earlier and blocks[at].tag in SUBHEADINGS:
            headings.append(at)
            at -= 1
    return sorted((*chosen, *headings))


def with_tables(chosen: list[int], survey: Survey) -> list[int]:
    """Return the blocks with all of each table that stands in the text: its cells look like nothing an article says."""
    core, whole = survey.core, set(chosen)
    if core is None or not chosen:
        return chosen
    end = 0
    for box in survey.page.boxes[core.index + 1 :]:
        if box.start >= core.end:
            break
        if box.tag in TABLES and box.start >= end and _is_in_text(box, chosen, core) and not _is_linked(box, survey):
            whole.update(range(box.start, box.end))
            end = box.end
    return sorted(whole)


def _is_in_text(box: Box, chosen: list[int], core: Box) -> bool:
    """Whether text stands before it and after it, or right above it; and no name calls it a thing beside the text."""
    at = bisect_left(chosen, box.start)
    called = (box.above | box.look.hints) & ~(core.above | core.look.hints)
    return at > 0 and (chosen[-1] >= box.end or chosen[at - 1] >= box.start - LABEL) and not called & ASIDE


def _is_linked(box: Box, survey: Survey) -> bool:
    """Whether most of its letters are links."""
    held = slice(box.start, box.end)
    return float(survey.linked[held] @ survey.size[held]) > 0.5 * float(survey.size[held].sum())
