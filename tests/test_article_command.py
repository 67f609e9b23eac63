"""`scrapy article`: of a saved page, of an address, and of what is neither."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree, html
from servers import MIRRORS

from newscrawler.article_page import article_page
from newscrawler.demo import Mirrors
from newscrawler.exits import Exit
from newscrawler.extraction import extract

ROOT = Path(__file__).parents[1]
PATH = "business/20240327/10564.html"
SAVED = MIRRORS / "huiwen" / PATH
TITLE = "海川储能拟募资18亿元扩建钠离子电池产线"


def article(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    settings = ("-s", f"NEWSCRAWLER_STATE={folder}", "-s", "DOWNLOAD_DELAY=0")
    command = [sys.executable, "-m", "scrapy", "article", *words, *settings]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_a_saved_page_and_its_address_give_the_same_article(demo_mirrors: Mirrors, tmp_path: Path) -> None:
    url = f"{demo_mirrors.addresses['huiwen']}/{PATH}"
    saved, fetched = article(tmp_path, str(SAVED), "--url", url), article(tmp_path, url)
    assert (saved.returncode, saved.stderr, fetched.returncode, fetched.stderr) == (Exit.OK, "", Exit.OK, "")
    one, other = json.loads(saved.stdout), json.loads(fetched.stdout)
    assert one["title"] == TITLE
    assert one["evidence"]["title"]
    assert {name for name in one if one[name] != other[name]} <= {"fetched_at"}


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("none\x1b[2J.html",), Exit.USAGE, r"none\x1b[2J.html: No such file or directory"),
        (("http://169.254.169.254.nip.invalid/",), Exit.FAILURES, "not fetched"),
        ((str(ROOT / "README.md"), "--url", "nowhere"), Exit.USAGE, "not an http(s) address"),
        ((str(MIRRORS / "relay" / "robots.txt"),), Exit.FAILURES, "no article was found"),
    ],
    ids=["no such file", "no such host", "a bad address", "no article"],
)
def test_a_mistake_is_one_line(tmp_path: Path, words: tuple[str, ...], code: Exit, sentence: str) -> None:
    done = article(tmp_path, *words)
    assert (done.returncode, done.stdout) == (code, "")
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_address_that_is_refused_is_said_to_be(demo_mirrors: Mirrors, tmp_path: Path) -> None:
    done = article(tmp_path, f"{demo_mirrors.addresses['huiwen']}/nothing.html")
    assert (done.returncode, done.stdout) == (Exit.FAILURES, "")
    assert "the server answered 404" in done.stderr


def test_the_view_marks_what_was_read() -> None:
    page = SAVED.read_text("utf-8")
    view = html.document_fromstring(article_page(page, "https://m.example/1", extract(page, "https://m.example/1")))
    marks = {kind: [p.findtext("bdi") for p in view.findall(f".//p[@class='block {kind}']")] for kind in ("title", "body")}
    assert TITLE in marks["title"]
    assert len(marks["body"]) >= 6
    assert view.find(".//del") is not None


@pytest.mark.parametrize("title", ["<script>alert(1)</script>", "\x1b[2J & \u202e \" '"])
def test_the_view_is_well_formed_whatever_the_page(title: str) -> None:
    page = SAVED.read_text("utf-8").replace(TITLE, title.replace("<", "&lt;"))
    for read in (extract(page, "https://m.example/1"), None):
        tree = etree.fromstring(article_page(page, "https://m.example/<1>", read).encode().removeprefix(b"<!DOCTYPE html>\n"))
        assert tree.find(".//script") is None
