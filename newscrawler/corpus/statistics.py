"""What a release holds, counted as its lines go by.

In: lines. Out: stats.json as plain values. Must not know: files, the store.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from newscrawler.corpus.lines import Line

FIELDS = ("title", "timestamp", "body", "source", "source_url", "authors", "language", "section", "tags", "image", "license")
"""Fields whose coverage is given."""

MOST = 100_000
"""Publishers, licences and the like counted by name; names beyond are counted together, so that a site with random ones
fills no memory."""

OTHERS = "(others)"

LENGTHS = (200, 500, 1_000, 2_000, 5_000, 10_000)
"""Where a new class of length begins, in characters."""


@dataclass(slots=True)
class Statistics:
    """Counts over the lines of a release."""

    lines: int = 0
    characters: int = 0
    by: dict[str, Counter[str]] = field(
        default_factory=lambda: {
            name: Counter()
            for name in ("site", "source", "language", "month", "length", "detected_language", "script", "license")
        }
    )
    coverage: Counter[str] = field(default_factory=Counter)
    opt_outs: Counter[str] = field(default_factory=Counter)
    masked: Counter[str] = field(default_factory=Counter)
    encoding_trouble: int = 0

    def count(self, line: Line) -> None:
        """Count one line."""
        article, quality = line.article, line.quality
        self.lines += 1
        self.characters += quality.characters
        self.by["site"][article.site or ""] += 1
        self.by["source"][article.source or ""] += 1
        self.by["language"][article.language or ""] += 1
        self.by["detected_language"][quality.language or ""] += 1
        self.by["month"][(article.timestamp or "")[:7]] += 1
        self.by["length"][length_class(quality.characters)] += 1
        if quality.script:
            self.by["script"][quality.script] += 1
        if article.license:
            self.by["license"][article.license] += 1
        self.coverage.update(name for name in FIELDS if getattr(article, name))
        self.opt_outs.update(article.opt_out)
        self.masked.update(line.masked)
        self.encoding_trouble += quality.encoding_trouble > 0

    def add(self, other: Statistics) -> None:
        """Count what another has counted."""
        self.lines += other.lines
        self.characters += other.characters
        for name, counts in other.by.items():
            mine = self.by[name]
            for value, count in counts.items():
                mine[value if value in mine or len(mine) < MOST else OTHERS] += count
        self.coverage.update(other.coverage)
        self.opt_outs.update(other.opt_outs)
        self.masked.update(other.masked)
        self.encoding_trouble += other.encoding_trouble

    def values(self) -> dict[str, Any]:
        """Return the counts; "" stands for what is not known. Months in their order, everything else by count."""
        by = {name: dict(sorted(counts.items(), key=lambda x: (-x[1], x[0]))) for name, counts in self.by.items()}
        by["month"] = dict(sorted(self.by["month"].items()))
        by["length"] = {name: self.by["length"][name] for name in map(length_class, (0, *LENGTHS))}
        return {
            "lines": self.lines,
            "characters": self.characters,
            "by": by,
            "coverage": {name: round(self.coverage[name] / self.lines, 4) if self.lines else 0.0 for name in FIELDS},
            "pages_opting_out": dict(sorted(self.opt_outs.items())),
            "masked": dict(sorted(self.masked.items())),
            "lines_with_encoding_trouble": self.encoding_trouble,
        }


def length_class(characters: int) -> str:
    """Return the name of the class of length, e.g. "200 to 499"."""
    place = bisect_right(LENGTHS, characters)
    low = LENGTHS[place - 1] if place else 0
    return f"{low:,} to {LENGTHS[place] - 1:,}" if place < len(LENGTHS) else f"{low:,} and more"
