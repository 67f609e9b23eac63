"""Measure what extraction costs: CPU a page beside trafilatura, readability and lxml's parse alone, in one interleaved run.

    python -m benchmarks.extraction PAGE ... [--rounds N]

PAGE is a saved page (.html or .html.gz) or a folder of such. Each page is read by each of the four in turn, N times in
one process, and the least of its times counts, since whatever else the machine does can only add. Ours and trafilatura
find all fields, readability the body alone. Needs trafilatura and readability-lxml.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from time import process_time

import lxml.html
import readability
import trafilatura

from newscrawler.extraction import extract

ADDRESS = "https://news.example/2026/11/24/story.html"
"""Saved pages do not say where they came from."""

READERS: dict[str, Callable[[bytes], object]] = {
    "lxml's parse": lxml.html.fromstring,
    "newscrawler": lambda page: extract(page, ADDRESS),
    "trafilatura": lambda page: trafilatura.bare_extraction(page, url=ADDRESS, with_metadata=True),
    "trafilatura, fast": lambda page: trafilatura.bare_extraction(page, url=ADDRESS, with_metadata=True, fast=True),
    "readability": lambda page: readability.Document(page).summary(),
}


def saved_pages(paths: list[Path]) -> Iterator[bytes]:
    """Yield the bytes of each page."""
    for path in paths:
        for file in sorted(path.rglob("*.html*")) if path.is_dir() else [path]:
            data = file.read_bytes()
            yield gzip.decompress(data) if file.suffix == ".gz" else data


def seconds(read: Callable[[bytes], object], page: bytes) -> float:
    """Return the CPU time of one reading; a page that a peer cannot read counts with the time of its failure."""
    start = process_time()
    with contextlib.suppress(ValueError, lxml.etree.LxmlError, readability.readability.Unparseable):
        read(page)
    return process_time() - start


def measure(page: bytes, rounds: int) -> dict[str, float]:
    """Return the least time of each reader on the page."""
    best = dict.fromkeys(READERS, float("inf"))
    for _ in range(rounds):
        for name, read in READERS.items():
            best[name] = min(best[name], seconds(read, page))
    return best


def main(arguments: list[str]) -> None:
    cli = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    cli.add_argument("pages", nargs="+", type=Path)
    cli.add_argument("--rounds", type=int, default=3)
    options = cli.parse_args(arguments)
    times = [measure(page, options.rounds) for page in saved_pages(options.pages)]
    floor = [row["lxml's parse"] for row in times]
    print(f"{len(times)} pages, least of {options.rounds} rounds; median of the pages, and all pages together")
    for name in READERS:
        own = [row[name] for row in times]
        each = median(one / least for one, least in zip(own, floor, strict=True))
        print(f"{name:<18} {1000 * median(own):>8.2f} ms {each:>7.2f} x the parse {sum(own) / sum(floor):>7.2f} x")


if __name__ == "__main__":
    main(sys.argv[1:])
