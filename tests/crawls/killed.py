"""Runs scrapy and kills the process at the n-th call of something that happens inside a commit or a seal.

killed.py PLACE COUNT WORDS-AFTER-SCRAPY...

In the environment, COMMIT_EVERY: outcomes a commit, so that a small crawl has many.
"""

import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

place, count = sys.argv[1], int(sys.argv[2])
seen = 0


def deadly(call: Callable[..., Any]) -> Callable[..., Any]:
    """Return `call`, of which every second fatal instant is before and every other one after the call itself."""

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        global seen
        seen += 1
        if seen == count and count % 2:
            os.kill(os.getpid(), signal.SIGKILL)
        result = call(*args, **kwargs)
        if seen == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return wrapped


class DeadlyConnection(sqlite3.Connection):
    if place == "commit":
        commit = deadly(sqlite3.Connection.commit)
    if place == "execute":
        execute = deadly(sqlite3.Connection.execute)

    def cursor(self, *args: Any, **kwargs: Any) -> sqlite3.Cursor:
        return super().cursor(DeadlyCursor)


class DeadlyCursor(sqlite3.Cursor):
    if place == "execute":
        execute = deadly(sqlite3.Cursor.execute)
        executemany = deadly(sqlite3.Cursor.executemany)


if place == "fsync":
    os.fsync = deadly(os.fsync)
elif place == "replace":
    Path.replace = deadly(Path.replace)  # type: ignore[method-assign]
elif place == "rename":
    Path.rename = deadly(Path.rename)  # type: ignore[method-assign]
elif place != "nowhere":
    connect = sqlite3.connect
    sqlite3.connect = lambda *args, **kwargs: connect(*args, **{**kwargs, "factory": DeadlyConnection})  # type: ignore[assignment]
    sqlite3.dbapi2.connect = sqlite3.connect  # type: ignore[attr-defined]

if every := os.environ.get("COMMIT_EVERY"):
    sys.path.append(str(Path.cwd()))
    from newscrawler import runs

    runs.COMMIT_EVERY = int(every)

from scrapy.cmdline import execute  # noqa: E402 - only now, so that everything imports what was changed

execute(["scrapy", *sys.argv[3:]])
