"""An output folder as crawls leave it, made from articles that a test names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from newscrawler.items import Article, Duplicate, article_id, content_hash, encode_line
from newscrawler.shards import seal


def article(path: str, site: str = "one", **fields: Any) -> Article:
    """Return an article of a mirror; fields: what is not as usual."""
    url = f"https://{site}.example/{path}"
    usual: dict[str, Any] = {
        "title": f"Title of {path}",
        "body": f"The harbour council met on Monday about {path}.\nIt will meet again.",
        "timestamp": "2024-03-27T20:33:00+08:00",
        "source": "Harbour Ledger",
        "language": "en",
        "fetched_at": "2024-04-01T00:00:00Z",
    }
    made = Article(id=article_id(url), url=url, canonical_url=url, site=site, **{**usual, **fields})
    made.cluster = made.cluster or made.id
    made.content_hash = content_hash(made)
    return made


def aside(path: str, of: Article, site: str = "one") -> Duplicate:
    """Return the line of a page that was set aside as a copy."""
    url = f"https://{site}.example/{path}"
    return Duplicate(
        id=article_id(url),
        url=url,
        site=site,
        title=of.title,
        timestamp=of.timestamp,
        source=of.source,
        duplicate_of=of.id,
        cluster=of.cluster or of.id,
        similarity=1.0,
        reason="same_text",
    )


def keep(output: Path, run: str, lines: Sequence[Article | Duplicate], suffix: str = "", **report: Any) -> None:
    """Seal the lines of one run, site by site."""
    for site in sorted({line.site or "" for line in lines}):
        files = []
        for kind, name in ((Article, f"{run}.jsonl"), (Duplicate, f"{run}.duplicates.jsonl")):
            mine = [encode_line(line) for line in lines if line.site == site and isinstance(line, kind)]
            if mine:
                sealed = seal(output / site / f"{name}{suffix}", mine)
                files.append({"path": sealed.path.name, "lines": sealed.lines, "sha256": sealed.sha256})
        (output / site / f"{run}.json").write_text(json.dumps({"site": site, "run": run, "files": files, **report}), "utf-8")
