"""Durable output: a journal that grows by commits, and files that are sealed by rename.

In: bytes, lengths that the ledger knows. Out: files in the output folder. Must not know: Scrapy, what a line means.
What is in a `.part` beyond the committed length was never promised: it is cut off before anything is appended.
"""

from __future__ import annotations

import gzip
import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

PART = ".part"


class ShardError(Exception):
    """The output does not hold what the ledger says it holds, or cannot be written; the message says what to do."""


class Journal:
    """An append-only file of one run of one site. Raises ShardError where less is on disk than was committed."""

    def __init__(self, path: Path, committed: int = 0) -> None:
        self.path = path
        self.length = committed
        self._file: BinaryIO | None = None
        self._reader: BinaryIO | None = None
        self._recover()

    def _recover(self) -> None:
        on_disk = self.path.stat().st_size if self.path.exists() else 0
        if on_disk < self.length:
            raise ShardError(
                f"{self.path} holds {on_disk} of {self.length} committed bytes: restore the file, "
                "or run `scrapy rebuild` to fetch again what it held"
            )
        if on_disk > self.length:
            os.truncate(self.path, self.length)

    def append(self, lines: Iterable[bytes]) -> int:
        """Write `lines`, make them durable and return the length to commit. Raises OSError."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("ab")
        written = b"".join(lines)
        self._file.write(written)
        self._file.flush()
        os.fsync(self._file.fileno())
        self.length += len(written)
        return self.length

    def read(self, offset: int, size: int) -> bytes:
        """Return `size` committed bytes from `offset`."""
        if self._reader is None:
            self._reader = self.path.open("rb")
        self._reader.seek(offset)
        return self._reader.read(size)

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Yield (offset, line) for every committed line."""
        if not self.length:
            return
        offset = 0
        with self.path.open("rb") as file:
            for line in file:
                if offset >= self.length:
                    return
                yield offset, line
                offset += len(line)

    def close(self) -> None:
        for file in (self._file, self._reader):
            if file is not None:
                file.close()
        self._file = self._reader = None

    def remove(self) -> None:
        self.close()
        self.path.unlink(missing_ok=True)


@dataclass(slots=True, frozen=True)
class Sealed:
    """What a reader may trust: whole lines under their final name."""

    path: Path
    lines: int
    bytes: int
    sha256: str


def seal(path: Path, lines: Iterable[bytes]) -> Sealed:
    """Write `lines` to `path` so that it appears whole or not at all; .zst and .gz are compressed. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + PART)
    count = 0
    with part.open("wb") as raw:
        with compressed(raw, path.suffix) as file:
            for line in lines:
                file.write(line)
                count += 1
        raw.flush()
        os.fsync(raw.fileno())
    digest = digest_of(part)
    part.replace(path)
    sync_folder(path.parent)
    return Sealed(path, count, path.stat().st_size, digest)


def compressed(raw: BinaryIO, suffix: str) -> BinaryIO:
    """Return a writer onto `raw` that leaves it open; its bytes depend on the lines alone."""
    if suffix == ".zst":
        return cast("BinaryIO", zstandard.ZstdCompressor().stream_writer(raw, closefd=False))
    if suffix == ".gz":
        return cast("BinaryIO", gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename=""))
    return open(raw.fileno(), "wb", closefd=False)


def open_lines(path: Path) -> BinaryIO:
    """Open a sealed file for reading lines, whatever its compression."""
    if path.suffix == ".zst":
        return io.BufferedReader(zstandard.open(path, "rb"))  # the bare reader knows no lines
    if path.suffix == ".gz":
        return cast("BinaryIO", gzip.open(path, "rb"))
    return path.open("rb")


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, hex."""
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
