"""The typed schema of a release, and its lines as Arrow rows.

In: lines. Out: Arrow tables. Must not know: files, how articles were chosen.
A timestamp stands three times: as printed with its offset, as a moment in UTC (null for a date alone), as the day there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

import msgspec
import pyarrow as pa

from newscrawler.corpus.lines import Line, day_of, moment_of

MOMENT = pa.timestamp("us", tz="UTC")
TEXT = pa.string()
QUALITY = pa.struct(
    [
        ("characters", pa.int32()),
        ("lines", pa.int32()),
        ("language", TEXT),
        ("language_confidence", pa.float32()),
        ("script", TEXT),
        ("repeated_lines", pa.float32()),
        ("links", pa.float32()),
        ("digits", pa.float32()),
        ("cut", pa.float32()),
        ("encoding_trouble", pa.int32()),
    ]
)
REMOVED = pa.list_(pa.struct([("rule", TEXT), ("text", TEXT), ("position", pa.int32())]))
EVIDENCE = pa.list_(pa.struct([("field", TEXT), ("found", TEXT)]))
MASKED = pa.list_(pa.struct([("kind", TEXT), ("count", pa.int32())]))
"""Maps are lists of pairs: not every reader has maps."""

SCHEMA = pa.schema(
    [
        pa.field("id", TEXT, nullable=False),
        pa.field("url", TEXT, nullable=False),
        pa.field("canonical_url", TEXT, nullable=False),
        ("site", TEXT),
        ("title", TEXT),
        ("timestamp", TEXT),
        ("published_at", MOMENT),
        ("published_on", pa.date32()),
        ("timestamp_raw", TEXT),
        ("modified", TEXT),
        ("modified_at", MOMENT),
        pa.field("body", TEXT, nullable=False),
        ("source", TEXT),
        ("source_url", TEXT),
        ("source_raw", TEXT),
        ("authors", pa.list_(TEXT)),
        ("editor", TEXT),
        ("language", TEXT),
        ("section", TEXT),
        ("tags", pa.list_(TEXT)),
        ("image", TEXT),
        ("cluster", TEXT),
        ("similarity", pa.float32()),
        ("removed", REMOVED),
        ("evidence", EVIDENCE),
        ("license", TEXT),
        ("opt_out", pa.list_(TEXT)),
        ("encoding", TEXT),
        ("lastmod", TEXT),
        ("fetched_at", MOMENT),
        ("content_hash", TEXT),
        ("version", pa.int32()),
        ("previous_hash", TEXT),
        ("schema", TEXT),
        ("copies", pa.int32()),
        ("quality", QUALITY),
        ("masked", MASKED),
    ]
)


DERIVED: dict[str, Callable[[Line], Any]] = {
    "published_at": lambda line: moment_of(line.article.timestamp),
    "published_on": lambda line: day_of(line.article.timestamp),
    "modified_at": lambda line: moment_of(line.article.modified),
    "fetched_at": lambda line: moment_of(line.article.fetched_at),
    "removed": lambda line: msgspec.to_builtins(line.article.removed),
    "evidence": lambda line: [{"field": name, "found": found} for name, found in line.article.evidence.items()],
    "copies": lambda line: line.copies,
    "quality": lambda line: msgspec.to_builtins(line.quality),
    "masked": lambda line: [{"kind": kind, "count": count} for kind, count in line.masked.items()],
}
"""Columns that are not an article's fields as they stand."""

COLUMNS = [(DERIVED.get(field.name) or attrgetter(f"article.{field.name}"), field.type) for field in SCHEMA]


def table_of(lines: Sequence[Line]) -> pa.Table:
    """Return the lines as one Arrow table."""
    return pa.Table.from_arrays([pa.array(map(read, lines), type, size=len(lines)) for read, type in COLUMNS], schema=SCHEMA)
