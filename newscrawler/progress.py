"""How far a crawl is, for whoever watches. In: counts. Out: a line, or a table. Must not know: Scrapy, the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newscrawler.printing import printable

if TYPE_CHECKING:
    from rich.table import Table

COLUMNS = ("site", "listed", "done", "kept", "duplicates", "failures", "pages/s", "time left")
FAILED = ("failed", "http_error")


@dataclass(frozen=True, slots=True)
class Progress:
    """One site, at one moment of a crawl."""

    site: str
    listed: int
    pending: int
    """URLs that this run still has to ask for."""
    seconds: float
    """Since the crawl began."""
    states: Mapping[str, int] = field(default_factory=dict)
    """Outcomes so far."""

    @property
    def done(self) -> int:
        return sum(self.states.values())

    @property
    def speed(self) -> float:
        """Pages a second, on average."""
        return self.done / self.seconds if self.seconds > 0 else 0.0

    @property
    def left(self) -> str:
        """Hours, minutes and seconds to the end at this speed; "" where nothing can be said."""
        if not self.pending or not self.speed:
            return ""
        minutes, seconds = divmod(round(self.pending / self.speed), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"

    def cells(self) -> tuple[str, ...]:
        """Return the values of COLUMNS."""
        counts = (self.listed, self.done, self.states.get("kept", 0), self.states.get("duplicate", 0))
        failures = sum(self.states.get(state, 0) for state in FAILED)
        return printable(self.site), *(f"{count:,}" for count in (*counts, failures)), f"{self.speed:.1f}", self.left

    def line(self) -> str:
        """Return one line for a log."""
        site, *cells = self.cells()
        named = ", ".join(f"{cell} {name}" for name, cell in zip(COLUMNS[1:], cells, strict=True) if cell)
        return f"{site}: {named}"


def progress_table(sites: Iterable[Progress], rows: int) -> Table:
    """Return the table for a terminal of so many rows: those with the most to do, and how many are not shown."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    ordered = sorted(sites, key=lambda one: (-one.pending, one.site))
    table = Table(*COLUMNS, box=box.SIMPLE)
    for column in table.columns[1:]:
        column.justify = "right"
    for one in ordered[:rows]:
        table.add_row(*map(Text, one.cells()))
    if len(ordered) > rows:
        table.caption = f"and {len(ordered) - rows} more sites"
    return table
