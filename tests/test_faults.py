"""What goes wrong around a crawl: signals, disks, ledgers. Each ends as a sentence; the next run heals it."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from crawling import LIMIT, PROJECT, Output

from newscrawler.demo import Mirrors
from newscrawler.exits import Exit

LIMITED = Path(__file__).parent / "crawls" / "limited.py"
SLOW = ("-s", "DOWNLOAD_DELAY=0.1")
"""Slow enough that a signal meets the crawl at work."""


def scrapy(output: Output, *words: str) -> list[str]:
    paths = (f"NEWSCRAWLER_OUTPUT={output.articles}", f"NEWSCRAWLER_STATE={output.state}")
    return [sys.executable, "-m", "scrapy", *words, *[word for path in paths for word in ("-s", path)]]


def run(words: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, cwd=PROJECT, capture_output=True, text=True, timeout=LIMIT, check=False)


def check_refusal(done: subprocess.CompletedProcess[str], sentence: str) -> None:
    """Assert that the crawl ended with code 3 and a sentence, not with a traceback."""
    assert (done.returncode, "Traceback" in done.stderr) == (Exit.BROKEN, False), done.stderr
    assert sentence in done.stderr, done.stderr


def check_healed(output: Output, mirrors: Mirrors) -> None:
    """Assert that the same command, run again, ends with all articles, once each."""
    again = output.crawl(mirrors)
    assert (again.returncode, "Traceback" in again.stderr) == (Exit.OK, False), again.stderr
    output.check_promises()
    assert len({line["url"] for line in (*output.lines(), *output.lines(aside=True))}) == articles(mirrors)
    assert output.states()["pending"] == 0


def articles(mirrors: Mirrors) -> int:
    """Return how many articles the demo's mirrors hold, by their truth."""
    truth = PROJECT / "data" / "demo" / "truth.jsonl"
    return sum('"kind":"article"' in line.replace(" ", "") for line in truth.read_text("utf-8").splitlines())


@pytest.fixture
def output(tmp_path: Path) -> Output:
    return Output(tmp_path)


@contextmanager
def at_work(output: Output, mirrors: Mirrors) -> Iterator[subprocess.Popen[str]]:
    """Yield a crawl that has written some articles and has more to read: its sites were learned before."""
    assert output.crawl(mirrors, "learn=only").returncode == Exit.OK
    words = [sys.executable, "-m", "scrapy", *output.words(mirrors), *SLOW]
    with subprocess.Popen(words, cwd=PROJECT, stderr=subprocess.PIPE, text=True) as process:
        try:
            wait_for(lambda: any(path.stat().st_size for path in output.articles.glob("*/*.journal.part")), process)
            yield process
        finally:
            with suppress(ProcessLookupError):
                process.kill()


def wait_for(true: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + LIMIT
    while not true():
        assert process.poll() is None and time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_seals_what_was_read(demo_mirrors: Mirrors, output: Output, number: signal.Signals) -> None:
    with at_work(output, demo_mirrors) as process:
        process.send_signal(number)
        _, errors = process.communicate(timeout=LIMIT)
    assert (process.returncode, "Traceback" in errors) == (Exit.INTERRUPTED, False), errors
    output.check_promises()
    assert {report["status"] for report in output.reports()[-len(demo_mirrors.addresses) :]} == {"interrupted"}
    assert output.lines() and output.states()["pending"]
    check_healed(output, demo_mirrors)


@pytest.mark.torture
def test_two_signals_stop_at_once_and_lose_nothing(demo_mirrors: Mirrors, output: Output) -> None:
    with at_work(output, demo_mirrors) as process:
        process.send_signal(signal.SIGINT)
        time.sleep(0.05)
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=LIMIT)
    assert process.returncode != Exit.OK
    check_healed(output, demo_mirrors)


@pytest.mark.parametrize("size", [30_000, pytest.param(150_000, marks=pytest.mark.torture)])
def test_a_full_disk_ends_the_crawl_with_a_sentence(demo_mirrors: Mirrors, output: Output, size: int) -> None:
    """RLIMIT_FSIZE stands for the full disk: a write beyond it fails, as it would there."""
    check_refusal(run([sys.executable, str(LIMITED), str(size), *output.words(demo_mirrors)]), "stopped: ")
    check_healed(output, demo_mirrors)


@pytest.mark.torture
def test_an_output_that_is_no_folder(demo_mirrors: Mirrors, output: Output) -> None:
    """A file in the folder's place cannot be written into by root either, as a read-only folder could."""
    output.articles.write_text("in the way")
    check_refusal(output.crawl(demo_mirrors), str(output.articles))
    output.articles.unlink()
    check_healed(output, demo_mirrors)


def test_a_locked_ledger(demo_mirrors: Mirrors, output: Output) -> None:
    output.state.mkdir()
    with closing(sqlite3.connect(output.state / "ledger.db", isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("BEGIN IMMEDIATE")
        check_refusal(output.crawl(demo_mirrors), "is locked by another process")


def damage(path: Path) -> None:
    """Overwrite the middle of every page of the ledger but the first."""
    data = bytearray(path.read_bytes())
    for start in range(4096, len(data), 4096):
        data[start : start + 200] = os.urandom(200)
    path.write_bytes(data)


def age(path: Path) -> None:
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("PRAGMA user_version = 77")


def truncate(path: Path) -> None:
    path.write_bytes(b"this is no database at all, " * 400)


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        pytest.param(damage, "is damaged", marks=pytest.mark.torture),
        (truncate, "is damaged"),
        pytest.param(age, "has schema version 77", marks=pytest.mark.torture),
    ],
)
def test_a_ledger_that_cannot_be_read(
    demo_mirrors: Mirrors, output: Output, harm: Callable[[Path], None], sentence: str
) -> None:
    assert output.crawl(demo_mirrors, "limit=12").returncode == Exit.OK
    harm(output.state / "ledger.db")
    check_refusal(output.crawl(demo_mirrors), sentence)
    assert run(scrapy(output, "rebuild")).returncode == Exit.OK
    check_healed(output, demo_mirrors)


def test_a_journal_that_a_person_deleted(demo_mirrors: Mirrors, output: Output) -> None:
    with at_work(output, demo_mirrors) as process:
        process.kill()
    for path in output.articles.glob("*/*.journal.part"):
        path.unlink()
    check_refusal(output.crawl(demo_mirrors), "or run `scrapy rebuild`")
    assert run(scrapy(output, "rebuild")).returncode == Exit.OK
    check_healed(output, demo_mirrors)


@pytest.mark.torture
def test_a_clock_set_back(demo_mirrors: Mirrors, output: Output) -> None:
    """The first part of the crawl was a year ahead: what comes after is earlier by the clock."""
    assert output.crawl(demo_mirrors, "limit=12").returncode == Exit.OK
    with closing(sqlite3.connect(output.state / "ledger.db")) as conn, conn:
        conn.execute("UPDATE runs SET started = started + 31536000, ended = ended + 31536000")
        conn.execute("UPDATE urls SET fetched = fetched + 31536000, due = due + 31536000")
    check_healed(output, demo_mirrors)
