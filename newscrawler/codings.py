"""Content codings undone whole, within a bound, or not at all.

In: a body and the name of its coding. Out: the bytes it stands for; CodingError as "bomb" when it grows beyond the bound,
"cut" when the compressed stream stops before its end, "corrupt" when it is none. Must not know: HTTP, what the body is.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from functools import partial
from typing import Any, Literal

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

GZIP_MAGIC, ZSTD_MAGIC = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"

ZSTD_OPTIONS: dict[int, int] = {zstd.DecompressionParameter.window_log_max: 23}
"""A frame may ask to keep 8 MiB. Source: RFC 9659."""

CHUNK = 65536
"""Bytes of brotli output taken at once."""


class CodingError(ValueError):
    """The body cannot be had whole."""

    def __init__(self, fault: Literal["bomb", "cut", "corrupt"], detail: str) -> None:
        super().__init__(f"{fault} {detail}")
        self.fault = fault
        self.detail = detail


def decompress(body: bytes, encoding: bytes, limit: int) -> bytes:
    """Return `body` decoded. Raises CodingError.

    A body that is not in the encoding at all is returned as it is: some servers name gzip and send plain text.
    """
    if not body or (encoding in (b"gzip", b"x-gzip") and not body.startswith(GZIP_MAGIC)):
        return body
    try:
        whole, complete = DECODERS[encoding](body, limit)
    except (zlib.error, brotli.error, zstd.ZstdError) as error:
        raise CodingError("corrupt", str(error)) from error
    if len(whole) > limit:
        raise CodingError("bomb", f"more than {limit} bytes")
    if not complete:
        raise CodingError("cut", "compressed stream not complete")
    return whole


def join_frames(body: bytes, limit: int, decompressor: Callable[[], Any], magic: bytes) -> tuple[bytes, bool]:
    """Return the frames' text, up to one byte more than `limit`, and whether the last frame is complete."""
    parts: list[bytes] = []
    room = limit + 1
    while True:
        frame = decompressor()
        parts.append(frame.decompress(body, room))
        room -= len(parts[-1])
        body = frame.unused_data
        if room <= 0 or not frame.eof or not body.startswith(magic):
            return b"".join(parts), frame.eof


def gunzip(body: bytes, limit: int) -> tuple[bytes, bool]:
    """Return the text up to one byte more than `limit`, and whether the stream is complete."""
    return join_frames(body, limit, partial(zlib.decompressobj, 31), GZIP_MAGIC)


def unzstd(body: bytes, limit: int) -> tuple[bytes, bool]:
    """The same for zstd."""
    return join_frames(body, limit, partial(zstd.ZstdDecompressor, options=ZSTD_OPTIONS), ZSTD_MAGIC)


def inflate(body: bytes, limit: int) -> tuple[bytes, bool]:
    """The same for deflate: with zlib's frame, as the standard says, or bare, as some servers send it."""
    try:
        stream = zlib.decompressobj()
        return stream.decompress(body, limit + 1), stream.eof
    except zlib.error:
        stream = zlib.decompressobj(wbits=-15)
        return stream.decompress(body, limit + 1), stream.eof


def unbrotli(body: bytes, limit: int) -> tuple[bytes, bool]:
    """The same for brotli."""
    stream = brotli.Decompressor()
    parts = [stream.process(body, output_buffer_limit=CHUNK)]
    size = len(parts[-1])
    while parts[-1] and size <= limit and not stream.is_finished():
        parts.append(stream.process(b"", output_buffer_limit=CHUNK))
        size += len(parts[-1])
    return b"".join(parts), stream.is_finished()


DECODERS: dict[bytes, Callable[[bytes, int], tuple[bytes, bool]]] = {
    b"gzip": gunzip,
    b"x-gzip": gunzip,
    b"deflate": inflate,
    b"br": unbrotli,
    b"zstd": unzstd,
}
