"""Which captures are pages, whose they are, and which of several counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from newscrawler.archives.answers import Place
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
        capture("http://a.example/1", lastmod="2024"),
        capture("http://a.example/2"),
        capture("http://a.example/moved", listed="http://a.example/1", lastmod="2025"),
        capture("http://b.example/1"),
    ]
    survey.read((Place(7, number), capture) for number, capture in enumerate(captures))
    found = {page.url: (page.site.name, [place.offset for place in page.places]) for page in survey.pages()}
    assert list(found.items()) == [
        ("http://a.example/2", ("a.example", [1])),
        ("http://a.example/1", ("a.example", [2, 0])),
        ("http://b.example/1", ("b.example", [3])),
    ]
    assert survey.places(ELSEWHERE, "http://a.example/1") == (Place(7, 2), Place(7, 0))
    assert set(survey.sites) == {ELSEWHERE}
    assert [(listing.url, listing.lastmod) for listing in survey.listings(ELSEWHERE)] == [
        ("http://a.example/1", "2025"),
        ("http://a.example/2", None),
        ("http://b.example/1", None),
    ]


def test_the_sample_is_in_the_order_of_the_live_crawl(tmp_path: Path):
    survey = Survey(ArchivedSites(DECLARED, tmp_path))
    numbers = (2, 1, None, 1)
    pages = [capture(f"http://mirror.example/{at}", site="mirror", listed=f"http://mirror.example/{at}") for at in range(4)]
    for page, number in zip(pages, numbers, strict=True):
        page.notes["sample"] = number
    survey.read((Place(0, at, (0, 9) if at == 3 else None), page) for at, page in enumerate(pages))
    assert survey.sample("mirror") == [Place(0, 3, (0, 9)), Place(0, 0)]


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
