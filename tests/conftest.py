"""Fixtures that several test files share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from crawling import Output
from servers import MIRRORS

from newscrawler.demo import Mirrors, serve


@pytest.fixture
def demo_mirrors() -> Iterator[Mirrors]:
    """Return the demo's two mirrors, served on loopback for one test."""
    with serve(MIRRORS) as mirrors:
        yield mirrors


@pytest.fixture
def output(tmp_path: Path) -> Output:
    """Return a place for one test's crawls."""
    return Output(tmp_path)
