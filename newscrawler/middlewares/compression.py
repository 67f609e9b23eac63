"""Bodies are decompressed whole, within DOWNLOAD_MAXSIZE, or not at all.

In: a response as it came. Out: the same with its body decoded; Refused as "bomb" when it grows beyond the bound, "cut" when the
compressed stream stops before its end, "corrupt" when it is none. Must not know: what the body is.

Differs from Scrapy 2.19's own: that reads the charset of a still compressed body, by guessing (about 5 ms a page), takes what
there is of a cut stream for the whole, and bounds neither the layers nor zstd's window.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable
from functools import partial
from typing import Any

import brotli
from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Response, TextResponse

from newscrawler.middlewares.answers import Refused

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LAYERS = 2
"""Encodings of one body undone in turn; a server compresses once, and a proxy before it may again."""

GZIP_MAGIC, ZSTD_MAGIC = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"

ZSTD_OPTIONS: dict[int, int] = {zstd.DecompressionParameter.window_log_max: 23}
"""A frame may ask to keep 8 MiB. Source: RFC 9659."""

CHUNK = 65536
"""Bytes of brotli output taken at once."""


class CompressionMiddleware(HttpCompressionMiddleware):
    """HttpCompressionMiddleware with the bounds and the care described above."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        if isinstance(response, TextResponse) and b"Content-Encoding" in response.headers:
            response = without_charset(response)
        return super().process_response(request, response)

    def _handle_encoding(self, body: bytes, content_encoding: list[bytes], max_size: int) -> tuple[bytes, list[bytes]]:
        to_decode, to_keep = self._split_encodings(content_encoding)
        if len(to_decode) > LAYERS:
            raise Refused("bomb", f"{len(to_decode)} encodings")
        for encoding in to_decode:
            body = decompress(body, encoding, max_size)
        return body, to_keep


def without_charset(response: Response) -> Response:
    """Return `response` as one whose body is bytes: copying it will not ask for the encoding of its text."""
    names = [name for name in Response.attributes if name != "encoding"]
    return Response(**{name: getattr(response, name) for name in names})


def decompress(body: bytes, encoding: bytes, limit: int) -> bytes:
    """Return `body` decoded. Raises Refused as "bomb", "cut" or "corrupt".

    A body that is not in the encoding at all is returned as it is: some servers name gzip and send plain text.
    """
    if not body or (encoding in (b"gzip", b"x-gzip") and not body.startswith(GZIP_MAGIC)):
        return body
    try:
        whole, complete = DECODERS[encoding](body, limit)
    except (zlib.error, brotli.error, zstd.ZstdError) as error:
        raise Refused("corrupt", str(error)) from error
    if len(whole) > limit:
        raise Refused("bomb", f"more than {limit} bytes")
    if not complete:
        raise Refused("cut", "compressed stream not complete")
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
