"""Where a template keeps its fields and its text.

In: the sampled pages of one template. Out: paths, and how sure they are. Must not know: what the texts say.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from newscrawler.extraction.page import Block
from newscrawler.profiles.patterns import Index
from newscrawler.profiles.profile import Place
from newscrawler.profiles.samples import Sample, holder_of

SURE = 0.6
"""Share of pages on which a field must stand at one path for the path to be told to the finders."""

FEWEST_BLOCKS = 3
"""Blocks at a path before it says anything."""

LINKED = 0.9
"""Share of a block's characters in links from which it is nothing but links."""


def is_linked(block: Block) -> bool:
    """Whether the block is nothing but links."""
    return block.link_chars >= LINKED * len(block.text)


def find_fields(samples: Sequence[Sample]) -> dict[str, tuple[str, float]]:
    """Return for each field the path where it stands on most pages, and on which share of those that have it."""
    fields = {}
    for name in ("title", "timestamp", "source"):
        found = [getattr(sample, name) for sample in samples]
        paths = [one.path for one in found if one and one.path]
        if paths:
            path, count = min(Counter(paths).items(), key=lambda item: (-item[1], item[0]))
            if count >= max(FEWEST_BLOCKS, SURE * len(paths)):
                fields[name] = (path, round(count / len(samples), 3))
    return fields


def find_container(samples: Sequence[Sample]) -> str:
    """Return the path of the deepest element that holds most of the article's text on most pages."""
    votes = Counter(holder_of(sample) for sample in samples)
    return min(votes.items(), key=lambda item: (-item[1], item[0]))[0]


def find_body(samples: Sequence[Sample], repeats: Index) -> list[Place]:
    """Return for each path about the text how often the rules keep what stands there, the site's own lines aside."""
    tally: dict[tuple[str, bool], list[int]] = defaultdict(lambda: [0, 0])
    for sample in samples:
        own = set(sample.body)
        for block in _strangers(sample, repeats):
            count = tally[block.path, is_linked(block)]
            count[0] += 1
            count[1] += block.index in own
    return [
        Place(path=path, linked=linked, kept=round(kept / blocks, 3), blocks=blocks)
        for (path, linked), (blocks, kept) in sorted(tally.items())
        if blocks >= FEWEST_BLOCKS
    ]


def _strangers(sample: Sample, repeats: Index) -> Iterable[Block]:
    """Return the blocks of the region that neither recur nor repeat the title."""
    return (
        block for block in sample.region if not repeats.match(block.text, sample.headline) and block.text != sample.headline
    )
