"""Mirrors that misbehave: the demo's server with faults chosen by the test.

In: a folder of mirrors and the faults. Out: the mirrors, served as newscrawler.demo serves them, each fault once a path.
Must not know: the crawler.
"""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Literal
from zlib import crc32

from newscrawler.demo import File, MirrorHandler, Mirrors, serve

MIRRORS = Path(__file__).parent.parent / "data" / "demo" / "mirrors"

Fault = Literal["503", "429", "500", "reset", "cut"]


@dataclass(frozen=True)
class Faults:
    """What goes wrong, the first `times` that a page (any path with HTML) is asked for; then it is served well.

    kinds: one is chosen a path, by its checksum, so the same each run. delay: seconds before every answer of any path.
    retry_after: the header that 503 and 429 bring, in seconds or as a date; none where it is None.
    """

    kinds: tuple[Fault, ...] = ("503", "429", "reset", "cut")
    times: int = 1
    retry_after: str | None = "1"
    delay: float = 0.0

    def of(self, path: str) -> Fault:
        return self.kinds[crc32(path.encode()) % len(self.kinds)]


@contextmanager
def serve_faulty(folder: Path, faults: Faults) -> Iterator[Mirrors]:
    """Yield the mirrors of `folder`, as newscrawler.demo.serve does, with `faults`."""
    asked: dict[tuple[str, str], int] = {}
    lock = threading.Lock()

    class FaultyHandler(MirrorHandler):
        def do_GET(self) -> None:
            time.sleep(faults.delay)
            super().do_GET()

        do_HEAD = do_GET

        def answer_file(self, file: File) -> None:
            if faults.kinds and file.media_type.startswith("text/html") and self.count() < faults.times:
                self.fail(faults.of(self.path), file)
            else:
                super().answer_file(file)

        def count(self) -> int:
            """Return how often this path was asked for before."""
            key = (self.server.name, self.path)
            with lock:
                asked[key] = asked.get(key, -1) + 1
                return asked[key]

        def fail(self, fault: Fault, file: File) -> None:
            if fault == "reset":
                self.note(0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                self.close_connection = True
            elif fault == "cut":
                self.note(HTTPStatus.OK)
                self.send_head(HTTPStatus.OK, len(file.content), {"Content-Type": file.media_type})
                self.wfile.write(file.content[: len(file.content) // 2])
                self.close_connection = True
            else:
                headers = {} if faults.retry_after is None or fault == "500" else {"Retry-After": faults.retry_after}
                self.answer(int(fault), b"try again\n", headers)

    with serve(folder, FaultyHandler) as mirrors:
        yield mirrors
