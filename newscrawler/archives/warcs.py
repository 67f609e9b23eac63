"""One WARC file -> its answers, whatever is damaged in it.

In: Source. Out: (offset, record) handed to a function, and what it returns. Must not know: what captures are for.
Damage costs the record it hits: reading goes on at the next one that can be found. Uncompressed files have no checksum:
there a record cut short takes the head of the next one for its end.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TypeVar

from fastwarc import ArchiveIterator, WarcRecord, WarcRecordType

from newscrawler.archives.sources import MAGIC, Source, begins_record
from newscrawler.codings import GZIP_MAGIC

ANSWERS = WarcRecordType.response | WarcRecordType.revisit | WarcRecordType.resource

READ = ANSWERS | WarcRecordType.metadata

PIECE = 64 * 1024
"""Compressed bytes fed at once when a file's end is looked at."""

BLOCK = 2**20
"""Bytes searched at once for the next record after damage."""

RECORD = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]|\x28\xb5\x2f\xfd|WARC/[01]\.\d\r\n")
"""How a record begins: a gzip member, a zstd frame, or its own first line."""

Head = tuple[int, list[tuple[str, str]]]
"""Status and headers."""

T = TypeVar("T")


def read_answers(source: Source, convert: Callable[[int, WarcRecord], T], counts: Counter[str]) -> Iterator[T]:
    """Yield `convert(offset, record)` of each answer and metadata, in order; `convert` may raise OSError for a damaged one."""
    start: int | None = 0
    whole = True  # reading went well since the last damage: where it fails at once again, that is the same damage
    while start is not None:
        last = start
        try:
            with source.open(start) as stream:
                for record in ArchiveIterator(stream, record_types=READ, parse_http=False):
                    last, whole = record.stream_pos, True  # a position in the file, wherever reading began
                    yield convert(last, record)
            counts["broken_record"] += whole and ends_torn(source, last)
            return
        except OSError:
            counts["broken_record"] += whole
            whole = False
            start = next_record(source, last + 1)


def ends_torn(source: Source, offset: int) -> bool:
    """True where a gzip file ends inside a member after `offset`: FastWARC takes a head cut short for the end of the file."""
    with source.open(offset) as stream:
        data = stream.read(PIECE)
        if not data.startswith(GZIP_MAGIC):
            return False
        member = gzip_member()
        try:
            while data:
                member.decompress(data)
                data = member.unused_data or stream.read(PIECE)
                if member.eof and data:
                    member = gzip_member()
        except zlib.error:
            return True
    return not member.eof


def gzip_member() -> zlib._Decompress:
    return zlib.decompressobj(zlib.MAX_WBITS + 16)


def next_record(source: Source, offset: int) -> int | None:
    """Return where the first record at or after `offset` begins, or None."""
    with source.open(offset) as stream:
        window = stream.read(BLOCK)
        while window:
            for match in RECORD.finditer(window):
                if begins_at(source, offset + match.start()):
                    return offset + match.start()
            keep = window[-MAGIC:] if len(window) > MAGIC else b""
            more = stream.read(BLOCK)
            offset += len(window) - len(keep)
            window = keep + more if more else b""
    return None


def begins_at(source: Source, offset: int) -> bool:
    with source.open(offset) as stream:
        return begins_record(stream.read(MAGIC))


def http_head(record: WarcRecord) -> Head:
    """Return status and headers of an answer; 200 for a bare resource; 0 for a revisit that has no head. Raises OSError."""
    if record.record_type == WarcRecordType.resource:
        return 200, [("Content-Type", record.headers.get("Content-Type") or "")]
    record.parse_http(strict_mode=False)
    head = record.http_headers
    if head is None or head.status_code is None:
        if record.record_type == WarcRecordType.revisit:
            return 0, []
        raise OSError("an answer without an HTTP head")
    return head.status_code, [(text(name), text(value)) for name, value in head.items_bytes()]


def read_body(record: WarcRecord) -> bytes:
    """Return the rest of the record. Raises OSError where the file ends before it."""
    length = record.content_length
    body = record.reader.read()
    if len(body) < length:
        raise OSError(f"{len(body)} of {length} bytes")
    return body


def text(value: bytes) -> str:
    return value.decode("latin-1")
