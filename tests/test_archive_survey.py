"""Which captures are pages, whose they are, and which of several counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from newscrawler.archives.arguments import parse_archive_arguments
from newscrawler.archives.captures import Capture
from newscrawler.archives.survey import ELSEWHERE, ArchivedSites, Survey, may_be_page
from newscrawler.sites import Site


def capture(url: str, body: bytes = b"<p>", **notes: object) -> Capture:
    return Capture(url=url, status=200, headers=[("Content-Type", "text/html")], body=body, fetched_at=None, notes=notes)


@pytest.mark.parametrize(
    ("status", "kind", "expected"),
    [
        (200, "text/html; charset=gbk", True),
        (200, "", True),
        (203, "application/xhtml+xml", True),
        (200, "text/plain", True),
        (200, "application/octet-stream", True),
        (200, "application/json", False),
        (200, "IMAGE/png", False),
        (301, "text/html", False),
        (304, "", False),
        (404, "text/html", False),
    ],
)
def test_a_page_is_what_a_live_crawl_would_try_to_read(status, kind, expected):
    assert may_be_page("http://a.example/", status, kind) is expected


DECLARED = (Site(name="mirror", url="http://mirror.example/", allow_hosts=("cdn.example",)),)


@pytest.mark.parametrize(
    ("declared", "url", "notes", "folder", "site"),
    [
        ((), "http://a.example/1", {}, ELSEWHERE, "a.example"),
        ((), "http://a.example:8080/1", {}, ELSEWHERE, "a.example-8080"),
        ((), "http://a.example/1", {"site": "mirror", "listed": "http://a.example/1"}, "mirror", "mirror"),
        ((), "http://a.example/1", {"site": "../../x", "listed": "http://a.example/1"}, ELSEWHERE, "a.example"),
        ((), "http://a.example/robots.txt", {"site": "mirror"}, None, None),
        ((), "http://[::1/1", {}, None, None),
        (DECLARED, "http://mirror.example/1", {}, "mirror", "mirror"),
        (DECLARED, "http://cdn.example/1", {}, "mirror", "mirror"),
        (DECLARED, "http://a.example/1", {}, None, None),
        (DECLARED, "http://a.example/1", {"site": "mirror", "listed": "http://mirror.example/1"}, "mirror", "mirror"),
    ],
)
def test_the_site_of_a_capture(tmp_path: Path, declared, url, notes, folder, site):
    found = Survey(ArchivedSites(declared, tmp_path)).place(capture(url, **notes))
    assert (found and (found[0], found[1].name)) == (folder and (folder, site))


def test_a_declared_site_is_read_from_its_toml(tmp_path: Path):
    (tmp_path / "mirror.toml").write_text('url = "http://mirror.example/"\ntimezone = "Asia/Shanghai"\n')
    notes = {"site": "mirror", "listed": "http://mirror.example/1"}
    found = Survey(ArchivedSites((), tmp_path)).place(capture("http://mirror.example/1", **notes))
    assert found and found[1].timezone == "Asia/Shanghai"


def test_the_last_capture_of_a_page_counts(tmp_path: Path):
    survey = Survey(ArchivedSites((), tmp_path))
    captures = [
        capture("http://a.example/1", b"old", lastmod="2024"),
        capture("http://a.example/2", b"one"),
        capture("http://a.example/moved", b"new", listed="http://a.example/1", lastmod="2025"),
        capture("http://b.example/1", b"other host"),
        capture("http://a.example/3", b'<script src="https://geo.captcha-delivery.com/c.js">'),
    ]
    survey.read(captures)
    assert [(page.body, site.name) for _, site, page in survey.pages(captures)] == [
        (b"one", "a.example"),
        (b"new", "a.example"),
        (b"other host", "b.example"),
    ]
    assert set(survey.sites) == {ELSEWHERE}
    assert [(listing.url, listing.lastmod) for listing in survey.listings(ELSEWHERE)] == [
        ("http://a.example/1", "2025"),
        ("http://a.example/2", None),
        ("http://b.example/1", None),
    ]
    assert survey.counts["challenge"] == 2  # read twice


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "path: one is needed"),
        ({"path": "a", "archive": "yes"}, "archive: no such argument"),
        ({"path": "a", "processes": "0"}, "processes=0"),
        ({"path": "a", "limit": "x"}, "limit=x"),
        ({"path": "a", "recheck": "due"}, "recheck=due"),
        ({"path": "a", "site": "nobody"}, "site=nobody"),
    ],
)
def test_a_mistake_names_its_key(tmp_path: Path, given, sentence):
    with pytest.raises(ValueError, match=sentence):
        parse_archive_arguments(given, tmp_path)


def test_arguments_become_values(tmp_path: Path):
    asked = parse_archive_arguments({"path": "a.warc.gz, b/*.gz", "url": "http://a.example/", "processes": "2"}, tmp_path)
    assert asked.paths == ("a.warc.gz", "b/*.gz")
    assert [site.name for site in asked.sites] == ["a.example"]
    assert asked.processes == 2
