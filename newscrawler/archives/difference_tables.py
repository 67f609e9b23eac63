"""What differs between two extractions, for a terminal.

In: a tally of differences. Out: what rich prints. Must not know: archives, how anything was extracted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from rich import box
from rich.table import Table
from rich.text import Text

from newscrawler.archives.differences import Difference, Tally

SHOWN = 60
"""Characters of a value in a sample: one line a difference."""


def tables(tally: Tally) -> Iterator[Table]:
    """Yield the account of the pages, the counts by field, and samples of each."""
    yield counted("pages", dict(tally.pages))
    fields = Table("field", "changed", "filled", "emptied", title="Fields that differ", box=box.SIMPLE)
    for name, counts in sorted(tally.fields.items(), key=lambda row: -row[1].total()):
        fields.add_row(name, *(str(counts[change]) for change in ("changed", "filled", "emptied")))
    if tally.fields:
        yield fields
    samples = Table("field", "before", "after", "url", title="Samples", box=box.SIMPLE)
    for name, differences in tally.samples.items():
        for difference in differences:
            samples.add_row(name, *shown(difference), Text(text_of(difference.url), overflow="fold"))
    if tally.samples:
        yield samples


def counted(title: str, counts: dict[str, int]) -> Table:
    table = Table(title, "", box=box.SIMPLE)
    for name, count in counts.items():
        table.add_row(name, str(count))
    return table


def shown(difference: Difference) -> tuple[Text, Text]:
    """Return both values from a little before the place where they part."""
    before, after = text_of(difference.before), text_of(difference.after)
    parting = next((at for at, (old, new) in enumerate(zip(before, after, strict=False)) if old != new), 0)
    start = max(0, parting - SHOWN // 3)
    return Text(before[start : start + SHOWN]), Text(after[start : start + SHOWN])


def text_of(value: Any) -> str:
    text = value if isinstance(value, str) else "" if value is None else msgspec.json.encode(value).decode()
    return "".join(char if char.isprintable() else "·" for char in text)
