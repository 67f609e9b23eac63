"""`scrapy runs` and `scrapy sites`: what is told of past runs, and of sites that have none."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console
from test_runs import PAGES, copies_of, crawl

from newscrawler.exits import Exit
from newscrawler.history import open_run
from newscrawler.ledger import Ledger
from newscrawler.overview import last_runs, past_runs
from newscrawler.printing import print_rows

ROOT = Path(__file__).parents[1]


def scrapy(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    settings = ("-s", f"NEWSCRAWLER_STATE={folder}", "-s", f"NEWSCRAWLER_SITES={folder / 'sites'}")
    command = [sys.executable, "-m", "scrapy", *words, *settings]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder whose ledger knows one finished run of two sites, and a second that was killed."""
    folder = tmp_path_factory.mktemp("state")
    crawl(folder, copies_of(PAGES))
    ledger = Ledger(folder / "ledger.db")
    with ledger.begin() as conn:
        open_run(conn, "a.example", "r2", 9e9)
    ledger.close()
    (folder / "sites").mkdir()
    (folder / "sites" / "later.toml").write_text('url = "https://later.example/"\n')
    return folder


def test_past_runs_are_told_newest_first(state: Path) -> None:
    path = state / "ledger.db"
    assert [past.run for past in past_runs(path, site="a.example")] == ["r2", "r1"]
    assert len(past_runs(path)) == 3
    assert len(past_runs(path, count=1)) == 1
    killed, finished = past_runs(path, site="a.example")
    assert killed.health.startswith("not finished")
    assert finished.health == "well"
    assert sum(past.kept for past in past_runs(path)) == 3


def test_each_site_has_its_last_run(state: Path) -> None:
    assert [(past.site, past.run) for past in last_runs(state / "ledger.db")] == [("a.example", "r2"), ("bb.example", "r1")]


def test_the_commands_print_lines_in_a_pipe(state: Path) -> None:
    sites = scrapy(state, "sites")
    assert [line.split("\t")[0] for line in sites.stdout.splitlines()] == ["site", "a.example", "bb.example", "later"]
    assert "declared, not crawled yet" in sites.stdout
    runs = scrapy(state, "runs", "bb.example")
    assert (runs.returncode, runs.stderr) == (Exit.OK, "")
    assert runs.stdout.splitlines()[1].startswith("bb.example\tr1\t")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("runs", "x\x1b[2J"), r"runs: x\x1b[2J: no run"),
        (("runs", "a", "b"), "at most one SITE"),
        (("sites", "a"), "no argument"),
    ],
    ids=["unknown site", "two sites", "an argument too many"],
)
def test_a_mistake_is_one_line(state: Path, words: tuple[str, ...], sentence: str) -> None:
    done = scrapy(state, *words)
    assert (done.returncode, done.stdout) == (Exit.USAGE, "")
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


def test_no_ledger_is_a_mistake_and_makes_none(tmp_path: Path) -> None:
    assert "nothing was crawled yet" in scrapy(tmp_path, "runs").stderr
    assert not (tmp_path / "ledger.db").exists()


def test_markup_and_control_characters_are_shown_not_obeyed() -> None:
    terminal = Console(file=io.StringIO(), force_terminal=True, width=80, color_system=None)
    print_rows(("site", "health"), [("[bold]m[/bold]", "\x1b[2Jfailed\n\u202e")], terminal)
    printed = terminal.file.getvalue()  # type: ignore[attr-defined]
    assert "[bold]m[/bold]" in printed
    assert r"\x1b[2Jfailed\n\u202e" in printed
