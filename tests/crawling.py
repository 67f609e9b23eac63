"""Runs real crawls of served mirrors in child processes and reads what they wrote."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from newscrawler.accounts import account
from newscrawler.demo import Mirrors
from newscrawler.ledger import Ledger

PROJECT = Path(__file__).parents[1]
HASTE = ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=False", "LOG_LEVEL=WARNING")
LIMIT = 120
"""Seconds after which a crawl of the demo hangs."""


@dataclass(frozen=True)
class Output:
    """The folder of one or more crawls."""

    folder: Path

    @property
    def articles(self) -> Path:
        return self.folder / "articles"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def settings(self) -> tuple[str, ...]:
        """Return what -s needs so that a command works in this folder, and in haste."""
        return (*HASTE, f"NEWSCRAWLER_OUTPUT={self.articles}", f"NEWSCRAWLER_STATE={self.state}")

    def words(self, mirrors: Mirrors, *arguments: str) -> list[str]:
        """Return the words after `scrapy` that crawl all mirrors into this folder; arguments: KEY=VALUE for -a."""
        settings = self.settings()
        addresses = ",".join(f"{address}/" for address in mirrors.addresses.values())
        given = (f"url={addresses}", *arguments)
        return ["crawl", "mirror", *[w for a in given for w in ("-a", a)], *[w for s in settings for w in ("-s", s)]]

    def crawl(self, mirrors: Mirrors, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Crawl all mirrors to the end."""
        words = [sys.executable, "-m", "scrapy", *self.words(mirrors, *arguments)]
        return subprocess.run(words, cwd=PROJECT, capture_output=True, text=True, timeout=LIMIT, check=False)

    def reports(self) -> list[dict[str, Any]]:
        """Return every RUN.json, the oldest first."""
        paths = list(self.articles.glob("*/*.json"))
        return [json.loads(path.read_bytes()) for path in sorted(paths, key=lambda path: (path.name, path.parent.name))]

    def lines(self, *, aside: bool = False) -> list[dict[str, Any]]:
        """Return all article lines, or all lines of pages set aside."""
        paths = [p for p in sorted(self.articles.glob("*/*.jsonl")) if p.name.endswith(".duplicates.jsonl") == aside]
        return [json.loads(line) for path in paths for line in path.read_bytes().splitlines()]

    def states(self) -> Counter[str]:
        """Return how many URLs stand in each state, over all sites."""
        ledger = Ledger(self.state / "ledger.db")
        with ledger.begin() as conn:
            sites = {report["site"] for report in self.reports()}
            counts = sum((Counter(account(conn, site)) for site in sites), Counter())
        ledger.close()
        return counts

    def check_promises(self) -> None:
        """Assert what holds after every finished crawl: whole lines, none twice, sealed files as reported, no leftovers."""
        assert not list(self.articles.rglob("*.part"))
        kept, aside = self.lines(), self.lines(aside=True)
        urls = Counter((line["url"], line.get("version", 1)) for line in (*kept, *aside))
        assert [url for url, count in urls.items() if count > 1] == []
        for report in self.reports():
            for file in report["files"]:
                data = (self.articles / report["site"] / file["path"]).read_bytes()
                assert sha256(data).hexdigest() == file["sha256"]
                assert data.count(b"\n") == file["lines"]
            assert report["account"]["balanced"], report["problems"]
