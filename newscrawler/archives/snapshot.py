"""A site's crawl -> one folder that can be handed over.

In: the output of the site's runs, its archives included. Out: site.wacz, articles.jsonl, duplicates.jsonl, the last report for
people and for programs, README.txt. Must not know: Scrapy, how the crawl was made. Every file appears whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from newscrawler import __version__
from newscrawler.archives.shelf import FOLDER
from newscrawler.archives.wacz import Page, write_wacz
from newscrawler.archives.writer import SUFFIX
from newscrawler.items import Article
from newscrawler.report_page import report_page
from newscrawler.shards import Sealed, digest_of, open_lines, seal

LINES = (".jsonl", ".jsonl.gz", ".jsonl.zst")
ASIDE = tuple(f".duplicates{suffix}" for suffix in LINES)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the folder holds."""

    folder: Path
    articles: Sealed
    duplicates: Sealed
    archives: int
    """WARC files inside."""


def assemble(output: Path, target: Path, url: str) -> Snapshot:
    """Write the folder `target` from one site's folder of output. Raises OSError; FileNotFoundError where no run ended."""
    reports = [msgspec.json.decode(path.read_bytes(), type=dict[str, Any]) for path in sorted(output.glob("*.json"))]
    if not reports:
        raise FileNotFoundError(f"{output}: no run has ended yet")
    target.mkdir(parents=True, exist_ok=True)
    written = sorted(path for path in output.iterdir() if path.name.endswith(LINES))
    articles = seal(target / "articles.jsonl", lines_of(path for path in written if not path.name.endswith(ASIDE)))
    duplicates = seal(target / "duplicates.jsonl", lines_of(path for path in written if path.name.endswith(ASIDE)))
    archives = sorted((output / FOLDER).glob(f"*{SUFFIX}"))
    write_wacz(target / "site.wacz", archives, pages_of(lines_of([articles.path])), url, datetime.now(UTC))
    snapshot = Snapshot(target, articles, duplicates, len(archives))
    write_report(snapshot, reports[-1])
    seal(target / "README.txt", [readme(snapshot, url, reports).encode()])
    return snapshot


def write_report(snapshot: Snapshot, report: dict[str, Any]) -> None:
    """Write the last run's report; its page refers to the files of this folder."""
    records = sum(file["records"] for file in report["archives"])
    files = [{"path": file.path.name, "lines": file.lines} for file in (snapshot.articles, snapshot.duplicates)]
    shown = {**report, "files": files, "archives": [{"path": "site.wacz", "records": records}]}
    seal(snapshot.folder / "report.json", [msgspec.json.format(msgspec.json.encode(report)) + b"\n"])
    seal(snapshot.folder / "report.html", [report_page(shown, "report.json").encode()])


def lines_of(paths: Iterable[Path]) -> Iterator[bytes]:
    for path in paths:
        with open_lines(path) as file:
            yield from file


def pages_of(lines: Iterable[bytes]) -> Iterator[Page]:
    """Yield an entry of the WACZ's list an article; pages set aside are in the archive and not in the list."""
    for line in lines:
        article = msgspec.json.decode(line, type=Article)
        yield Page(article.url, article.fetched_at or "", article.title or article.url, article.body)


def readme(snapshot: Snapshot, url: str, reports: Sequence[dict[str, Any]]) -> str:
    """Return what the receiver reads first."""
    account = reports[-1]["account"]
    names = ("site.wacz", "articles.jsonl", "duplicates.jsonl", "report.html", "report.json")
    return (
        (files(__package__) / "receiver.txt")
        .read_text("utf-8")
        .format(
            url=url,
            started=reports[0]["started"],
            ended=reports[-1]["ended"],
            version=__version__,
            listed=account["listed"],
            states=", ".join(f"{count} {state}" for state, count in account["states"].items()) or "none",
            archives=snapshot.archives,
            assets=reports[-1]["assets"].get("http_200", 0),
            articles=snapshot.articles.lines,
            duplicates=snapshot.duplicates.lines,
            digests="\n".join(f"{digest_of(snapshot.folder / name)}  {name}" for name in names),
            folder=snapshot.folder.name,
        )
    )
