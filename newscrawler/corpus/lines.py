"""A line of a release: an article, how many pages carry its story, and what it measures.

In: an article. Out: a value that every format writes. Must not know: files.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from newscrawler.corpus.masking import mask
from newscrawler.corpus.quality import Quality, measure
from newscrawler.items import Article

encode = msgspec.json.Encoder().encode


class Line(msgspec.Struct, frozen=True):
    """What stands beside the article's own fields."""

    article: Article
    copies: Annotated[int, Meta(description="Pages known to carry the story, this one counted.")]
    quality: Quality
    masked: Annotated[dict[str, int], Meta(description="Kind of personal data -> places masked; empty without masking.")]

    def encoded(self) -> bytes:
        """Return the JSON line: the article's keys in their order, then copies, quality and masked."""
        beside = encode({"copies": self.copies, "quality": self.quality, "masked": self.masked})
        return encode(self.article)[:-1] + b"," + beside[1:] + b"\n"


def line_of(article: Article, copies: int = 1, *, masking: bool = False) -> Line:
    """Return the line of an article; its measures are of the text as it was before masking."""
    quality = measure(article)
    masked: dict[str, int] = {}
    if masking:
        article, masked = mask(article)
    return Line(article, copies, quality, masked)


def moment_of(text: str | None) -> datetime | None:
    """Return the moment in UTC that a timestamp names; None for a date alone, which names none."""
    if not text or "T" not in text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def day_of(text: str | None) -> date | None:
    """Return the day a timestamp names where the page was published, or None."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
