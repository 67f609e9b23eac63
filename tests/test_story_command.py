"""`scrapy story`: what a small run leaves in the ledger, told of one story."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from story_texts import BRIDGE, RIVER
from test_runs import crawl

from newscrawler.commands.story import look_up, show
from newscrawler.exits import Exit
from newscrawler.items import Article, article_id
from newscrawler.ledger import Ledger
from newscrawler.provenance import Provenance, find_article, provenance_of

ORIGINAL = "https://paper.example/bridge?sid=4711"
HALF = len(BRIDGE) // 2


def page(site: str, url: str, body: str, when: str | None, source: str | None = None, source_url: str | None = None) -> Article:
    said = {"timestamp": when, "source": source, "source_url": source_url}
    return Article(id=article_id(url), url=url, canonical_url=url, site=site, body=body, **said)


PAPER = page("paper.example", ORIGINAL, BRIDGE, "2024-03-10T08:00:00+08:00", "柳河报")
CUT = page("a.example", "https://a.example/1", BRIDGE[:300], "2024-03-11T08:00:00+08:00", "柳河报", ORIGINAL)
LATE = page("b.example", "https://b.example/1", f"\x1b[2J本站讯。\n{BRIDGE}", None, "柳河\x1b[31m报\u202e", ORIGINAL)
OTHER = page("b.example", "https://b.example/2", RIVER, "2024-03-09T08:00:00+08:00")
FIRST_HALF = page("a.example", "https://a.example/2", BRIDGE[: HALF + 20], "2024-03-12T08:00:00+08:00")
SECOND_HALF = page("b.example", "https://b.example/3", BRIDGE[HALF - 40 :], "2024-03-12T09:00:00+08:00")


def told(folder: Path, pages: list[Article], known_as: str) -> Provenance:
    crawl(folder, [replace(one) for one in pages])
    ledger = Ledger(folder / "ledger.db")
    found = provenance_of(ledger, find_article(ledger, known_as) or "")
    ledger.close()
    assert found is not None
    return found


@pytest.mark.parametrize("known_as", [CUT.id, CUT.url, f"{CUT.url}?utm_source=feed#top", LATE.url])
def test_any_copy_leads_to_all_of_them(tmp_path: Path, known_as: str) -> None:
    found = told(tmp_path, [LATE, OTHER, CUT, PAPER], known_as)
    assert [copy.url for copy in found.members] == [PAPER.url, CUT.url, LATE.url]
    assert {copy.cluster for copy in found.members} == {PAPER.id}
    assert [copy.reason for copy in found.members] == [None, "copy", "copy"]


@pytest.mark.parametrize(
    ("pages", "earliest", "agree"),
    [
        ([PAPER, CUT, LATE], PAPER.url, True),
        ([replace(PAPER, timestamp="2024-03-12T08:00:00+08:00"), CUT, LATE], CUT.url, False),
        ([CUT, LATE], CUT.url, None),
        ([LATE], None, None),
    ],
    ids=["original first", "copy first", "original not seen", "no date"],
)
def test_the_declared_original_and_the_earliest_copy(
    tmp_path: Path, pages: list[Article], earliest: str | None, agree: bool | None
) -> None:
    found = told(tmp_path, pages, LATE.url)
    assert found.declared.source_url == ORIGINAL
    assert (found.earliest.url if found.earliest else None) == earliest
    assert found.agree is agree


def test_a_merge_is_told(tmp_path: Path) -> None:
    found = told(tmp_path, [FIRST_HALF, SECOND_HALF, PAPER], SECOND_HALF.id)
    assert len(found.members) == 3
    assert [(merge.source, merge.target, merge.article) for merge in found.merges] == [
        (SECOND_HALF.id, FIRST_HALF.id, PAPER.id)
    ]


def story(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scrapy", "story", *words, "-s", f"NEWSCRAWLER_STATE={folder}"]
    root = Path(__file__).parents[1]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=60, check=False)


def test_a_pipe_gets_tab_separated_lines(tmp_path: Path) -> None:
    crawl(tmp_path, [replace(one) for one in (PAPER, CUT, LATE, OTHER)])
    done = story(tmp_path, LATE.url)
    assert done.returncode == Exit.OK, done.stderr
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    assert [line[-1] for line in lines[:4]] == ["url", PAPER.url, CUT.url, LATE.url]
    assert lines[3][2] == r"柳河\x1b[31m报\u202e"
    assert ["agree", "yes: the earliest seen copy is the declared original's"] in lines
    assert "\x1b" not in done.stdout


def test_what_is_not_known_is_one_line(tmp_path: Path) -> None:
    crawl(tmp_path, [replace(CUT)])
    done = story(tmp_path, "no\nsuch")
    assert (done.returncode, done.stdout) == (Exit.USAGE, "")
    assert done.stderr == "newscrawler: story: no article is known as no\\nsuch\n"


@pytest.mark.parametrize("words", [[], ["https://a.example/9"], ["0" * 32], ["http://["], [""], [CUT.id, CUT.url]])
def test_what_names_no_article_is_refused(tmp_path: Path, words: list[str]) -> None:
    with pytest.raises(ValueError, match=r"no ledger|is needed"):
        look_up(tmp_path / "ledger.db", words)
    crawl(tmp_path, [replace(CUT)])
    with pytest.raises(ValueError, match=r"is known|is needed"):
        look_up(tmp_path / "ledger.db", words)


def test_a_terminal_gets_a_table_without_what_it_would_obey(tmp_path: Path) -> None:
    terminal = Console(file=io.StringIO(), force_terminal=True, width=200, color_system=None)
    show(told(tmp_path, [PAPER, CUT, LATE], PAPER.url), terminal)
    printed = terminal.file.getvalue()  # type: ignore[attr-defined]
    assert printed.index(PAPER.url) < printed.index(CUT.url) < printed.index(LATE.url)
    assert r"柳河\x1b[31m报" in printed
    assert "\x1b[31m" not in printed
