"""Serve a folder of mirrors on loopback, as the demo and the tests need it.

In: a folder with one folder a mirror. Out: an address a mirror, and a log of what was asked.
Must not know: Scrapy, what the pages say.
"""

from __future__ import annotations

import errno
import gzip
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

FIRST_HOST = 21
"""Mirrors answer at 127.0.0.21, .22 and so on: any number will do, one a mirror so that each is a host of its own."""

IDLE_SECONDS = 30.0
"""A connection kept open without a request ends after this; longer than any test takes between two requests."""

POLL_SECONDS = 0.05
"""How long closing a mirror may wait for its thread to look up; short enough for a test to close dozens."""

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".xml": "application/xml",
    ".gz": "application/gzip",
    ".txt": "text/plain; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class File:
    """What stands at one path of a mirror."""

    content: bytes
    media_type: str
    modified: str

    @property
    def tag(self) -> str:
        return f'W/"{sha256(self.content).hexdigest()[:16]}"'


@dataclass(frozen=True, slots=True)
class Hit:
    """One request as it was answered; `seconds` since the mirrors were opened."""

    seconds: float
    mirror: str
    method: str
    path: str
    status: int


@dataclass
class Mirrors:
    """The served mirrors: `addresses` by name, `files` by name and path (may be changed meanwhile), `hits` so far."""

    addresses: dict[str, str] = field(default_factory=dict)
    files: dict[str, dict[str, File]] = field(default_factory=dict)
    hits: list[Hit] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)


class MirrorHandler(BaseHTTPRequestHandler):
    """Answers GET and HEAD from the mirror's files: conditional requests, gzip where it is asked for, 404 for the rest."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    server: MirrorServer

    def do_GET(self) -> None:
        file = self.server.files.get(unquote(self.path.partition("?")[0]))
        if file is None:
            self.answer(HTTPStatus.NOT_FOUND, b"not found\n", {"Content-Type": "text/plain"})
        else:
            self.answer_file(file)

    do_HEAD = do_GET

    def answer_file(self, file: File) -> None:
        headers = {"Content-Type": file.media_type, "ETag": file.tag, "Last-Modified": file.modified, "Vary": "Accept-Encoding"}
        if self.has_copy(file):
            self.answer(HTTPStatus.NOT_MODIFIED, b"", headers)
        elif "gzip" in self.headers.get("Accept-Encoding", "") and not file.media_type.endswith("gzip"):
            self.answer(HTTPStatus.OK, gzip.compress(file.content, 1, mtime=0), {**headers, "Content-Encoding": "gzip"})
        else:
            self.answer(HTTPStatus.OK, file.content, headers)

    def has_copy(self, file: File) -> bool:
        """Say whether the asker holds this very version; an ETag outweighs a date (RFC 9110, 13.1.3)."""
        if "If-None-Match" in self.headers:
            return file.tag in self.headers["If-None-Match"]
        return self.headers.get("If-Modified-Since") == file.modified

    def answer(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        """Send one whole answer and note it."""
        self.note(status)
        self.send_head(status, len(content), headers)
        if self.command != "HEAD":
            self.wfile.write(content)

    def send_head(self, status: int, length: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(length))
        self.end_headers()

    def note(self, status: int) -> None:
        """Add this request to the log; 0 is the status of one that gets no answer."""
        seconds = time.monotonic() - self.server.mirrors.started
        self.server.mirrors.hits.append(Hit(seconds, self.server.name, self.command, self.path, int(status)))

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing: `hits` is the log."""


class MirrorServer(ThreadingHTTPServer):
    """One mirror at one address; closing it ends its open connections and waits for their threads."""

    daemon_threads = False
    request_queue_size = 256

    def __init__(self, name: str, host: str, mirrors: Mirrors, handler: type[MirrorHandler]) -> None:
        self.name, self.mirrors = name, mirrors
        self.files = mirrors.files.setdefault(name, {})
        self.connections: set[socket.socket] = set()
        super().__init__((host, 0), handler)

    @property
    def address(self) -> str:
        return f"http://{self.server_address[0]!s}:{self.server_address[1]}"

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Report a failure, unless it is that the asker went away in the middle of an answer."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def close(self) -> None:
        self.shutdown()
        for connection in list(self.connections):
            with suppress(OSError):  # the other side may be quicker
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()


@contextmanager
def serve(folder: Path, handler: type[MirrorHandler] = MirrorHandler) -> Iterator[Mirrors]:
    """Yield the mirrors of `folder`, answering on loopback until the block ends.

    folder: one folder a mirror; http://NAME.demo.example in its files becomes the address of the mirror NAME.
    handler: how requests are answered; tests give one that fails on purpose.
    """
    mirrors = Mirrors()
    roots = sorted(path for path in folder.iterdir() if path.is_dir())
    with ExitStack() as stack:
        for number, root in enumerate(roots):
            server = open_server(root.name, f"127.0.0.{FIRST_HOST + number}", mirrors, handler)
            threading.Thread(target=server.serve_forever, args=(POLL_SECONDS,), daemon=True).start()
            stack.callback(server.close)
            mirrors.addresses[root.name] = server.address
        for root in roots:
            mirrors.files[root.name].update(load_files(root, mirrors.addresses))
        yield mirrors


def open_server(name: str, host: str, mirrors: Mirrors, handler: type[MirrorHandler]) -> MirrorServer:
    """Return the mirror bound to `host` and a free port; to 127.0.0.1 on systems that know no other loopback address."""
    try:
        return MirrorServer(name, host, mirrors, handler)
    except OSError as error:
        if error.errno != errno.EADDRNOTAVAIL:
            raise
        return MirrorServer(name, "127.0.0.1", mirrors, handler)


def load_files(root: Path, addresses: dict[str, str]) -> dict[str, File]:
    """Return the files below `root` by the paths they answer to; a folder's index.html answers for the folder too."""
    files = {}
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        address = "/" + path.relative_to(root).as_posix()
        content = with_addresses(path.read_bytes(), path.suffix == ".gz", addresses)
        modified = formatdate(path.stat().st_mtime, usegmt=True)
        files[address] = File(content, TYPES.get(path.suffix, "application/octet-stream"), modified)
        if path.name == "index.html":
            files[address.removesuffix("index.html")] = files[address]
    return files


def with_addresses(content: bytes, packed: bool, addresses: dict[str, str]) -> bytes:
    """Return `content` with each mirror's placeholder replaced by its address; `packed` says that it is gzip."""
    if packed:
        return gzip.compress(with_addresses(gzip.decompress(content), False, addresses), mtime=0)
    for name, address in addresses.items():
        content = content.replace(f"http://{name}.demo.example".encode(), address.encode())
    return content
