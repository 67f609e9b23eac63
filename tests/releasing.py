"""Releases made in processes of their own, to be killed or starved. Forked from one that imported this, they start at once."""

from __future__ import annotations

import resource
import signal
import sqlite3
from pathlib import Path

from newscrawler.corpus.language import tell
from newscrawler.corpus.options import Options
from newscrawler.corpus.parquet import table_of
from newscrawler.corpus.release import Release, build

tell("This loads the detector")
table_of([])  # and this pandas, where Arrow finds it


def release(output: Path, target: Path) -> Release:
    """Make a release of some shards, with a delta to `last` beside it."""
    return build(output, target, Options(dedup="page", shard_bytes=20_000, previous=target.with_name("last")))


def on_a_full_disk(limit: int, output: Path, target: Path, outcome: Path) -> None:
    """Make a release where no file may have more than `limit` bytes; leave the error's name as a link: it takes no byte."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        release(output, target)
    except (OSError, sqlite3.Error) as error:
        outcome.symlink_to(type(error).__name__)
