"""Watches whether a site's pages still fit its profile, and keeps those that do not for another reading.

In: pages as they are read. Out: the pages to read again once a new profile is to be learned from them.
Must not know: how a profile is learned.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from newscrawler.items import Article
from newscrawler.pages import LARGEST_HELD, Fetched
from newscrawler.profiles.drift import MISSED, Drift, stated_fit
from newscrawler.rows import Row

MOST_KEPT = 48
"""Pages kept in memory a site: twice a sample, of which the misfits of the last pages are a part."""

MOST_CHANGES = 3
"""Profiles learned a run and site: one that changes more often has no template to learn."""


@dataclass(slots=True)
class Seen:
    """A page that was read, with what is needed to read it again."""

    page: Fetched
    row: Row
    columns: dict[str, Any]
    noted: str | None = None
    """Key of the profile that its archived capture names."""


@dataclass(slots=True)
class Watch:
    """One site's pages of a run."""

    drift: Drift = field(default_factory=Drift)
    misfits: deque[Seen] = field(default_factory=lambda: deque(maxlen=MOST_KEPT))
    changes: int = 0

    def note(self, seen: Seen, article: Article | None) -> str | None:
        """Take note of a page as it was read; return a sentence once the pages have stopped fitting."""
        fit = stated_fit(article.evidence.get("body")) if article else 0.0
        if fit < MISSED and len(seen.page.body) <= LARGEST_HELD:
            self.misfits.append(seen)
        sentence = self.drift.note(seen.row.url, fit)
        return sentence if self.changes < MOST_CHANGES else None

    def take(self) -> list[Seen]:
        """Return the pages that misfit, and begin anew."""
        seen = list(self.misfits)
        self.misfits.clear()
        self.drift = Drift()
        self.changes += 1
        return seen
