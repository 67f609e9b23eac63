"""Crawls of real servers from end to end: what a person types, and what is there afterwards."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from crawling import LIMIT, PROJECT, Output
from servers import MIRRORS, Faults, serve_faulty

from newscrawler.demo import Mirrors
from newscrawler.exits import Exit

TRUTH = [json.loads(line) for line in (MIRRORS.parent / "truth.jsonl").read_text("utf-8").splitlines()]
ARTICLES = Counter(row["path"] for row in TRUTH if row["kind"] == "article")


def paths(lines: list[dict[str, object]]) -> Counter[str]:
    return Counter(unquote(urlsplit(str(line["url"])).path) for line in lines)


def pages_answered(mirrors: Mirrors, status: int, since: int = 0) -> list[str]:
    return [hit.path for hit in mirrors.hits[since:] if hit.status == status and hit.path in ARTICLES]


def scrapy(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scrapy", *words]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=LIMIT, check=False)


def test_three_runs(demo_mirrors: Mirrors, tmp_path: Path) -> None:
    """The first run reads all, the second fetches nothing again, the third finds what was changed and nothing else."""
    output = Output(tmp_path)
    first = output.crawl(demo_mirrors)
    assert (first.returncode, first.stderr) == (Exit.OK, "")
    output.check_promises()
    assert paths([*output.lines(), *output.lines(aside=True)]) == ARTICLES
    assert output.states()["pending"] == 0

    lines, hits = len(output.lines()), len(demo_mirrors.hits)
    second = output.crawl(demo_mirrors)
    assert (second.returncode, second.stderr) == (Exit.OK, "")
    assert pages_answered(demo_mirrors, 200, hits) == []
    assert len(output.lines()) == lines

    changed = [line for line in output.lines() if line["version"] == 1][:3]
    for line in changed:
        edit(demo_mirrors, line["url"])
    third = output.crawl(demo_mirrors)
    assert (third.returncode, third.stderr) == (Exit.OK, "")
    output.check_promises()
    newer = [line for line in output.lines() if line["version"] == 2]
    assert {line["id"] for line in newer} == {line["id"] for line in changed}
    old = {line["id"]: line["content_hash"] for line in changed}
    assert all(line["previous_hash"] == old[line["id"]] != line["content_hash"] for line in newer)


def edit(mirrors: Mirrors, url: str) -> None:
    """Add a sentence to the first paragraph of the page at `url`."""
    name = next(name for name, address in mirrors.addresses.items() if url.startswith(address))
    path = unquote(urlsplit(url).path)
    file = mirrors.files[name][path]
    where = file.content.index(b"</p>")
    content = file.content[:where] + b" The report was updated on Thursday, its editors said." + file.content[where:]
    mirrors.files[name][path] = replace(file, content=content)


def test_a_new_layout_is_noticed_and_learned(demo_mirrors: Mirrors, tmp_path: Path) -> None:
    """Pages that stop fitting the profile are read again with a new version of it, and the run says so."""
    output = Output(tmp_path)
    assert output.crawl(demo_mirrors).returncode == Exit.OK
    for files in demo_mirrors.files.values():
        for path, file in files.items():
            if path in ARTICLES:
                content = re.sub(rb'(class|id)="([\w-]+)', rb'\1="new-\2', file.content)
                files[path] = replace(
                    file, content=content.replace(b"<body", b"<body data-v='2'").replace(b"<p>", b"<p><!-- 2 -->")
                )
    again = output.crawl(demo_mirrors, "recheck=all")
    assert "do not fit the profile: learned anew" in again.stderr
    output.check_promises()
    drifted = [report for report in output.reports() if "drift" in (report["profile"] or {})]
    assert drifted
    for report in drifted:
        assert report["profile"]["version"] == 2
        assert (output.state / "profiles" / f"{report['site']}.v1.json").exists()


def test_a_meta_refresh_is_followed_to_the_article(demo_mirrors: Mirrors, tmp_path: Path) -> None:
    files = demo_mirrors.files["relay"]
    path = next(path for path in sorted(files) if path in ARTICLES)
    files["/moved/here.html"] = files[path]
    files[path] = replace(
        files[path], content=b"<html><head><meta http-equiv=refresh content='0; url=/moved/here.html'></head></html>"
    )
    loop = next(other for other in sorted(files) if other in ARTICLES and other != path)
    files["/loop.html"] = replace(files[loop], content=f"<meta http-equiv=refresh content='0; url={loop}'>".encode())
    files[loop] = replace(files[loop], content=b"<meta http-equiv=refresh content='0; url=/loop.html'>")
    output = Output(tmp_path)
    assert output.crawl(demo_mirrors).returncode == Exit.OK
    output.check_promises()
    (moved,) = [line for line in (*output.lines(), *output.lines(aside=True)) if unquote(urlsplit(line["url"]).path) == path]
    assert moved["title"] in {row["title"] for row in TRUTH if row["path"] == path}
    assert output.states()["failed"] == 1


def test_learn_prints_what_changed(demo_mirrors: Mirrors, tmp_path: Path) -> None:
    output = Output(tmp_path)
    address = f"{next(iter(demo_mirrors.addresses.values()))}/"
    places = [w for s in output.settings() for w in ("-s", s)]
    first = scrapy("learn", address, *places)
    assert first.returncode == Exit.OK, first.stderr
    assert "version 1, from" in first.stdout
    assert any(line.startswith("+ ") for line in first.stdout.splitlines())
    second = scrapy("learn", address, *places)
    assert "version 2, from" in second.stdout
    assert not [line for line in second.stdout.splitlines() if line.startswith(("+ ", "- "))]
    assert output.lines() == []


def test_a_server_that_fails_once_a_page_is_read_whole(tmp_path: Path) -> None:
    output = Output(tmp_path)
    with serve_faulty(MIRRORS, Faults(retry_after="1")) as mirrors:
        done = output.crawl(mirrors)
    assert done.returncode == Exit.OK, done.stderr
    output.check_promises()
    assert paths([*output.lines(), *output.lines(aside=True)]) == ARTICLES


def test_limit_and_since(demo_mirrors: Mirrors, tmp_path: Path) -> None:
    few = Output(tmp_path / "few")
    assert few.crawl(demo_mirrors, "limit=6").returncode == Exit.OK
    assert all(sum(report["this_run"].values()) == 6 for report in few.reports())
    late = Output(tmp_path / "late")
    late.crawl(demo_mirrors, "since=2024-03-25", "until=2024-03-27")
    lines = late.lines()
    assert lines
    assert all("2024-03-25" <= line["timestamp"][:10] <= "2024-03-28" for line in lines)


def test_a_site_that_lists_nothing_says_what_was_tried(demo_mirrors: Mirrors, tmp_path: Path) -> None:
    for files in demo_mirrors.files.values():
        for path in [path for path in files if "sitemap" in path or path.endswith((".txt", "/"))]:
            del files[path]
    output = Output(tmp_path)
    done = output.crawl(demo_mirrors)
    assert done.returncode == Exit.NOTHING_LISTED
    for report in output.reports():
        assert any(tried.endswith("/sitemap.xml") for tried in report["discovery"]["tried"])
        assert "sitemap" in report["discovery"]["advice"]


def test_a_second_crawl_of_the_same_site_is_refused(demo_mirrors: Mirrors, tmp_path: Path) -> None:
    output = Output(tmp_path)
    words = [sys.executable, "-m", "scrapy", *output.words(demo_mirrors), "-s", "DOWNLOAD_DELAY=0.2"]
    with subprocess.Popen(words, cwd=PROJECT, stderr=subprocess.DEVNULL) as first:
        while not list(output.state.glob("*.lock")):
            assert first.poll() is None
        second = output.crawl(demo_mirrors)
        first.terminate()
    assert second.returncode == Exit.BROKEN
    assert "is being crawled by another process" in second.stderr
    assert "Traceback" not in second.stderr
