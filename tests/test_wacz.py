"""A WACZ says of itself what is true, and its index leads to every answer."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

pytest.importorskip("fastwarc")
pytest.importorskip("warcio")

from exchanges import page
from fastwarc import ArchiveIterator

from newscrawler.archives import cdxj
from newscrawler.archives.cdxj import index_lines, url_key
from newscrawler.archives.wacz import Page, write_wacz
from newscrawler.archives.writer import ArchiveWriter


def write(folder: Path, count: int = 5) -> list[Path]:
    writer = ArchiveWriter(1500)
    writer.open("site", folder, "run", {})
    for number in range(count):
        writer.add("site", page(number))
    writer.add("site", page(77, body=page(0).body))
    writer.commit(last=True)
    writer.close()
    return sorted(folder.glob("*.warc.gz"))


@pytest.fixture
def wacz(tmp_path: Path) -> zipfile.ZipFile:
    warcs = write(tmp_path / "archive")
    pages = [Page("http://mirror.example/1.html", "2026-03-27T12:33:00Z", "秋收", "稻谷")]
    write_wacz(tmp_path / "site.wacz", warcs, pages, "mirror.example", datetime(2026, 3, 28, tzinfo=UTC))
    assert len(warcs) > 1
    return zipfile.ZipFile(tmp_path / "site.wacz")


def test_its_parts_are_stored_and_described_with_their_digests(wacz):
    with wacz:
        package = json.loads(wacz.read("datapackage.json"))
        described = {resource["path"]: resource for resource in package["resources"]}
        assert {*described, "datapackage.json", "datapackage-digest.json"} == set(wacz.namelist())
        for path, resource in described.items():
            assert resource["hash"] == f"sha256:{sha256(wacz.read(path)).hexdigest()}"
            assert resource["bytes"] == wacz.getinfo(path).file_size
        digest = json.loads(wacz.read("datapackage-digest.json"))
        assert digest == {"path": "datapackage.json", "hash": f"sha256:{sha256(wacz.read('datapackage.json')).hexdigest()}"}
        assert {entry.compress_type for entry in wacz.infolist()} == {zipfile.ZIP_STORED}
        assert package["created"] == "2026-03-28T00:00:00Z"


def test_local_headers_have_no_zip64_room(wacz):
    """ReplayWeb.page takes an entry's data to begin after a header of the length in the central directory."""
    with wacz:
        for entry in wacz.infolist():
            wacz.fp.seek(entry.header_offset + 28)
            assert wacz.fp.read(2) == len(entry.extra).to_bytes(2, "little")


def test_its_index_leads_to_every_answer(wacz):
    with wacz:
        lines = wacz.read("indexes/index.cdx").decode().splitlines()
        assert lines == sorted(lines)
        for line in lines:
            key, moment, fields = line.split(" ", 2)
            entry = json.loads(fields)
            start, size = int(entry["offset"]), int(entry["length"])
            member = wacz.read(f"archive/{entry['filename']}")[start : start + size]
            (record,) = ArchiveIterator(io.BytesIO(member))
            assert record.headers["WARC-Target-URI"] == entry["url"]
            assert record.headers["WARC-Payload-Digest"] == entry["digest"]
            assert (key, moment) == (url_key(entry["url"]), "20260327123300")
        assert len(lines) == 6
        assert sum('"warc/revisit"' in line for line in lines) == 1


def test_its_pages_have_title_and_text(wacz):
    with wacz:
        header, entry = map(json.loads, wacz.read("pages/pages.jsonl").splitlines())
        assert header["format"] == "json-pages-1.0"
        assert (entry["url"], entry["title"], entry["text"]) == ("http://mirror.example/1.html", "秋收", "稻谷")


def test_an_index_larger_than_memory_is_merged(tmp_path, monkeypatch):
    warcs = write(tmp_path, count=9)
    whole = list(index_lines(warcs))
    monkeypatch.setattr(cdxj, "RUN", 2)
    assert list(index_lines(warcs)) == whole == sorted(whole)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://a.example", "example,a)/"),
        ("http://www.a.example/", "example,a)/"),
        ("https://www2.A.example:443/News/", "example,a)/news"),
        ("http://a.example:8080/B?z=1&a=2", "example,a:8080)/b?a=2&z=1"),
        ("http://127.0.0.1:8011/a/", "1,0,0,127:8011)/a"),
        ("http://a.example/新闻?q=稻", "example,a)/%e6%96%b0%e9%97%bb?q=%e7%a8%bb"),
        ("http://a.example/%7Ex/%E6%96%B0", "example,a)/~x/%e6%96%b0"),
        ("http://a.example/a//b/../c?", "example,a)/a/c"),
        ("http://a.example/x#part", "example,a)/x"),
    ],
)
def test_keys_are_those_that_pywb_looks_up(url, key):
    """Each was compared with pywb 2.10's `canonicalize`."""
    assert url_key(url) == key
