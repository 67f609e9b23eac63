"""Crawls that something happens to: met at work, refused with a sentence, healed by the same command."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from crawling import LIMIT, PROJECT, Output

from newscrawler.demo import Mirrors
from newscrawler.exits import Exit

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
