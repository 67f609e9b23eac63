"""Archives of any tool are read; what is damaged is counted and costs nothing else."""

from __future__ import annotations

import gzip
import os
import zipfile
import zlib
from functools import partial
from pathlib import Path

import brotli
import pytest
import zstandard
from exchanges import foreign, http, members, page

from newscrawler.archives.answers import capture_at
from newscrawler.archives.payload import LIMIT
from newscrawler.archives.reader import ArchiveReader
from newscrawler.archives.writer import ArchiveWriter

squeezed = partial(gzip.compress, mtime=0)  # the names of the cases hold these bytes, and every process must give them alike

TEXT = "<html><p>Harvest: 稻谷 fell in the south</p></html>".encode()
CHUNKED = b"%x\r\n%s\r\n5;ext=1\r\nAGAIN\r\n0\r\n\r\n" % (len(TEXT), TEXT)


def read(path: Path, **given):
    reader = ArchiveReader([path], **given)
    return list(reader), reader.counts


@pytest.mark.parametrize(
    ("headers", "sent", "expected"),
    [
        ((), TEXT, TEXT),
        (("Content-Encoding: gzip",), squeezed(TEXT), TEXT),
        (("Content-Encoding: x-gzip",), squeezed(TEXT[:9]) + squeezed(TEXT[9:]), TEXT),
        (("Content-Encoding: gzip",), squeezed(TEXT)[:-9], "cut_body"),
        (("Content-Encoding: deflate",), b"\x00\x01\x02 no stream", "corrupt_body"),
        (("Content-Encoding: gzip",), TEXT, TEXT),
        (("Content-Encoding: deflate",), zlib.compress(TEXT), TEXT),
        (("Content-Encoding: deflate",), zlib.compress(TEXT)[2:-4], TEXT),
        (("Content-Encoding: br",), brotli.compress(TEXT), TEXT),
        (("Content-Encoding: br",), TEXT, TEXT),
        (("Content-Encoding: zstd",), zstandard.compress(TEXT), TEXT),
        (("Content-Encoding: deflate, gzip",), squeezed(zlib.compress(TEXT)), TEXT),
        (("Content-Encoding: aes128gcm",), TEXT, TEXT),
        (("Transfer-Encoding: chunked",), CHUNKED, TEXT + b"AGAIN"),
        (("Transfer-Encoding: chunked",), CHUNKED[:-9], TEXT + b"AGA"),
        (("Transfer-Encoding: chunked",), TEXT, TEXT),
        (("Transfer-Encoding: chunked", "Content-Encoding: gzip"), squeezed(TEXT), TEXT),
    ],
)
def test_codings_are_undone_where_the_bytes_bear_the_header_out(tmp_path, headers, sent, expected):
    path = tmp_path / "a.warc"
    path.write_bytes(foreign("response", "http://a.example/1", http(sent, *headers)))
    captures, counts = read(path)
    if isinstance(expected, str):
        assert (captures, counts[expected]) == ([], 1)
    else:
        assert [capture.body for capture in captures] == [expected]


@pytest.mark.parametrize(
    ("coding", "bomb"),
    [
        ("gzip", squeezed(bytes(LIMIT + 1))),
        ("deflate", zlib.compress(bytes(LIMIT + 1))),
        ("br", brotli.compress(bytes(LIMIT + 1), quality=3)),
        ("zstd", zstandard.compress(bytes(LIMIT + 1))),
    ],
)
def test_a_bomb_is_counted_and_the_next_page_read(tmp_path, coding, bomb):
    path = tmp_path / "a.warc"
    bombs = foreign("response", "http://a.example/1", http(bomb, f"Content-Encoding: {coding}"))
    path.write_bytes(bombs + foreign("response", "http://a.example/2", http(TEXT)))
    captures, counts = read(path)
    assert [capture.url for capture in captures] == ["http://a.example/2"]
    assert counts["too_large"] == 1


PAGES = [foreign("response", f"http://a.example/{n}", http(TEXT + b"%d" % n * 300)) for n in range(4)]
GZ = [squeezed(record) for record in PAGES]
ZST = [zstandard.compress(record) for record in PAGES]
HURT = GZ[1][:40] + bytes(20) + GZ[1][60:]


@pytest.mark.parametrize(
    ("archive", "read_pages", "broken"),
    [
        (b"".join(PAGES), "0123", 0),
        (b"".join(GZ), "0123", 0),
        (b"".join(ZST), "0123", 0),
        (squeezed(b"".join(PAGES)), "0123", 0),
        (GZ[0] + HURT + GZ[2] + GZ[3], "023", 1),
        (GZ[0] + GZ[1][:60] + GZ[2], "02", 1),
        (HURT + GZ[0] + HURT + GZ[2] + HURT + GZ[3], "023", 3),
        (GZ[0] + os.urandom(2_000_000) + GZ[2], "02", 1),
        (GZ[0] + GZ[1][:60], "0", 1),
        (GZ[0] + bytes(100), "0", 1),
        (PAGES[0] + PAGES[1][:300] + PAGES[2] + PAGES[3], "0123", 1),
        (PAGES[0] + PAGES[1].replace(b"Content-Length: ", b"Content-Length: 99") + PAGES[2], "02", 1),
        (PAGES[0] + PAGES[1].replace(b"HTTP/1.1 200", b"GARBAGE"), "0", 1),
        (PAGES[0] + b"GARBAGE\r\n\r\n" + PAGES[1], "01", 1),
        (ZST[0] + ZST[1][:50] + ZST[2], "02", 1),
    ],
)
def test_damage_costs_the_record_it_hits(tmp_path, archive, read_pages, broken):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(archive)
    captures, counts = read(path)
    assert "".join(capture.url[-1] for capture in captures) == read_pages
    assert counts["broken_record"] == broken
    reader = ArchiveReader([path])
    assert [capture_at(reader.sources, place) for place, _ in reader.places()] == captures


@pytest.mark.parametrize("junk", [b"", b"\x1f\x8b\x08", b"WARC/1.0\r\n", os.urandom(5000), b"PK\x03\x04" + bytes(100)])
def test_junk_is_counted_or_refused_never_a_crash(tmp_path, junk):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(junk)
    try:
        captures, _ = read(path)
    except OSError as error:
        assert str(path) in str(error)
    else:
        assert not [capture for capture in captures if capture.url.startswith("http://a.example/")]


def test_records_of_other_tools(tmp_path):
    """Heritrix: dns, metadata, revisits by digest. wget: <> around the address. warcit: resources."""
    digest = "WARC-Payload-Digest: sha1:AAAABBBBCCCCDDDDEEEEFFFFGGGGHHHH\r\n"
    profile = "WARC-Profile: http://netpreserve.org/warc/1.0/revisit/identical-payload-digest\r\n"
    path = tmp_path / "a.warc.gz"
    path.write_bytes(
        members(
            foreign("warcinfo", "", b"software: other\r\n", content_type="application/warc-fields"),
            foreign("response", "dns:a.example", b"20240506 127.0.0.1", content_type="text/dns"),
            foreign("response", "<http://a.example/1>", http(TEXT), digest),
            foreign("request", "http://a.example/1", b"GET / HTTP/1.1\r\n\r\n"),
            foreign("metadata", "http://a.example/1", b"via: http://a.example/", content_type="application/warc-fields"),
            foreign("revisit", "http://a.example/2", b"HTTP/1.1 200 OK\r\nX-Own: 1\r\n\r\n", digest + profile),
            foreign("revisit", "http://a.example/3", b"", digest + profile),
            foreign("revisit", "http://a.example/4", b"", digest.replace("AAAA", "ZZZZ") + profile),
            foreign("resource", "http://a.example/5", TEXT, content_type="text/html"),
        )
    )
    captures, counts = read(path)
    assert [(capture.url, capture.body) for capture in captures] == [(f"http://a.example/{n}", TEXT) for n in (1, 2, 3, 5)]
    assert captures[1].headers == [("X-Own", "1")]
    assert captures[2].content_type == "text/html"
    assert captures[0].fetched_at == "2024-05-06T07:08:09Z"
    assert (counts["not_http"], counts["revisit_unresolved"]) == (1, 1)


def test_what_is_not_wanted_is_not_decoded(tmp_path):
    path = tmp_path / "a.warc"
    path.write_bytes(b"".join(PAGES[:2]) + foreign("response", "http://a.example/9", http(TEXT, status="404 Not Found")))
    captures, counts = read(path, wanted=lambda url, status, media: status == 200 and not url.endswith("1"))
    assert [capture.url for capture in captures] == ["http://a.example/0"]
    assert counts["not_wanted"] == 2


def test_our_own_files_and_a_zip_of_them(tmp_path):
    writer = ArchiveWriter(1000)
    writer.open("site", tmp_path / "archive", "run", {})
    written = [page(n, notes={"listed": f"http://mirror.example/{n}", "lastmod": "2026-03-27"}) for n in range(5)]
    for exchange in [*written, page(9, body=written[0].body)]:
        writer.add("site", exchange)
    writer.commit(last=True)
    writer.close()
    for name, packing in (("site.wacz", zipfile.ZIP_STORED), ("packed.wacz", zipfile.ZIP_DEFLATED)):
        with zipfile.ZipFile(tmp_path / name, "w", packing) as wacz:
            for path in (tmp_path / "archive").iterdir():
                wacz.write(path, f"archive/{path.name}")
    for name in ("archive", "archive/*.warc.gz", "site.wacz", "packed.wacz"):
        path = tmp_path / name
        captures, counts = read(path)
        assert [capture.body for capture in captures] == [*(exchange.body for exchange in written), written[0].body]
        reader = ArchiveReader([path])
        assert [capture_at(reader.sources, place) for place, _ in reader.places()] == captures
        assert captures[0].listed == "http://mirror.example/0"
        assert captures[5].listed == captures[5].url
        assert captures[0].fetched_at == "2026-03-27T12:33:00Z"
        assert counts["captures"] == 6


@pytest.mark.parametrize(
    ("place", "text", "url"),
    [
        ("a.html", "<!-- saved from url=(0024)http://a.example/x?y=1 -->", "http://a.example/x?y=1"),
        ("a.html", '<link rel="canonical" href="https://a.example/c">', "https://a.example/c"),
        ("a.htm", "<link href=https://a.example/c rel=canonical>", "https://a.example/c"),
        ("a.html", '<meta property="og:url" content="https://a.example/og"/>', "https://a.example/og"),
        ("a.html", "<!-- Mirrored from a.example/n/1.html by HTTrack Website Copier -->", "http://a.example/n/1.html"),
        ("a.example/news/1.html", "<p>", "http://a.example/news/1.html"),
        ("www.a.example:8080/新闻.html", "<p>", "http://www.a.example:8080/%E6%96%B0%E9%97%BB.html"),
        ("news/1.html", "<p>", "http://folder.invalid/news/1.html"),
    ],
)
def test_a_saved_page_gets_its_address_from_its_saver_itself_or_its_path(tmp_path, place, text, url):
    path = tmp_path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    os.utime(path, (1_700_000_000, 1_700_000_000))
    (capture,), counts = read(tmp_path)
    assert (capture.url, capture.body, capture.fetched_at) == (url, text.encode(), "2023-11-14T22:13:20Z")
    assert counts["files"] == 1


def test_saved_pages_may_be_compressed_and_damaged(tmp_path):
    (tmp_path / "a.html.gz").write_bytes(squeezed(TEXT))
    (tmp_path / "b.html.gz").write_bytes(squeezed(os.urandom(500))[:-200])
    captures, counts = read(tmp_path)
    assert [capture.body for capture in captures] == [TEXT]
    assert counts["unreadable_file"] == 1


def test_a_path_that_names_nothing_is_said(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"gone.*no such file"):
        ArchiveReader([tmp_path / "gone*.warc.gz"])
