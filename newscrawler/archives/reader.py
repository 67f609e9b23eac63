"""WARC, WACZ and saved pages -> captures, one at a time.

In: paths. Out: Capture values in the order of the files; what could not be read is counted. Must not know: extraction.
Memory holds one record, and where the payloads are that a revisit may refer to.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from fastwarc import WarcRecord, WarcRecordType

from newscrawler.archives.captures import Capture, header
from newscrawler.archives.payload import LIMIT, PassedOver, TooLarge, decode_payload
from newscrawler.archives.saved import saved_capture
from newscrawler.archives.sources import Source, find_sources
from newscrawler.archives.warcs import http_head, read_answer_at, read_answers, read_body

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
        try:
            if source.kind == "warc":
                yield from read_answers(source, partial(self._counted, self._read, source), self.counts)
            else:
                yield self._counted(self._saved, source)
        except OSError:
            self.counts["unreadable_file"] += 1

    def _counted(self, read: Callable[..., Capture], *arguments: Any) -> Capture | None:
        try:
            return read(*arguments)
        except PassedOver as why:
            self.counts[str(why)] += 1
            return None

    def _saved(self, source: Source) -> Capture:
        capture = saved_capture(source)
        if not self._wanted(capture.url, capture.status, capture.content_type):
            raise PassedOver("not_wanted")
        return capture

    def _read(self, source: Source, offset: int, record: WarcRecord) -> Capture:
        url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
        if not url.startswith(("http://", "https://")):
            raise PassedOver("not_http")
        if record.content_length > LIMIT:
            raise TooLarge
        status, headers = http_head(record)
        if status and not self._wanted(url, status, header(headers, "content-type")):
            raise PassedOver("not_wanted")
        if record.record_type == WarcRecordType.revisit:
            status, headers, body = self._payloads.resolve(record, status, headers)
        else:
            body = read_body(record)
            self._payloads.remember(record, source, offset)
        return Capture(
            url=url,
            status=status,
            headers=headers,
            body=decode_payload(body, headers),
            fetched_at=moment(record.record_date),
            notes=read_notes(record.headers.get("WARC-JSON-Metadata")),
        )


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

    def resolve(self, revisit: WarcRecord, status: int, headers: Fields) -> tuple[int, Fields, bytes]:
        """Return the answer `revisit` stands for, under its own head where it has one. Raises PassedOver."""
        if "identical-payload" not in (revisit.headers.get("WARC-Profile") or ""):
            return status or 304, headers, b""
        place = self._places.get(revisit.headers.get("WARC-Payload-Digest") or "")
        if place is None:
            raise PassedOver("revisit_unresolved")
        try:
            head, body = read_answer_at(*place)
        except OSError as error:
            raise PassedOver("revisit_unresolved") from error
        return *((status, headers) if status else head), body


def moment(date: datetime | None) -> str | None:
    """Return a record's date as articles have it, in whole seconds."""
    return date.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if date else None


def read_notes(text: str | None) -> dict[str, Any]:
    """Return what the crawl noted beside the answer; empty for another tool's words."""
    try:
        return msgspec.json.decode(text or "{}", type=dict[str, Any])
    except msgspec.DecodeError:
        return {}
