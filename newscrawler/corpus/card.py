"""The dataset card: README.md with the head the hub reads, and its charts.

In: the counts of a release. Out: README.md and charts in its folder. Must not know: the store, articles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from newscrawler.corpus.chart import bar_chart, month_chart
from newscrawler.corpus.options import Options

TOP = 20
"""Rows of a table: what fits on a screen; stats.json has them all."""

SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"), (10_000_000, "1M<n<10M"))
"""The hub's names for sizes. Source: https://huggingface.co/docs/hub/datasets-cards"""

TEXT = (Path(__file__).parent / "card.md").read_text("utf-8")


LINES = {
    "story": "One line is one story: the earliest page that carries it, in its latest version",
    "page": "One line is one page in its latest version; pages of one story share their `cluster`",
    "none": "One line is one version of one page; pages of one story share their `cluster`",
}
"""Dedup -> what a line is."""


def write_card(folder: Path, stats: Mapping[str, Any], options: Options, delta: Mapping[str, int] | None) -> list[str]:
    """Write the card and its charts; return their names."""
    by = stats["by"]
    charts = {
        "month.svg": month_chart("Articles by month of publication", by["month"]),
        "language.svg": bar_chart("Articles by language", top(by["language"])),
    }
    for name, chart in charts.items():
        (folder / name).write_text(chart, "utf-8")
    (folder / "README.md").write_text(card(stats, options, delta), "utf-8")
    return ["README.md", *charts]


def top(counts: Mapping[str, int]) -> dict[str, int]:
    """Return the most frequent, and the rest as one."""
    rows = list(counts.items())
    rest = sum(count for _, count in rows[TOP:])
    return dict(rows[:TOP]) | ({f"{len(rows) - TOP} others": rest} if rest else {})


def card(stats: Mapping[str, Any], options: Options, delta: Mapping[str, int] | None) -> str:
    """Return README.md."""
    by = stats["by"]
    return TEXT.format(
        head="".join(head(stats, "data/*.jsonl.zst" if options.format == "jsonl" else "data/*.parquet")),
        lines=f"{stats['lines']:,}",
        characters=f"{stats['characters']:,}",
        span=span(by["month"]),
        line=LINES[options.dedup],
        totals=table(("", "count"), {name.replace("_", " "): stats[name] for name in TOTALS}),
        delta=table(("change", "lines"), delta) if delta is not None else "This release knows no earlier one.",
        sites=table(("site", "articles"), top(by["site"])),
        sources=table(("publisher", "articles"), top(by["source"])),
        languages=table(("language of the article", "articles"), top(by["language"])),
        told=table(("language told from the text", "articles"), top(by["detected_language"])),
        scripts=table(("Chinese script", "articles"), by["script"]),
        lengths=table(("characters", "articles"), by["length"]),
        coverage=table(("field", "share that has it"), {name: f"{part:.1%}" for name, part in stats["coverage"].items()}),
        opt_outs=listed(("reserved", "articles"), stats["pages_opting_out"]),
        robots=listed(("site", "reserved"), {k: ", ".join(v) for k, v in stats["sites_opting_out"].items()}),
        licences=listed(("licence", "articles"), top(by["license"])),
        masked=masked(stats["masked"]) if options.mask else "they stand as the pages have them; no mask was asked for.",
        trouble=f"{stats['lines_with_encoding_trouble']:,}",
        version=stats["newscrawler"],
        schema=stats["schema"],
    )


def span(months: Mapping[str, int]) -> str:
    """Return from when to when the articles are, and how many have no date."""
    dated = [month for month in months if month]
    between = f"published from {min(dated)} to {max(dated)}" if dated else "without a date"
    return f"{between}, {months['']:,} of them without a date" if dated and months.get("") else between


def masked(counts: Mapping[str, int]) -> str:
    """Return how the release is masked."""
    how = "they are masked in title, body and cuts; `masked` counts the places of each article, together:"
    return how + listed(("masked", "places"), counts)


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
    yield "tags:\n- news\n"
    yield f"configs:\n- config_name: default\n  data_files:\n  - split: train\n    path: {pattern}\n---\n"


def listed(heading: tuple[str, str], rows: Mapping[str, Any]) -> str:
    """Return what follows a colon: a table, or that there is none."""
    return f"\n\n{table(heading, rows)}" if rows else " none seen."


def table(heading: tuple[str, str], rows: Mapping[str, Any]) -> str:
    """Return a Markdown table; nothing where there is nothing to show."""
    if not rows:
        return ""
    lines = [f"| {heading[0]} | {heading[1]} |", "|---|---:|"]
    return "\n".join((*lines, *(f"| {cell(name)} | {shown(value)} |" for name, value in rows.items())))


def shown(value: Any) -> str:
    """Return a number with its thousands apart, and text that stays in its cell."""
    return f"{value:,}" if isinstance(value, int) else cell(value)


def cell(text: str) -> str:
    """Return text that stays in its cell, whatever a site calls itself."""
    plain = " ".join(text.split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return plain or "unknown"


def quoted(text: str) -> str:
    return msgspec.json.encode(text).decode()
