"""What a release holds, a line an article: enough for the next one to know what is new.

In: ids and digests. Out: index.tsv.zst. Must not know: how articles were chosen.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from types import TracebackType

import zstandard

from newscrawler.shards import open_lines

INDEX = "index.tsv.zst"
DIGEST = 16
"""Bytes kept of a line's SHA-256: two versions of one article share them once in 2^128."""


def digest_of_line(encoded: bytes) -> bytes:
    """Return what a line of a release is told from its other versions by."""
    return sha256(encoded).digest()[:DIGEST]


class IndexWriter:
    """Writes id, digest and address, tab between, in the order of the release."""

    def __init__(self, path: Path) -> None:
        self._raw = path.open("wb")
        self._file = zstandard.ZstdCompressor().stream_writer(self._raw, closefd=False)

    def __enter__(self) -> IndexWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()  # type: ignore[no-untyped-call]
        self._raw.close()

    def write(self, article: str, digest: bytes, url: str) -> None:
        self._file.write(f"{article}\t{digest.hex()}\t{' '.join(url.split())}\n".encode("utf-8", "replace"))


def read_index(path: Path) -> Iterator[tuple[str, bytes, str]]:
    """Yield (id, digest, url) of a release's lines."""
    with open_lines(path) as file:
        for line in file:
            article, digest, url = line.decode().rstrip("\n").split("\t", 2)
            yield article, bytes.fromhex(digest), url
