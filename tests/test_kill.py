"""SIGKILL at any instant loses nothing and doubles nothing: real crawls, really killed, run again by the same command."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from crawling import LIMIT, PROJECT, Output
from forking import asked, forking

from newscrawler.demo import Mirrors

KILLED = Path(__file__).parent / "crawls" / "killed.py"

PLACES = {"fsync": 20, "replace": 10, "commit": 41, "execute": 521}
"""Calls inside commits, seals and the ledger's transactions at whose n-th the process kills itself (crawls/killed.py) -> how
many of them a crawl of the demo has, about."""

REQUESTS, SEALING = 50, 0.4
"""Of a crawl of the demo, about: what the mirrors are asked, and seconds from its last request to its end."""


def check_recovered(output: Output, expected: set[str]) -> None:
    """Assert that the crawl, killed and run again, ended with every listed page accounted for."""
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
        words = [sys.executable, str(KILLED), place, str(count), *output.words(demo_mirrors)]
        killed = subprocess.run(words, cwd=PROJECT, capture_output=True, timeout=LIMIT, check=False)
        assert killed.returncode == -signal.SIGKILL, (place, count)
        again = output.crawl(demo_mirrors)
        assert again.returncode == 0, again.stderr
        check_recovered(output, expected)


@pytest.mark.torture
def test_a_hundred_kills_lose_nothing(demo_mirrors: Mirrors, expected: set[str], tmp_path: Path) -> None:
    """Half of the kills come from inside, at a call of PLACES; half from outside, at any instant from start to seal."""
    chance = random.Random(20261124)
    inside = outside = 0
    with forking(tmp_path) as forks:
        for number in range(100):
            output = Output(tmp_path / str(number))
            words = output.words(demo_mirrors)
            if number % 2:
                place = chance.choice(list(PLACES))
                inside += forks.run(words, kill_at=(place, chance.randint(1, PLACES[place]))) == -signal.SIGKILL
            else:
                instant = asked(demo_mirrors, chance.randint(0, REQUESTS), chance.uniform(0, SEALING))
                outside += forks.run(words, kill_when=instant) == -signal.SIGKILL
            assert forks.run(words) == 0, forks.said.read_text()
            check_recovered(output, expected)
    print(f"killed before their end: {inside} of 50 inside a commit or a seal, {outside} of 50 anywhere; none lost or doubled")
    assert min(inside, outside) > 30
