"""A listing's bytes to its entries: what kind it is, and who reads that kind.

In: bytes, at once or in chunks, under any name, type or compression. Out: SitemapEntry after SitemapEntry; a report.
Must not know: the network, sites, the ledger.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from newscrawler.sitemaps.characters import characters
from newscrawler.sitemaps.entries import Limits, SitemapEntry, SitemapReport
from newscrawler.sitemaps.markup import elements, unescaped
from newscrawler.sitemaps.reading import ABSOLUTE, LONGEST_LOC, Reader
from newscrawler.sitemaps.unpacking import unpack

HEAD = 1 << 16
"""Characters that show the kind; a browser's view of XML puts some 10,000 of style before it."""

ROOT = r"(?:[\w.-]{1,40}:)?(?:urlset|sitemapindex|rss|rdf|feed)[\s>/]"
RAW_ROOT = re.compile(f"<{ROOT}", re.I)
SHOWN_ROOT = re.compile(rf"&lt;(?:<[^<>]{{0,200}}>)*{ROOT.replace('>', '&<')}", re.I)
HTML = re.compile(r"<html[\s>]|<!doctype\s+html", re.I)
TAG = re.compile(r"<[^<>]*+>")
JUDGED_LINES = 20
"""Lines of which half must be addresses for a text sitemap: robots.txt, CSV and error messages are none."""

LINE_STARTS = ("http://", "https://", "/", "HTTP://", "HTTPS://")

NO_LIMITS = Limits()


def parse_sitemap(
    body: bytes | Iterable[bytes],
    *,
    url: str,
    header: str | None = None,
    report: SitemapReport | None = None,
    limits: Limits = NO_LIMITS,
) -> Iterator[SitemapEntry]:
    """Yield what the listing at `url` lists, in its order, at flat memory; never raises.

    body: as fetched. header: the charset of Content-Type, or None. Its type is not asked for: the bytes decide.
    report: filled on the way; its `kind` is "unknown" where the body is no listing, and nothing is yielded.
    Source: https://www.sitemaps.org/protocol.html and what sites publish in its name.
    """
    report = SitemapReport() if report is None else report
    chunks = (body,) if isinstance(body, bytes) else body
    entries = read(characters(unpack(chunks, limits, report), header, report), url, report)
    yield from islice(entries, limits.most_entries)
    if report.entries >= limits.most_entries and next(entries, None):
        report.entries -= 1
        report.skip("too_many_entries")


def read(pieces: Iterator[str], url: str, report: SitemapReport) -> Iterator[SitemapEntry]:
    """Yield the entries of a listing whose text comes in `pieces`."""
    head, pieces = peek(pieces)
    if is_text(head):
        yield from read_lines(pieces, url, report)
        return
    root = RAW_ROOT.search(head)
    if HTML.search(head, 0, root.start() if root else len(head)):
        if not root and not SHOWN_ROOT.search(head):
            return
        pieces = pieces if root else shown(pieces)
        report.mend("html_wrapped")
    elif root and not head.startswith("<"):
        report.mend("leading_junk")
    reader = Reader(url, report)
    for found in elements(pieces, report):
        yield from reader.read(found)
    yield from reader.finish()


def peek(pieces: Iterator[str]) -> tuple[str, Iterator[str]]:
    """Return the first characters that are not space, and the whole stream again."""
    taken: list[str] = []
    head = ""
    for piece in pieces:
        taken.append(piece)
        head = "".join(taken).lstrip("\ufeff \t\r\n") if len(taken) < 2 else head + piece
        if len(head) >= HEAD:
            break
    return head[:HEAD], chain(taken, pieces)


def shown(pieces: Iterable[str]) -> Iterator[str]:
    """Yield the text that a page shows: tags gone, references resolved."""
    rest = ""
    for piece in pieces:
        text = rest + piece
        tag, reference = text.rfind("<"), text.rfind("&")
        cut = tag if text.rfind(">") < tag else len(text)
        cut = reference if max(0, len(text) - 40) <= reference < cut else cut
        rest = text[cut:]
        yield unescaped(TAG.sub("", text[:cut]))
    yield unescaped(TAG.sub("", rest))


def is_text(head: str) -> bool:
    """True where the lines are addresses."""
    lines = [line for line in head[: JUDGED_LINES * LONGEST_LOC].splitlines() if line.strip() and not line.startswith("#")][
        :JUDGED_LINES
    ]
    return sum(ABSOLUTE.match(line.strip()) is not None for line in lines) * 2 >= len(lines) > 0


def read_lines(pieces: Iterable[str], url: str, report: SitemapReport) -> Iterator[SitemapEntry]:
    """Yield an entry for each line: the first word is the address, a comment starts with #."""
    report.kind = "text"
    reader = Reader(url, report)
    rest = ""
    for piece in chain(pieces, ("\n",)):
        *lines, rest = f"{rest}{piece}".split("\n")
        for line in lines:
            word = line.split(None, 1)[0] if line.strip() else "#"
            if word.startswith("#"):
                continue
            if not word.startswith(LINE_STARTS):
                report.skip("bad_line")
            elif (loc := reader.address(word)) and (entry := reader.unrepeated(SitemapEntry(loc))):
                yield entry
        if len(rest) > LONGEST_LOC:
            report.skip("long_loc")
            rest = ""
