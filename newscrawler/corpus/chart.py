"""A bar chart of counts as SVG. In: names and numbers. Out: text. Must not know: what is counted."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape

BAR, GAP, LABEL, WIDTH = 18, 6, 150, 720
"""Pixels: a card is some 800 wide on the hub; labels hold a month or a language with room for a longer name."""

BARS = 60
"""Bars at most: five years of months. The last are shown."""


def bar_chart(title: str, counts: Mapping[str, int]) -> str:
    """Return an SVG with one bar a name; it has a title that is read aloud, and no script."""
    shown = list(counts.items())[-BARS:]
    most = max((count for _, count in shown), default=1) or 1
    height = 40 + len(shown) * (BAR + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" font-family="sans-serif"'
        f' font-size="13"><title>{escape(title)}</title><text x="0" y="18" font-weight="bold">{escape(title)}</text>'
    ]
    for place, (name, count) in enumerate(shown):
        top = 32 + place * (BAR + GAP)
        width = round((WIDTH - LABEL - 80) * count / most, 1)
        parts.append(
            f'<text x="{LABEL - 8}" y="{top + 13}" text-anchor="end">{escape(name[:20] or "unknown")}</text>'
            f'<rect x="{LABEL}" y="{top}" width="{width}" height="{BAR}" fill="#4477aa"/>'
            f'<text x="{LABEL + width + 6}" y="{top + 13}">{count}</text>'
        )
    return "".join((*parts, "</svg>\n"))
