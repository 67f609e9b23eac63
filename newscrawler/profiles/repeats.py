"""What recurs across different stories, to the letter or with something varying in it.

In: the sampled pages of one template, each with its story. Out: Repeats.
Must not know: any language or site; where a field stands.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import ceil
from typing import NamedTuple

from msgspec import structs

from newscrawler.disclaimers import split_sentences
from newscrawler.extraction.attribution import looks_like_media
from newscrawler.extraction.page import HEADINGS
from newscrawler.phrases import NOTICE_POINTS, line_rule, notice_points
from newscrawler.profiles.alignment import Aligned, align
from newscrawler.profiles.clocks import find_line_zone
from newscrawler.profiles.patterns import FIXED_WIDTH, Index, is_loose, mask_numbers, mask_times
from newscrawler.profiles.profile import Repeat
from newscrawler.profiles.samples import Sample, anonymous

FEWEST_STORIES = 3
"""Two articles may quote one sentence; three stories that share nothing else do not."""

SOMETIMES, OFTEN, ALWAYS = 0.2, 0.5, 0.9
"""Shares of a template's stories: from the first a text is the site's if its place, its links or its words say so, from the
second wherever it stands, from the third before anything varying is looked for in it. Below the first, it may as well have come
with the stories: one publisher's copies carry his own notices."""

PATTERN_SHARE = 0.25
"""Share of the stories that must show a pattern with something free in it."""

LONGEST_UNIT = 1000
"""Longest block that is compared; the longest legal notice of the saved pages has 700 characters."""

INSIDE_WIDTH = 10
"""Width, an unspaced letter counted twice, of a sentence that may be cut from within a paragraph."""

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


def learn_repeats(samples: Sequence[Sample], stories: Sequence[int], container: str) -> list[Repeat]:
    """Return what these pages of one template repeat in and beside the text's element, in the order of the page."""
    sampled = Sampled(samples, stories, container)
    units = [unit for page in range(len(samples)) for unit in _blocks(sampled, page)]
    entries = _repeating(units, sampled, inside=False)
    sentences = [unit for page in range(len(samples)) for unit in _sentences(sampled, page, Index(entries))]
    return _ordered([*entries, *_repeating(sentences, sampled, inside=True)])


def _repeating(units: Sequence[Unit], sampled: Sampled, *, inside: bool) -> list[Repeat]:
    """Return what recurs always, then what recurs with something varying, then what recurs at times."""
    entries = list(_exact(units, sampled, ALWAYS, inside=inside))
    entries += _patterns(_strange(units, entries), sampled, inside=inside)
    entries += _exact(_strange(units, entries), sampled, OFTEN, inside=inside)
    entries += _exact(_strange(units, entries), sampled, SOMETIMES, inside=inside)
    return entries


def width(text: str) -> int:
    """Return the length of `text`, each letter of a script without spaces counted twice."""
    return len(text) + sum(char > "\u2e7f" for char in text)


def _blocks(sampled: Sampled, page: int) -> Iterator[Unit]:
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


def _sentences(sampled: Sampled, page: int, known: Index) -> Iterator[Unit]:
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


def _strange(units: Iterable[Unit], entries: Iterable[Repeat]) -> list[Unit]:
    """Return the units that no entry explains."""
    index = Index(entries)
    return [unit for unit in units if not index.match(unit.text, "")]


def _exact(units: Iterable[Unit], sampled: Sampled, share: float, *, inside: bool) -> Iterator[Repeat]:
    """Yield an entry for each text that recurs in enough stories, numbers and times aside."""
    groups: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        groups[unit.masked].append(unit)
    for masked, group in sorted(groups.items()):
        stories = {unit.story for unit in group}
        if len(stories) < sampled.fewest(share) or (share < OFTEN and not _is_furniture(group)):
            continue
        entry = _entry(_common(group), group, inside=inside)
        if is_loose(entry) and not any(unit.within for unit in group):
            continue
        if not inside or width(masked) >= INSIDE_WIDTH:
            yield entry


def _common(group: Sequence[Unit]) -> str:
    """Return the pattern of texts that are equal but for numbers and times, varying as little as they do."""
    if len({unit.text for unit in group}) == 1:
        return group[0].text
    numbered = {mask_numbers(unit.text) for unit in group}
    return numbered.pop() if len(numbered) == 1 else group[0].masked


def _is_furniture(group: Sequence[Unit]) -> bool:
    """Whether a text on fewer than half of the pages is the site's by its place, its links or its words."""
    text = group[0].text
    if line_rule(text) is not None or notice_points(text) >= NOTICE_POINTS:
        return True
    if any(unit.heading for unit in group):
        return False
    constant = all(unit.text == text for unit in group)
    if all(unit.linked for unit in group):  # at the end it is one of the titles that lists of other articles share
        return constant and all(unit.where == "middle" for unit in group)
    return all(unit.where != "middle" for unit in group) or (constant and width(text) >= FIXED_WIDTH)


def _patterns(units: Sequence[Unit], sampled: Sampled, *, inside: bool) -> Iterator[Repeat]:
    """Yield the patterns with something free in them: lines at the articles' edges, links between paragraphs."""
    for where in ("head", "middle", "tail"):
        pool = [unit for unit in units if unit.where == where and unit.linked == (where == "middle")]
        for aligned in align(pool, sampled.fewest(PATTERN_SHARE)):
            entry = _entry(aligned.pattern, aligned.units, inside=inside)
            yield _sourced(entry, aligned, sampled) if _holds_source(aligned, sampled) else entry


def _sourced(entry: Repeat, aligned: Aligned, sampled: Sampled) -> Repeat:
    """Return the entry as one that names the source, with the zone of its clock if it has one."""
    index = Index([entry])
    matches = ((index.match(unit.text, ""), sampled.samples[unit.page]) for unit in aligned.units)
    clocks = [(match.time, sample) for match, sample in matches if match and match.time]
    return structs.replace(entry, role="source", zone=find_line_zone(clocks))


def _holds_source(aligned: Aligned, sampled: Sampled) -> bool:
    """Whether the gap is where the rules found the source on most of these pages, or what it holds are names of media."""
    agreed = asked = 0
    for unit, gap in zip(aligned.units, aligned.gaps, strict=True):
        source = sampled.samples[unit.page].source
        if source:
            asked += 1
            name = mask_numbers(source.value)
            agreed += name in gap or gap in name
    if asked:
        return agreed * 2 > asked
    names = set(aligned.gaps)
    return len(names) > 1 and sum(map(looks_like_media, names)) * 2 >= len(names)


def _entry(pattern: str, group: Sequence[Unit], *, inside: bool) -> Repeat:
    return Repeat(
        pattern=pattern,
        where=min(Counter(unit.where for unit in group).items(), key=lambda item: (-item[1], item[0]))[0],  # type: ignore[arg-type]
        inside=inside,
        pages=len({unit.page for unit in group}),
        stories=len({unit.story for unit in group}),
    )


def _ordered(entries: Sequence[Repeat]) -> list[Repeat]:
    """Return each pattern once, whole blocks before sentences, by place and frequency."""
    places = ("head", "middle", "tail")
    unique = {entry.pattern: entry for entry in reversed(entries)}
    return sorted(unique.values(), key=lambda one: (places.index(one.where), -one.pages, one.pattern))
