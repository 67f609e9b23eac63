"""What differs between an article as it was written and as it would be written now, field by field.

In: JSON lines of earlier runs, articles read again. Out: Differences and their tally. Must not know: archives, Scrapy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import msgspec

from newscrawler.items import Article
from newscrawler.shards import open_lines

OF_THE_RUN = frozenset(
    {"cluster", "similarity", "version", "previous_hash", "duplicate_of", "reason", "schema", "content_hash"}
)
"""Keys that say what became of an article among others, or follow from the rest."""

SAMPLES = 3
"""Differences a field that are shown: enough to see a pattern."""


class Difference(msgspec.Struct, kw_only=True):
    """One field of one article; a line of the machine-readable diff. field is null where the article came or went whole."""

    id: str
    url: str
    change: str
    """changed, filled, emptied; lost, gained."""
    field: str | None = None
    before: Any = None
    after: Any = None


class Written:
    """The articles of earlier runs by address, each by its last line. Raises OSError, ValueError.

    aside: an empty file that takes the lines decompressed, so that any of them is near.
    """

    def __init__(self, paths: Iterable[Path], aside: IO[bytes]) -> None:
        self._lines = aside
        self._places: dict[str, int] = {}
        for file in sorted(file for path in paths for file in (lines_below(path) if path.is_dir() else [path])):
            self._copy(file)
        self.unseen = set(self._places)

    def _copy(self, path: Path) -> None:
        with open_lines(path) as file:
            for line in file:
                self._places[read_line(line, path)["url"]] = self._lines.tell()
                self._lines.write(line)

    def __len__(self) -> int:
        return len(self._places)

    def take(self, url: str) -> dict[str, Any] | None:
        """Return the line of an address, which counts as seen then."""
        if url not in self._places:
            return None
        self.unseen.discard(url)
        self._lines.seek(self._places[url])
        return msgspec.json.decode(self._lines.readline(), type=dict[str, Any])


def lines_below(folder: Path) -> list[Path]:
    """Return the sealed files of articles and of those set aside."""
    return [path for path in folder.rglob("*.jsonl*") if path.suffix in (".jsonl", ".gz", ".zst")]


def read_line(line: bytes, path: Path) -> dict[str, Any]:
    try:
        value = msgspec.json.decode(line, type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise ValueError(f"{path}: no JSON lines of articles ({error})") from error
    if not isinstance(value.get("url"), str):
        raise ValueError(f"{path}: a line without url")
    return value


def compare(before: Mapping[str, Any], after: Article) -> Iterator[Difference]:
    """Yield the fields that differ, of those that `before` has: a slim line of a page set aside has few."""
    now = msgspec.to_builtins(after)
    for name in now.keys() & before.keys() - OF_THE_RUN:
        old, new = before[name], now[name]
        if old != new:
            change = "changed" if old and new else "filled" if new else "emptied"
            yield Difference(id=after.id, url=after.url, change=change, field=name, before=old, after=new)


@dataclass(slots=True)
class Tally:
    """How many pages and fields differ, with samples."""

    pages: Counter[str] = field(default_factory=Counter)
    """same, different, lost, gained."""
    fields: dict[str, Counter[str]] = field(default_factory=dict)
    """Field -> changed, filled, emptied."""
    samples: dict[str, list[Difference]] = field(default_factory=dict)

    def note(self, differences: list[Difference]) -> None:
        """Count what came of one page that was or is an article."""
        whole = next((difference.change for difference in differences if difference.field is None), None)
        self.pages[whole or ("different" if differences else "same")] += 1
        for difference in differences:
            if difference.field:
                self.fields.setdefault(difference.field, Counter())[difference.change] += 1
            kept = self.samples.setdefault(difference.field or difference.change, [])
            if len(kept) < SAMPLES:
                kept.append(difference)


def differences_of(url: str, before: Mapping[str, Any] | None, after: Article | None) -> list[Difference]:
    """Return what differs for one page: nothing, fields, or the article as a whole."""
    if after is None:
        return [Difference(id=before["id"], url=url, change="lost", before=before["title"])] if before else []
    if before is None:
        return [Difference(id=after.id, url=url, change="gained", after=after.title)]
    return sorted(compare(before, after), key=lambda difference: difference.field or "")
