"""Archive files that survive a kill.

In: exchanges, remarks. Out: for each archive NAME-00000.warc.gz, NAME-00001.warc.gz ..., `.part` until they are complete.
Must not know: Scrapy, the ledger. Records are encoded and compressed by one thread behind a bounded queue
(zlib releases the interpreter's lock), so the caller pays for a hand-over only.

The promise is kept in three steps: `commit` returns the extents that are on disk, the caller records them, and `recover`
cuts every file back to what was recorded.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from queue import SimpleQueue
from threading import Condition, Thread
from typing import BinaryIO, NamedTuple

from newscrawler.archives.captures import Exchange
from newscrawler.archives.records import RecordEncoder
from newscrawler.archives.remarks import PROFILE, Remark
from newscrawler.shards import PART, sync_folder

SUFFIX = ".warc.gz"

ROTATE = 1_000_000_000
"""Bytes after which the next file begins: the size the WARC standard recommends (annex C)."""

QUEUED = 32 * 2**20
"""Bytes of answers that may wait for the thread; more makes the caller wait."""


class Extent(NamedTuple):
    """How far a file goes."""

    length: int
    """Bytes that are whole records on disk."""
    records: int


Extents = dict[str, Extent]
"""By file name, without `.part`."""


class ArchiveWriter:
    """Appends exchanges to the files of several archives, each with a key of the caller's."""

    def __init__(self, rotate: int = ROTATE) -> None:
        self._archives: dict[str, ArchiveFiles] = {}
        self._rotate = rotate
        self._queue: SimpleQueue[tuple[str, Exchange | Remark] | Commit | None] = SimpleQueue()
        self._room = Condition()
        self._waiting = 0
        self._broken: OSError | None = None
        self._thread = Thread(target=self._run, name="archive", daemon=True)
        self._thread.start()

    def open(self, key: str, folder: Path, name: str, description: Mapping[str, str]) -> None:
        """Begin the archive `key`: files NAME-NUMBER.warc.gz in `folder`, after those that are there. Raises OSError."""
        self._archives[key] = ArchiveFiles(folder, name, description, self._rotate)

    def add(self, key: str, given: Exchange | Remark) -> None:
        """Hand it to the thread; waits only while the queue is full."""
        with self._room:
            self._room.wait_for(lambda: self._waiting < QUEUED)
            self._waiting += given.size
        self._queue.put((key, given))

    def commit(self, *, last: bool = False) -> dict[str, Extents]:
        """Return, by archive, the extent of each file that grew, once all that was added is on disk. Raises OSError.

        Committing again, or closing, says that the lengths were recorded. After `last` nothing more may be added.
        """
        request = Commit(last)
        self._queue.put(request)
        return request.extents.result()

    def close(self) -> None:
        """End the thread; complete files whose lengths were recorded get their final names. Raises OSError."""
        self._queue.put(None)
        self._thread.join()
        if self._broken is None:
            for files in self._archives.values():
                files.seal()

    def _run(self) -> None:
        while (given := self._queue.get()) is not None:
            if isinstance(given, Commit):
                self._answer(given)
            else:
                self._write(*given)

    def _write(self, key: str, given: Exchange | Remark) -> None:
        try:
            if self._broken is None:
                self._archives[key].append(given)
        except OSError as error:
            self._broken = error
        with self._room:
            self._waiting -= given.size
            self._room.notify()

    def _answer(self, request: Commit) -> None:
        try:
            if self._broken:
                raise self._broken
            extents = {key: files.commit(last=request.last) for key, files in self._archives.items()}
            request.extents.set_result({key: grown for key, grown in extents.items() if grown})
        except OSError as error:
            self._broken = error
            request.extents.set_exception(error)


class Commit:
    """A caller's wait for the thread."""

    def __init__(self, last: bool) -> None:
        self.last = last
        self.extents: Future[dict[str, Extents]] = Future()


class ArchiveFiles:
    """The files of one archive; used by one thread."""

    def __init__(self, folder: Path, name: str, description: Mapping[str, str], rotate: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._encoder = RecordEncoder()
        self._folder, self._name, self._description, self._rotate = folder, name, description, rotate
        self._number = next_number(folder, name)
        self._open: BinaryIO | None = None
        self._records = 0
        self._grown: Extents = {}
        self._unsynced: list[BinaryIO] = []
        self._complete: list[str] = []
        self._recorded: list[str] = []
        self._profile: Remark | None = None

    def append(self, given: Exchange | Remark) -> None:
        """Write its records; end the file when it is long enough. Each file begins with the profile in force."""
        if self._open is None:
            self._open = self._begin()
        if isinstance(given, Exchange):
            self._write(self._open, self._encoder.encode(given), 2)
        else:
            self._write(self._open, self._encoder.encode_remark(given), 1)
            self._profile = given if given.kind == PROFILE else self._profile
        if self._open.tell() >= self._rotate:
            self._end()

    def commit(self, *, last: bool) -> Extents:
        """Sync what grew and return its extents; `last` makes the open file complete.

        Calling again says that the extents returned before are recorded: complete files then get their final names.
        """
        self.seal()
        if last:
            self._end()
        for file in self._unsynced:
            os.fsync(file.fileno())
            if file is not self._open:
                file.close()
        self._unsynced.clear()
        self._recorded, self._complete = self._complete, []
        grown, self._grown = self._grown, {}
        return grown

    def seal(self) -> None:
        """Give the files that are complete, synced and recorded their final names."""
        for name in self._recorded:
            (self._folder / (name + PART)).rename(self._folder / name)
        self._recorded = []

    def _end(self) -> None:
        if self._open is not None:
            self._complete.append(final_name(self._open))
            self._open = None

    def _begin(self) -> BinaryIO:
        name = f"{self._name}-{self._number:05}{SUFFIX}"
        self._number += 1
        file = (self._folder / (name + PART)).open("xb", buffering=0)
        sync_folder(self._folder)
        self._records = 0
        self._write(file, self._encoder.encode_warcinfo(name, self._description), 1)
        if self._profile:
            self._write(file, self._encoder.encode_remark(self._profile), 1)
        return file

    def _write(self, file: BinaryIO, records: bytes, count: int) -> None:
        if file not in self._unsynced:
            self._unsynced.append(file)
        view = memoryview(records)
        while view:
            view = view[file.write(view) :]
        self._records += count
        self._grown[final_name(file)] = Extent(file.tell(), self._records)


def final_name(file: BinaryIO) -> str:
    return Path(file.name).name.removesuffix(PART)


def next_number(folder: Path, name: str) -> int:
    """Return one more than the greatest number a file of `name` bears."""
    return 1 + max((number for number, _ in numbered(folder, name)), default=-1)


def numbered(folder: Path, name: str) -> list[tuple[int, Path]]:
    """Return the files of `name`, complete or not, by number."""
    pattern = re.compile(re.escape(name) + r"-(\d{5,})" + re.escape(SUFFIX) + f"(?:{re.escape(PART)})?")
    found = ((pattern.fullmatch(path.name), path) for path in folder.iterdir())
    return sorted((int(match[1]), path) for match, path in found if match)


def recover(folder: Path, name: str, lengths: Mapping[str, int]) -> list[str]:
    """Cut the files of `name` back to the lengths on record and return the names of those that are not whole.

    A file nobody recorded is removed: what it held is not committed and will be fetched again. A file that is
    shorter than its record, or gone, was changed by another hand: it is left as it is and named.
    """
    if not folder.is_dir():
        return sorted(lengths)
    whole = set()
    for _, path in numbered(folder, name):
        final = path.name.removesuffix(PART)
        length = lengths.get(final)
        if length is None:
            path.unlink()
        elif path.stat().st_size >= length:
            cut(path, length)
            path.rename(folder / final)
            whole.add(final)
    sync_folder(folder)
    return sorted(set(lengths) - whole)


def cut(path: Path, length: int) -> None:
    """Shorten `path` to `length` bytes, on disk."""
    with path.open("rb+") as file:
        if file.seek(0, os.SEEK_END) > length:
            file.truncate(length)
            os.fsync(file.fileno())
