"""What a watcher sees of a crawl: lines in a pipe, a table on a terminal, nothing where warnings alone are wanted."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from crawling import LIMIT, PROJECT, Output
from rich.console import Console

from newscrawler.demo import Mirrors
from newscrawler.exits import Exit
from newscrawler.progress import Progress, progress_table

HALF_WAY = Progress("m.example", 2_000, 1_000, 100.0, {"kept": 700, "duplicate": 250, "failed": 30, "http_error": 20})


@pytest.mark.parametrize(
    ("progress", "line"),
    [
        (
            HALF_WAY,
            "m.example: 2,000 listed, 1,000 done, 700 kept, 250 duplicates, 50 failures, 10.0 pages/s, 0:01:40 time left",
        ),
        (Progress("m\x1b[2J", 0, 0, 0.0), r"m\x1b[2J: 0 listed, 0 done, 0 kept, 0 duplicates, 0 failures, 0.0 pages/s"),
    ],
    ids=["half way", "nothing yet"],
)
def test_a_line_says_it_all(progress: Progress, line: str) -> None:
    assert progress.line() == line


def test_a_table_shows_those_with_the_most_to_do() -> None:
    terminal = Console(file=io.StringIO(), force_terminal=True, width=100, color_system=None)
    terminal.print(progress_table([Progress(f"[red]{n}", 9, n, 1.0) for n in range(5)], rows=2))
    printed = terminal.file.getvalue()  # type: ignore[attr-defined]
    assert "[red]4" in printed
    assert "[red]2" not in printed
    assert "and 3 more sites" in printed


def test_a_pipe_gets_plain_lines(demo_mirrors: Mirrors, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "scrapy", *Output(tmp_path).words(demo_mirrors), "-L", "INFO"]
    done = subprocess.run(words, cwd=PROJECT, capture_output=True, text=True, timeout=LIMIT, check=False)
    assert done.returncode == Exit.OK
    assert done.stderr.count("pages/s") == 2
    assert "26 listed, 26 done, " in done.stderr
    assert "\x1b" not in done.stderr


def test_a_terminal_gets_a_table_and_the_log_above_it(demo_mirrors: Mirrors, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "scrapy", *Output(tmp_path).words(demo_mirrors), "-L", "INFO"]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120", "LINES": "40"}
    with subprocess.Popen(words, cwd=PROJECT, stderr=theirs, stdout=theirs, env=environment) as crawl:
        os.close(theirs)
        printed = read_all(ours)
    assert crawl.returncode == Exit.OK
    assert "time left" in printed
    assert "26 listed, 26 new" in printed
    assert "Traceback" not in printed


def read_all(terminal: int) -> str:
    parts = []
    try:
        while part := os.read(terminal, 65536):
            parts.append(part)
    except OSError:  # how Linux says that the other side has closed
        pass
    finally:
        os.close(terminal)
    return b"".join(parts).decode("utf-8", "replace")
