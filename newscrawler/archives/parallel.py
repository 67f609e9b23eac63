"""One function over a stream, on every core, results in the order of the stream.

In: a function that can be pickled, an iterable. Out: its results. Must not know: archives, extraction.
Memory is flat: no more is read ahead than the processes have in hand.
"""

from __future__ import annotations

import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import forkserver, get_all_start_methods, get_context, parent_process
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

CHUNK = 8
"""Items handed over at once: a hand-over costs some 0.2 ms, lost beside eight pages of some milliseconds; at the end the
others wait for the last one's."""

GARBAGE = 50_000
"""Objects between two collections: a page's tree goes without one; Python's 700 cost 4% of the time on 287 news pages."""

AHEAD = 4
"""Chunks a process has waiting or done: it never idles, and memory holds few pages."""


METHOD = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
"""How processes begin: a fork of this one would copy the locks of threads that run here (the reactor's, an archive's)."""


def prepare(module: str, processes: int | None = None) -> None:
    """Begin to load `module`, once for all processes to come, while this one does something else."""
    if METHOD == "forkserver" and (processes or cores()) > 1:
        get_context(METHOD).set_forkserver_preload([module])
        forkserver.ensure_running()


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def map_ordered(function: Callable[[T], R], items: Iterable[T], processes: int | None = None) -> Iterator[R]:
    """Yield `function(item)` of each item, in order, computed by `processes` (default: one a core).

    One process: here, without a pool. What `function` raises is raised here.
    """
    processes = processes or cores()
    if processes == 1:
        before = gc.get_threshold()
        gc.set_threshold(GARBAGE)
        try:
            yield from map(function, items)
        finally:
            gc.set_threshold(*before)
        return
    pool = ProcessPoolExecutor(processes, get_context(METHOD), install, (function,))
    try:
        yield from in_order(pool, iter(items), processes * AHEAD)
    finally:
        pool.shutdown(cancel_futures=True)


def in_order(pool: ProcessPoolExecutor, items: Iterator[Any], ahead: int) -> Iterator[Any]:
    waiting: deque[Future[list[Any]]] = deque()
    while chunk := list(islice(items, CHUNK)):
        waiting.append(pool.submit(run, chunk))
        if len(waiting) >= ahead:
            yield from waiting.popleft().result()
    while waiting:
        yield from waiting.popleft().result()


_installed: list[Callable[[Any], Any]] = []


def install(function: Callable[[Any], Any]) -> None:
    """Keep `function` in a new process: it is pickled once, not for every chunk."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its children
    gc.freeze()  # modules and models stay: they need not be gone through again and again
    gc.set_threshold(GARBAGE)
    Thread(target=end_with_parent, daemon=True).start()
    _installed[:] = [function]


def end_with_parent() -> None:
    """End this process when its parent is gone: one that was killed told its children nothing, and they would wait forever."""
    parent = parent_process()
    if parent:
        parent.join()
        os._exit(1)


def run(chunk: list[Any]) -> list[Any]:
    return [_installed[0](item) for item in chunk]
