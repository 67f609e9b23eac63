"""SIGKILL at any instant loses nothing and doubles nothing: real crawls, really killed, run again by the same command."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from crawling import LIMIT, PROJECT, Output

from newscrawler.demo import Mirrors

KILLED = Path(__file__).parent / "crawls" / "killed.py"

MINUTES = 7.0
"""Longest time for the hundred: on an idle machine they take less."""

PLACES = ("fsync", "replace", "commit", "execute")
"""Calls inside commits, seals and the ledger's transactions at whose n-th the process kills itself (crawls/killed.py)."""


def die(output: Output, mirrors: Mirrors, place: str, count: int) -> int:
    """Crawl until the process kills itself at call number `count` of `place`; return its exit code."""
    words = [sys.executable, str(KILLED), place, str(count), *output.words(mirrors)]
    return subprocess.run(words, cwd=PROJECT, capture_output=True, timeout=LIMIT, check=False).returncode


def die_after(output: Output, mirrors: Mirrors, seconds: float) -> int:
    """Crawl for that long, then kill."""
    words = [sys.executable, "-m", "scrapy", *output.words(mirrors)]
    with subprocess.Popen(words, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
    return process.returncode


def check_recovery(output: Output, mirrors: Mirrors, expected: set[str]) -> None:
    """Assert that the same command, run again, ends with every listed page accounted for."""
    again = output.crawl(mirrors)
    assert again.returncode == 0, again.stderr
    output.check_promises()
    assert {line["url"] for line in (*output.lines(), *output.lines(aside=True))} == expected
    assert output.states()["pending"] == 0


@pytest.fixture
def expected(demo_mirrors: Mirrors, tmp_path: Path) -> set[str]:
    """Return the addresses of all articles, from a crawl that nobody disturbs."""
    calm = Output(tmp_path / "calm")
    assert calm.crawl(demo_mirrors).returncode == 0
    calm.check_promises()
    return {line["url"] for line in (*calm.lines(), *calm.lines(aside=True))}


def test_a_kill_loses_nothing(demo_mirrors: Mirrors, expected: set[str], tmp_path: Path) -> None:
    for place, count in (("fsync", 3), ("commit", 6), ("replace", 4)):
        output = Output(tmp_path / f"{place}-{count}")
        assert die(output, demo_mirrors, place, count) == -signal.SIGKILL, (place, count)
        check_recovery(output, demo_mirrors, expected)


@pytest.mark.torture
def test_a_hundred_kills_lose_nothing(demo_mirrors: Mirrors, expected: set[str], tmp_path: Path) -> None:
    chance = random.Random(20261124)
    killed, tried, end = 0, 0, time.monotonic() + 60 * MINUTES
    for number in range(100):
        if time.monotonic() > end:
            break
        tried += 1
        output = Output(tmp_path / str(number))
        if number % 2:
            killed += die(output, demo_mirrors, chance.choice(PLACES), chance.randint(1, 40)) == -signal.SIGKILL
        else:
            killed += die_after(output, demo_mirrors, chance.uniform(0.3, 4.0)) == -signal.SIGKILL
        check_recovery(output, demo_mirrors, expected)
    print(f"{killed} of {tried} crawls were killed before their end; none lost or doubled a page")
    assert killed > 0.6 * tried
