"""A saved page -> a capture.

In: a file of HTML. Out: Capture, its address told from what the saver wrote, from the page, or from the path.
Must not know: WARC.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import quote

from newscrawler.archives.captures import Capture
from newscrawler.archives.payload import LIMIT, TooLarge
from newscrawler.archives.sources import Source, read_page

HEAD = 64 * 1024
"""Bytes in which a page's own address is looked for: its head."""

ADDRESSES = (
    re.compile(rb"<!-- saved from url=\(\d{1,6}\)(https?://[^\s<>]{1,2000})"),  # browsers' "save as"
    re.compile(rb"Page saved with SingleFile\s{1,20}url: (https?://[^\s<>]{1,2000})"),
    re.compile(rb"<!-- Mirrored from ([^\s<>/]{1,253}/[^\s<>]{0,2000}) by HTTrack"),
    re.compile(rb"""<link[^>]{0,200}\brel=["']?canonical\b[^>]{0,200}\bhref=["']?(https?://[^\s"'<>]{1,2000})""", re.I),
    re.compile(rb"""<link[^>]{0,200}\bhref=["']?(https?://[^\s"'<>]{1,2000})["']?[^>]{0,200}\brel=["']?canonical\b""", re.I),
    re.compile(rb"""<meta[^>]{0,200}\bog:url\b[^>]{0,200}\bcontent=["']?(https?://[^\s"'<>]{1,2000})""", re.I),
)
"""Where savers and pages state the address, the most certain first; every repeat is bounded."""

HOST = re.compile(r"(?:[a-z0-9-]{1,63}\.)+[a-z]{2,63}(?::\d{1,5})?", re.I)
"""A folder of this form is a host: wget, HTTrack and curl mirror into HOST/PATH."""

NOWHERE = "http://folder.invalid/"
"""Base of pages of which nobody says where they came from (RFC 2606: never a real host)."""


def saved_capture(source: Source) -> Capture:
    """Return the page. Raises OSError, TooLarge."""
    body = read_page(source, LIMIT + 1)
    if len(body) > LIMIT:
        raise TooLarge
    changed = datetime.fromtimestamp(int(source.path.stat().st_mtime), UTC)
    return Capture(
        url=stated_address(body[:HEAD]) or address_of_path(source.path.relative_to(source.root).parts),
        status=200,
        headers=[("Content-Type", "text/html")],
        body=body,
        fetched_at=changed.isoformat().replace("+00:00", "Z"),
    )


def stated_address(head: bytes) -> str | None:
    """Return the address the page, or the tool that saved it, states."""
    for pattern in ADDRESSES:
        if match := pattern.search(head):
            address = match[1].decode("utf-8", "replace")
            return address if address.startswith("http") else f"http://{address}"
    return None


def address_of_path(parts: tuple[str, ...]) -> str:
    """Return the address that a mirrored path stands for."""
    host = next((at for at, part in enumerate(parts[:-1]) if HOST.fullmatch(part)), None)
    if host is None:
        return NOWHERE + quote("/".join(parts))
    return f"http://{parts[host]}/" + quote("/".join(parts[host + 1 :]))
