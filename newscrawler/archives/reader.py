"""WARC, WACZ and saved pages -> captures, one at a time.

In: paths. Out: Capture values in the order of the files; what could not be read is counted. Must not know: extraction.
Memory holds one record, and where the payloads are that a revisit may refer to.
"""

from __future__ import annotations

import weakref
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from fastwarc import WarcRecord, WarcRecordType

from newscrawler.archives.answers import Place, capture_of, stand_in, target_of, undecoded_at
from newscrawler.archives.captures import Capture
from newscrawler.archives.payload import LIMIT, PassedOver, TooLarge, decode_payload
from newscrawler.archives.remarks import PROFILE, READING
from newscrawler.archives.saved import saved_capture
from newscrawler.archives.sources import find_sources
from newscrawler.archives.unpacking import seekable
from newscrawler.archives.warcs import http_head, read_answers, read_body

REMEMBERED = 200_000
"""Payloads a revisit can be resolved to: about 40 MB at most."""

Wanted = Callable[[str, int, str], bool]
"""url, status, content type -> whether the answer is wanted; bodies of others are never read."""

Told = Callable[[str, bytes], None]
"""content type, content -> nothing: takes what the crawl told of the answers around (newscrawler.archives.remarks)."""

Found = tuple[Place, Capture]


class ArchiveReader:
    """Iterates over the captures of `paths`; `counts` says what else was met.

    Counted: files, captures, broken_record, unreadable_file, not_http, not_wanted, revisit_unresolved, too_large,
    cut_body, corrupt_body. `sources` are what places refer to; they last as long as the reader.
    """

    def __init__(self, paths: Iterable[str | Path], wanted: Wanted = lambda *_: True, told: Told | None = None) -> None:
        self.sources = list(find_sources(paths))
        self.counts: Counter[str] = Counter()
        self._wanted = wanted
        self._told = told
        self._payloads: OrderedDict[str, tuple[int, int]] = OrderedDict()
        self._unpacked = Path(mkdtemp(prefix="newscrawler-"))
        weakref.finalize(self, rmtree, self._unpacked, ignore_errors=True)

    def __iter__(self) -> Iterator[Capture]:
        for _, capture in self.places():
            try:
                yield replace(capture, body=decode_payload(capture.body, capture.headers))
            except PassedOver as why:
                self.counts["captures"] -= 1
                self.counts[str(why)] += 1

    def places(self) -> Iterator[Found]:
        """Yield each answer with its place, for capture_at; the body is still in its codings."""
        for number in range(len(self.sources)):
            self.counts["files"] += 1
            try:
                for found in self._answers(number):
                    if found:
                        self.counts["captures"] += 1
                        yield found
            except OSError:
                self.counts["unreadable_file"] += 1

    def _answers(self, number: int) -> Iterator[Found | None]:
        source = self.sources[number] = seekable(self.sources[number], self._unpacked, self.counts)
        if source.kind == "warc":
            yield from read_answers(source, partial(self._counted, self._read, number), self.counts)
        else:
            yield self._counted(self._saved, number)

    def _counted(self, read: Callable[..., Found | None], *arguments: Any) -> Found | None:
        try:
            return read(*arguments)
        except PassedOver as why:
            self.counts[str(why)] += 1
            return None

    def _saved(self, number: int) -> Found:
        return Place(number, 0), self._checked(saved_capture(self.sources[number]))

    def _read(self, number: int, offset: int, record: WarcRecord) -> Found | None:
        if record.record_type == WarcRecordType.metadata:
            self._hear(record)
            return None
        if not target_of(record).startswith(("http://", "https://")):
            raise PassedOver("not_http")
        if record.content_length > LIMIT:
            raise TooLarge
        head = capture_of(record, http_head(record), b"")
        if record.record_type == WarcRecordType.revisit:
            return self._revisit(Place(number, offset), record, head)
        body = read_body(record) if self._checked(head) else b""
        self._remember(record, (number, offset))
        return Place(number, offset), replace(head, body=body)

    def _hear(self, record: WarcRecord) -> None:
        kind = record.headers.get("Content-Type")
        if self._told and kind in (PROFILE, READING) and record.content_length <= LIMIT:
            self._told(kind, read_body(record))

    def _checked(self, capture: Capture) -> Capture:
        if not self._wanted(capture.url, capture.status, capture.content_type):
            raise PassedOver("not_wanted")
        return capture

    def _remember(self, record: WarcRecord, place: tuple[int, int]) -> None:
        digest = record.headers.get("WARC-Payload-Digest")
        if digest:
            self._payloads[digest] = place
            if len(self._payloads) > REMEMBERED:
                self._payloads.popitem(last=False)

    def _revisit(self, place: Place, record: WarcRecord, head: Capture) -> Found:
        """Return the answer the record stands for. Raises PassedOver."""
        if "identical-payload" not in (record.headers.get("WARC-Profile") or ""):
            return place, self._checked(replace(head, status=head.status or 304))
        if head.status:
            self._checked(head)
        first = self._payloads.get(record.headers.get("WARC-Payload-Digest") or "")
        if first is None:
            raise PassedOver("revisit_unresolved")
        try:
            answer = undecoded_at(self.sources[first[0]], first[1])
        except OSError as error:
            raise PassedOver("revisit_unresolved") from error
        return place._replace(repeated=first), self._checked(stand_in(head, answer))
