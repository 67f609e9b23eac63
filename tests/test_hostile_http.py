"""Servers that mean harm, on loopback, against a real crawl: each ends as a named outcome, in bounded memory and time."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import struct
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import brotli
import pytest

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ROOT = Path(__file__).parent.parent
PAGE = b"<html><body><p>" + b"An article's paragraph. " * 40 + b"</p></body></html>"
BIG = bytes(40 * 1024 * 1024)
"""More than DOWNLOAD_MAXSIZE."""

SETTINGS = {
    "DOWNLOADER_MIDDLEWARES": {
        "newscrawler.middlewares.guard.AddressGuard": 40,
        "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
        "newscrawler.middlewares.robots.RobotsMiddleware": 100,
        "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
        "newscrawler.middlewares.compression.CompressionMiddleware": 590,
    },
    "DOWNLOAD_HANDLERS": {
        "http": "newscrawler.middlewares.head.BoundedDownloadHandler",
        "https": "newscrawler.middlewares.head.BoundedDownloadHandler",
        "data": None,
        "file": None,
        "ftp": None,
        "s3": None,
    },
    "ROBOTSTXT_OBEY": True,
    "RETRY_ENABLED": False,
    "COOKIES_ENABLED": False,
    "METAREFRESH_ENABLED": False,
    "HTTPERROR_ALLOW_ALL": True,
    "REDIRECT_MAX_TIMES": 10,
    "DOWNLOAD_MAXSIZE": 32 * 1024 * 1024,
    "DOWNLOAD_WARNSIZE": 0,
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "TELNETCONSOLE_ENABLED": False,
    "REMOTE_CONTROL_ENABLED": False,
    "LOG_LEVEL": "ERROR",
    "CONCURRENT_REQUESTS_PER_DOMAIN": 4,
    "DOWNLOAD_TIMEOUT": 3,
    "NEWSCRAWLER_ALLOW_NETWORKS": ["127.0.0.0/8"],
}


def answer(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def html(body: bytes, *headers: str) -> bytes:
    return answer(body, "Content-Type: text/html", *headers)


def repeat(start: bytes, again: bytes, pause: float = 0.0) -> Callable[[Peer], None]:
    def send(peer: Peer) -> None:
        peer.connection.sendall(start)
        while not peer.closing.wait(pause):
            peer.connection.sendall(again)

    return send


def reset(peer: Peer) -> None:
    peer.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def redirect(location: str) -> bytes:
    return answer(b"", f"Location: {location}", status="302 Found")


def compressed(encoding: str, body: bytes) -> bytes:
    return html(body, f"Content-Encoding: {encoding}")


def zeros(count: int = len(BIG)) -> bytes:
    return gzip.compress(bytes(count), 1)


def wide_zstd(body: bytes) -> bytes:
    """A frame that asks its reader to keep 128 MiB."""
    stream = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: 27})
    return stream.compress(body) + stream.flush()


CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHALLENGE = answer(b"<title>Just a moment...</title>", "cf-mitigated: challenge", status="403 Forbidden")

CASES: dict[str, tuple[str, Any]] = {
    "/page": ("page", html(PAGE)),
    "/gzip": ("page", compressed("gzip", gzip.compress(PAGE))),
    "/deflate": ("page", compressed("deflate", zlib.compress(PAGE))),
    "/bare-deflate": ("page", compressed("deflate", zlib.compress(PAGE, wbits=-15))),
    "/brotli": ("page", compressed("br", brotli.compress(PAGE))),
    "/zstd": ("page", compressed("zstd", zstd.compress(PAGE))),
    "/two-members": ("page", compressed("gzip", gzip.compress(PAGE) + gzip.compress(PAGE))),
    "/two-layers": ("page", compressed("gzip, br", brotli.compress(gzip.compress(PAGE)))),
    "/named-gzip-but-plain": ("page", compressed("gzip", PAGE)),
    "/to-page": ("page", redirect("/page")),
    "/cookies": ("page", html(PAGE, *(f"Set-Cookie: c{n}={'x' * 100}; path=/" for n in range(1500)))),
    "/gzip-bomb": ("bomb", lambda: compressed("gzip", zeros())),
    "/members-bomb": ("bomb", lambda: compressed("gzip", zeros(1024 * 1024) * 40)),
    "/nested-bomb": ("bomb", lambda: compressed("gzip, gzip", gzip.compress(zeros()))),
    "/deflate-bomb": ("bomb", lambda: compressed("deflate", zlib.compress(BIG, 1))),
    "/brotli-bomb": ("bomb", lambda: compressed("br", brotli.compress(BIG, quality=1))),
    "/zstd-bomb": ("bomb", lambda: compressed("zstd", zstd.compress(BIG, 1))),
    "/layers-bomb": ("bomb", compressed(", ".join(["gzip"] * 200), PAGE)),
    "/wide-zstd": ("corrupt", lambda: compressed("zstd", wide_zstd(PAGE))),
    "/cut": ("cut", answer(PAGE, length=len(PAGE) + 1)),
    "/cut-chunks": ("cut", CHUNKED + b"10\r\n" + PAGE[:16] + b"\r\n"),
    "/cut-gzip": ("cut", compressed("gzip", gzip.compress(PAGE)[:-12])),
    "/cut-brotli": ("cut", compressed("br", brotli.compress(PAGE)[:-4])),
    "/cut-zstd": ("cut", compressed("zstd", zstd.compress(PAGE)[:-4])),
    "/broken-gzip": ("corrupt", compressed("gzip", b"\x1f\x8b" + PAGE)),
    "/broken-brotli": ("corrupt", compressed("br", PAGE)),
    "/drip": ("timeout", repeat(HEAD + b"Content-Length: 9999\r\n\r\n", b"x", 0.05)),
    "/drip-head": ("timeout", repeat(HEAD, b"x", 0.05)),
    "/silent": ("timeout", repeat(b"", b"", 0.05)),
    "/endless": ("too_large", repeat(HEAD + b"\r\n", b"x" * 65536)),
    "/endless-chunks": ("too_large", repeat(CHUNKED, b"10000\r\n" + b"x" * 65536 + b"\r\n")),
    "/says-terabytes": ("too_large", answer(PAGE, length=10**12)),
    "/endless-headers": ("headers", repeat(HEAD, b"X-Flood: " + b"x" * 4000 + b"\r\n")),
    "/endless-header": ("headers", repeat(HEAD + b"X-Flood: ", b"x" * 4096)),
    "/endless-continue": ("headers", repeat(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100)),
    "/no-http": ("not_http", b"SSH-2.0-OpenSSH_9.6\r\n"),
    "/reset": ("reset", reset),
    "/hang-up": ("reset", b""),
    "/loop": ("redirect_loop", redirect("/loop")),
    "/ping": ("redirect_loop", redirect("/pong")),
    "/pong": ("redirect_loop", redirect("/ping")),
    "/chain/": ("redirects", None),
    "/to-private": ("address_private", redirect("http://10.0.0.1/")),
    "/to-metadata": ("address_metadata", redirect("http://2852039166/latest/meta-data/")),
    "/to-loopback6": ("address_loopback", redirect("http://[::1]/")),
    "/to-inside": ("address_private", redirect("http://inside.test/")),
    "/to-mail": ("address_port", redirect("http://127.0.0.1:25/")),
    "/to-file": ("http_302", redirect("file:///etc/passwd")),
    "/challenge": ("challenge_cloudflare", CHALLENGE),
    "/forbidden": ("robots", html(PAGE)),
}


class Peer:
    """One connection to the hostile server."""

    def __init__(self, connection: socket.socket, closing: threading.Event) -> None:
        self.connection, self.closing = connection, closing


class Hostile:
    """Answers each path of CASES as it is told; `asked` are the heads of the requests it got."""

    def __init__(self, robots: bytes, context: ssl.SSLContext | None = None) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.robots, self.context = robots, context
        self.asked: list[bytes] = []
        self.closing = threading.Event()
        self.threads = [threading.Thread(target=self.accept, daemon=True)]
        self.threads[0].start()

    def accept(self) -> None:
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.threads.append(threading.Thread(target=self.serve, args=(connection,), daemon=True))
            self.threads[-1].start()

    def serve(self, connection: socket.socket) -> None:
        try:
            with self.context.wrap_socket(connection, server_side=True) if self.context else connection as wrapped:
                head = wrapped.recv(65536)
                self.asked.append(head)
                self.respond(head.split(b" ")[1].decode(), Peer(wrapped, self.closing))
        except OSError:
            return

    def respond(self, path: str, peer: Peer) -> None:
        if path == "/robots.txt":
            response: Any = self.robots
        elif path.startswith("/chain/"):
            response = redirect(path + "x")
        else:
            response = CASES[path][1]
        if callable(response) and response.__name__ == "<lambda>":
            response = response()
        if callable(response):
            response(peer)
        else:
            peer.connection.sendall(response)

    def close(self) -> None:
        self.closing.set()
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for thread in self.threads:
            thread.join(5)


def crawl(urls: list[str], **settings: Any) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-W", "error::scrapy.exceptions.ScrapyDeprecationWarning", "tests/crawls/outcomes.py"],
        input=json.dumps({"settings": {**SETTINGS, **settings}, "urls": urls}),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return dict(json.loads(done.stdout))


@pytest.fixture(scope="module")
def hostile() -> Iterator[Hostile]:
    server = Hostile(answer(b"User-agent: *\nDisallow: /forbidden\n", "Content-Type: text/plain"))
    yield server
    server.close()


@pytest.fixture(scope="module")
def crawled(hostile: Hostile) -> dict[str, Any]:
    base = f"http://127.0.0.1:{hostile.port}"
    others = [f"http://{host}:{hostile.port}/page" for host in ("inside.test", "metadata.test", "both.test", "nowhere.test")]
    return crawl([base + path for path in CASES] + others + [f"http://127.0.0.1:{free_port()}/page"])


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


@pytest.mark.parametrize("path", CASES)
def test_outcome(crawled: dict[str, Any], hostile: Hostile, path: str) -> None:
    assert crawled["outcomes"][f"http://127.0.0.1:{hostile.port}{path}"] == CASES[path][0]


def test_memory_is_bounded(crawled: dict[str, Any]) -> None:
    assert crawled["peak_mib"] < 400


def test_no_cookie_goes_back(crawled: dict[str, Any], hostile: Hostile) -> None:
    assert hostile.asked and not any(b"\r\nCookie:" in head for head in hostile.asked)


def test_refusals_are_counted(crawled: dict[str, Any]) -> None:
    refused = {key.rpartition("/")[2]: count for key, count in crawled["stats"].items() if key.startswith("guard/refused/")}
    assert refused.keys() == {"loopback", "metadata", "port", "private"}


@pytest.mark.parametrize(
    ("host", "outcome"),
    [
        ("inside.test", "address_private"),
        ("metadata.test", "address_metadata"),
        ("both.test", "page"),
        ("nowhere.test", "dns"),
    ],
)
def test_name(crawled: dict[str, Any], hostile: Hostile, host: str, outcome: str) -> None:
    assert crawled["outcomes"][f"http://{host}:{hostile.port}/page"] == outcome


@pytest.mark.parametrize(
    ("robots", "outcome"),
    [
        (answer(b"", status="404 Not Found"), "page"),
        (answer(b"User-agent: *\nDisallow: /\n", status="403 Forbidden"), "page"),
        (redirect("/robots.txt"), "page"),
        (answer(b"User-agent: *\nAllow: /\n", status="500 Oops"), "robots_unavailable"),
        (answer(b"", status="429 Too Many Requests"), "robots_unavailable"),
        (compressed("gzip", b"\x1f\x8b" + PAGE), "robots_unavailable"),
        (b"nonsense\r\n", "not_http"),
        (b"", "reset"),
    ],
)
def test_robots(robots: bytes, outcome: str) -> None:
    server = Hostile(robots)
    try:
        url = f"http://127.0.0.1:{server.port}/page"
        assert crawl([url])["outcomes"] == {url: outcome}
    finally:
        server.close()
