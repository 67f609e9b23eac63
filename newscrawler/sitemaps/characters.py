"""Plain bytes to text, a piece at a time.

In: pieces of bytes, and the charset of a header if there is one. Out: pieces of text; the encoding and losses in the report.
Must not know: markup. The bytes decide, as in `decoding`: what stays valid UTF-8 is UTF-8.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from itertools import chain

from newscrawler.decoding import decode
from newscrawler.encodings import codecs_of
from newscrawler.sitemaps.entries import SitemapReport

JUDGED = 1 << 16
"""Bytes from the first that is not UTF-8 on which the encoding is decided."""


def characters(pieces: Iterator[bytes], header: str | None, report: SitemapReport) -> Iterator[str]:
    """Yield the text of `pieces`; never raises."""
    first = next(pieces, b"")
    guess = decode(first[:JUDGED], header=header)
    report.encoding = guess.encoding
    pieces = chain((first,), pieces)
    if guess.encoding != "utf-8":
        yield from read(pieces, guess.encoding, report)
        return
    utf8 = codecs.getincrementaldecoder("utf-8")()
    for piece in pieces:
        pending = utf8.getstate()[0]
        try:
            yield utf8.decode(piece)
        except UnicodeDecodeError as error:
            yield from otherwise(pending + piece, error.start, pieces, header, report)
            return
    if utf8.getstate()[0]:
        report.skip("undecodable")


def otherwise(piece: bytes, start: int, pieces: Iterator[bytes], header: str | None, report: SitemapReport) -> Iterator[str]:
    """Yield the text of a stream that turned out not to be UTF-8 at `start` of `piece`: damaged, or all along another."""
    yield piece[:start].decode("utf-8", "replace")
    report.encoding = decode(piece[max(0, start - JUDGED) : start + JUDGED], header=header).encoding
    yield from read(chain((piece[start:],), pieces), report.encoding, report)


def read(pieces: Iterable[bytes], encoding: str, report: SitemapReport) -> Iterator[str]:
    """Yield `pieces` read as `encoding`, and count what cannot be."""
    decoder = codecs.getincrementaldecoder(codecs_of(encoding)[0])("replace")
    for text in chain((decoder.decode(piece) for piece in pieces), (decoder.decode(b"", final=True) for _ in (0,))):
        if lost := text.count("\ufffd"):
            report.lost["undecodable"] += lost
        yield text
