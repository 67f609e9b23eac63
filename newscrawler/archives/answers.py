"""One archived answer -> a capture: as it is met, or again at its place.

In: a record, or the place of one. Out: Capture. Must not know: which answers are wanted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec
from fastwarc import ArchiveIterator, WarcRecord

from newscrawler.archives.captures import Capture
from newscrawler.archives.payload import decode_payload
from newscrawler.archives.saved import saved_capture
from newscrawler.archives.sources import Source
from newscrawler.archives.warcs import ANSWERS, Head, http_head, read_body


class Place(NamedTuple):
    """Where an answer stands: number of its source, offset; for a revisit, the same of the answer it repeats."""

    source: int
    offset: int
    repeated: tuple[int, int] | None = None
    profile: str | None = None
    """Key of the profile it was read with, where its notes name another."""


def capture_at(sources: Sequence[Source], place: Place) -> Capture:
    """Return the capture at `place`, its codings undone. Raises OSError, PassedOver."""
    if sources[place.source].kind == "page":
        return saved_capture(sources[place.source])
    capture = undecoded_at(sources[place.source], place.offset)
    if place.repeated:
        first = undecoded_at(sources[place.repeated[0]], place.repeated[1])
        capture = stand_in(capture, first)
    return replace(capture, body=decode_payload(capture.body, capture.headers))


def undecoded_at(source: Source, offset: int) -> Capture:
    """Return the answer at `offset`, its body in its codings. Raises OSError."""
    with source.open(offset) as stream:
        for record in ArchiveIterator(stream, record_types=ANSWERS, parse_http=False):
            return capture_of(record, http_head(record), read_body(record))
    raise OSError(f"{source.name}: no record at {offset}")


def stand_in(revisit: Capture, first: Capture) -> Capture:
    """Return what the revisit stands for: the first answer's body, under its own head where it has one."""
    if revisit.status:
        return replace(revisit, body=first.body)
    return replace(revisit, status=first.status, headers=first.headers, body=first.body)


def capture_of(record: WarcRecord, head: Head, body: bytes) -> Capture:
    status, headers = head
    return Capture(
        url=target_of(record),
        status=status,
        headers=headers,
        body=body,
        fetched_at=moment(record.record_date),
        notes=read_notes(record.headers.get("WARC-JSON-Metadata")),
    )


def target_of(record: WarcRecord) -> str:
    """Return the address that answered; some tools write <> around it."""
    return (record.headers.get("WARC-Target-URI") or "").strip("<>")


def moment(date: datetime | None) -> str | None:
    """Return a record's date as articles have it, in whole seconds."""
    return date.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if date else None


def read_notes(text: str | None) -> dict[str, Any]:
    """Return what the crawl noted beside the answer; empty for another tool's words."""
    try:
        return msgspec.json.decode(text or "{}", type=dict[str, Any])
    except msgspec.DecodeError:
        return {}
