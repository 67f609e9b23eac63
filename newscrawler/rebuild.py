"""A ledger made anew from what is on disk: the sealed files are the truth, the ledger their memory.

In: the output folder. Out: a ledger that knows every page in it, so that none is fetched as new again.
Must not know: Scrapy. What no line speaks of (pages that were no article, failures) is forgotten and looked at again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import msgspec
import zstandard

from newscrawler.history import record_run, record_shard
from newscrawler.items import Article, Duplicate
from newscrawler.ledger import Ledger, LedgerError
from newscrawler.revisits import due_after, interval
from newscrawler.rows import Listing, find_url, list_urls, settle
from newscrawler.sealing import seconds
from newscrawler.shards import digest_of, open_lines
from newscrawler.stories import Stories

BATCH = 500
"""Lines a transaction."""

FROM = "rebuilt"
"""Stands for the listing that named a page, until a listing names it again."""


def rebuild(output: Path, ledger: Ledger) -> Counter[str]:
    """Fill the empty `ledger` from the sealed files below `output`; return how many runs, articles and copies it found.

    Raises OSError, LedgerError for a file that a person changed. Runs are read in the order of their start.
    """
    counts: Counter[str] = Counter()
    stories = Stories(ledger.engine)
    files: list[tuple[Path, dict[str, Any]]] = []
    for path in sorted(output.glob("*/*.json"), key=lambda path: (path.name, path.parent.name)):
        report = msgspec.json.decode(path.read_bytes())
        counts["runs"] += 1
        with ledger.begin() as conn:
            record_run(conn, report["site"], report["run"], seconds(report["started"]), seconds(report["ended"]), report)
        files += [(path.with_name(file["path"]), report) for file in report["files"]]
    counts["unreported"] = len(unreported := find_unreported(output, {file for file, _ in files}))
    files += unreported
    for file, report in sorted(files, key=lambda pair: ".duplicates." in pair[0].name):  # first those that name stories
        counts += read_file(file, report, ledger, stories)
    return counts


def find_unreported(output: Path, reported: Collection[Path]) -> list[tuple[Path, dict[str, Any]]]:
    """Return sealed files whose run's report is gone, each with what its place says of it."""
    found = (path for path in sorted(output.glob("*/*.jsonl*")) if path.suffix in (".jsonl", ".zst", ".gz"))
    return [(path, {"site": path.parent.name, "run": path.name.partition(".")[0]}) for path in found if path not in reported]


def read_file(path: Path, report: dict[str, Any], ledger: Ledger, stories: Stories) -> Counter[str]:
    """Take one sealed file into the ledger; a file that is gone is counted as missing, and its pages are new again."""
    if not path.exists():
        return Counter(missing=1)
    site, run = report["site"], report["run"]
    relative = f"{site}/{path.name}"
    with ledger.begin() as conn:
        record_shard(conn, path=relative, site=site, run=run, length=path.stat().st_size, sha256=digest_of(path))
    try:
        if ".duplicates." in path.name:
            return Counter(duplicates=take_duplicates(path, site, run, ledger, stories))
        return Counter(articles=take_articles(path, site, run, ledger, stories))
    except (msgspec.MsgspecError, EOFError, zstandard.ZstdError) as error:
        raise LedgerError(f"{path} is not as it was sealed ({error}): restore it or move it away, and run again") from error


def batches(path: Path, kind: type[Any]) -> Iterator[list[Any]]:
    decode = msgspec.json.Decoder(kind).decode
    with open_lines(path) as file:
        batch = []
        for line in file:
            batch.append(decode(line))
            if len(batch) == BATCH:
                yield batch
                batch = []
        yield batch


def take_articles(path: Path, site: str, run: str, ledger: Ledger, stories: Stories) -> int:
    count = 0
    for articles in batches(path, Article):
        for article in articles:
            stories.look_up(article)
        with ledger.begin() as conn:
            list_urls(conn, site, run, FROM, [Listing(article.url, article.lastmod) for article in articles])
            settle(conn, [outcome(find_url(conn, site, article.url).id, run, article) for article in articles])  # type: ignore[union-attr]
            stories.record(conn)
        count += len(articles)
    return count


def outcome(row: int, run: str, article: Article) -> dict[str, Any]:
    fetched = seconds(article.fetched_at)
    return {
        "row": row,
        "state": "kept",
        "run": run,
        "fetched": fetched,
        "due": due_after("kept", interval(0, 0.0), fetched),
        "read_lastmod": article.lastmod,
        "article": article.id,
        "version": article.version,
        "content_hash": article.content_hash,
    }


def take_duplicates(path: Path, site: str, run: str, ledger: Ledger, stories: Stories) -> int:
    count = 0
    for lines in batches(path, Duplicate):
        with ledger.begin() as conn:
            list_urls(conn, site, run, FROM, [Listing(line.url) for line in lines])
            known = {"state": "duplicate", "run": run, "due": 0.0}
            rows = [(find_url(conn, site, line.url), line) for line in lines]
            settle(conn, [{"row": row.id, **known, **told(line)} for row, line in rows if row])
            stories.restore(conn, lines)
        count += len(lines)
    return count


def told(line: Duplicate) -> dict[str, Any]:
    return {"reason": line.reason, "article": line.id, "version": line.version}
