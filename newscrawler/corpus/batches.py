"""Some lines of a release at a time, measured and encoded: the work that runs in every process.

In: article lines with their copies. Out: what is written and counted of them. Must not know: files, the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec
import pyarrow as pa

from newscrawler.archives.parallel import map_ordered
from newscrawler.corpus.lines import line_of
from newscrawler.corpus.options import Format
from newscrawler.corpus.parquet import table_of
from newscrawler.corpus.statistics import Statistics
from newscrawler.items import Article

Chosen = tuple[bytes, int]
"""An article's line and how many pages carry its story."""

BATCH = 256 * 2**10
"""Bytes of lines a batch: some hundred articles, so that what a table costs is shared, and a process holds few megabytes."""

FEW = 20_000
"""Lines from which further processes pay: each takes over a second to load the detector."""

MOST = 3
"""Processes at most: what is left to the one that reads and writes takes it over a third of the time of measuring."""

_decode = msgspec.json.Decoder(Article).decode


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines as they are written. table: the same as Arrow rows; None where the format is JSON lines."""

    encoded: list[bytes]
    ids: list[str]
    urls: list[str]
    table: pa.Table | None

    @property
    def bytes(self) -> int:
        return sum(map(len, self.encoded))

    def take(self, places: Sequence[int]) -> Batch:
        """Return the lines at `places`."""
        return Batch(
            [self.encoded[place] for place in places],
            [self.ids[place] for place in places],
            [self.urls[place] for place in places],
            self.table.take(places) if self.table is not None and places else None,
        )


def measure_all(
    lines: Iterable[Chosen], format: Format, *, masking: bool, most: int, processes: int
) -> Iterator[tuple[Batch, Statistics]]:
    """Yield the lines as batches with their counts, in order and the same for any number of processes.

    most: bytes of a batch, where that is less than is usual.
    """
    yield from map_ordered(partial(measure_batch, format, masking), cut(lines, min(BATCH, most)), processes)


def measure_batch(format: Format, masking: bool, chosen: Sequence[Chosen]) -> tuple[Batch, Statistics]:
    """Return the batch of some lines, and what there is to count."""
    lines = [line_of(_decode(kept), copies, masking=masking) for kept, copies in chosen]
    statistics = Statistics()
    for line in lines:
        statistics.count(line)
    encoded = [line.encoded() for line in lines]
    table = None if format == "jsonl" else table_of(lines)
    return Batch(encoded, [line.article.id for line in lines], [line.article.url for line in lines], table), statistics


def cut(lines: Iterable[Chosen], most: int) -> Iterator[list[Chosen]]:
    """Yield the lines in order, some `most` bytes at a time."""
    batch: list[Chosen] = []
    size = 0
    for line in lines:
        batch.append(line)
        size += len(line[0])
        if size >= most:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
