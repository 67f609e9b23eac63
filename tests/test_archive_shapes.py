"""Archives as other tools write them give the same articles, and what is damaged in them is counted and costs nothing else."""

from __future__ import annotations

import gzip
import json
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest

pytest.importorskip("fastwarc")

from exchanges import foreign, http
from pictured_mirror import article
from scrapy.settings import Settings

from newscrawler.archives.extract import Page, extract_archive, read_pages
from newscrawler.archives.reader import ArchiveReader
from newscrawler.archives.survey import ArchivedSites, Survey
from newscrawler.commands.reextract import Command
from newscrawler.items import encode_line

FIELDS = "application/warc-fields"
NUMBERS = range(1, 5)
ADDRESS = "http://pictured.example/{}.html"
BODIES = {ADDRESS.format(number): article(number).encode() for number in NUMBERS}


def chunked(body: bytes) -> bytes:
    pieces = [body[at : at + 700] for at in range(0, len(body), 700)]
    return b"".join(b"%X\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def heritrix() -> Iterator[bytes]:
    """Yield what Heritrix writes: dns first, bodies as they were sent, metadata after each page."""
    yield foreign("warcinfo", "", b"software: Heritrix/3.4.0\r\nformat: WARC File Format 1.0\r\n", content_type=FIELDS)
    yield foreign("response", "dns:pictured.example", b"20240506070809\npictured.example. 60 IN A 192.0.2.1", "", "text/dns")
    for url, body in BODIES.items():
        yield foreign("response", url, http(chunked(body), "Transfer-Encoding: chunked"))
        yield foreign("request", url, b"GET /1.html HTTP/1.0\r\n\r\n", content_type="application/http; msgtype=request")
        yield foreign("metadata", url, b"hopsFromSeed: L\r\nfetchTimeMs: 12\r\n", content_type=FIELDS)


def wget() -> Iterator[bytes]:
    """Yield what wget writes: addresses in <>, requests first, its manifest and log at the end."""
    yield foreign("warcinfo", "", b"software: Wget/1.21.3 (linux-gnu)\r\nrobots: off\r\n", content_type=FIELDS)
    for url, body in BODIES.items():
        yield foreign("request", f"<{url}>", b"GET /1.html HTTP/1.1\r\n\r\n", content_type="application/http;msgtype=request")
        yield foreign("response", f"<{url}>", http(gzip.compress(body), "Content-Encoding: gzip"))
    for name in ("MANIFEST.txt", "wget_arguments.txt", "wget.log"):
        kind = "metadata" if name == "MANIFEST.txt" else "resource"
        yield foreign(kind, f"<metadata://gnu.org/software/wget/warc/{name}>", b"text", content_type="text/plain")


def cc_news() -> Iterator[bytes]:
    """Yield what news crawlers at large publish: answers alone, codings undone, headers renamed or left."""
    yield foreign("warcinfo", "", b"robots: checked via crawler-commons\r\n", content_type=FIELDS)
    for url, body in BODIES.items():
        left = ("X-Crawler-Content-Encoding: gzip", "X-Crawler-Transfer-Encoding: chunked", "Transfer-Encoding: chunked")
        yield foreign("response", url, http(body, *left), "WARC-Identified-Payload-Type: text/html\r\n")


def with_brotli() -> Iterator[bytes]:
    for url, body in BODIES.items():
        yield foreign("response", url, http(brotli.compress(body), "Content-Encoding: br"))


SHAPES = {"heritrix": heritrix, "wget": wget, "cc_news": cc_news, "brotli": with_brotli}
PACKED = {
    "plain": b"".join,
    "records": lambda records: b"".join(map(gzip.compress, records)),
    "whole": lambda records: gzip.compress(b"".join(records)),
}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the article lines of the pages, from an archive without any peculiarity."""
    path = tmp_path_factory.mktemp("plain") / "a.warc"
    path.write_bytes(b"".join(foreign("response", url, http(body)) for url, body in BODIES.items()))
    lines = lines_of(path)
    assert len(lines) == len(BODIES)
    return lines


def lines_of(path: Path, processes: int = 1) -> dict[str, bytes]:
    return {url: encode_line(found) for url, found in extract_archive([path], processes=processes) if found}


@pytest.mark.parametrize("packed", PACKED)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_tools_archives_give_the_same_articles(tmp_path: Path, expected: dict[str, bytes], shape: str, packed: str):
    path = tmp_path / "a.warc"
    path.write_bytes(PACKED[packed](list(SHAPES[shape]())))
    assert lines_of(path) == expected


def test_processes_read_every_kind_of_archive_at_its_places(tmp_path: Path, expected: dict[str, bytes]):
    for number, pack in enumerate(PACKED.values()):
        records = list(SHAPES["heritrix"]())
        (tmp_path / f"{number}.warc").write_bytes(pack(records))
    assert lines_of(tmp_path, processes=2) == expected


@pytest.mark.parametrize("packed", ["plain", "records"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_file_that_was_cut_loses_its_last_record(tmp_path: Path, expected: dict[str, bytes], shape: str, packed: str):
    path = tmp_path / "a.warc"
    answers = [record for record in SHAPES[shape]() if b"WARC-Type: response" in record and b"dns:" not in record]
    path.write_bytes(PACKED[packed](answers)[:-90])
    assert set(lines_of(path)) == set(list(expected)[:-1])
    reader = ArchiveReader([path])
    assert len(list(reader)) == len(expected) - 1
    assert reader.counts["broken_record"] == 1


def test_the_last_capture_that_can_be_read_counts(tmp_path: Path, expected: dict[str, bytes]):
    (first, body), (second, _), *_ = BODIES.items()
    path = tmp_path / "a.warc"
    challenge = http(b'<script src="https://geo.captcha-delivery.com/c.js"></script>')
    corrupt = http(b"no stream at all", "Content-Encoding: deflate")
    blocks = [(first, http(body)), (first, corrupt), (first, challenge), (second, corrupt)]
    path.write_bytes(b"".join(foreign("response", url, block) for url, block in blocks))
    reader, survey = ArchiveReader([path]), Survey(ArchivedSites((), tmp_path))
    survey.read(reader.places())
    pages = [Page(page.places, page.site, page.url) for page in survey.pages()]
    found = {url: (reading.url, reading.passed) for url, reading in read_pages(reader.sources, pages, processes=1)}
    assert found == {first: (first, ("challenge", "corrupt_body")), second: (None, ("corrupt_body",))}
    assert lines_of(path) == {first: expected[first]}


def test_reextract_counts_what_is_broken_and_says_what_differs(tmp_path: Path, expected: dict[str, bytes], capsys):
    first, second, third, fourth = BODIES
    hurt = [gzip.compress(record) for record in with_brotli()]
    hurt[2] = hurt[2][:99] + bytes(30) + hurt[2][129:]
    archive, written, diff = (tmp_path / name for name in ("a.warc.gz", "articles.jsonl", "diff.jsonl"))
    archive.write_bytes(b"".join(hurt))
    before = {url: json.loads(line) for url, line in expected.items() if url != second}
    before[first] |= {"title": "Another headline", "authors": ["A. Writer"]}
    written.write_text("".join(json.dumps(line) + "\n" for line in before.values()))
    command = Command()
    command.settings = Settings({"NEWSCRAWLER_SITES": str(tmp_path), "NEWSCRAWLER_STATE": str(tmp_path)})
    command.run([str(archive)], Namespace(against=[written], diff=diff, processes=1))
    now = json.loads(expected[first])
    changed = {"id": now["id"], "url": first}
    gained = {"id": json.loads(expected[second])["id"], "url": second, "field": None, "before": None}
    assert [json.loads(line) for line in diff.read_bytes().splitlines()] == [
        {**changed, "change": "emptied", "field": "authors", "before": ["A. Writer"], "after": []},
        {**changed, "change": "changed", "field": "title", "before": "Another headline", "after": now["title"]},
        {**gained, "change": "gained", "after": json.loads(expected[second])["title"]},
    ]
    shown = [line.split() for line in capsys.readouterr().out.splitlines()]
    rows = {" ".join(words[:-1]): words[-1] for words in shown if words}
    assert (rows["broken_record"], rows["captures"]) == ("1", "3")
    assert (rows["different"], rows["gained"], rows["same"], rows["not in the archive"]) == ("1", "1", "1", "1")
    assert fourth in before
    assert third in before
