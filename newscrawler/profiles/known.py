"""A Profile made ready for pages: its entries indexed, its templates told apart.

In: a Profile. Out: a Known, the same for the same profile. Must not know: what a page's blocks are.
"""

from __future__ import annotations

from datetime import datetime, tzinfo
from functools import lru_cache

from newscrawler.extraction.page import Page
from newscrawler.profiles.learning import fit_of
from newscrawler.profiles.patterns import Index
from newscrawler.profiles.profile import Profile
from newscrawler.profiles.samples import layout_of

FITTING = 0.6
"""Share of a template's frame, against what its own sample had on average, from which a page is of the template."""

ALWAYS = 0.9
"""Share of a template's pages from which a line is expected on every page."""


class Known:
    """A Profile made ready for pages; made once."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.index = Index(entry for template in reversed(profile.templates) for entry in template.repeats)
        self.frames = [frozenset(template.frame) for template in profile.templates]
        self.expected = [
            frozenset(entry.pattern for entry in one.repeats if entry.pages >= ALWAYS * one.pages and not entry.inside)
            for one in profile.templates
        ]
        """Of each template, the lines that a page of it has."""
        self.places = [{(place.path, place.linked): place.kept for place in one.body} for one in profile.templates]
        self.zone = zone_of_offset(profile.zone)
        self.sourced = [
            sum(entry.pages for entry in one.repeats if entry.role == "source") / one.pages for one in profile.templates
        ]

    def template_of(self, page: Page) -> tuple[int | None, float]:
        """Return the number of the page's template, or None, and how well it fits, 1 being as well as the sample."""
        layout = layout_of(page)
        fits = [fit_of(layout, frame) / (one.fit or 1) for frame, one in zip(self.frames, self.profile.templates, strict=True)]
        best = max(range(len(fits)), key=lambda at: (fits[at], len(self.frames[at])), default=None)
        if best is None or fits[best] < FITTING:
            return None, fits[best] if best is not None else 0.0
        return best, min(1.0, fits[best])


@lru_cache(maxsize=256)
def make_known(profile: Profile) -> Known:
    """Return the profile made ready; the same one for the same profile."""
    return Known(profile)


def zone_of_offset(offset: str | None) -> tzinfo | None:
    return datetime.fromisoformat(f"2000-01-01T00:00{offset}").tzinfo if offset else None
