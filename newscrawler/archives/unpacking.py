"""Archives that can only be read from their beginning -> files in which every record can be read at its place.

In: a source. Out: the same source, or a copy of it in a folder. Must not know: what records hold.
Nearly every archive is compressed record by record; a file that was compressed as a whole, or a WACZ that was, is copied.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from fastwarc import ArchiveIterator, WarcRecord

from newscrawler.archives.payload import LIMIT
from newscrawler.archives.sources import Source
from newscrawler.archives.warcs import begins_at, read_answers


def seekable(source: Source, folder: Path, counts: Counter[str]) -> Source:
    """Return `source`, or a copy of its answers in `folder` where its records cannot be reached. Raises OSError."""
    if source.kind == "page" or ((source.member is None or source.part) and records_apart(source)):
        return source
    copy = folder / f"{sum(1 for _ in folder.iterdir())}.warc"
    with copy.open("wb") as file:
        for _ in read_answers(source, partial(copy_record, file, counts), counts):
            pass
    return replace(source, path=copy, member=None, part=None)


def records_apart(source: Source) -> bool:
    """True where the second record, if there is one, begins where its place says."""
    with source.open() as stream:
        try:
            places = [record.stream_pos for record in islice(ArchiveIterator(stream, parse_http=False), 2)]
        except OSError:  # damage at the beginning: whoever reads on finds its places himself
            return True
    return len(places) < 2 or begins_at(source, places[1])


def copy_record(file: BinaryIO, counts: Counter[str], offset: int, record: WarcRecord) -> None:
    if record.content_length > LIMIT:
        counts["too_large"] += 1
    else:
        whole = BytesIO()
        record.write(whole)  # damage is raised here, before anything is written
        file.write(whole.getbuffer())
