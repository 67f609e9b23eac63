"""`scrapy addsite`, `checksites`, `sitemaps`: what they show, what they write, what they refuse."""

from __future__ import annotations

import json
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest
from crawling import PROJECT
from msgspec import structs
from scrapy.settings import Settings
from servers import MIRRORS

from newscrawler.commands import addsite, checksites
from newscrawler.demo import File, MirrorHandler, Mirrors, serve
from newscrawler.drafts import draft
from newscrawler.exits import Exit
from newscrawler.history import record_run
from newscrawler.impressions import Read, warnings
from newscrawler.items import Article, article_id
from newscrawler.ledger import Ledger
from newscrawler.pages import Fetched
from newscrawler.profiles import Profile, Repeat, Template
from newscrawler.sites import load_site, site_of
from newscrawler.specimens import accept, check_specimen, save_specimen

SAVED = MIRRORS / "huiwen" / "business" / "20240327" / "10564.html"
URL = "https://mirror.example/business/10564.html"
SITE = site_of("https://mirror.example/")


def scrapy(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    places = {name: folder / name.lower() for name in ("SITES", "STATE", "OUTPUT", "METRICS")}
    settings = [
        "DOWNLOAD_DELAY=0",
        "AUTOTHROTTLE_ENABLED=False",
        *(f"NEWSCRAWLER_{key}={path}" for key, path in places.items()),
    ]
    command = [sys.executable, "-m", "scrapy", *words, *(word for one in settings for word in ("-s", one))]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)


def test_a_site_is_added_and_checked(demo_mirrors: Mirrors, tmp_path: Path) -> None:
    address = f"{demo_mirrors.addresses['huiwen']}/"
    added = scrapy(tmp_path, "addsite", address, "--name", "huiwen")
    assert (added.returncode, added.stderr.count("\n")) == (Exit.OK, 1), added.stderr
    head, *rows = (line.split("\t") for line in added.stdout.splitlines() if "\t" in line)
    assert head == ["title", "time", "source", "first words", "would be cut"]
    assert len(rows) == 10
    assert all(title and time and cut for title, time, _, _, cut in rows)
    assert load_site(tmp_path / "sites" / "huiwen.toml").url == address
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == [
        "1.html", "1.json", "huiwen.json", "huiwen.toml", "profile.json",
    ]  # fmt: skip
    checked = scrapy(tmp_path, "checksites", "--live")
    assert (checked.returncode, checked.stderr) == (Exit.OK, "")
    assert [line.split("\t")[:3] for line in checked.stdout.splitlines()[1:]] == [
        ["huiwen", "1.html", "as expected"],
        ["huiwen", "live", "as expected"],
    ]


def test_a_site_whose_robots_forbid_it_is_not_added(demo_mirrors: Mirrors, tmp_path: Path) -> None:
    demo_mirrors.files["relay"]["/robots.txt"] = File(b"User-agent: *\nDisallow: /\n", "text/plain", "x")
    done = scrapy(tmp_path, "addsite", f"{demo_mirrors.addresses['relay']}/")
    assert (done.returncode, done.stdout) == (Exit.FAILURES, "")
    assert done.stderr.splitlines()[1:] == [
        f"newscrawler: addsite: {demo_mirrors.addresses['relay']}/: robots.txt forbids it: nothing was read"
    ]
    assert not list(tmp_path.rglob("*"))


def test_a_host_that_does_not_answer_is_said_to_be_so_at_once(tmp_path: Path) -> None:
    done = scrapy(tmp_path, "sitemaps", "http://nowhere.invalid/")
    assert (done.returncode, done.stdout) == (Exit.FAILURES, "")
    assert done.stderr == ("newscrawler: sitemaps: http://nowhere.invalid/: nowhere.invalid: its name is not known (DNS)\n")


class Guarded(MirrorHandler):
    """A mirror behind a guard that wants a browser."""

    def do_GET(self) -> None:
        self.answer(403, b"<title>Just a moment...</title>", {"cf-mitigated": "challenge", "Content-Type": "text/html"})


def test_a_site_that_blocks_is_said_to(tmp_path: Path) -> None:
    with serve(MIRRORS, Guarded) as mirrors:
        address = f"{mirrors.addresses['relay']}/"
        done = scrapy(tmp_path, "addsite", address)
    assert (done.returncode, done.stdout) == (Exit.FAILURES, "")
    sentence = "127.0.0.22: blocked: it wants a browser to pass a challenge (cloudflare, 403)"
    assert done.stderr.splitlines()[1:] == [f"newscrawler: addsite: {address}: {sentence}"]


def test_listings_are_shown_with_counts_and_dates(demo_mirrors: Mirrors, tmp_path: Path) -> None:
    done = scrapy(tmp_path, "sitemaps", f"{demo_mirrors.addresses['relay']}/")
    assert done.returncode == Exit.OK, done.stderr
    rows = [line.split("\t")[1:] for line in done.stdout.splitlines()[1:]]
    assert rows == [
        ["index", "read", "2", "0", "0", "", "", ""],
        ["xml", "read", "10", "10", "10", "2024-03-27", "2024-03-30", ""],
        ["xml", "read", "10", "10", "10", "2024-03-20", "2024-03-26", ""],
    ]
    assert {hit.path for hit in demo_mirrors.hits if hit.path.endswith("/2024/03/")} == set()


def article(number: int, **values: object) -> Article:
    fields = {"title": f"Title {number}", "timestamp": f"2024-03-0{number + 1}T10:00:00+08:00", "source": "Paper"}
    body = f"The council met on day {number} and settled the matter of the {number} bridges, at last."
    return Article(id=article_id(str(number)), url=URL, canonical_url=URL, **{"body": body, **fields, **values})  # type: ignore[arg-type]


ZONELESS = {"evidence": {"timestamp": "line beside the title, zone unknown"}}


@pytest.mark.parametrize(
    ("articles", "expected"),
    [
        ([article(n) for n in range(4)], []),
        ([None, None, None, article(1)], ["3 of 4 pages gave no article"]),
        ([None], ["1 of 1 pages gave no article"]),
        ([article(n, timestamp=None) for n in range(4)], ["4 of 4 articles have no time"]),
        ([article(n, **ZONELESS) for n in range(4)], ["have a time without a zone: set timezone"]),
        ([article(n, title="The Mirror") for n in range(4)], ["4 of 4 articles have the same title: The Mirror"]),
        ([article(n, body="Enable scripts.") for n in range(4)], ["have no text, or hardly any", "have the same text"]),
        ([article(n, source=None if n else "Paper") for n in range(4)], ["3 of 4 articles name no source"]),
        ([article(n, source=None if n < 1 else "Paper") for n in range(4)], []),
    ],
    ids=["well", "few articles", "no article", "no time", "no zone", "one title", "no text", "no source", "one lacks it"],
)
def test_what_looks_wrong_is_said(articles: list[Article | None], expected: list[str]) -> None:
    reads = [Read(Fetched(b"", URL, URL, ""), one) for one in articles]
    found = list(warnings(reads, Profile()))
    assert len(found) == len(expected)
    assert all(part in sentence for part, sentence in zip(expected, found, strict=True))


@pytest.mark.parametrize("text", ["Follow us", 'a "quoted" notice', "two\nlines = 1", "\u2028url = 2", "# [x]"])
def test_the_draft_is_toml_whatever_was_found(text: str, tmp_path: Path) -> None:
    repeats = [Repeat(pattern=text, pages=3)]
    template = Template(pages=3, stories=3, fit=1.0, fields={}, sure={}, container="", body=[], repeats=repeats, frame=[])
    sitemaps = [{"url": f"https://mirror.example/{text}", "kind": "xml", "entries": 3}]
    (tmp_path / "mirror.toml").write_text(draft(SITE, sitemaps, [article(1)], Profile(templates=[template])), "utf-8")
    assert load_site(tmp_path / "mirror.toml") == structs.replace(SITE, name="mirror")


@pytest.fixture
def declared(tmp_path: Path) -> Path:
    """Return a folder of sites with one that has a saved page."""
    (tmp_path / "mirror.toml").write_text(f'url = "{SITE.url}"\n', "utf-8")
    save_specimen(tmp_path / "mirror", Fetched(SAVED.read_bytes(), URL, URL, ""), SITE, None)
    return tmp_path


def check(folder: Path, *names: str, accept: bool = False) -> int:
    """Run `scrapy checksites` in this process; return its exit code."""
    command = checksites.Command()
    command.settings = Settings({"NEWSCRAWLER_SITES": str(folder)})
    command.run(list(names), Namespace(live=False, accept=accept))
    return command.exitcode


def test_a_saved_page_is_read_as_expected_until_it_is_not(declared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = declared / "mirror" / "1.json"
    assert check(declared) == Exit.OK
    expected = json.loads(path.read_text("utf-8"))
    assert expected["article"]["source"] == "界面新闻"
    expected["article"]["source"] = "别的报纸"
    del expected["article"]["tags"]
    path.write_text(json.dumps(expected), "utf-8")
    assert check(declared, "mirror") == Exit.UNHEALTHY
    assert "mirror\t1.html\tdiffers in source\t别的报纸\t界面新闻\n" in capsys.readouterr().out
    assert check(declared, accept=True) == Exit.OK
    assert "tags" not in json.loads(path.read_text("utf-8"))["article"]


@pytest.mark.parametrize(
    ("file", "content", "code", "sentence"),
    [
        ("mirror/1.json", "{", Exit.USAGE, "1.json: Input data was truncated"),
        ("mirror/1.json", '{"url": "x"}', Exit.USAGE, "1.json: article is missing"),
        ("mirror/1.json", '{"url": 3, "article": null}', Exit.USAGE, "1.json: Expected `str`"),
        ("mirror/profile.json", "[]", Exit.USAGE, "profile.json: Expected `object`"),
        ("mirror.toml", "url = 3", Exit.USAGE, "mirror.toml: Expected `str`"),
    ],
)
def test_a_broken_file_is_one_line(
    declared: Path, capsys: pytest.CaptureFixture[str], file: str, content: str, code: Exit, sentence: str
) -> None:
    (declared / file).write_text(content, "utf-8")
    assert check(declared) == code
    shown = capsys.readouterr()
    assert sentence in shown.err
    assert (shown.err.count("\n"), shown.out) == (1, "")


def test_no_such_site_and_no_such_page(declared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(declared, "other") == Exit.USAGE
    (declared / "mirror" / "1.json").unlink()
    assert check(declared) == Exit.BROKEN
    assert "1.json: No such file or directory" in capsys.readouterr().err


def test_a_page_that_is_no_article_is_expected_to_be_none(declared: Path) -> None:
    page = declared / "mirror" / "2.html"
    page.write_text("<p>Nothing here.", "utf-8")
    page.with_suffix(".json").write_text(f'{{"url": "{URL}", "article": null}}', "utf-8")
    assert list(check_specimen(page, SITE, None)) == []
    page.write_bytes(SAVED.read_bytes())
    (difference,) = check_specimen(page, SITE, None)
    assert (difference.field, difference.expected, difference.found) == ("article", "none", "one")
    accept(page, SITE, None)
    assert list(check_specimen(page, SITE, None)) == []


def test_a_site_that_is_known_by_its_host_is_said_to_be(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.db")
    with ledger.begin() as conn:
        record_run(conn, "mirror.example", "r1", 1.0, 2.0, {})
    ledger.close()
    command = addsite.Command()
    command.state = tmp_path
    for name, known in (("other", ["it was crawled as mirror.example before"]), ("mirror.example", [])):
        command.site = structs.replace(SITE, name=name)
        assert [sentence.partition(";")[0] for sentence in command.known_otherwise()] == known
