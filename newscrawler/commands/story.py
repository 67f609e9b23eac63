"""`scrapy story ID|URL`: a story's copies over all mirrors, earliest first, and who had it first."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from newscrawler.commandline import ProjectCommand
from newscrawler.exits import Exit
from newscrawler.printing import printable

if TYPE_CHECKING:
    from rich.console import Console

    from newscrawler.copies import Copy
    from newscrawler.provenance import Provenance

COLUMNS = ("timestamp", "site", "source", "similarity", "why", "url")

AGREEMENT = {
    True: "yes: the earliest seen copy is the declared original's",
    False: "no: a copy was seen that is earlier than the declared original",
    None: "unknown: the declared original was not seen, or nothing has a date",
}


class Command(ProjectCommand):
    """Reads the ledger, fetches nothing. A table in a terminal; lines of tab-separated fields in a pipe."""

    requires_crawler_process = False

    def syntax(self) -> str:
        return "ID|URL"

    def short_desc(self) -> str:
        return "Show a story's copies over all mirrors: scrapy story https://mirror.example/a/1.html"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit code 2 where the article is not known, 3 where the ledger cannot be read."""
        from rich.console import Console

        from newscrawler.ledger import LedgerError

        assert self.settings is not None
        try:
            found = look_up(Path(self.settings["NEWSCRAWLER_STATE"]) / "ledger.db", args)
        except ValueError as error:
            self.complain(error)
            self.exitcode = Exit.USAGE
        except LedgerError as error:
            self.complain(error)
            self.exitcode = Exit.BROKEN
        else:
            show(found, Console())


def look_up(path: Path, args: list[str]) -> Provenance:
    """Return the story that the one argument names. Raises ValueError where there is none, LedgerError."""
    from newscrawler.ledger import Ledger
    from newscrawler.provenance import find_article, provenance_of

    if len(args) != 1:
        raise ValueError("one ID or URL is needed, e.g. https://mirror.example/a/1.html")
    if not path.exists():
        raise ValueError(f"there is no ledger at {path}: nothing was crawled yet")
    ledger = Ledger(path)
    try:
        article = find_article(ledger, args[0])
        found = provenance_of(ledger, article) if article else None
    finally:
        ledger.close()
    if found is None:
        raise ValueError(f"no article is known as {printable(args[0])}")
    return found


def show(found: Provenance, console: Console) -> None:
    from rich import box
    from rich.table import Column, Table
    from rich.text import Text

    if not console.is_terminal:
        for line in (COLUMNS, *map(row, found.members), *facts(found)):
            print("\t".join(line))
        return
    table = Table(*(Column(name, no_wrap=name == "timestamp", overflow="fold") for name in COLUMNS), box=box.SIMPLE)
    for copy in found.members:
        *most, url = row(copy)
        table.add_row(*map(Text, most), Text(url, overflow="fold"))
    grid = Table.grid(padding=(0, 2))
    for name, *values in facts(found):
        grid.add_row(Text(name, style="dim"), Text(" ".join(values), overflow="fold"))
    console.print(table, grid)


def row(copy: Copy) -> tuple[str, ...]:
    similarity = "" if copy.similarity is None else f"{copy.similarity:.3f}"
    values = (copy.timestamp, copy.site, copy.source, similarity, copy.reason or "first", copy.url)
    return tuple(printable(value or "") for value in values)


def facts(found: Provenance) -> Iterator[tuple[str, ...]]:
    """Yield what is known of the story beside its copies, name first."""
    yield "story", found.members[0].cluster
    yield "declared original", *(printable(value) for value in found.declared if value)
    yield "earliest seen copy", printable(found.earliest.url) if found.earliest else ""
    yield "agree", AGREEMENT[found.agree]
    for merge in found.merges:
        yield "merged", merge.source, f"into {merge.target}", f"by {merge.article}", printable(merge.moment or "")
