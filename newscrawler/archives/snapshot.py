"""A site's crawl -> one folder that can be handed over.

In: the output of the site's runs, its archives included. Out: site.wacz, articles.jsonl, duplicates.jsonl, the last report,
README.txt. Must not know: Scrapy, how the crawl was made. Every file appears whole or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
from newscrawler.shards import Sealed, open_lines, seal

LINES = (".jsonl", ".jsonl.gz", ".jsonl.zst")
ASIDE = tuple(f".duplicates{suffix}" for suffix in LINES)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the folder holds."""

    folder: Path
    articles: Sealed
    duplicates: Sealed
    report: Sealed
    wacz: Path
    archives: int
    """WARC files inside."""


def assemble(output: Path, target: Path, url: str) -> Snapshot:
    """Write the folder `target` from one site's folder of output. Raises OSError; FileNotFoundError where no run ended."""
    reports = sorted(output.glob("*.json"))
    if not reports:
        raise FileNotFoundError(f"{output}: no run has ended yet")
    target.mkdir(parents=True, exist_ok=True)
    written = sorted(path for path in output.iterdir() if path.name.endswith(LINES))
    articles = seal(target / "articles.jsonl", lines_of(path for path in written if not path.name.endswith(ASIDE)))
    duplicates = seal(target / "duplicates.jsonl", lines_of(path for path in written if path.name.endswith(ASIDE)))
    report = reports[-1].with_suffix(".html")
    report = report if report.exists() else reports[-1]
    sealed_report = seal(target / f"report{report.suffix}", [report.read_bytes()])
    archives = sorted((output / FOLDER).glob(f"*{SUFFIX}"))
    write_wacz(target / "site.wacz", archives, pages_of(lines_of([articles.path])), url, datetime.now(UTC))
    snapshot = Snapshot(target, articles, duplicates, sealed_report, target / "site.wacz", len(archives))
    values = msgspec.json.decode(reports[-1].read_bytes(), type=dict[str, Any])
    seal(target / "README.txt", [readme(snapshot, url, values).encode()])
    return snapshot


def lines_of(paths: Iterable[Path]) -> Iterator[bytes]:
    for path in paths:
        with open_lines(path) as file:
            yield from file


def pages_of(lines: Iterable[bytes]) -> Iterator[Page]:
    """Yield an entry of the WACZ's list an article; pages set aside are in the archive and not in the list."""
    for line in lines:
        article = msgspec.json.decode(line, type=Article)
        yield Page(article.url, article.fetched_at or "", article.title or article.url, article.body)


def readme(snapshot: Snapshot, url: str, report: dict[str, Any]) -> str:
    """Return what the receiver reads first."""
    states = ", ".join(f"{count} {state}" for state, count in report["account"]["states"].items())
    return (
        (files(__package__) / "receiver.txt")
        .read_text("utf-8")
        .format(
            url=url,
            started=report["started"],
            ended=report["ended"],
            version=__version__,
            listed=report["account"]["listed"],
            states=states or "none",
            archives=snapshot.archives,
            articles=snapshot.articles.lines,
            articles_sha256=snapshot.articles.sha256,
            duplicates=snapshot.duplicates.lines,
            duplicates_sha256=snapshot.duplicates.sha256,
            report=snapshot.report.path.name,
        )
    )
