"""Bodies as they were sent -> the bytes of the page.

In: body and headers of an archived answer. Out: the body with chunking and content codings undone.
Must not know: WARC, files.

Archives disagree on what they keep: some undo a coding and leave its header, so a header is believed only where the bytes
bear it out. A damaged end gives what came before it. Cost is bounded: no page grows beyond LIMIT.
"""

from __future__ import annotations

import zlib

import brotli
import zstandard

from newscrawler.archives.captures import header

LIMIT = 32 * 2**20
"""Bytes a decoded body may have: DOWNLOAD_MAXSIZE of the live crawl, so that both see the same pages."""

PIECE = 64 * 1024
"""Compressed bytes fed at once: a bomb is noticed after one of them."""

GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
"""How their members and frames begin (RFC 1952, RFC 8878)."""


class PassedOver(Exception):
    """An answer that is not read; its text is the name it is counted under."""


class TooLarge(PassedOver):
    """The body, or what it would decode to, passes LIMIT."""

    def __init__(self) -> None:
        super().__init__("too_large")


def decode_payload(body: bytes, headers: list[tuple[str, str]]) -> bytes:
    """Return the page's bytes. Raises TooLarge."""
    if "chunked" in header(headers, "transfer-encoding").lower():
        body = join_chunks(body)
    codings = header(headers, "content-encoding").lower().split(",")
    for coding in reversed([name.strip() for name in codings]):
        body = undo(coding, body)
    check_size(body)
    return body


def undo(coding: str, body: bytes) -> bytes:
    """Return `body` without `coding`, or as it is where the bytes are not so coded."""
    if coding in ("gzip", "x-gzip") and body.startswith(GZIP):
        return inflate(body, zlib.MAX_WBITS + 16)
    if coding == "deflate":
        return inflate(body, zlib.MAX_WBITS) or inflate(body, -zlib.MAX_WBITS) or body
    if coding == "br":
        return unbrotli(body) or body
    if coding == "zstd" and body.startswith(ZSTD):
        return unzstd(body)
    return body


def inflate(body: bytes, window: int) -> bytes:
    """Return all members' content up to the first damage."""
    out = bytearray()
    while body:
        member = zlib.decompressobj(window)
        try:
            out += member.decompress(body, LIMIT + 1)
        except zlib.error:
            break
        check_size(out)
        body = member.unused_data
    return bytes(out)


def unbrotli(body: bytes) -> bytes:
    stream = brotli.Decompressor()
    out = bytearray()
    try:
        for at in range(0, len(body), PIECE):
            out += stream.process(body[at : at + PIECE], output_buffer_limit=LIMIT + 1)
            check_size(out)
    except brotli.error:
        pass
    return bytes(out)


def unzstd(body: bytes) -> bytes:
    out = bytearray()
    try:
        with zstandard.ZstdDecompressor(max_window_size=LIMIT).stream_reader(body, read_across_frames=True) as stream:
            while piece := stream.read(PIECE):
                out += piece
                check_size(out)
    except zstandard.ZstdError:
        pass
    return bytes(out)


def join_chunks(body: bytes) -> bytes:
    """Return the chunks' content; `body` itself where it is not chunked."""
    out: list[bytes] = []
    at = 0
    while (end := body.find(b"\r\n", at, at + 64)) >= 0:
        size = chunk_size(body[at:end])
        if size is None:
            return body if not out else b"".join(out)
        if size == 0:
            return b"".join(out)
        out.append(body[end + 2 : end + 2 + size])
        at = end + 2 + size + 2
    return b"".join(out) or body


def chunk_size(line: bytes) -> int | None:
    """Return the length a chunk's first line names, or None where it is no such line."""
    digits = line.partition(b";")[0].strip()
    if not digits or len(digits) > 8 or digits.strip(b"0123456789abcdefABCDEF"):
        return None
    return int(digits, 16)


def check_size(out: bytes | bytearray) -> None:
    if len(out) > LIMIT:
        raise TooLarge
