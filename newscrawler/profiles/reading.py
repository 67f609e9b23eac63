"""One page read with its site's Profile.

In: a Page and a Profile. Out: hints for the finders of fields; which blocks are the article's; what the site repeats.
`extract` asks in this order: `read_with`; `hints`; it sets `title` once it is found; `settle` on the blocks the rules
chose; `source`, or none where the page is `unsourced`; `timestamp`, before what the page declares; and hands the Reading
to `disclaimers.strip`. Must not know: how the rules chose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from newscrawler.disclaimers import Window
from newscrawler.extraction.dates import read_moments
from newscrawler.extraction.found import Found, Hints
from newscrawler.extraction.page import HEADINGS, Block, Page
from newscrawler.profiles.alignment import LONGEST_ALIGNED
from newscrawler.profiles.known import Known, make_known, zone_of_offset
from newscrawler.profiles.patterns import Match, is_loose, rule_of
from newscrawler.profiles.places import is_linked
from newscrawler.profiles.profile import Profile, Template
from newscrawler.profiles.samples import ABOVE, BELOW
from newscrawler.profiles.units import EDGE

SURELY, HARDLY = 0.8, 0.2
"""Share of a place's blocks kept by the rules from which all are kept, and up to which none is."""

ENOUGH = 8
"""Stories compared from which a site's line on half of the pages has shown itself three times with 86% probability."""

MORE = re.compile(r"[:：|｜丨;；]")
"""What tells that a gap holds more than a name, another label for one: the rules read such a line better."""

DATED = 0.9
"""Share of a template's pages that print their date at one place, from which every article of it does."""

EMPTY: Iterator[bool] = iter(())

EXPECTED = 0.5
"""Share of a template's pages that print a labelled source, from which a page without one has none."""


def _is_astray(found: Match | None, at: int, span: tuple[int, int]) -> bool:
    """Whether a line that may as well be the article's stands elsewhere than where the site prints it."""
    if found is None or not is_loose(found.entry.pattern):
        return False
    where = "head" if at < span[0] else "tail" if at > span[1] else "middle"
    return where != found.entry.where


def _is_under(path: str, container: str) -> bool:
    return path == container or path.startswith(f"{container}>")


class Reading:
    """What a Profile says of one page."""

    def __init__(self, known: Known, page: Page) -> None:
        self.known, self.page, self.title = known, page, ""
        self.number, self.fit = known.template_of(page)
        self._matches: dict[str, Match | None] = {}
        self._astray: dict[str, list[bool]] = {}
        self._body: Sequence[int] = ()

    @property
    def template(self) -> Template | None:
        """The page's template, or None where it is of none that is known."""
        return None if self.number is None else self.known.profile.templates[self.number]

    @property
    def hints(self) -> Hints:
        """What the finders of fields may know beforehand."""
        profile, template = self.known.profile, self.template
        paths = template.fields if template else {}
        return Hints(zone=self.known.zone, month_first=profile.month_first, names=tuple(profile.names), paths=paths)

    def match(self, text: str) -> Match | None:
        """Return the entry of which the whole of `text` is an instance."""
        if text not in self._matches:
            self._matches[text] = self.known.index.match(text, self.title)
        return self._matches[text]

    @property
    def patterns(self) -> set[str]:
        """The entries of which the page was found to have an instance."""
        return {found.entry.pattern for found in self._matches.values() if found}

    def windows(self, paragraphs: Sequence[str]) -> list[Window | None]:
        """Return for each paragraph what is left without what the site repeats; None where all of it is the article's."""
        astray = {text: iter(verdicts) for text, verdicts in self._astray.items()}
        return [None if next(astray.get(text, EMPTY), False) else self._window(text) for text in paragraphs]

    def _window(self, text: str) -> Window | None:
        if found := self.match(text):
            return 0, 0, rule_of(found.entry)
        start, end, within = self.known.index.cut(text, self.title)
        return (start, end, rule_of(within[0].entry)) if within else None

    def settle(self, kept: Sequence[int]) -> list[int]:
        """Return the blocks of the body, those that the site repeats among them still in: `windows` cuts them.

        kept: the blocks the rules hold for the article's.
        """
        template = self.template
        if template is None or self.number is None:
            return list(kept)
        chosen, places = set(kept), self.known.places[self.number]
        near = self._near(kept, template.container)
        found = {block.index: self.match(block.text) for block in near}
        own = [block for block in near if self._is_own(block, chosen, places) and not found[block.index]]
        if not own:
            return list(kept)
        span = (own[0].index, own[-1].index)
        lines = [block for block in near if found[block.index] and self._is_line(block, template.container, span[0])]
        for block in lines:
            self._astray.setdefault(block.text, []).append(_is_astray(found[block.index], block.index, span))
        self._body = sorted(block.index for block in (*own, *lines))
        return list(self._body)

    def _near(self, kept: Sequence[int], container: str) -> Sequence[Block]:
        """Return the blocks about the text; where the rules saw none, those of the element in which the template has it."""
        if kept:
            return self.page.blocks[max(0, kept[0] - ABOVE) : kept[-1] + 1 + BELOW]
        return [block for block in self.page.blocks if _is_under(block.path, container)]

    def _is_own(self, block: Block, chosen: set[int], places: dict[tuple[str, bool], float]) -> bool:
        if block.tag in HEADINGS and block.text == self.title:
            return False
        share = places.get((block.path, is_linked(block)))
        if share is not None and share >= SURELY:
            return True
        return block.index in chosen and (share is None or share > HARDLY)

    def _is_line(self, block: Block, container: str, first: int) -> bool:
        """Whether a recurring block stands in the text's element, so that leaving it out is a cut to account for."""
        return _is_under(block.path, container) and not (block.index < first and block.tag == "h1")

    def source(self) -> Found | None:
        """Return the source from the line in which the site prints it."""
        block, found = self._origin()
        if block is None or found is None or not found.gap or MORE.search(found.gap):
            return None
        return Found(found.gap, block.text, rule_of(found.entry), (block.index,), block.path)

    def timestamp(self) -> Found | None:
        """Return the publication from the line that names source and time, where the zone of its clock is known.

        What the line states is the original's publication; the page's own declarations are the copy's.
        """
        block, found = self._origin()
        if block is None or found is None or not found.time or not found.entry.zone:
            return None
        moment = next(read_moments(found.time), None)
        if moment is None or not isinstance(moment.value, datetime):
            return None
        value = moment.value if moment.value.tzinfo else moment.value.replace(tzinfo=zone_of_offset(found.entry.zone))
        return Found(value.isoformat(), moment.raw, rule_of(found.entry), (block.index,), block.path)

    def _origin(self) -> tuple[Block, Match] | tuple[None, None]:
        """Return the line, or the paragraph with the sentence, in which the site prints the source."""
        for block in self.page.blocks if any(self.known.sourced) else ():
            found = self.match(block.text) if len(block.text) <= LONGEST_ALIGNED else None
            if found and found.entry.role == "source":
                return block, found
        for block in (self.page.blocks[at] for at in self._body[-EDGE:]):
            for found in self.known.index.cut(block.text, self.title)[2]:
                if found.entry.role == "source":
                    return block, found
        return None, None

    @property
    def sure(self) -> bool:
        """Whether so many stories of the page's template were compared that what did not recur is the articles' own."""
        return self.template is not None and self.template.stories >= ENOUGH

    def denies(self, timestamp: Found | None) -> bool:
        """Whether the page is none of the site's articles: it has another layout, and no date, as every article has."""
        templates = self.known.profile.templates
        dated = all(one.sure.get("timestamp", 0.0) >= DATED and one.stories >= ENOUGH for one in templates)
        return timestamp is None and self.template is None and dated

    @property
    def unsourced(self) -> bool:
        """Whether the page has no source: its template prints one on most pages, and here the line is missing."""
        printed = self.number is not None and self.known.sourced[self.number] >= EXPECTED
        return printed and self._origin() == (None, None)


def read_with(profile: Profile, page: Page) -> Reading:
    """Return what `profile` says of `page`."""
    return Reading(make_known(profile), page)
