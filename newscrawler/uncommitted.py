"""The copies that were looked up since the last commit, found as those in the ledger are.

In: copies, keys. Out: copies. Must not know: Scrapy, the database, when one text is a copy of another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from newscrawler.copies import POPULAR, Copy, Merge, nearest


@dataclass(slots=True)
class Uncommitted:
    """What was looked up since the last commit, in order."""

    copies: dict[str, Copy] = field(default_factory=dict)
    texts: dict[int, Copy] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    """Ids as they came."""
    keys: dict[int, list[int]] = field(default_factory=dict)
    """Key -> places in the order."""
    merges: dict[str, Merge] = field(default_factory=dict)
    """By the story that became part of another."""

    def add(self, copy: Copy) -> None:
        self.copies[copy.id] = copy
        self.texts.setdefault(copy.text, copy)
        for key in copy.fingerprint.keys if copy.fingerprint else ():
            self.keys.setdefault(key, []).append(len(self.order))
        self.order.append(copy.id)

    def by_keys(self, keys: Sequence[int]) -> list[Copy]:
        """Return the copies nearest by `keys`, oldest first."""
        leads = [self.keys[key][-POPULAR:] for key in keys if key in self.keys]
        return [self.copies[self.order[place]] for place in nearest(leads)]
