"""A ledger that is locked, damaged, of another version or gone: the crawl ends with a sentence, and the next run heals it."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from crawling import LIMIT, Output
from faults import at_work, check_healed, check_refusal, run, scrapy

from newscrawler.demo import Mirrors
from newscrawler.exits import Exit


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
