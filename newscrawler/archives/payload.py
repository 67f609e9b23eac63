"""Bodies as they were sent -> the bytes of the page.

In: body and headers of an archived answer. Out: the body with chunking and content codings undone.
Must not know: WARC, files.

Archives disagree on what they keep: some undo a coding and leave its header, so a header is believed only where the bytes
bear it out. What a live crawl refuses (a stream cut short, a bomb) is refused here too.
"""

from __future__ import annotations

from newscrawler.archives.captures import header
from newscrawler.codings import DECODERS, CodingError, decompress

LIMIT = 32 * 2**20
"""Bytes a decoded body may have: DOWNLOAD_MAXSIZE of the live crawl, so that both see the same pages."""

BEFORE_MARKUP = b"\xef\xbb\xbf \t\r\n"
"""What may stand before a page's first tag: a byte order mark, space."""


class PassedOver(Exception):
    """An answer that is not read; its text is the name it is counted under."""


class TooLarge(PassedOver):
    """The body, or what it would decode to, passes LIMIT."""

    def __init__(self) -> None:
        super().__init__("too_large")


def decode_payload(body: bytes, headers: list[tuple[str, str]]) -> bytes:
    """Return the page's bytes. Raises PassedOver with too_large, cut_body or corrupt_body."""
    if "chunked" in header(headers, "transfer-encoding").lower():
        body = join_chunks(body)
    codings = [name.strip().encode() for name in header(headers, "content-encoding").lower().split(",")]
    try:
        while codings and codings[-1] in DECODERS and not is_markup(body):
            body = decompress(body, codings.pop(), LIMIT)
    except CodingError as error:
        raise PassedOver("too_large" if error.fault == "bomb" else f"{error.fault}_body") from error
    if len(body) > LIMIT:
        raise TooLarge
    return body


def is_markup(body: bytes) -> bool:
    """True for what is plain HTML or XML already."""
    return body[:64].lstrip(BEFORE_MARKUP).startswith(b"<")


def join_chunks(body: bytes) -> bytes:
    """Return the chunks' content; `body` itself where it is not chunked."""
    out: list[bytes] = []
    at = 0
    while (end := body.find(b"\r\n", at, at + 64)) >= 0:
        size = chunk_size(body[at:end])
        if size is None:
            return body if not out else b"".join(out)
        if size == 0:
            return b"".join(out)
        out.append(body[end + 2 : end + 2 + size])
        at = end + 2 + size + 2
    return b"".join(out) or body


def chunk_size(line: bytes) -> int | None:
    """Return the length a chunk's first line names, or None where it is no such line."""
    digits = line.partition(b";")[0].strip()
    if not digits or len(digits) > 8 or digits.strip(b"0123456789abcdefABCDEF"):
        return None
    return int(digits, 16)
