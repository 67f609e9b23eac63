"""Paths as a user names them -> the archives and pages to read, in a fixed order.

In: files, folders, patterns. Out: Source values (a name, and how to open it at an offset). Must not know: records.
What a file is, is decided by its first bytes; a WARC's may be damaged, so there the name will do.
"""

from __future__ import annotations

import glob
import gzip
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import SEEK_CUR, SEEK_END, SEEK_SET, BufferedReader, RawIOBase
from pathlib import Path
from struct import Struct
from typing import Any, BinaryIO, Literal

import zstandard

PAGE_SUFFIXES = (".html", ".htm", ".xhtml", ".shtml", ".html.gz", ".htm.gz")
ARCHIVE_SUFFIXES = (".warc", ".warc.gz", ".warc.zst", ".wacz")
"""What is taken from a folder; a file named outright is read whatever its name."""

MEMBERS = (".warc", ".warc.gz", ".warc.zst")
"""What is read of a zip."""

ZIP_MAGIC = b"PK\x03\x04"
LOCAL_HEAD = Struct("<26sHH")
"""What stands before a member's name, the lengths of name and extra field last (APPNOTE.TXT 4.3.7)."""

ENCRYPTED = 0x1

MAGIC = 512
"""Bytes of a compressed file that are enough to see what is inside."""


@dataclass(frozen=True, slots=True)
class Source:
    """One archive or page: a file, or a member of a zip."""

    path: Path
    kind: Literal["warc", "page"]
    root: Path
    """The folder the user named; a page's address may be told from its path below it."""
    member: str | None = None
    part: tuple[int, int] | None = None
    """Begin and end of a member that is stored as it is: read in place. None: the whole file, or a member that is packed."""

    @property
    def name(self) -> str:
        return f"{self.path.name}/{self.member}" if self.member else self.path.name

    def open(self, offset: int = 0) -> BinaryIO:
        """Return the stream from `offset` on. Raises OSError."""
        if self.part:
            stream: BinaryIO = BufferedReader(Part(self.path.open("rb"), *self.part))
        elif self.member:
            stream = open_member(self.path, self.member)
        else:
            stream = self.path.open("rb")
        stream.seek(offset)
        return stream


class Part(RawIOBase):
    """The bytes of a file from `begin` to `end`. zipfile's own streams read all that is before the place they are sent to."""

    def __init__(self, file: BinaryIO, begin: int, end: int) -> None:
        self._file = file
        self._begin, self._end = begin, end
        file.seek(begin)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        base = {SEEK_SET: self._begin, SEEK_CUR: self._file.tell(), SEEK_END: self._end}[whence]
        return self._file.seek(base + offset) - self._begin

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(max(0, min(len(buffer), self._end - self._file.tell())))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def open_member(path: Path, member: str) -> BinaryIO:
    """Return a member of a zip as a stream. Raises OSError."""
    try:
        return zipfile.ZipFile(path).open(member)  # type: ignore[return-value]  # seekable, closed by its reader
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError) as error:
        raise OSError(f"{path}: {error}") from error


def find_sources(paths: Iterable[str | Path]) -> Iterator[Source]:
    """Yield what `paths` name, files sorted within a folder or pattern. Raises OSError for a path that names nothing."""
    for named in paths:
        # pathlib cannot expand an absolute pattern
        matched = [Path(named)] if Path(named).exists() else sorted(map(Path, glob.glob(str(named), recursive=True)))  # noqa: PTH207
        if not matched:
            raise FileNotFoundError(f"{named}: no such file or folder")
        for path in matched:
            yield from folder_sources(path) if path.is_dir() else file_sources(path, path.parent)


def folder_sources(folder: Path) -> Iterator[Source]:
    """Yield the archives below `folder`, else its pages, sorted by path; links are not followed.

    Pages beside archives are reports about them, ours among them.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    archives = [path for path in files if path.name.lower().endswith(ARCHIVE_SUFFIXES)]
    for path in archives or (path for path in files if path.name.lower().endswith(PAGE_SUFFIXES)):
        yield from file_sources(path, folder)


def file_sources(path: Path, root: Path) -> Iterator[Source]:
    """Yield the file as what its first bytes say: the WARCs of a zip, a WARC, or a page."""
    with path.open("rb") as file:
        head = file.read(MAGIC)
    if not head.startswith(ZIP_MAGIC):
        named = path.name.lower().endswith(MEMBERS)
        yield Source(path, "warc" if named or begins_record(head) else "page", root)
        return
    try:
        with zipfile.ZipFile(path) as wacz:
            members = sorted((one for one in wacz.infolist() if one.filename.endswith(MEMBERS)), key=lambda one: one.filename)
    except zipfile.BadZipFile as error:
        raise OSError(f"{path}: {error}") from error
    for member in members:
        yield Source(path, "warc", root, member.filename, stored_part(path, member))


def stored_part(path: Path, member: zipfile.ZipInfo) -> tuple[int, int] | None:
    """Return where the bytes of a member stand in the zip, or None where they are packed or not to be found."""
    if member.compress_type != zipfile.ZIP_STORED or member.flag_bits & ENCRYPTED:
        return None
    with path.open("rb") as file:
        file.seek(member.header_offset)
        head = file.read(LOCAL_HEAD.size)
    if len(head) < LOCAL_HEAD.size or not head.startswith(ZIP_MAGIC):
        return None
    begin = member.header_offset + LOCAL_HEAD.size + sum(LOCAL_HEAD.unpack(head)[1:])
    return begin, begin + member.file_size


def begins_record(head: bytes) -> bool:
    """True where `head` is the beginning of a WARC record, compressed or not."""
    if head.startswith(b"\x1f\x8b"):
        head = first_of_gzip(head)
    elif head.startswith((b"\x28\xb5\x2f\xfd", b"\x5d\x2a\x4d\x18")):
        head = first_of_zstd(head)
    return head.startswith(b"WARC/")


def first_of_gzip(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS + 16).decompress(head, 16)
    except zlib.error:
        return b""


def first_of_zstd(head: bytes) -> bytes:
    """Return the first bytes; a frame of a dictionary (first in .warc.zst files) counts as a WARC's own."""
    if head.startswith(b"\x5d\x2a\x4d\x18"):
        return b"WARC/"
    try:
        return zstandard.ZstdDecompressor().decompressobj().decompress(head)[:16]
    except zstandard.ZstdError:
        return b""


def read_page(source: Source, limit: int) -> bytes:
    """Return the bytes of a saved page, gunzipped, at most `limit` of them. Raises OSError."""
    with source.open() as file:
        if source.path.suffix != ".gz":
            return file.read(limit)
        try:
            with gzip.open(file) as page:
                return page.read(limit)
        except (EOFError, zlib.error) as error:
            raise OSError(f"{source.path}: {error}") from error
