"""Count the requests that an unchanged site costs when it is crawled again, and what ten edited pages cost.

    python -m benchmarks.revisits [--pages 10000]

The site is that of benchmarks.crawl, behind nginx, whose log is counted. Before the last run ten pages are edited and their
lastmod with them, as an honest site does it.
"""

from __future__ import annotations

import argparse
import re
import shutil
from collections import Counter
from itertools import chain, repeat
from pathlib import Path

from benchmarks.crawl import served, whole

EDITED = 10


def date_listing(site: Path, edited: int = 0) -> None:
    """Give each entry of the listing a lastmod: another one for the first `edited`, whose pages get another sentence."""
    path = site / "sitemap.xml"
    days = chain(repeat("2026-11-20", edited), repeat("2026-10-01"))
    listing = re.sub(
        r"</loc>(?:<lastmod>.*?</lastmod>)?", lambda _: f"</loc><lastmod>{next(days)}</lastmod>", path.read_text("utf-8")
    )
    path.write_text(listing, "utf-8")
    for number in range(edited):
        page = site / "0" / f"story-{number}.html"
        page.write_text(re.sub(r"([^<>]{40})</p>", r"\1 Corrected.</p>", page.read_text("utf-8"), count=1), "utf-8")


def requests(root: Path, address: str, name: str) -> None:
    """Crawl the site once more; print what nginx was asked for."""
    log = root / "access.log"
    before = len(log.read_text().splitlines()) if log.exists() else 0
    seconds = whole(root, address)
    statuses = Counter(line.split('"')[2].split()[0] for line in log.read_text().splitlines()[before:])
    versions = sum(path.read_bytes().count(b'"version":2') for path in (root / "articles").glob("*/*.jsonl"))
    answers = ", ".join(f"{count} times {status}" for status, count in sorted(statuses.items()))
    print(f"{name:<12} {statuses.total():>6} requests ({answers}), {seconds:.1f} s CPU, {versions} new versions", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--pages", type=int, default=10_000)
    with served(options.parse_args().pages) as (root, (address,), _):
        (site,) = (root / "www").iterdir()
        for dated in (False, True):
            shutil.rmtree(root / "articles", ignore_errors=True)
            shutil.rmtree(root / "state", ignore_errors=True)
            if dated:
                date_listing(site)
            print("with lastmod" if dated else "without lastmod")
            for name in ("first run", "second run", "third run"):
                requests(root, address, name)
        date_listing(site, EDITED)
        requests(root, address, f"{EDITED} edited")


if __name__ == "__main__":
    main()
