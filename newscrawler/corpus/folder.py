"""A folder that appears whole or not at all.

In: its name. Out: a folder beside it to fill, made durable and renamed at the end. Must not know: what is in it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newscrawler.corpus.sources import CorpusError
from newscrawler.shards import PART, sync_folder


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """Yield an empty folder that becomes `target`, or is removed where what fills it fails.

    One that a killed process left is emptied. Raises CorpusError where `target` exists or another process is making it.
    """
    if target.exists():
        raise CorpusError(f"{target} exists: a release is never changed, give it a name of its own")
    part = target.with_name(target.name + PART)
    part.mkdir(parents=True, exist_ok=True)
    with locked(part):
        try:
            empty(part)
            yield part
            sync(part)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        part.rename(target)
        sync_folder(target.parent)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder; the lock ends with the process."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CorpusError(f"{folder} is being filled by another process: wait for it, or stop it") from None
        yield
    finally:
        os.close(handle)


def empty(folder: Path) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def sync(folder: Path) -> None:
    """Make all that is in the folder durable, so that no rename outlives its content. Raises OSError."""
    for path in (*folder.rglob("*"), folder):
        sync_folder(path)
