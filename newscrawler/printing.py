"""Tables for people, lines for programs. In: rows of text, whatever it holds. Out: what a terminal or a pipe gets.

Must not know: what the rows mean.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def print_rows(columns: Sequence[str], rows: Iterable[Sequence[str]], console: Console) -> None:
    """Print a table on a terminal, tab-separated lines with a heading in a pipe."""
    shown = [[printable(cell) for cell in row] for row in rows]
    if not console.is_terminal:
        for line in (columns, *shown):
            print("\t".join(line), file=console.file)
        return
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, box=box.SIMPLE)
    for line in shown:
        table.add_row(*(Text(cell, overflow="fold") for cell in line))
    console.print(table)


def printable(text: str) -> str:
    """Return the text with what a terminal would obey, or could not show, escaped."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape", "surrogatepass").decode() for char in text)


def complain(command: str, sentence: str) -> None:
    """Say in one line on standard error what is wrong."""
    print(f"newscrawler: {command}: {printable(sentence)}", file=sys.stderr)


def sentence_of(error: Exception) -> str:
    """Return what an error says to a person: of a file, its name and what is wrong with it."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return str(error)
