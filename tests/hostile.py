"""A server that means harm, on loopback: CASES says what it answers to each path and what a crawl must make of that."""

from __future__ import annotations

import gzip
import socket
import ssl
import struct
import sys
import threading
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PAGE = b"<html><body><p>" + b"An article's paragraph. " * 40 + b"</p></body></html>"
BIG = bytes(40 * 1024 * 1024)
"""More than DOWNLOAD_MAXSIZE."""


def answer(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status}", "Connection: close", f"Content-Length: {len(body) if length is None else length}", *headers]
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


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
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
    "/two-lengths": ("not_http", HEAD + b"Content-Length: 5\r\nContent-Length: 9\r\n\r\nhello"),
    "/negative-length": ("not_http", HEAD + b"Content-Length: -5\r\n\r\nhello"),
    "/length-in-words": ("not_http", HEAD + b"Content-Length: five\r\n\r\nhello"),
    "/short-length": ("page", HEAD + b"Content-Length: 900\r\n\r\n" + PAGE),
    "/bad-chunk": ("cut", CHUNKED + b"zz\r\nhello\r\n"),
    "/endless-chunk-size": ("cut", CHUNKED + b"0" * 100_000),
    "/endless-trailers": ("cut", repeat(CHUNKED + b"5\r\nhello\r\n0\r\n", b"X-Flood: " + b"x" * 4000 + b"\r\n")),
    "/status-in-words": ("not_http", b"HTTP/1.1 fine OK\r\n\r\n"),
    "/no-status": ("not_http", b"<html><p>HTTP/0.9</p></html>\n"),
    "/header-without-colon": ("page", HEAD + b"nonsense\r\nContent-Length: 5\r\n\r\nhello"),
    "/nul-in-header": ("page", HEAD + b"X-Nul: a\0b\r\nContent-Length: 5\r\n\r\nhello"),
    "/odd-bytes-in-header": ("page", HEAD + b"X-Odd: \xff\xfe\r\nContent-Type: \xff/\xff\r\nContent-Length: 5\r\n\r\nhello"),
    "/unknown-encoding": ("page", compressed("rot13", PAGE)),
    "/switching": ("reset", HEAD.replace(b"200 OK", b"101 Switching Protocols") + b"Upgrade: websocket\r\n\r\n"),
    "/no-content-but-body": ("page", answer(PAGE, status="204 No Content")),
    "/to-nowhere": ("redirect_loop", redirect("")),
    "/to-nonsense": ("address_malformed", redirect("http://[")),
    "/to-bytes": ("address_malformed", redirect("http://a b\\c/")),
    "/to-user": ("address_userinfo", redirect("http://user:secret@mirror.example/")),
    "/to-length": ("address_length", redirect("/" + "x" * 100_000)),
    "/to-port": ("address_malformed", redirect("http://127.0.0.1:99999/")),
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


@cache
def made(path: str) -> Any:
    """Return the response of a case: bytes, or what sends them. Bombs are made once, before the clock of a crawl runs."""
    response = CASES[path][1]
    return response() if callable(response) and response.__name__ == "<lambda>" else response


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
        elif path.startswith("/busy"):
            response = answer(b"", "Retry-After: 60", status="429 Too Many Requests")
        elif path.startswith("/chain/"):
            response = redirect(path + "x")
        else:
            response = made(path.partition("?")[0])
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
