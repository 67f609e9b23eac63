"""Whatever a site publishes as its listing, what can be read is read, the rest is counted, and nothing grows."""

from __future__ import annotations

import gzip
import json
import zlib
from pathlib import Path
from typing import Any

import brotli
import msgspec
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from newscrawler.sitemaps import Limits, SitemapEntry, SitemapReport, can_prune, in_range, parse_lastmod, parse_sitemap

FOLDER = Path(__file__).parent / "sitemaps"
URL = "https://news.example.com/sitemap.xml"
SAVED = sorted(path for path in FOLDER.iterdir() if path.suffix != ".json")


def outcome(body: bytes, **options: Any) -> dict[str, Any]:
    """Return all that a listing comes to, as the expected JSON has it."""
    report = SitemapReport()
    entries = list(parse_sitemap(body, url=URL, report=report, **options))
    assert report.entries == len(entries)
    found = {
        "kind": report.kind,
        "lost": report.losses(),
        "mended": dict(report.mended),
        "entries": [{key: value for key, value in msgspec.to_builtins(entry).items() if value} for entry in entries],
    }
    return json.loads(json.dumps(found))  # type: ignore[no-any-return]


@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.name)
def test_saved(path: Path) -> None:
    expected = json.loads(path.with_suffix(path.suffix + ".json").read_text("utf-8"))
    assert outcome(path.read_bytes()) == expected


@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.name)
@pytest.mark.parametrize("size", [1, 7, 100])
def test_chunks_change_nothing(path: Path, size: int) -> None:
    body = path.read_bytes()
    whole, report = outcome(body), SitemapReport()
    chunks = (body[start : start + size] for start in range(0, len(body), size))
    assert [entry.loc for entry in parse_sitemap(chunks, url=URL, report=report)] == [
        entry["loc"] for entry in whole["entries"]
    ]
    assert (report.kind, report.losses()) == (whole["kind"], whole["lost"])


TEXT = '<?xml version="1.0"{}?><urlset><url><loc>https://news.example.com/新闻</loc></url><url><loc>https://news.example.com/图书馆的新馆向读者开放</loc></url></urlset>'
LOCS = ["https://news.example.com/新闻", "https://news.example.com/图书馆的新馆向读者开放"]
PLAIN = TEXT.format("").encode()


@pytest.mark.parametrize(
    ("body", "packed"),
    [
        pytest.param(gzip.compress(PLAIN), ("gzip",), id="gzip"),
        pytest.param(gzip.compress(PLAIN[:60]) + gzip.compress(PLAIN[60:]), ("gzip",), id="two gzip members"),
        pytest.param(gzip.compress(PLAIN) + b"\0" * 512, ("gzip",), id="gzip, padded"),
        pytest.param(gzip.compress(gzip.compress(PLAIN)), ("gzip", "gzip"), id="gzip in gzip"),
        pytest.param(zstandard.compress(PLAIN), ("zstd",), id="zstd"),
        pytest.param(brotli.compress(PLAIN), ("brotli",), id="brotli"),
        pytest.param(gzip.compress(brotli.compress(PLAIN)), ("gzip", "brotli"), id="brotli in gzip"),
        pytest.param(brotli.compress(zstandard.compress(PLAIN)), ("brotli", "zstd"), id="zstd in brotli"),
        pytest.param(PLAIN, (), id="plain"),
    ],
)
def test_packed(body: bytes, packed: tuple[str, ...]) -> None:
    report = SitemapReport()
    assert [entry.loc for entry in parse_sitemap(body, url=URL, report=report)] == LOCS
    assert (report.packed, report.losses()) == (packed, {})
    assert (report.bytes_in, report.bytes_out) == (len(body), len(PLAIN))


MANY = (
    b"<urlset>"
    + b"".join(b"<url><loc>https://news.example.com/%d</loc></url>" % number for number in range(5000))
    + b"</urlset>"
)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(gzip.compress(MANY)[:-3000], "truncated", id="gzip cut"),
        pytest.param(zstandard.compress(MANY)[:-300], "truncated", id="zstd cut"),
        pytest.param(brotli.compress(MANY)[:-300], "truncated", id="brotli cut"),
        pytest.param(gzip.compress(MANY)[:-8] + b"\xff" * 8, "damaged", id="gzip damaged"),
    ],
)
def test_damaged_packing_gives_what_came_before(body: bytes, reason: str) -> None:
    found = outcome(body)
    assert found["lost"][reason]
    assert 0 < len(found["entries"]) < 5000


def bomb(size: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    start = packer.compress(b"<urlset><url><loc>https://news.example.com/a</loc></url>")
    return start + b"".join(packer.compress(b" " * (1 << 20)) for _ in range(size)) + packer.flush()


@pytest.mark.parametrize(
    ("body", "limits", "reason"),
    [
        pytest.param(bomb(64), Limits(), "compression_bomb", id="gzip bomb"),
        pytest.param(gzip.compress(bomb(64)), Limits(), "compression_bomb", id="gzip bomb in gzip"),
        pytest.param(zstandard.compress(bytes(1 << 27)), Limits(), "compression_bomb", id="zstd bomb"),
        pytest.param(brotli.compress(b" " * (1 << 25), lgwin=16), Limits(), "compression_bomb", id="brotli bomb"),
        pytest.param(MANY, Limits(most_bytes=100_000), "too_large", id="large"),
        pytest.param(MANY, Limits(most_entries=10), "too_many_entries", id="many entries"),
        pytest.param(
            gzip.compress(gzip.compress(gzip.compress(gzip.compress(MANY)))), Limits(), "too_many_layers", id="layers"
        ),
    ],
)
def test_bombs_have_a_name_and_an_end(body: bytes, limits: Limits, reason: str) -> None:
    report = SitemapReport()
    for _ in parse_sitemap(body, url=URL, report=report, limits=limits):
        pass
    assert report.lost[reason] == 1
    assert report.bytes_out <= max(limits.free_bytes, len(body) * limits.most_ratio) + (1 << 19)


@pytest.mark.parametrize(
    ("codec", "declared", "header", "encoding"),
    [
        ("utf-8", "", None, "utf-8"),
        ("utf-8-sig", ' encoding="UTF-8"', None, "utf-8"),
        ("utf-8", ' encoding="GBK"', "iso-8859-1", "utf-8"),
        ("utf-16", ' encoding="UTF-16"', None, "utf-16le"),
        ("utf-16-be", "", None, "utf-16be"),
        ("gbk", ' encoding="GBK"', None, "gb18030"),
        ("gbk", ' encoding="UTF-8"', "gbk", "gb18030"),
        ("gbk", ' encoding="UTF-8"', "utf-8", "gb18030"),
        ("big5", ' encoding="Big5"', None, "big5"),
    ],
)
def test_encodings(codec: str, declared: str, header: str | None, encoding: str) -> None:
    text = TEXT.replace("闻", "聞").replace("图书馆的新馆向读者开放", "圖書館的新館向讀者開放") if codec == "big5" else TEXT
    report = SitemapReport()
    entries = parse_sitemap(text.format(declared).encode(codec), url=URL, header=header, report=report)
    assert [entry.loc for entry in entries] == [text.split("loc>")[1][:-2], text.split("loc>")[3][:-2]]
    assert (report.encoding, report.losses()) == (encoding, {})


def test_an_encoding_that_shows_late_is_found() -> None:
    tail = "<url><loc>https://news.example.com/新闻/图书馆的新馆向读者开放</loc></url></urlset>".encode("gbk")
    report = SitemapReport()
    assert list(parse_sitemap([MANY[:-9] * 2, tail], url=URL, report=report))[-1].loc.endswith("图书馆的新馆向读者开放")
    assert report.encoding == "gb18030"


def test_a_bad_byte_is_counted() -> None:
    assert outcome(PLAIN.replace(b"</urlset>", b"<!-- \xff --></urlset>"))["lost"] == {"undecodable": 1}


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-24T10:00:00+08:00", "2026-11-24T10:00:00+08:00"),
        ("2026-11-24T10:00:00Z", "2026-11-24T10:00:00+00:00"),
        ("2026-11-24T10:00:00.1234567+0800", "2026-11-24T10:00:00.123456+08:00"),
        ("2026-11-24T10:00+8", "2026-11-24T10:00:00+08:00"),
        ("2026-11-24 10:00:00 UTC", "2026-11-24T10:00:00+00:00"),
        (" 2026-11-24 ", "2026-11-24T00:00:00+00:00"),
        ("20261124", "2026-11-24T00:00:00+00:00"),
        ("2026-11", "2026-11-01T00:00:00+00:00"),
        ("2026/11/24", "2026-11-24T00:00:00+00:00"),
        ("2026.11.4 9:05", "2026-11-04T09:05:00+00:00"),
        ("2026年11月24日", "2026-11-24T00:00:00+00:00"),
        ("2026年11月24日 10:20", "2026-11-24T10:20:00+00:00"),
        ("Tue, 24 Nov 2026 10:00:00 GMT", "2026-11-24T10:00:00+00:00"),
        ("Tue, 24 Nov 2026 10:00:00 +0800", "2026-11-24T10:00:00+08:00"),
        ("2026-11-24 08:53:11 PM", "2026-11-24T20:53:11+00:00"),
        ("2026-11-24 12:05:00 AM", "2026-11-24T00:05:00+00:00"),
        ("24 Nov 26 10:00 GMT", "2026-11-24T10:00:00+00:00"),
        ("Nov 24, 2026", "2026-11-24T00:00:00+00:00"),
        ("24 November 2026", "2026-11-24T00:00:00+00:00"),
        ("1795514400", "2026-11-24T10:00:00+00:00"),
        ("1795514400000", "2026-11-24T10:00:00+00:00"),
        ("03/04/2026", None),
        ("0001-01-01T00:00:00", None),
        ("0000-00-00", None),
        ("2026-13-45", None),
        ("yesterday", None),
        ("99999999999999999999", None),
        ("", None),
        (None, None),
    ],
)
def test_lastmod(text: str | None, moment: str | None) -> None:
    read = parse_lastmod(text)
    assert (read.isoformat() if read else None) == moment


NOON = 1795521600.0  # 2026-11-24T12:00:00Z


@pytest.mark.parametrize(
    ("lastmod", "since", "pruned"),
    [
        ("2026-11-20", NOON, True),
        ("2026-11-23", NOON, False),
        ("2026-11-24", NOON, False),
        ("2027-01-01", NOON, False),
        ("2026-11-22T23:00:00+00:00", NOON, True),
        (None, NOON, False),
        ("nonsense", NOON, False),
    ],
)
def test_pruning(lastmod: str | None, since: float, pruned: bool) -> None:
    assert can_prune(lastmod, since) is pruned
    assert in_range(lastmod, since) is not pruned
    assert in_range(lastmod, since, until=since - 9e6) is not pruned


FRAGMENTS = st.sampled_from(
    ["<urlset>", "<url>", "</url>", "<loc>", "</loc>", "https://a.example/", "<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE x [",
     "]>", "<!ENTITY a '&b;'>", "&a;", "&amp;", "<", ">", "\0", "<item>", "<link href='x'/>", "<html>",
     "&lt;urlset&gt;", "\n", "新"]
)  # fmt: skip


@given(st.lists(FRAGMENTS, max_size=40).map(lambda parts: "".join(parts).encode()) | st.binary(max_size=300))
def test_any_bytes_give_addresses_or_nothing(body: bytes) -> None:
    for entry in parse_sitemap(body, url=URL):
        assert isinstance(entry, SitemapEntry)
        assert entry.loc.lower().startswith(("http://", "https://"))
