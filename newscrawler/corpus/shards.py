"""Batches of lines into files of about a size, under names that are known only at the end.

In: batches. Out: JSON lines under zstd, or Parquet. Must not know: how lines were chosen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from newscrawler.corpus.batches import Batch
from newscrawler.corpus.options import Format
from newscrawler.corpus.parquet import SCHEMA

GROUP = 4 * 2**20
"""Bytes of JSON a row group: some hundred articles at least, and flat memory."""


class Shard(Protocol):
    """A file being written."""

    def write(self, batch: Batch) -> None: ...

    def close(self) -> None: ...


class JsonShard:
    """JSON lines under zstd; the bytes depend on the lines alone."""

    def __init__(self, path: Path) -> None:
        self._raw: BinaryIO = path.open("wb")
        self._file = zstandard.ZstdCompressor().stream_writer(self._raw, closefd=False)

    def write(self, batch: Batch) -> None:
        self._file.write(b"".join(batch.encoded))

    def close(self) -> None:
        self._file.close()  # type: ignore[no-untyped-call]
        self._raw.close()


class ParquetShard:
    """Row groups under zstd."""

    def __init__(self, path: Path) -> None:
        self._writer = pq.ParquetWriter(path, SCHEMA, compression="zstd")
        self._tables: list[pa.Table] = []
        self._bytes = 0

    def write(self, batch: Batch) -> None:
        self._tables.append(batch.table)
        self._bytes += batch.bytes
        if self._bytes >= GROUP:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._tables:
            self._writer.write_table(pa.concat_tables(self._tables))
        self._tables, self._bytes = [], 0


@dataclass(slots=True)
class ShardWriter:
    """Writes one set of shards. limit: bytes of JSON a shard, before compression."""

    folder: Path
    stem: str
    format: Format
    limit: int
    rows: list[int] = field(default_factory=list)
    """Lines in each shard."""
    _shard: Shard | None = None
    _bytes: int = 0

    def write(self, batch: Batch) -> None:
        """Write a batch, into a new shard where the last is full."""
        if not batch.encoded:
            return
        if self._shard is None or self._bytes >= self.limit:
            self._open()
        assert self._shard is not None
        self._shard.write(batch)
        self._bytes += batch.bytes
        self.rows[-1] += len(batch.encoded)

    def finish(self) -> list[tuple[Path, int]]:
        """Close the last shard and give all their names; return (path, lines) of each."""
        if not self.rows:
            self._open()
        if self._shard is not None:
            self._shard.close()
        total, found = len(self.rows), []
        for number, rows in enumerate(self.rows):
            path = self.folder / f"{self.stem}-{number:05d}-of-{total:05d}{self._suffix}"
            found.append((self._path(number).rename(path), rows))
        return found

    @property
    def _suffix(self) -> str:
        return ".jsonl.zst" if self.format == "jsonl" else ".parquet"

    def _path(self, number: int) -> Path:
        return self.folder / f"{self.stem}-{number:05d}{self._suffix}"

    def _open(self) -> None:
        if self._shard is not None:
            self._shard.close()
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._path(len(self.rows))
        self._shard = JsonShard(path) if self.format == "jsonl" else ParquetShard(path)
        self._bytes = 0
        self.rows.append(0)
