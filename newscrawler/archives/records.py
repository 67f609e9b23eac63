"""Exchanges as WARC 1.1 records.

In: Exchange, Remark. Out: gzip members, one a record: response or revisit, then the request that asked for it; metadata.
Must not know: files, threads, the network.

Header names have the case and order the HTTP client hands over (it groups repeated names and drops Connection and
Transfer-Encoding); values are the bytes as received. The body is archived in its content coding, so its digest is that of
the entity the server sent; Content-Length is what the record holds. Credentials never enter an archive (see SECRET).
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newscrawler.archives.captures import Exchange, Headers
from newscrawler.archives.remarks import Remark

SECRET = frozenset({b"authorization", b"proxy-authorization"})
"""Request headers that would hand a password over with the archive."""

REMEMBERED = 100_000
"""Payloads a revisit may refer to: about 30 MB at most."""

GZIP_LEVEL = 3
"""On 300 news pages (mean 215 KB): level 3 takes 1.7 ms a page and leaves 20.3% of the bytes, level 6 3.9 ms and 18.0%,
level 9 6.5 ms and 17.9%. benchmarks/archive.py measures it."""

NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
FORMAT = "WARC File Format 1.1"
CONFORMS = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"


class RecordEncoder:
    """Turns exchanges into records; remembers payloads so that a repeated one becomes a revisit."""

    def __init__(self) -> None:
        self._buffer = BytesIO()
        self._warc = WARCWriter(self._buffer, gzip=False, warc_version="1.1")
        self._payloads: OrderedDict[str, tuple[str, str]] = OrderedDict()
        self._warcinfo: str | None = None

    def encode_warcinfo(self, filename: str, description: Mapping[str, str]) -> bytes:
        """Return the record that opens a file; records encoded after it refer to it."""
        fields = {**description, "format": FORMAT, "conformsTo": CONFORMS}
        record = self._warc.create_warcinfo_record(filename, fields)
        self._warcinfo = record.rec_headers.get_header("WARC-Record-ID")
        return self._member(record)

    def encode(self, exchange: Exchange) -> bytes:
        """Return the records of one exchange: the answer, then the request."""
        answer = self._answer(exchange)
        request = self._request(exchange, answer.rec_headers.get_header("WARC-Record-ID"))
        return self._member(answer) + self._member(request)

    def encode_remark(self, remark: Remark) -> bytes:
        """Return its record. It has no address: a replay must not take it for the page."""
        record = self._warc.create_warc_record(
            None,
            "metadata",
            payload=BytesIO(remark.content),
            length=len(remark.content),
            warc_content_type=remark.kind,
            warc_headers_dict={"WARC-Date": warc_date(datetime.now(UTC)), **self._belongs()},
        )
        return self._member(record)

    def _answer(self, exchange: Exchange) -> ArcWarcRecord:
        headers = self._warc_headers(exchange)
        head = HttpHead(status_line(exchange), exchange.headers, len(exchange.body))
        if exchange.status == HTTPStatus.NOT_MODIFIED:
            return self._record("revisit", exchange.url, head, b"", {**headers, "WARC-Profile": NOT_MODIFIED})
        digest = payload_digest(exchange.body)
        first = self._payloads.get(digest) if exchange.body and not exchange.truncated else None
        if first:
            self._payloads.move_to_end(digest)
            return self._warc.create_revisit_record(exchange.url, digest, *first, head, headers)
        self._remember(digest, exchange.url, headers["WARC-Date"])
        headers["WARC-Payload-Digest"] = digest
        return self._record("response", exchange.url, head, exchange.body, headers)

    def _request(self, exchange: Exchange, answer_id: str) -> ArcWarcRecord:
        kept = [(name, value) for name, value in exchange.request_headers if name.lower() not in SECRET]
        head = HttpHead(request_line(exchange), with_host(kept, exchange.url), None)
        headers = {"WARC-Date": warc_date(exchange.fetched_at), "WARC-Concurrent-To": answer_id, **self._belongs()}
        return self._record("request", exchange.url, head, exchange.request_body, headers)

    def _warc_headers(self, exchange: Exchange) -> dict[str, str]:
        optional = {
            "WARC-IP-Address": exchange.address,
            "WARC-Truncated": exchange.truncated,
            "WARC-JSON-Metadata": json.dumps(exchange.notes, sort_keys=True) if exchange.notes else None,
        }
        given = {name: value for name, value in optional.items() if value}
        return {"WARC-Date": warc_date(exchange.fetched_at), **given, **self._belongs()}

    def _belongs(self) -> dict[str, str]:
        return {"WARC-Warcinfo-ID": self._warcinfo} if self._warcinfo else {}

    def _record(self, kind: str, url: str, head: HttpHead, body: bytes, headers: dict[str, str]) -> ArcWarcRecord:
        return self._warc.create_warc_record(
            url, kind, payload=BytesIO(body), length=len(body), http_headers=head, warc_headers_dict=headers
        )

    def _remember(self, digest: str, url: str, date: str) -> None:
        self._payloads[digest] = (url, date)
        if len(self._payloads) > REMEMBERED:
            self._payloads.popitem(last=False)

    def _member(self, record: ArcWarcRecord) -> bytes:
        self._buffer.seek(0)
        self._buffer.truncate()
        self._warc.write_record(record)
        member = zlib.compressobj(GZIP_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS + 16)
        return member.compress(self._buffer.getbuffer()) + member.flush()


class HttpHead(StatusAndHeaders):  # type: ignore[misc]
    """An HTTP head kept to the byte: warcio's own would percent-encode whatever is not ASCII."""

    def __init__(self, line: bytes, headers: Headers, length: int | None) -> None:
        super().__init__(line.decode("latin-1"), [])
        self._raw = b"".join((line, b"\r\n", *head_lines(headers, length), b"\r\n"))

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        self.headers_buff = self._raw


def head_lines(headers: Headers, length: int | None) -> Iterable[bytes]:
    """Yield the header lines, Content-Length put right where the length of the body is given."""
    seen = length is None
    for name, value in headers:
        if length is not None and name.lower() == b"content-length":
            seen, value = True, str(length).encode()
        yield name + b": " + one_line(value) + b"\r\n"
    if not seen:
        yield b"Content-Length: " + str(length).encode() + b"\r\n"


def one_line(value: bytes) -> bytes:
    return value.replace(b"\r", b" ").replace(b"\n", b" ")


def status_line(exchange: Exchange) -> bytes:
    """Return the status line; the phrase is the registered one, for the client hands none over."""
    protocol = exchange.protocol if exchange.protocol.startswith("HTTP/1") else "HTTP/1.1"
    phrase = HTTPStatus(exchange.status).phrase if exchange.status in HTTPStatus._value2member_map_ else "Unknown"
    return f"{protocol} {exchange.status} {phrase}".encode()


def request_line(exchange: Exchange) -> bytes:
    target = exchange.url.partition("://")[2]
    path = "/" + target.partition("#")[0].partition("/")[2] if "/" in target else "/"
    return f"{exchange.method} {path} HTTP/1.1".encode()


def with_host(headers: Headers, url: str) -> Headers:
    """Return `headers` opened by Host, which the client adds after it hands them over."""
    if any(name.lower() == b"host" for name, _ in headers):
        return headers
    host = url.partition("://")[2].partition("/")[0].rpartition("@")[2]
    return [(b"Host", host.encode()), *headers]


def payload_digest(body: bytes) -> str:
    """Return the digest as WARC files name it: sha1, base32."""
    return "sha1:" + base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


def warc_date(moment: datetime) -> str:
    """Return `moment` in UTC with microseconds, as WARC 1.1 allows."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
