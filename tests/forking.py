"""Crawls that start in no time: each a process of its own, forked from one that has imported everything (crawls/forks.py)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from pathlib import Path
from select import select
from time import monotonic

from crawling import LIMIT, PROJECT

from newscrawler.demo import Mirrors

FORKS = Path(__file__).parent / "crawls" / "forks.py"


@dataclass(frozen=True)
class Forks:
    """Runs commands of the project, one after the other."""

    server: subprocess.Popen[bytes]
    said: Path
    """File with what the latest command printed."""

    def run(
        self,
        words: list[str],
        *,
        kill_at: tuple[str, int] | None = None,
        kill_when: Callable[[], bool] | None = None,
        commit_every: int | None = None,
    ) -> int:
        """Return the exit code of `scrapy WORDS`, -9 where it was killed.

        kill_at: at which call of which place (crawls/killed.py). kill_when: as soon as this is true.
        """
        place, count = kill_at or (None, 0)
        order = {"words": words, "said": str(self.said), "place": place, "count": count, "commit_every": commit_every}
        assert self.server.stdin and self.server.stdout
        self.server.stdin.write(json.dumps(order).encode() + b"\n")
        pid, end = int(self.server.stdout.readline()), monotonic() + LIMIT
        while not select([self.server.stdout], [], [], 0.001 if kill_when else LIMIT)[0]:
            if monotonic() > end or (kill_when and kill_when()):
                os.kill(pid, signal.SIGKILL)  # it keeps its number until the next order, even where it is dead already
                break
        return int(self.server.stdout.readline())


@contextmanager
def forking(folder: Path) -> Iterator[Forks]:
    """Yield what runs commands; folder: takes what they print."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([sys.executable, str(FORKS)], bufsize=0, cwd=PROJECT, **pipes) as server:  # type: ignore[call-overload]
        try:
            yield Forks(server, folder / "said.txt")
        finally:
            server.kill()


def asked(mirrors: Mirrors, hits: int, seconds: float = 0.0) -> Callable[[], bool]:
    """Return what is true once that long has gone by since the mirrors were asked that often, from now on."""
    before, since = len(mirrors.hits), inf

    def is_time() -> bool:
        nonlocal since
        if since == inf and len(mirrors.hits) - before >= hits:
            since = monotonic()
        return monotonic() - since >= seconds

    return is_time
