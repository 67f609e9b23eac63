"""What a site writes is shown, never obeyed: by a terminal, a log, rich's markup, a page."""

from __future__ import annotations

import io
import logging
import sys

import pytest
from rich.console import Console

from newscrawler.archives.difference_tables import tables
from newscrawler.archives.differences import Difference, Tally
from newscrawler.commands.story import facts, row
from newscrawler.copies import Copy
from newscrawler.demo_view import article_panel
from newscrawler.extensions.log_lines import PlainFormatter
from newscrawler.items import Article, Removal
from newscrawler.progress import Progress, progress_table
from newscrawler.provenance import Provenance

HOSTILE = "[red]m[/red] \x1b[2J\x1b]0;owned\x07 \x9b31m \r\u202e\u2066 \ud800 [link=x]y[/link] [/]"
OBEYED = ("\x1b", "\x07", "\x9b", "\r", "\u202e", "\u2066", "\ud800")


def shown(*parts: object) -> str:
    """Return what a terminal gets."""
    console = Console(file=io.StringIO(), force_terminal=True, width=200, color_system=None)
    console.print(*parts, sep="\n")
    return console.file.getvalue()  # type: ignore[attr-defined]


def check(printed: str) -> None:
    assert not [char for char in OBEYED if char in printed]
    assert "[red]m[/red]" in printed
    printed.encode()


def copy(**changes: object) -> Copy:
    values = dict.fromkeys(Copy.__slots__, HOSTILE) | {"similarity": 0.5, "text": 1, "fingerprint": None} | changes
    return Copy(**values)  # type: ignore[arg-type]


def test_an_article_on_the_terminal() -> None:
    removed = [Removal(rule="notice", text=HOSTILE, position=0)]
    fields = dict.fromkeys(("title", "timestamp", "source", "language", "body"), HOSTILE)
    check(shown(article_panel(Article(id="1", url=HOSTILE, canonical_url="", removed=removed, **fields))))


def test_what_differs_on_the_terminal() -> None:
    tally = Tally()
    tally.note([Difference(id="1", change="changed", url=HOSTILE, field="title", before=HOSTILE, after=f"{HOSTILE}!")])
    check(shown(*tables(tally)))


def test_a_story_in_a_pipe() -> None:
    found = Provenance(members=[copy(cluster="1")], declared=(HOSTILE, None), earliest=copy(), agree=None, merges=[])
    check("".join(row(copy())))
    check("".join(value for line in facts(found) for value in line))


def test_progress_on_the_terminal() -> None:
    check(shown(progress_table([Progress(HOSTILE, 1, 1, 1.0)], 5)))


@pytest.mark.parametrize("level", [logging.INFO, logging.ERROR])
def test_a_log_line_is_one_record(level: int) -> None:
    formatter = PlainFormatter("%(asctime)s %(levelname)s %(message)s")
    try:
        raise ValueError(f"{HOSTILE}\n2026-01-01 00:00:00 ERROR forged")
    except ValueError:
        trace = sys.exc_info()
    record = logging.LogRecord("x", level, __file__, 1, "%s", (f"{HOSTILE}\n2026-01-01 00:00:00 ERROR forged",), trace)
    written = formatter.format(record)
    check(written)
    assert [line for line in written.split("\n")[1:] if not line.startswith("    ")] == []
