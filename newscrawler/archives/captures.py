"""What is written to an archive and what is read from one.

In: values of a fetch. Out: Exchange (to be written), Capture (read back). Must not know: files, Scrapy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer as they went over the wire, transfer coding removed."""

    url: str
    fetched_at: datetime
    """When the bytes arrived, with zone."""
    method: str = "GET"
    request_headers: Headers = field(default_factory=list)
    request_body: bytes = b""
    protocol: str = "HTTP/1.1"
    status: int
    headers: Headers
    body: bytes
    """Still in its content coding (gzip, br ...)."""
    address: str | None = None
    """IP address that answered."""
    truncated: str | None = None
    """Why the body ends early, in WARC's words: length, time, disconnect, unspecified."""
    notes: dict[str, Any] = field(default_factory=dict)
    """What the crawl knew of the page (listed address, lastmod): kept beside the answer as JSON."""

    @property
    def size(self) -> int:
        """Bytes it holds in memory, near enough to bound a queue."""
        return len(self.body) + len(self.request_body) + 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One answer read back, its codings undone."""

    url: str
    """The address that answered."""
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    fetched_at: str | None
    """RFC 3339 in UTC, as the record has it; None where it has none that can be read."""
    notes: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def at(cls, url: str) -> Capture:
        """Return a capture of which the address alone is known."""
        return cls(url=url, status=200, headers=[], body=b"", fetched_at=None)

    @property
    def content_type(self) -> str:
        """Media type and parameters as sent, or an empty string."""
        return header(self.headers, "content-type")

    @property
    def listed(self) -> str:
        """The address the page was asked for: what the crawl noted, else the one that answered."""
        return str(self.notes.get("listed") or self.url)


def header(headers: list[tuple[str, str]], name: str) -> str:
    """Return the last value of `name` (lower case), as the live crawl does, or an empty string."""
    return next((value for key, value in reversed(headers) if key.lower() == name), "")
