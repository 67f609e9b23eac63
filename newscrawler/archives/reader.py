"""WARC, WACZ and saved pages -> captures, one at a time.

In: paths. Out: Capture values in the order of the files; what could not be read is counted. Must not know: extraction.
Memory holds one record, and where the payloads are that a revisit may refer to.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from fastwarc import WarcRecord, WarcRecordType

from newscrawler.archives.captures import Capture, header
from newscrawler.archives.payload import LIMIT, TooLarge, decode_payload
from newscrawler.archives.saved import saved_capture
from newscrawler.archives.sources import Source, find_sources
from newscrawler.archives.warcs import http_head, read_answers, read_at, read_body

REMEMBERED = 200_000
"""Payloads a revisit can be resolved to: about 40 MB at most."""

Fields = list[tuple[str, str]]

Wanted = Callable[[str, int, str], bool]
"""url, status, content type -> whether the answer is wanted; bodies of others are never decoded."""


class ArchiveReader:
    """Iterates over the captures of `paths`; `counts` says what else was met.

    Counted: files, captures, broken_record, unreadable_file, not_http, not_wanted, revisit_unresolved, too_large.
    """

    def __init__(self, paths: Iterable[str | Path], wanted: Wanted = lambda *_: True) -> None:
        self.sources = list(find_sources(paths))
        self.counts: Counter[str] = Counter()
        self._wanted = wanted
        self._payloads = Payloads()

    def __iter__(self) -> Iterator[Capture]:
        for source in self.sources:
            self.counts["files"] += 1
            for capture in self._captures(source):
                if capture:
                    self.counts["captures"] += 1
                    yield capture

    def _captures(self, source: Source) -> Iterator[Capture | None]:
        if source.kind == "page":
            yield self._saved(source)
            return
        try:
            yield from read_answers(source, lambda offset, record: self._capture(source, offset, record), self.counts)
        except OSError:
            self.counts["unreadable_file"] += 1

    def _saved(self, source: Source) -> Capture | None:
        try:
            capture = saved_capture(source)
        except OSError:
            return self._pass_over("unreadable_file")
        except TooLarge:
            return self._pass_over("too_large")
        return capture if self._wanted(capture.url, 200, capture.content_type) else self._pass_over("not_wanted")

    def _capture(self, source: Source, offset: int, record: WarcRecord) -> Capture | None:
        url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
        if not url.startswith(("http://", "https://")):
            return self._pass_over("not_http")
        if record.content_length > LIMIT:
            return self._pass_over("too_large")
        status, headers = http_head(record)
        if status and not self._wanted(url, status, header(headers, "content-type")):
            return self._pass_over("not_wanted")
        if record.record_type == WarcRecordType.revisit:
            return self._revisit(url, status, headers, record)
        body = read_body(record)
        self._payloads.remember(record, source, offset)
        return self._decoded(url, (status, headers), body, record)

    def _revisit(self, url: str, status: int, headers: Fields, record: WarcRecord) -> Capture | None:
        if "identical-payload" not in (record.headers.get("WARC-Profile") or ""):
            return self._decoded(url, (status or 304, headers), b"", record)
        try:
            original = self._payloads.find(record)
        except OSError:
            original = None
        if original is None:
            return self._pass_over("revisit_unresolved")
        head = (status, headers) if status else http_head(original)
        return self._decoded(url, head, read_body(original), record)

    def _decoded(self, url: str, head: tuple[int, Fields], body: bytes, record: WarcRecord) -> Capture | None:
        status, headers = head
        try:
            body = decode_payload(body, headers)
        except TooLarge:
            return self._pass_over("too_large")
        fetched_at = moment(record.record_date)
        notes = read_notes(record.headers.get("WARC-JSON-Metadata"))
        return Capture(url=url, status=status, headers=headers, body=body, fetched_at=fetched_at, notes=notes)

    def _pass_over(self, reason: str) -> None:
        self.counts[reason] += 1


class Payloads:
    """Where the payloads are that a revisit may refer to, by digest."""

    def __init__(self) -> None:
        self._places: OrderedDict[str, tuple[Source, int]] = OrderedDict()

    def remember(self, record: WarcRecord, source: Source, offset: int) -> None:
        digest = record.headers.get("WARC-Payload-Digest")
        if digest:
            self._places[digest] = (source, offset)
            if len(self._places) > REMEMBERED:
                self._places.popitem(last=False)

    def find(self, revisit: WarcRecord) -> WarcRecord | None:
        """Return the record whose payload `revisit` repeats, its head parsed. Raises OSError."""
        place = self._places.get(revisit.headers.get("WARC-Payload-Digest") or "")
        if place is None:
            return None
        original = read_at(*place)
        http_head(original)
        return original


def moment(date: datetime | None) -> str | None:
    """Return a record's date as articles have it."""
    return date.astimezone(UTC).isoformat().replace("+00:00", "Z") if date else None


def read_notes(text: str | None) -> dict[str, Any]:
    """Return what the crawl noted beside the answer; empty for another tool's words."""
    try:
        return msgspec.json.decode(text or "{}", type=dict[str, Any])
    except msgspec.DecodeError:
        return {}
