"""One release as it was asked for.

In: nothing. Out: Options. Must not know: files, the store.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec

from newscrawler.items import Article
from newscrawler.sealing import seconds

Dedup = Literal["story", "page", "none"]
Format = Literal["jsonl", "parquet", "hf"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a release is to hold, and how."""

    format: Format = "parquet"
    dedup: Dedup = "story"
    sites: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    since: float | None = None
    """Seconds; articles that were published before, or nobody knows when, are left out."""
    min_chars: int = 0
    mask: bool = False
    shard_bytes: int = 256 * 2**20
    """Bytes of JSON a shard: some 100 MB of Parquet, what the hub's readers are made for."""
    previous: Path | None = None
    """The last release; the new one then has a delta to it."""

    def __post_init__(self) -> None:
        for name, known in (("format", get_args(Format)), ("dedup", get_args(Dedup))):
            if getattr(self, name) not in known:
                raise ValueError(f"{name}={getattr(self, name)}: must be one of {', '.join(known)}")

    def wants(self, article: Article) -> bool:
        """Is the article within the filters?"""
        if self.languages and article.language not in self.languages:
            return False
        if len(article.body) < self.min_chars:
            return False
        return self.since is None or self.since <= seconds(article.timestamp) < float("inf")

    def values(self) -> dict[str, Any]:
        """Return what was asked for as plain values; what was not is left out."""
        asked = {field.name: getattr(self, field.name) for field in fields(self) if getattr(self, field.name)}
        if self.previous:
            asked["previous"] = self.previous.name
        plain: dict[str, Any] = msgspec.to_builtins(asked)
        return plain
