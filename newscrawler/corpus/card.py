"""The dataset card: README.md with the head the hub reads, and its charts.

In: the counts of a release. Out: README.md and charts in its folder. Must not know: the store, articles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from newscrawler.corpus.chart import bar_chart
from newscrawler.corpus.options import Format

TOP = 20
"""Rows of a table: what fits on a screen; stats.json has them all."""

SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"), (10_000_000, "1M<n<10M"))
"""The hub's names for sizes. Source: https://huggingface.co/docs/hub/datasets-cards"""

TEXT = (Path(__file__).parent / "card.md").read_text("utf-8")


def write_card(folder: Path, stats: Mapping[str, Any], format: Format, delta: Mapping[str, int] | None) -> list[str]:
    """Write the card and its charts; return their names."""
    charts = {f"{name}.svg": bar_chart(f"Articles by {name}", top(stats["by"][name], name)) for name in ("month", "language")}
    for name, chart in charts.items():
        (folder / name).write_text(chart, "utf-8")
    (folder / "README.md").write_text(card(stats, format, delta), "utf-8")
    return ["README.md", *charts]


def top(counts: Mapping[str, int], name: str) -> dict[str, int]:
    """Return all months, and of anything else the most frequent."""
    return dict(counts) if name == "month" else dict(list(counts.items())[:TOP])


def card(stats: Mapping[str, Any], format: Format, delta: Mapping[str, int] | None) -> str:
    """Return README.md."""
    pattern = "data/*.jsonl.zst" if format == "jsonl" else "data/*.parquet"
    return TEXT.format(
        head="".join(head(stats, pattern)),
        lines=stats["lines"],
        characters=stats["characters"],
        totals=table(("", "count"), {name.replace("_", " "): stats[name] for name in TOTALS}),
        delta=table(("change", "lines"), delta) if delta is not None else "This release knows no earlier one.",
        sites=table(("site", "articles"), top(stats["by"]["site"], "site")),
        sources=table(("publisher", "articles"), top(stats["by"]["source"], "source")),
        languages=table(("language", "articles"), top(stats["by"]["language"], "language")),
        lengths=table(("characters", "articles"), stats["by"]["length"]),
        coverage=table(("field", "share that has it"), stats["coverage"]),
        opt_outs=table(("reserved by pages", "articles"), stats["pages_opting_out"]),
        robots=table(("site", "reserved in robots.txt"), {k: ", ".join(v) for k, v in stats["sites_opting_out"].items()}),
        licences=table(("declared licence", "articles"), top(stats["by"]["license"], "license")),
        masked=table(("masked", "places"), stats["masked"]),
        trouble=stats["lines_with_encoding_trouble"],
        version=stats["newscrawler"],
        schema=stats["schema"],
    )


TOTALS = (
    "released",
    "pages",
    "pages_set_aside",
    "stories",
    "stories_with_copies",
    "filtered",
    "withdrawn",
)


def head(stats: Mapping[str, Any], pattern: str) -> Iterator[str]:
    """Yield the lines of the YAML head; JSON strings are YAML strings."""
    yield "---\npretty_name: News articles\nlicense: other\nlicense_name: rights-of-the-publishers\n"
    languages = [name for name in stats["by"]["language"] if name]
    if languages:
        yield "language:\n" + "".join(f"- {quoted(name)}\n" for name in languages)
    size = next((name for limit, name in SIZES if stats["lines"] < limit), "10M<n<100M")
    yield f"size_categories:\n- {size}\ntask_categories:\n- text-generation\n- text-classification\n"
    yield "tags:\n- news\n- deduplicated\n"
    yield f"configs:\n- config_name: default\n  data_files:\n  - split: train\n    path: {pattern}\n---\n"


def table(heading: tuple[str, str], rows: Mapping[str, Any]) -> str:
    """Return a Markdown table, or a word where there is nothing to show."""
    if not rows:
        return "None seen."
    lines = [f"| {heading[0]} | {heading[1]} |", "|---|---:|"]
    return "\n".join((*lines, *(f"| {cell(name)} | {cell(str(value))} |" for name, value in rows.items())))


def cell(text: str) -> str:
    """Return text that stays in its cell, whatever a site calls itself."""
    plain = " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return plain or "unknown"


def quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()
