"""A person's mistake is one line and exit code 2, whatever the command, and nothing is done."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from scrapy.cmdline import execute
from scrapy.settings import Settings

from newscrawler import settings as project
from newscrawler.exits import Exit


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an empty folder the one commands are run in."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", project.__name__)
    return tmp_path


def scrapy(*words: str) -> object:
    """Run a command in this process, as its script does; return its exit code."""
    settings = Settings()
    settings.setmodule(project)
    with pytest.raises(SystemExit) as ended:
        execute(["scrapy", *words], settings)
    return ended.value.code


SITE = "-aurl=https://mirror.example/"

MISTAKES: list[tuple[list[str], str]] = [
    (["crawl"], "crawl: one spider is needed (mirror, archive)"),
    (["crawl", "mirror"], "crawl: site, url or sitemap: one is needed"),
    (["crawl", "miror", SITE], "crawl: miror: there is no such spider"),
    (["crawl", "mirror", "https://mirror.example/"], "crawl: one spider is needed"),
    (["crawl", "mirror", "-a", "url"], "crawl: Invalid -a value, use -a NAME=VALUE"),
    (["crawl", "mirror", "-aurl=mirror.example"], "crawl: url: 'mirror.example' is not an http(s) address"),
    (["crawl", "mirror", "-asite=nosuch"], "crawl: site=nosuch: there is no data/sites/nosuch.toml (known: none yet)"),
    (["crawl", "mirror", "-asite=mirror.example"], "(known: none yet); an address begins with https://"),
    (["crawl", "mirror", "-asite=all"], "crawl: site=all: data/sites has no *.toml"),
    (["crawl", "mirror", SITE, "-alimit=ten"], "crawl: limit=ten: must be a whole number"),
    (["crawl", "mirror", SITE, "-asince=yesterday"], "crawl: since=yesterday: must be a date like"),
    (["crawl", "mirror", SITE, "-acolour=red"], "crawl: colour: no such argument"),
    (["crawl", "mirror", SITE, "--bogus"], "crawl: --bogus: there is no such option"),
    (["crawl", "mirror", SITE, "--quiet", "-v"], "crawl: argument -v/--verbose: not allowed with argument --quiet"),
    (["crawl", "mirror", SITE, "-L", "LOUD"], "crawl: -L LOUD: must be one of"),
    (["crawl", "mirror", SITE, "-s", "DOWNLOAD_DELAY"], "crawl: Invalid -s value, use -s NAME=VALUE"),
    (["crawl", "mirror", SITE, "-s", "DOWNLOAD_DELAY=fast"], "crawl: -s DOWNLOAD_DELAY=fast: must be a number, e.g. 0.5"),
    (["crawl", "mirror", SITE, "-s", "ROBOTSTXT_OBEY=maybe"], "crawl: -s ROBOTSTXT_OBEY=maybe: must be True or False"),
    (["crawl", "mirror", SITE, "-s", "NEWSCRAWLER_ALLOW_NETWORKS=me"], "crawl: NEWSCRAWLER_ALLOW_NETWORKS: 'me'"),
    (["crawl", "archive"], "crawl: path: one is needed"),
    (["article"], "article: one FILE or URL is needed"),
    (["article", "none.html"], "article: none.html: No such file or directory"),
    (["article", "."], "article: .: Is a directory"),
    (["article", "htp://mirror.example/"], "article: url: 'htp://mirror.example/' is not an http(s) address"),
    (["addsite"], "addsite: one URL is needed"),
    (["addsite", "mirror.example"], "addsite: url: 'mirror.example' is not an http(s) address"),
    (["addsite", "https://mirror.example/", "--name", "My Site"], "addsite: name: 'My Site' must be lower-case"),
    (["checksites"], "checksites: site=all: data/sites has no *.toml"),
    (["sitemaps"], "sitemaps: one SITE or URL is needed"),
    (["sitemaps", "mirror.example"], "an address begins with https://"),
    (["learn"], "learn: one SITE or URL is needed"),
    (["runs"], "runs: there is no ledger at data/state/ledger.db: nothing was crawled yet"),
    (["runs", "--count", "few"], "runs: argument --count: invalid int value: 'few'"),
    (["sites", "mirror"], "sites: mirror: it takes no argument"),
    (["sites"], "sites: there is no ledger at data/state/ledger.db: nothing was crawled yet"),
    (["story"], "story: one ID or URL is needed"),
    (["snapshot"], "snapshot: one URL is needed"),
    (["snapshot", "mirror.example"], "snapshot: url: 'mirror.example' is not an http(s) address"),
    (["reextract", "a.wacz"], "reextract: the following arguments are required: --against"),
    (["reextract", "a.wacz", "--against", "none"], "reextract: none: No such file or directory"),
    (["corpus", "out", "--format", "xml"], "corpus: argument --format: invalid choice: 'xml'"),
    (["corpus"], "corpus: OUT: one folder is needed"),
    (["forget"], "forget: URL, DOMAIN or SOURCE: one is needed"),
    (["rebuild", "now"], "rebuild: now: it takes no argument"),
    (["demo", "fast"], "demo: fast: it takes no argument"),
]


@pytest.mark.parametrize(("words", "sentence"), MISTAKES, ids=lambda value: " ".join(value) if isinstance(value, list) else "")
def test_a_mistake_is_one_line(words: list[str], sentence: str, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert scrapy(*words) == Exit.USAGE
    shown = capsys.readouterr()
    assert (shown.out, shown.err.count("\n")) == ("", 1)
    assert shown.err.startswith(f"newscrawler: {words[0]}: ")
    assert sentence in shown.err
    assert [path for path in place.rglob("*") if path.is_file()] == []


BROKEN = [
    (
        ["crawl", "mirror", "-asite=all"],
        "data/sites/m.toml",
        "colour = 'red'",
        "data/sites/m.toml: Object contains unknown field",
    ),
    (["crawl", "mirror", "-asite=m"], "data/sites/m.toml", "url = ", "data/sites/m.toml: Invalid value"),
    (["addsite", "https://m/"], "data/sites/m.toml", "url = 'https://m/'", "addsite: data/sites/m.toml is there already"),
    (["checksites"], "data/sites/m.toml", "url = 'https://m.example/'\ntimezone = 'Mars'", "timezone: 'Mars' is no IANA zone"),
]


@pytest.mark.parametrize(("words", "file", "content", "sentence"), BROKEN, ids=lambda value: str(value)[:30])
def test_a_broken_file_is_one_line(
    words: list[str], file: str, content: str, sentence: str, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (place / file).parent.mkdir(parents=True)
    (place / file).write_text(content, "utf-8")
    assert scrapy(*words) == Exit.USAGE
    shown = capsys.readouterr()
    assert sentence in shown.err
    assert (shown.out, shown.err.count("\n")) == ("", 1)


@pytest.mark.parametrize("words", [["runs"], ["sites"], ["story", "https://m.example/"], ["forget", "--list"]], ids=" ".join)
def test_a_damaged_ledger_is_one_line(words: list[str], place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "data" / "state").mkdir(parents=True)
    (place / "data" / "state" / "ledger.db").write_bytes(b"no ledger, but long enough to be taken for one" * 99)
    assert scrapy(*words) == Exit.BROKEN
    shown = capsys.readouterr()
    assert "data/state/ledger.db is damaged (file is not a database): move it away and run `scrapy rebuild`" in shown.err
    assert (shown.out, shown.err.count("\n")) == ("", 1)


def test_bad_settings_end_before_anything(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "newscrawler.toml").write_text("colour = 'red'", "utf-8")
    with pytest.raises(SystemExit) as ended:
        load_settings()
    assert ended.value.code == Exit.USAGE
    shown = capsys.readouterr().err
    assert shown.startswith("newscrawler: newscrawler.toml: colour: there is no such setting (known: sites, output")
    assert shown.count("\n") == 1


def load_settings() -> None:
    spec = importlib.util.spec_from_file_location("settings_again", project.__file__)
    assert spec and spec.loader
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
