"""The texts of sampled pages that may be the site's: blocks in and beside an article's element, sentences at its ends.

In: the sampled pages of one template. Out: Units. Must not know: which of them recur.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil
from typing import NamedTuple

from newscrawler.disclaimers import split_sentences
from newscrawler.extraction.page import HEADINGS
from newscrawler.profiles.patterns import Index, mask_numbers, mask_times
from newscrawler.profiles.samples import Sample, anonymous

FEWEST_STORIES = 3
"""Two articles may quote one sentence; three stories that share nothing else do not."""

LONGEST_UNIT = 1000
"""Longest block that is compared; the longest legal notice of the saved pages has 700 characters."""

EDGE = 3
"""Paragraphs that may stand outside a site's line at an end of the article: other lines, not yet known to vary."""


class Unit(NamedTuple):
    """A text of a sampled page that may be the site's: a block, or a sentence at a paragraph's edge."""

    text: str
    masked: str
    page: int
    story: int
    where: str
    heading: bool
    linked: bool
    within: bool


class Sampled(NamedTuple):
    """The sampled pages of one template."""

    samples: Sequence[Sample]
    stories: Sequence[int]
    container: str

    def fewest(self, share: float) -> int:
        """Return how many stories are the given share, three at the least."""
        return max(FEWEST_STORIES, ceil(share * len(set(self.stories))))


def block_units(sampled: Sampled, page: int) -> Iterator[Unit]:
    """Yield the blocks in and beside the text's element."""
    sample = sampled.samples[page]
    first, last = (sample.body[:EDGE])[-1], (sample.body[-EDGE:])[0]
    beside = sampled.container.rpartition(">")[0]
    for block in sample.region:
        if block.path.startswith(beside) and len(block.text) <= LONGEST_UNIT:
            where = "tail" if block.index >= last else "head" if block.index <= first else "middle"
            heading = block.tag in HEADINGS or block.strong_chars * 2 > len(block.text)
            linked = block.link_chars * 2 > len(block.text)
            within = block.path.startswith(sampled.container)
            yield _unit(sampled, page, block.text, where)._replace(heading=heading, linked=linked, within=within)


def sentence_units(sampled: Sampled, page: int, known: Index) -> Iterator[Unit]:
    """Yield the first and last sentences of the first and last paragraphs, those known to recur left out."""
    sample = sampled.samples[page]
    texts = [sample.page.blocks[at].text for at in sample.body]
    own = [text for text in texts if not known.match(text, sample.headline)]
    for where, paragraph in (("head", own[:1]), ("tail", own[-1:])):
        for text in paragraph:
            spans = split_sentences(text)
            for start, end in (spans[:2] if where == "head" else spans[-6:]) if len(spans) > 1 else ():
                yield _unit(sampled, page, text[start:end].strip(), where)


def _unit(sampled: Sampled, page: int, text: str, where: str) -> Unit:
    sample = sampled.samples[page]
    text = anonymous(sample, text)
    masked = mask_numbers(mask_times(text, sample.language))
    return Unit(text, masked, page, sampled.stories[page], where, heading=False, linked=False, within=True)
