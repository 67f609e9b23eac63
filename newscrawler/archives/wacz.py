"""WARC files and their articles -> one WACZ that replays.

In: WARC files, pages, a title. Out: FILE.wacz, whole or not at all (https://specs.webrecorder.net/wacz/1.1.1/).
Must not know: Scrapy, how pages were read.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from newscrawler import __version__
from newscrawler.archives.cdxj import index_lines
from newscrawler.shards import PART, sync_folder

VERSION = "1.1.1"

INDEX = "indexes/index.cdx"
"""CDXJ under the one name that both pywb and ReplayWeb.page look for."""

COPY = 2**20
"""Bytes copied at once."""


@dataclass(frozen=True, slots=True)
class Page:
    """An entry of the list a reader of the WACZ starts from."""

    url: str
    fetched_at: str
    title: str
    text: str


class Package:
    """The zip that is being written, and what its datapackage.json says of it."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self.resources: list[dict[str, object]] = []

    def add(self, path: str, pieces: Iterable[bytes]) -> None:
        """Store what has a small, unknown size: it is written aside first, see `add_file`."""
        with tempfile.TemporaryFile() as aside:
            aside.writelines(pieces)
            size = aside.tell()
            aside.seek(0)
            self.add_file(path, aside, size)

    def add_file(self, path: str, file: BinaryIO, size: int) -> None:
        """Store `file`, uncompressed, for replay reads inside the zip.

        The size is stated beforehand: for an unstated one Python reserves ZIP64 room in the entry's local header, and
        ReplayWeb.page then reads 20 bytes too early. Files of 2 GB and more have that room too: archives rotate before.
        """
        entry = zipfile.ZipInfo(path)
        entry.file_size = size
        digest = sha256()
        with self._file.open(entry, "w") as member:
            while piece := file.read(COPY):
                member.write(piece)
                digest.update(piece)
        name = path.rpartition("/")[2]
        self.resources.append({"name": name, "path": path, "hash": f"sha256:{digest.hexdigest()}", "bytes": size})


def write_wacz(target: Path, warcs: Sequence[Path], pages: Iterable[Page], title: str, created: datetime) -> None:
    """Write `target`. Raises OSError."""
    part = target.with_name(target.name + PART)
    with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as file:
        package = Package(file)
        for warc in warcs:
            with warc.open("rb") as archive:
                package.add_file(f"archive/{warc.name}", archive, warc.stat().st_size)
        package.add(INDEX, (line.encode() for line in index_lines(warcs)))
        package.add("pages/pages.jsonl", page_lines(pages))
        description = json.dumps(describe(package, title, created), indent=2, ensure_ascii=False).encode()
        package.add("datapackage.json", [description])
        digest = {"path": "datapackage.json", "hash": f"sha256:{sha256(description).hexdigest()}"}
        package.add("datapackage-digest.json", [json.dumps(digest).encode()])
    part.replace(target)
    sync_folder(target.parent)


def describe(package: Package, title: str, created: datetime) -> dict[str, object]:
    return {
        "profile": "data-package",
        "wacz_version": VERSION,
        "title": title,
        "created": created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "software": f"newscrawler {__version__}",
        "resources": package.resources,
    }


def page_lines(pages: Iterable[Page]) -> Iterator[bytes]:
    """Yield pages.jsonl: its header, then a line a page (https://specs.webrecorder.net/wacz/1.1.1/#pages-jsonl)."""
    yield json_line({"format": "json-pages-1.0", "id": "pages", "title": "All pages", "hasText": True})
    for page in pages:
        key = sha256(f"{page.url} {page.fetched_at}".encode()).hexdigest()[:22]
        yield json_line({"id": key, "url": page.url, "ts": page.fetched_at, "title": page.title, "text": page.text})


def json_line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
