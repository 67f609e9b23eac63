"""Exchanges and foreign records that the archive tests write."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

from newscrawler.archives.captures import Exchange

HTTP = "application/http; msgtype=response"
MOMENT = datetime(2026, 3, 27, 12, 33, 0, 250_000, tzinfo=UTC)


def page(number: int, **given: object) -> Exchange:
    """Return the answer for page `number`, each with its own text."""
    body = f"<html><title>Page {number}</title><p>Harvest report {number}: 稻谷 {'wheat ' * 50}</p></html>".encode()
    values = {
        "url": f"http://mirror.example/{number}.html",
        "fetched_at": MOMENT,
        "request_headers": [(b"User-Agent", b"test"), (b"Authorization", b"Basic c2VjcmV0")],
        "status": 200,
        "headers": [(b"Content-Type", b"text/html; charset=utf-8"), (b"X-Note", b"\xb9\xfa")],
        "body": body,
        **given,
    }
    return Exchange(**values)  # type: ignore[arg-type]


def foreign(
    kind: str, url: str, block: bytes, extra: str = "", content_type: str = "application/http; msgtype=response"
) -> bytes:
    """Return a WARC/1.0 record as other tools write them."""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-05-06T07:08:09Z\r\n"
        f"WARC-Record-ID: <urn:uuid:{abs(hash((kind, url))):032x}>\r\nContent-Type: {content_type}\r\n{extra}"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def http(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = "".join(f"{line}\r\n" for line in ("Content-Type: text/html", *headers))
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def members(*records: bytes) -> bytes:
    """Return each record as a gzip member of its own."""
    return b"".join(gzip.compress(record) for record in records)
