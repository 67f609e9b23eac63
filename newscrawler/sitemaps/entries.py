"""What a listing says of one page, what was made of the listing, and how far reading one may go.

In: nothing. Out: the values that pass between the modules here and their callers. Must not know: bytes, markup.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

import msgspec

Kind = Literal["xml", "news", "index", "text", "rss", "atom", "unknown"]


class SitemapEntry(msgspec.Struct, gc=False):
    """One address of a listing, with what the listing says of it, to the letter."""

    loc: str
    """Absolute http(s) address."""
    kind: Literal["page", "sitemap"] = "page"
    lastmod: str | None = None
    news_title: str | None = None
    news_date: str | None = None
    """Publication: news:publication_date, a feed's pubDate, published or dc:date."""
    news_name: str | None = None
    news_language: str | None = None
    alternates: tuple[tuple[str, str], ...] = ()
    """(hreflang, address) of the page in other languages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one listing may cost."""

    most_bytes: int = 1 << 30
    """Unpacked. A million entries with news take some 400 MB; the protocol allows 50 MB for 50,000."""
    most_ratio: int = 400
    """Unpacked bytes for one packed; listings reach 100, zlib's most is 1,032."""
    free_bytes: int = 1 << 23
    """Unpacked bytes before the ratio counts: a small file of equal lines is no attack."""
    most_layers: int = 3
    """Compressions within compressions; the web does two by mistake."""
    most_entries: int = 10_000_000


@dataclass(slots=True, kw_only=True)
class SitemapReport:
    """What became of one listing; filled while it is read, complete when the stream ends."""

    kind: Kind = "unknown"
    entries: int = 0
    encoding: str | None = None
    bytes_in: int = 0
    bytes_out: int = 0
    """After unpacking."""
    packed: tuple[str, ...] = ()
    """Compressions, outermost first."""
    lost: Counter[str] = field(default_factory=Counter)
    """Reason -> what could not be had: entries, or 1 for a stop (truncated, too_large, compression_bomb, entity_bomb ...)."""
    mended: Counter[str] = field(default_factory=Counter)
    """Oddity -> how often it was read all the same (relative, duplicate, leading_junk, html_wrapped ...)."""

    def skip(self, reason: str) -> None:
        """Count one loss."""
        self.lost[reason] += 1

    def mend(self, oddity: str) -> None:
        """Count one oddity that cost nothing."""
        self.mended[oddity] += 1

    @property
    def truncated(self) -> bool:
        """True where the listing ends before its end."""
        return self.lost["truncated"] > 0

    @property
    def declares_entities(self) -> bool:
        """True where the listing defines entities of its own, which are never expanded."""
        return bool(self.lost["entity_bomb"] or self.lost["entity_declaration"])

    def losses(self) -> dict[str, int]:
        """Return reason -> count of what could not be had, empty for a whole listing."""
        return {reason: count for reason, count in self.lost.items() if count}
