"""What a crawl saw of one site besides its pages.

In: nothing; whoever sees it writes it here. Out: the report's values. Must not know: Scrapy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from newscrawler.profiles import FEWEST_PAGES, Profile
from newscrawler.revisits import Lastmod
from newscrawler.sites import Site


@dataclass(slots=True)
class Visit:
    """What a crawl saw of one site besides its pages."""

    site: Site
    known: int = 0
    """URLs listed before this run."""
    new: int = 0
    """URLs that this run's listings added."""
    sitemaps: list[dict[str, Any]] = field(default_factory=list)
    discovery: dict[str, Any] = field(default_factory=dict)
    profile: dict[str, Any] | None = None
    lastmod: Lastmod = "unproved"
    """Whether the site's lastmod can be relied on."""
    stopped: str | None = None
    """Why no more was asked of it, as a sentence."""

    def use(self, profile: Profile | None) -> Profile | None:
        """Return the profile as the site's TOML wants it; the report says what it is."""
        if profile is None:
            self.profile = {"version": None, "note": f"fewer than {FEWEST_PAGES} articles to learn from: rules alone"}
            return None
        wanted = profile.revised(strike=self.site.strike, add=self.site.boilerplate)
        repeats = {entry.pattern: entry.pages for one in profile.templates for entry in one.repeats}
        counts = {"pages": profile.pages, "templates": len(profile.templates)}
        self.profile = {"version": profile.version, **counts, "repeats": repeats}
        return wanted
