"""WARC files -> the sorted index a replay looks addresses up in.

In: WARC files. Out: CDXJ lines (https://specs.webrecorder.net/cdxj/0.1.0/). Must not know: zip, pages.
Memory is flat: lines are sorted in runs on disk and merged.
"""

from __future__ import annotations

import heapq
import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC
from itertools import islice
from pathlib import Path
from posixpath import normpath
from urllib.parse import quote, unquote_to_bytes, urlsplit

from fastwarc import ArchiveIterator, WarcRecord, WarcRecordType

from newscrawler.archives.captures import header
from newscrawler.archives.warcs import ANSWERS, http_head

RUN = 100_000
"""Lines sorted in memory at once: about 40 MB."""

WWW = re.compile(r"^www\d*\.")
SAFE = "/:=&?~#+!$,;'@()*[]|"
"""Characters that stay as they are."""

DEFAULT_PORTS = {"http": 80, "https": 443}


def index_lines(warcs: Iterable[Path]) -> Iterator[str]:
    """Yield the index of all answers in `warcs`, sorted by address and time. Raises OSError for a damaged file."""
    lines = (line for warc in warcs for line in file_lines(warc))
    with ExitStack() as stack:
        runs = []
        while run := sorted(islice(lines, RUN)):
            file = stack.enter_context(tempfile.TemporaryFile("w+", encoding="utf-8"))
            file.writelines(run)
            file.seek(0)
            runs.append(file)
        yield from heapq.merge(*runs)


def file_lines(warc: Path) -> Iterator[str]:
    """Yield the lines of one file in its order; a record's length is told from where the next begins."""
    before: tuple[str, str, dict[str, str]] | None = None
    with warc.open("rb") as stream:
        for record in ArchiveIterator(stream, parse_http=False):
            if before:
                yield line(*before, record.stream_pos)
            before = entry(record, warc.name) if record.record_type & ANSWERS else None
        if before:
            yield line(*before, warc.stat().st_size)


def line(key: str, moment: str, fields: dict[str, str], end: int) -> str:
    fields["length"] = str(end - int(fields["offset"]))
    return f"{key} {moment} {json.dumps(fields, ensure_ascii=False)}\n"


def entry(record: WarcRecord, filename: str) -> tuple[str, str, dict[str, str]] | None:
    """Return key, 14-digit time and fields of an answer, or None where it cannot be replayed."""
    url, date = record.headers.get("WARC-Target-URI"), record.record_date
    if not url or date is None:
        return None
    status, headers = http_head(record)
    revisit = record.record_type == WarcRecordType.revisit
    fields = {
        "url": url,
        "mime": "warc/revisit" if revisit else header(headers, "content-type").partition(";")[0].strip() or "unk",
        "status": str(status),
        "digest": record.headers.get("WARC-Payload-Digest") or "",
        "offset": str(record.stream_pos),
        "filename": filename,
    }
    return url_key(url), date.astimezone(UTC).strftime("%Y%m%d%H%M%S"), {name: value for name, value in fields.items() if value}


def url_key(url: str) -> str:
    """Return the address with its host turned round (SURT), as pywb looks it up: case, www and escapes tell nothing apart."""
    parts = urlsplit(url)
    host = ",".join(reversed(WWW.sub("", parts.hostname or "").split(".")))
    port = f":{parts.port}" if parts.port and parts.port != DEFAULT_PORTS.get(parts.scheme) else ""
    path = escaped(normpath(f"/{parts.path.strip('/')}"))
    query = "?" + escaped("&".join(sorted(parts.query.split("&")))) if parts.query else ""
    return f"{host}{port}){path}{query}".lower()


def escaped(text: str) -> str:
    """Return `text` with escapes where they must be, and nowhere else."""
    return quote(unquote_to_bytes(text), safe=SAFE)
