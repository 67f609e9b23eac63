"""A crawl is archived, read back offline, compared, handed over: on the demo's mirrors, for real."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("fastwarc")
pytest.importorskip("warcio")

from crawling import HASTE, LIMIT, PROJECT, Output
from servers import MIRRORS
from warcio.archiveiterator import ArchiveIterator

from newscrawler.archives.reader import ArchiveReader
from newscrawler.demo import Mirrors, serve


def scrapy(output: Output, *words: str) -> subprocess.CompletedProcess[str]:
    settings = (*HASTE, f"NEWSCRAWLER_OUTPUT={output.articles}", f"NEWSCRAWLER_STATE={output.state}")
    command = [sys.executable, "-m", "scrapy", *words, *[word for setting in settings for word in ("-s", setting)]]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=LIMIT, check=False)


def sealed(output: Output) -> dict[str, bytes]:
    """Return SITE + kind of file -> bytes."""
    files = output.articles.glob("*/*.jsonl")
    return {f"{path.parent.name} {path.name.partition('.')[2]}": path.read_bytes() for path in files}


def profiles(output: Output) -> dict[str, bytes]:
    """Return what was learned of each site."""
    return {path.name: path.read_bytes() for path in (output.state / "profiles").iterdir()}


@pytest.fixture(scope="module")
def mirrors() -> Iterator[Mirrors]:
    """Return the demo's mirrors, served for one crawl."""
    with serve(MIRRORS) as served:
        yield served


@pytest.fixture(scope="module")
def live(mirrors: Mirrors, tmp_path_factory: pytest.TempPathFactory) -> Output:
    """Return a crawl of them that was archived."""
    output = Output(tmp_path_factory.mktemp("live"))
    done = output.crawl(mirrors, "archive=yes")
    assert done.returncode == 0, done.stderr
    output.check_promises()
    return output


def test_the_same_pages_give_the_same_bytes_live_and_from_the_archive(live: Output, tmp_path: Path):
    offline = Output(tmp_path / "offline")
    done = scrapy(offline, "crawl", "archive", "-a", f"path={live.articles}", "-a", "processes=2")
    assert done.returncode == 0, done.stderr
    offline.check_promises()
    assert sealed(offline) == sealed(live)
    assert profiles(offline) == profiles(live) != {}
    again = scrapy(offline, "crawl", "archive", "-a", f"path={live.articles}", "-a", "processes=1")
    assert again.returncode == 0, again.stderr
    assert len(offline.lines()) == len(live.lines())


def test_everything_the_mirrors_were_asked_for_is_archived_whole(live: Output, mirrors: Mirrors):
    asked = {hit.path for hit in mirrors.hits}
    archived = set()
    for path in live.articles.glob("*/archive/*.warc.gz"):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests="raise"):
                record.content_stream().read()
                if record.rec_type == "request":
                    archived.add(record.http_headers.statusline.split(" ")[0])
    assert archived == asked
    assert all(capture.notes["site"] for capture in ArchiveReader([live.articles]))


def test_reextract_says_what_differs_field_by_field(live: Output, tmp_path: Path):
    written = tmp_path / "before.jsonl"
    lines = live.lines()
    lines[0]["title"] = "Another headline"
    written.write_text("".join(json.dumps(line) + "\n" for line in lines[:-1]))
    diff = tmp_path / "diff.jsonl"
    done = scrapy(live, "reextract", str(live.articles), "--against", str(written), "--diff", str(diff), "--processes", "1")
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in diff.read_text().splitlines()]
    assert [(line["url"], line["before"]) for line in found if line["field"]] == [(lines[0]["url"], "Another headline")]
    assert lines[-1]["url"] in {line["url"] for line in found if line["change"] == "gained"}
    assert "title" in done.stdout


def test_a_snapshot_is_one_folder_and_the_same_command_renews_it(demo_mirrors: Mirrors, tmp_path: Path):
    url = f"{next(iter(demo_mirrors.addresses.values()))}/"
    words = ("snapshot", url, "--folder", str(tmp_path / "snapshot"), "-s", "NEWSCRAWLER_ALLOW_NETWORKS=127.0.0.0/8")
    for _ in range(2):
        done = scrapy(Output(tmp_path), *words)
        assert done.returncode == 0, done.stderr
    folder = tmp_path / "snapshot"
    names = {path.name for path in folder.iterdir()}
    assert names >= {"site.wacz", "articles.jsonl", "duplicates.jsonl", "README.txt", ".work"}
    articles = [json.loads(line) for line in (folder / "articles.jsonl").read_bytes().splitlines()]
    assert articles
    assert url in (folder / "README.txt").read_text("utf-8")
    with zipfile.ZipFile(folder / "site.wacz") as wacz:
        pages = [json.loads(line) for line in wacz.read("pages/pages.jsonl").splitlines()][1:]
    assert {page["url"] for page in pages} == {article["url"] for article in articles}


@pytest.mark.parametrize(
    "words",
    [
        ("crawl", "archive", "-a", "path="),
        ("crawl", "archive", "-a", "path=x", "-a", "colour=red"),
        ("reextract", "--against", "nowhere"),
        ("snapshot", "not an address"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(tmp_path: Path, words: tuple[str, ...]):
    done = scrapy(Output(tmp_path), *words)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1, done.stderr
