"""Packed bytes to plain bytes, by their magic, in bounded pieces.

In: chunks as they arrive, whatever name or header they came under. Out: chunks of at most `PIECE` bytes.
Must not know: what is inside.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Protocol

import brotli
import zstandard

from newscrawler.sitemaps.entries import Limits, SitemapReport

PIECE = 1 << 18
"""Bytes that one step may unpack to: what a bomb can cost before it is seen."""

MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}

WINDOW = 1 << 23
"""Bytes of history a zstd frame may ask for; RFC 9659 allows the web 8 MB."""

TEXT = frozenset(b"\t\n\r\x1b") | frozenset(range(0x20, 0x100))
HEAD = 512
"""Bytes that show whether a body is text: brotli has no magic, but holds control characters within a few bytes."""


class Step(Protocol):
    """One compression, a chunk at a time."""

    def __call__(self, chunk: bytes) -> Iterator[bytes]: ...


class Broken(Exception):
    """The packed stream is damaged; what came before it stands."""


def unpack(chunks: Iterable[bytes], limits: Limits, report: SitemapReport) -> Iterator[bytes]:
    """Yield the plain bytes of `chunks`, however often packed; stop at the limits, with the reason in `report`."""
    stream = measured(chunks, report)
    while True:
        head, stream = peek(stream)
        packing = packing_of(head)
        if packing is None:
            break
        if len(report.packed) == limits.most_layers:
            report.skip("too_many_layers")
            return
        report.packed += (packing,)
        stream = unpacked(stream, packing, report)
    yield from bounded(stream, limits, report)


def measured(chunks: Iterable[bytes], report: SitemapReport) -> Iterator[bytes]:
    """Cut the chunks to `PIECE` and count them."""
    for chunk in chunks:
        for start in range(0, len(chunk), PIECE):
            piece = chunk[start : start + PIECE]
            report.bytes_in += len(piece)
            yield piece


def peek(stream: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Return the first bytes and the whole stream again."""
    taken: list[bytes] = []
    size = 0
    for chunk in stream:
        taken.append(chunk)
        size += len(chunk)
        if size >= HEAD:
            break
    return b"".join(taken)[:HEAD], chain(taken, stream)


def packing_of(head: bytes) -> str | None:
    """Return the compression whose output starts with `head`, None for plain bytes."""
    for magic, packing in MAGIC.items():
        if head.startswith(magic):
            return packing
    if set(head) <= TEXT or head.count(0) * 8 > len(head):  # zero bytes in numbers are UTF-16
        return None
    try:
        return "brotli" if brotli.Decompressor().process(head, output_buffer_limit=HEAD) else None
    except brotli.error:
        return None


def unpacked(stream: Iterator[bytes], packing: str, report: SitemapReport) -> Iterator[bytes]:
    """Yield what `stream` unpacks to; a damaged or cut one ends early and is counted."""
    step = STEPS[packing]()
    try:
        for chunk in stream:
            yield from step(chunk)
        yield from step(b"")
    except Broken as broken:
        report.skip(str(broken))


def bounded(stream: Iterator[bytes], limits: Limits, report: SitemapReport) -> Iterator[bytes]:
    """Count the plain bytes and stop where they outgrow the limits."""
    for piece in stream:
        report.bytes_out += len(piece)
        if report.bytes_out > limits.most_bytes:
            report.skip("too_large")
            return
        if report.packed and report.bytes_out > max(limits.free_bytes, report.bytes_in * limits.most_ratio):
            report.skip("compression_bomb")
            return
        yield piece


class Gzip:
    """Members one after another; what follows the last is ignored, as gzip does."""

    SLICE = 4096
    """Packed bytes at a time: zlib keeps to itself what it unpacked in the step that met the damage."""

    def __init__(self) -> None:
        self.member = zlib.decompressobj(wbits=31)
        self.ended = False

    def __call__(self, chunk: bytes) -> Iterator[bytes]:
        if not chunk and not self.ended:
            raise Broken("truncated")
        for start in range(0, len(chunk), self.SLICE):
            yield from self.unpack(chunk[start : start + self.SLICE])

    def unpack(self, packed: bytes) -> Iterator[bytes]:
        while packed:
            if self.member.eof:
                self.member = zlib.decompressobj(wbits=31)
            try:
                piece = self.member.decompress(packed, PIECE)
            except zlib.error as error:
                if self.ended:
                    return
                raise Broken("damaged") from error
            self.ended = self.member.eof
            packed = self.member.unused_data or self.member.unconsumed_tail
            if piece:
                yield piece


class Zstd:
    """Fed in slices so small that even the densest block stays a few megabytes."""

    SLICE = 256

    def __init__(self) -> None:
        self.frame = zstandard.ZstdDecompressor(max_window_size=WINDOW).decompressobj()

    def __call__(self, chunk: bytes) -> Iterator[bytes]:
        if not chunk and not self.frame.eof:
            raise Broken("truncated")
        for start in range(0, len(chunk), self.SLICE):
            if self.frame.eof:
                return
            try:
                piece = self.frame.decompress(chunk[start : start + self.SLICE])
            except zstandard.ZstdError as error:
                raise Broken("damaged") from error
            yield from (piece[cut : cut + PIECE] for cut in range(0, len(piece), PIECE))


class Brotli:
    def __init__(self) -> None:
        self.stream = brotli.Decompressor()

    def __call__(self, chunk: bytes) -> Iterator[bytes]:
        if not chunk and not self.stream.is_finished():
            raise Broken("truncated")
        try:
            while chunk or not self.stream.can_accept_more_data():
                if self.stream.is_finished():
                    return
                piece = self.stream.process(chunk, output_buffer_limit=PIECE)
                chunk = b""
                if piece:
                    yield piece
        except brotli.error as error:
            raise Broken("damaged") from error


STEPS: dict[str, Callable[[], Step]] = {"gzip": Gzip, "zstd": Zstd, "brotli": Brotli}
