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
from newscrawler.extensions.bookkeeping import run_id
from newscrawler.ledger import LedgerError
from newscrawler.locks import hold_site

LIMITED = Path(__file__).parent / "crawls" / "limited.py"
SLOW = 0.1
"""Seconds between requests: slow enough that a signal meets the crawl at work."""


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
def at_work(
    output: Output, mirrors: Mirrors, env: dict[str, str] | None = None, delay: float = SLOW
) -> Iterator[subprocess.Popen[str]]:
    """Yield a crawl that has written some articles and has more to read: its sites were learned before."""
    assert output.crawl(mirrors, "learn=only").returncode == Exit.OK
    words = [sys.executable, "-m", "scrapy", *output.words(mirrors), "-s", f"DOWNLOAD_DELAY={delay}"]
    with subprocess.Popen(words, cwd=PROJECT, env=env, stderr=subprocess.PIPE, text=True) as process:
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
        time.sleep(1)  # the ledger's part of the commit follows the journal's
        process.kill()
    for path in output.articles.glob("*/*.journal.part"):
        path.unlink()
    check_refusal(output.crawl(demo_mirrors), "or run `scrapy rebuild`")
    assert run(scrapy(output, "rebuild")).returncode == Exit.OK
    check_healed(output, demo_mirrors)


@pytest.mark.torture
def test_a_ledger_that_fails_while_the_crawl_is_at_work(demo_mirrors: Mirrors, output: Output) -> None:
    """Whoever asks it next, the frontier, a commit or the stories, ends the crawl with a sentence."""
    with at_work(output, demo_mirrors, delay=0.3) as process:
        with closing(sqlite3.connect(output.state / "ledger.db", timeout=30)) as other:
            other.execute("DROP TABLE urls")
        _, errors = process.communicate(timeout=LIMIT)
    assert (process.returncode, "Traceback" in errors) == (Exit.BROKEN, False), errors
    assert "cannot be used: no such table: urls" in errors
    assert run(scrapy(output, "rebuild")).returncode == Exit.OK
    check_healed(output, demo_mirrors)


FAKETIME = next(Path("/usr").glob("lib/*/faketime/libfaketime.so.1"), None)
ONLY_WITH_FAKETIME = pytest.mark.skipif(FAKETIME is None, reason="no libfaketime: apt-get install libfaketime")
ONLY_ROOT = pytest.mark.skipif(
    not (sys.platform == "linux" and os.geteuid() == 0), reason="a disk of one's own is mounted by root, on Linux"
)


def at_another_time(timing: str, **more: str) -> dict[str, str]:
    """Return the environment of a process whose clock is set; how long something takes it knows by the true one."""
    return {**os.environ, "LD_PRELOAD": str(FAKETIME), "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME": timing, **more}


@pytest.mark.torture
@ONLY_WITH_FAKETIME
def test_a_clock_set_back_between_runs(demo_mirrors: Mirrors, output: Output) -> None:
    """The first run was a year ahead: what comes after is earlier by the clock, and later in every order."""
    words = [sys.executable, "-m", "scrapy", *output.words(demo_mirrors, "limit=12")]
    ahead = subprocess.run(words, cwd=PROJECT, env=at_another_time("+365d"), capture_output=True, timeout=LIMIT, check=False)
    assert ahead.returncode == Exit.OK, ahead.stderr
    check_healed(output, demo_mirrors)
    reports = output.reports()
    assert reports[0]["started"] > reports[-1]["started"]
    assert reports[0]["run"] < reports[-1]["run"]


@pytest.mark.torture
@ONLY_WITH_FAKETIME
def test_a_clock_set_back_within_a_run(demo_mirrors: Mirrors, output: Output, tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    clock.write_text("+0")
    told = at_another_time("", FAKETIME_TIMESTAMP_FILE=str(clock), FAKETIME_NO_CACHE="1")
    del told["FAKETIME"]
    with at_work(output, demo_mirrors, env=told) as process:
        clock.write_text("-400d")
        _, errors = process.communicate(timeout=LIMIT)
    assert (process.returncode, "Traceback" in errors) == (Exit.OK, False), errors
    check_healed(output, demo_mirrors)


def test_names_of_runs_never_go_back() -> None:
    assert run_id(1_700_000_000.0) == run_id(1_700_000_000.0, "20230101T000000Z") == "20231114T221320Z"
    assert run_id(1_700_000_000.0, "20231114T221320Z") == "20231114T221321Z"
    assert run_id(1_700_000_000.0, "20991231T235959Z") == "21000101T000000Z"


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Callable[[str], None]]:
    """Mount a disk in memory on `folder`; yield what mounts it again with other options."""
    folder.mkdir()

    def mount(*words: str) -> None:
        done = subprocess.run(["mount", *words, str(folder)], capture_output=True, check=False)
        if done.returncode:
            pytest.skip(f"no disk can be mounted here: {done.stderr.decode().strip()}")

    mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs")
    try:
        yield lambda options: mount("-o", f"remount,{options}")
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.torture
@ONLY_ROOT
@pytest.mark.parametrize(("place", "size"), [("articles", "60k"), ("state", "200k")])
def test_a_small_disk_that_is_full(demo_mirrors: Mirrors, output: Output, place: str, size: str) -> None:
    with small_disk(output.folder / place, size) as remount:
        check_refusal(output.crawl(demo_mirrors), "No space left" if place == "articles" else "is full")
        remount("size=50m")
        check_healed(output, demo_mirrors)


@pytest.mark.torture
@ONLY_ROOT
@pytest.mark.parametrize("place", ["articles", "state"])
def test_a_disk_that_turns_read_only(demo_mirrors: Mirrors, output: Output, place: str) -> None:
    with small_disk(output.folder / place, "50m") as remount:
        assert output.crawl(demo_mirrors, "limit=12").returncode == Exit.OK
        remount("ro")
        check_refusal(output.crawl(demo_mirrors), "Read-only" if place == "articles" else "cannot be used")
        remount("rw")
        check_healed(output, demo_mirrors)


def test_a_site_is_crawled_by_one_at_a_time(tmp_path: Path) -> None:
    with (
        hold_site(tmp_path, "a.example"),
        hold_site(tmp_path, "b.example"),
        pytest.raises(LedgerError, match=r"site a\.example is being crawled by another process"),
        hold_site(tmp_path, "a.example"),
    ):
        pass
    with hold_site(tmp_path, "a.example"):
        pass


@pytest.mark.torture
def test_two_crawls_of_one_site_at_once(demo_mirrors: Mirrors, output: Output) -> None:
    with at_work(output, demo_mirrors, delay=3.0) as process:
        check_refusal(output.crawl(demo_mirrors), "is being crawled by another process")
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=LIMIT)
    assert process.returncode == Exit.INTERRUPTED, errors
    output.check_promises()
    check_healed(output, demo_mirrors)


@pytest.mark.torture
@pytest.mark.parametrize("pattern", ["*.jsonl", "*.duplicates.jsonl", "*.json", "*"])
def test_output_that_a_person_deleted(demo_mirrors: Mirrors, output: Output, pattern: str) -> None:
    assert output.crawl(demo_mirrors).returncode == Exit.OK
    folder = min(path for path in output.articles.iterdir() if list(path.glob(pattern)))
    for path in folder.glob(pattern):
        path.unlink()
    assert run(scrapy(output, "rebuild")).returncode == Exit.OK
    again = output.crawl(demo_mirrors)
    assert (again.returncode, "Traceback" in again.stderr) == (Exit.OK, False), again.stderr
    urls = [line["url"] for line in (*output.lines(), *output.lines(aside=True))]
    assert (len(urls), len(set(urls))) == (articles(demo_mirrors),) * 2
    assert output.states()["pending"] == 0
