"""`scrapy demo`: two bundled mirrors, served and crawled on this machine, and what comes of it."""

from __future__ import annotations

import argparse
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Any

import msgspec
from rich import box
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from newscrawler.commandline import ProjectCommand
from newscrawler.demo import Mirrors, serve
from newscrawler.exits import Exit
from newscrawler.items import Article
from newscrawler.printing import printable
from newscrawler.tables import STATES

MIRRORS = Path(__file__).parents[2] / "data" / "demo" / "mirrors"

FOLDER = "_demo"
"""Below the output and the state; no site can have this name, so that emptying it touches nobody's articles."""

SHOWN = "/business/20240327/10564.html"
"""The page shown at the end: title thrice, a heading, source and disclaimer under the text."""

HASTE = ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=False", "NEWSCRAWLER_ALLOW_NETWORKS=127.0.0.0/8")
"""Settings for mirrors that are our own and on this machine; any other host is asked slowly, and loopback never."""


class Command(ProjectCommand):
    """Needs no network and no site of its own."""

    requires_crawler_process = False

    def short_desc(self) -> str:
        return "Crawl two bundled mirrors on this machine and show what comes out: scrapy demo"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--serve", action="store_true", help="only serve the mirrors, until Ctrl-C, to try other commands on"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Serve, crawl in a child process, show. The exit code is the crawl's."""
        assert self.settings is not None
        if not MIRRORS.is_dir():
            self.complain(f"{MIRRORS} is missing: the demo needs a checkout of the project")
            self.exitcode = Exit.USAGE
            return
        if opts.serve:
            keep_serving()
            return
        output, state = (emptied(Path(self.settings[key]) / FOLDER) for key in ("NEWSCRAWLER_OUTPUT", "NEWSCRAWLER_STATE"))
        console = Console()
        with serve(MIRRORS) as mirrors:
            words = crawl_words(mirrors, output, state)
            console.print(Text(f"$ scrapy {shlex.join(words)}", style="bold"), soft_wrap=True)
            try:
                self.exitcode = subprocess.run([sys.executable, "-m", "scrapy", *words], check=False).returncode
            except KeyboardInterrupt:
                self.exitcode = Exit.INTERRUPTED
        reports = sorted(read_reports(output), key=lambda report: str(report["url"]))
        for part in shown(output, reports, mirrors) if reports else ():
            console.print(part, soft_wrap=isinstance(part, Text))  # a path is copied from the terminal: never broken


def keep_serving() -> None:
    """Serve the mirrors until Ctrl-C, each at an address of its own."""
    with serve(MIRRORS) as mirrors:
        for name, address in mirrors.addresses.items():
            print(f"{name}: {address}/", flush=True)
        print("Ctrl-C ends it; meanwhile, in another terminal: scrapy addsite ADDRESS", flush=True)
        with suppress(KeyboardInterrupt):
            Event().wait()


def emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def crawl_words(mirrors: Mirrors, output: Path, state: Path) -> list[str]:
    """Return the words after `scrapy` that crawl both mirrors, known by their addresses alone."""
    settings = (*HASTE, f"NEWSCRAWLER_OUTPUT={output}", f"NEWSCRAWLER_STATE={state}")
    options = [word for setting in settings for word in ("-s", setting)]
    addresses = ",".join(f"{address}/" for address in mirrors.addresses.values())
    return ["crawl", "mirror", "-L", "WARNING", "-a", f"url={addresses}", *options]


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
