"""Charts of counts as SVG. In: names and numbers. Out: text. Must not know: what is counted.

They stand on white, so that a reader's dark page does not swallow them, and hold no script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import escape

BAR, GAP, LABEL, WIDTH = 18, 6, 150, 720
"""Pixels: a card is some 800 wide on the hub; labels hold a language or a longer name."""

COLUMNS = 120
"""Months at most, the last ones: ten years, six pixels each."""

HEIGHT, TOP, LEFT = 160, 40, 60
"""Pixels of the columns, and the room above and beside them."""

FEW = 10
"""Months that all have room for their names; of more, Januaries are named by their year."""

MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def bar_chart(title: str, counts: Mapping[str, int]) -> str:
    """Return one bar a name, in the given order."""
    most = max(counts.values(), default=1) or 1
    parts = []
    for place, (name, count) in enumerate(counts.items()):
        top = TOP + place * (BAR + GAP)
        width = round((WIDTH - LABEL - 90) * count / most, 1)
        parts.append(f'<text x="{LABEL - 8}" y="{top + 13}" text-anchor="end">{escape(name[:20] or "unknown")}</text>')
        parts.append(f'<rect x="{LABEL}" y="{top}" width="{width}" height="{BAR}" fill="#4477aa"/>')
        parts.append(f'<text x="{LABEL + width + 6}" y="{top + 13}">{count:,}</text>')
    return framed(title, TOP + len(counts) * (BAR + GAP) + GAP, parts)


def month_chart(title: str, counts: Mapping[str, int]) -> str:
    """Return one column a month, months without a count too; names that are no month are left out."""
    months = list(every_month(counts))[-COLUMNS:]
    most = max((counts.get(month, 0) for month in months), default=0) or 1
    step = (WIDTH - LEFT - 20) / max(len(months), FEW)
    base = TOP + HEIGHT
    parts = [f'<path d="M{LEFT} {TOP}H{WIDTH - 20}M{LEFT} {base}H{WIDTH - 20}" stroke="#ccc"/>']
    parts += [f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{count:,}</text>' for y, count in ((TOP, most), (base, 0))]
    for place, month in enumerate(months):
        count, left = counts.get(month, 0), round(LEFT + place * step, 1)
        high = round(HEIGHT * count / most, 1)
        parts.append(
            f'<rect x="{left}" y="{base - high}" width="{step * 0.8:.1f}" height="{high}" fill="#4477aa">'
            f"<title>{month}: {count:,}</title></rect>"
        )
        if len(months) <= FEW or month.endswith("-01"):
            parts.append(f'<text x="{left}" y="{base + 18}">{month if len(months) <= FEW else month[:4]}</text>')
    return framed(title, base + 30, parts)


def every_month(names: Iterable[str]) -> Iterator[str]:
    """Yield all months from the first to the last among `names`."""
    found = sorted(name for name in names if MONTH.fullmatch(name))
    if found:
        first, last = (int(name[:4]) * 12 + int(name[5:]) - 1 for name in (found[0], found[-1]))
        yield from (f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(first, last + 1))


def framed(title: str, height: int, parts: Iterable[str]) -> str:
    """Return the whole image; its title is read aloud."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" role="img"'
        f' font-family="sans-serif" font-size="13"><title>{escape(title)}</title><rect width="100%" height="100%" fill="#fff"/>'
        f'<text x="8" y="20" font-weight="bold">{escape(title)}</text>{"".join(parts)}</svg>\n'
    )
