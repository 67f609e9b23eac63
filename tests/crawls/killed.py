"""Runs scrapy and kills the process at the n-th call of something that happens inside a commit or a seal.

killed.py PLACE COUNT WORDS-AFTER-SCRAPY...
"""

import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


def arm(place: str, count: int) -> None:
    """Let this process kill itself at call number `count` of `place`; every second fatal instant is after the call itself."""
    seen = 0

    def deadly(call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            nonlocal seen
            seen += 1
            if seen == count and count % 2:
                os.kill(os.getpid(), signal.SIGKILL)
            result = call(*args, **kwargs)
            if seen == count:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return wrapped

    if place == "fsync":
        os.fsync = deadly(os.fsync)
    elif place in ("replace", "rename"):
        setattr(Path, place, deadly(getattr(Path, place)))
    else:
        arm_database(place, deadly)


def arm_database(place: str, deadly: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    """Let the calls of every connection opened from now on be deadly: "commit", or "execute" of any statement."""

    class DeadlyConnection(sqlite3.Connection):
        if place == "commit":
            commit = deadly(sqlite3.Connection.commit)
        else:
            execute = deadly(sqlite3.Connection.execute)

        def cursor(self, *args: Any, **kwargs: Any) -> sqlite3.Cursor:
            return super().cursor(DeadlyCursor)

    class DeadlyCursor(sqlite3.Cursor):
        if place == "execute":
            execute = deadly(sqlite3.Cursor.execute)
            executemany = deadly(sqlite3.Cursor.executemany)

    connect = sqlite3.connect
    sqlite3.connect = lambda *args, **kwargs: connect(*args, **{**kwargs, "factory": DeadlyConnection})  # type: ignore[assignment]
    sqlite3.dbapi2.connect = sqlite3.connect  # type: ignore[attr-defined]


if __name__ == "__main__":
    arm(sys.argv[1], int(sys.argv[2]))

    from scrapy.cmdline import execute  # only now, so that everything imports what was changed

    execute(["scrapy", *sys.argv[3:]])
