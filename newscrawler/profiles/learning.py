"""Several pages of one site -> its Profile.

In: sampled pages as the rules read them. Out: the same Profile for the same pages, in whatever order they came.
Must not know: the network, files, any particular site.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from statistics import fmean

from newscrawler.profiles.alignment import common_start
from newscrawler.profiles.clocks import find_order, find_zone, has_dated_listing
from newscrawler.profiles.patterns import Index
from newscrawler.profiles.places import find_body, find_container, find_fields
from newscrawler.profiles.profile import Profile, Template
from newscrawler.profiles.repeats import learn_repeats
from newscrawler.profiles.samples import Sample, frame_of, group_layouts, group_stories, layout_of

FEWEST_PAGES = 4
"""With fewer, what recurs by chance and what recurs by design cannot be told apart."""

SAMPLE_PAGES = 24
"""Pages worth reading before a crawl: of a line on a fifth of the pages, 24 show three or more with 87% probability."""

LONGEST_NAME = 40
"""Characters of what stands beside the headline in a <title> that may be the site's name."""

_AROUND = " -–—|·:»«•_/｜丨‖>"


def learn(samples: Iterable[Sample], *, site: str = "", version: int = 1) -> Profile | None:
    """Return what these pages of one site tell of it, or None where there are fewer than four articles among them."""
    unique = {sample.page.url: sample for sample in samples if sample.body}
    pages = [unique[url] for url in sorted(unique)]
    if len(pages) < FEWEST_PAGES:
        return None
    stories = group_stories(pages)
    templates = [_learn_template([pages[at] for at in group], [stories[at] for at in group]) for group in _layouts(pages)]
    return Profile(
        site=site,
        version=version,
        names=find_names(pages),
        zone=find_zone(pages),
        month_first=find_order(pages),
        dated_listing=has_dated_listing(pages),
        pages=len(pages),
        templates=sorted(templates, key=lambda one: (-one.pages, one.frame)),
    )


def _layouts(pages: Sequence[Sample]) -> list[list[int]]:
    """Return the pages of each template that has enough of them; all as one where none has."""
    groups: dict[int, list[int]] = defaultdict(list)
    for at, leader in enumerate(group_layouts(pages)):
        groups[leader].append(at)
    return [group for group in groups.values() if len(group) >= FEWEST_PAGES] or [list(range(len(pages)))]


def _learn_template(pages: Sequence[Sample], stories: Sequence[int]) -> Template:
    container = find_container(pages)
    repeats = learn_repeats(pages, stories, container)
    frame = frame_of([sample.page for sample in pages])
    fields = find_fields(pages)
    return Template(
        pages=len(pages),
        stories=len(set(stories)),
        fit=round(fmean(fit_of(layout_of(sample.page), frame) for sample in pages), 3),
        fields={name: path for name, (path, _) in fields.items()},
        sure={name: share for name, (_, share) in fields.items()},
        container=container,
        body=find_body(pages, Index(repeats)),
        repeats=repeats,
        frame=sorted(frame),
    )


def fit_of(layout: frozenset[str], frame: frozenset[str]) -> float:
    """Return which share of a template's frame a page has."""
    return len(layout & frame) / (len(frame) or 1)


def find_names(pages: Sequence[Sample]) -> list[str]:
    """Return what every <title> carries besides the headline."""
    titles = [sample.page.title_tag for sample in pages if sample.page.title_tag]
    if len(titles) < FEWEST_PAGES or len(set(titles)) < FEWEST_PAGES:
        return []
    tail = common_start([title[::-1] for title in titles])[::-1]
    sides = (tail[_border(tail) :], _whole_start(common_start(titles)))
    names = [side.strip(_AROUND) for side in sides if any(char in _AROUND for char in side)]
    return [name for name, _ in Counter(name for name in names if 1 < len(name) <= LONGEST_NAME).most_common()]


def _border(tail: str) -> int:
    """Return where the name begins in a shared end: after the first mark, since what stands before may be chance."""
    return next((at for at, char in enumerate(tail) if char in _AROUND), len(tail))


def _whole_start(head: str) -> str:
    return head[: max((at + 1 for at, char in enumerate(head) if char in _AROUND), default=0)]
