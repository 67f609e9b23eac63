"""What the demo ends with, for a terminal: the account, where the output is, one article.

In: the demo's output. Out: what rich prints. Must not know: how it was crawled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec
from rich import box
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from newscrawler.demo import Mirrors
from newscrawler.items import Article
from newscrawler.printing import printable
from newscrawler.tables import STATES

SHOWN = "/business/20240327/10564.html"
"""The page shown at the end: title thrice, a heading, source and disclaimer under the text."""


def show_demo(output: Path, mirrors: Mirrors, console: Console) -> None:
    """Print what came of the crawl; nothing where it left no report."""
    reports = sorted(read_reports(output), key=lambda report: str(report["url"]))
    for part in shown(output, reports, mirrors) if reports else ():
        console.print(part, soft_wrap=isinstance(part, Text))  # a path is copied from the terminal: never broken


def read_reports(output: Path) -> Iterator[dict[str, Any]]:
    """Yield the report of each site's run."""
    for path in output.glob("*/*.json"):
        yield msgspec.json.decode(path.read_bytes())


def read_articles(output: Path) -> Iterator[Article]:
    """Yield the kept articles of every site."""
    for path in output.glob("*/*.jsonl"):
        if not path.name.endswith(".duplicates.jsonl"):
            with path.open("rb") as lines:
                yield from (msgspec.json.decode(line, type=Article) for line in lines)


def shown(output: Path, reports: list[dict[str, Any]], mirrors: Mirrors) -> Iterator[RenderableType]:
    """Yield what the demo ends with: the account, where the output is, one article."""
    yield account_table(reports, mirrors)
    for report in reports:
        for file in report["files"]:
            yield Text(f"{file['lines']:>4} lines in {output / report['site'] / file['path']}")
        yield Text(f"  to look at: {output / report['site'] / report['run']}.html")
    yield from (article_panel(article) for article in read_articles(output) if article.url.endswith(SHOWN))
    yield Text("next: scrapy addsite https://mirror.example/ (after: source .venv/bin/activate)")


def account_table(reports: list[dict[str, Any]], mirrors: Mirrors) -> Table:
    """Return the balanced account: a column a mirror, a row a state that occurs."""
    names = {f"{address}/": name for name, address in mirrors.addresses.items()}
    accounts = [report["account"] for report in reports]
    table = Table(title="Listed pages by state", box=box.SIMPLE)
    table.add_column("state")
    for report in reports:
        table.add_column(names.get(report["url"], report["site"]), justify="right")
    for state in STATES:
        if any(account["states"].get(state) for account in accounts):
            table.add_row(state, *(str(account["states"].get(state, 0)) for account in accounts))
    table.add_section()
    table.add_row("listed", *(str(account["listed"]) for account in accounts))
    table.add_row("balanced", *("yes" if account["balanced"] else "no" for account in accounts))
    return table


def article_panel(article: Article) -> Panel:
    """Return the article as a reader would want it, and what was cut from it."""
    facts = Table.grid(padding=(0, 2))
    for name in ("timestamp", "source", "language", "url"):
        facts.add_row(Text(name, style="dim"), Text(printable(getattr(article, name) or "none"), overflow="fold"))
    return Panel(Group(facts, "", *paragraphs(article.body), *cuts(article)), title=Text(printable(article.title or "")))


def paragraphs(body: str) -> Iterable[Text]:
    return [Text(printable(paragraph) + "\n") for paragraph in body.split("\n")]


def cuts(article: Article) -> Iterator[Text]:
    for removal in article.removed:
        yield Text("\n".join(map(printable, f"cut by {removal.rule}: {removal.text.strip()}".split("\n"))), style="red")
