"""What recurs across different stories, to the letter or with something varying in it.

In: the sampled pages of one template, each with its story. Out: Repeats.
Must not know: any language or site; where a field stands.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from msgspec import structs

from newscrawler.extraction.attribution import looks_like_media
from newscrawler.phrases import NOTICE_POINTS, line_rule, notice_points
from newscrawler.profiles.alignment import Aligned, align
from newscrawler.profiles.clocks import find_line_zone
from newscrawler.profiles.patterns import FIXED_WIDTH, Index, is_loose, mask_numbers
from newscrawler.profiles.profile import Repeat
from newscrawler.profiles.samples import Sample
from newscrawler.profiles.units import Sampled, Unit, block_units, sentence_units

SOMETIMES, OFTEN, ALWAYS = 0.2, 0.5, 0.9
"""Shares of a template's stories: from the first a text is the site's if its place, its links or its words say so, from the
second wherever it stands, from the third before anything varying is looked for in it. Below the first, it may as well have come
with the stories: one publisher's copies carry his own notices."""

PATTERN_SHARE = 0.25
"""Share of the stories that must show a pattern with something free in it."""

INSIDE_WIDTH = 10
"""Width, an unspaced letter counted twice, of a sentence that may be cut from within a paragraph."""


def learn_repeats(samples: Sequence[Sample], stories: Sequence[int], container: str) -> list[Repeat]:
    """Return what these pages of one template repeat in and beside the text's element, in the order of the page."""
    sampled = Sampled(samples, stories, container)
    units = [unit for page in range(len(samples)) for unit in block_units(sampled, page)]
    entries = _repeating(units, sampled, inside=False)
    known = Index(entries)
    sentences = [unit for page in range(len(samples)) for unit in sentence_units(sampled, page, known)]
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


def _strange(units: Iterable[Unit], entries: Iterable[Repeat]) -> list[Unit]:
    """Return the units that no entry explains."""
    index = Index(entries)
    return [unit for unit in units if not index.match_anonymous(unit.text)]


def _exact(units: Iterable[Unit], sampled: Sampled, share: float, *, inside: bool) -> Iterator[Repeat]:
    """Yield an entry for each text that recurs in enough stories, numbers and times aside."""
    groups: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        groups[unit.masked].append(unit)
    for masked, group in sorted(groups.items()):
        group = [unit for unit in group if unit.within or not is_loose(masked)]
        stories = {unit.story for unit in group}
        if len(stories) < sampled.fewest(share) or (share < OFTEN and not _is_furniture(group)):
            continue
        if not inside or width(masked) >= INSIDE_WIDTH:
            yield _entry(_common(group), group, inside=inside)


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
    matches = ((index.match_anonymous(unit.text), sampled.samples[unit.page]) for unit in aligned.units)
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
