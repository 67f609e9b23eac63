"""Twenty thousand pages from nginx, over four hosts: neither memory nor the cost of a page grows with the pages read."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from statistics import mean

import pytest
from crawling import PROJECT

MINUTES = 5
"""After which it is stopped as a person would; the pages read by then are judged."""


@pytest.mark.torture
@pytest.mark.skipif(
    not (sys.platform == "linux" and shutil.which("nginx", path=f"/usr/sbin:{os.defpath}")),
    reason="no nginx, or no /proc to read memory from: apt-get install nginx-light",
)
def test_twenty_thousand_pages() -> None:
    words = [sys.executable, "-m", "benchmarks.soak", "--pages", "20000", "--minutes", str(MINUTES)]
    done = subprocess.run(words, cwd=PROJECT, capture_output=True, text=True, timeout=60 * MINUTES + 120, check=False)
    print(done.stdout)
    lines = [line.split() for line in done.stdout.splitlines() if line.split() and line.split()[0].isdigit()]
    assert len(lines) >= 4, done.stdout + done.stderr
    own, cost = ([float(line[column]) for line in lines] for column in (1, 3))
    quarter = len(lines) // 4
    second, last = slice(quarter, 2 * quarter), slice(-quarter, None)
    assert mean(own[last]) < 1.05 * mean(own[second])
    assert mean(cost[last]) < 1.5 * mean(cost[second])
    end = next(line.split() for line in done.stdout.splitlines() if line.split()[:1] == ["end"])
    assert float(end[1]) < 1.1 * own[-1]  # with the sealing
