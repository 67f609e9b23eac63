"""What goes wrong around a crawl: signals, disks, ledgers. Each ends as a sentence; the next run heals it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from crawling import LIMIT, PROJECT, Output
from faults import articles, at_work, check_healed, check_refusal, run, scrapy

from newscrawler.demo import Mirrors
from newscrawler.exits import Exit
from newscrawler.extensions.bookkeeping import run_id
from newscrawler.ledger import LedgerError
from newscrawler.locks import hold_site

LIMITED = Path(__file__).parent / "crawls" / "limited.py"


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
