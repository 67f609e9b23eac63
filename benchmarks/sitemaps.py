"""Measure the reading of listings: addresses a second and memory, beside ultimate-sitemap-parser and Scrapy in one run.

    python -m benchmarks.sitemaps [--million 1000000] [--size 50000]

CPU time of one process on one core, so that a busy machine changes little. The million goes through as a stream.
"""

from __future__ import annotations

import argparse
import gzip
import logging
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from resource import getpagesize
from time import process_time

from newscrawler.sitemaps import SitemapReport, parse_sitemap

URL = "https://news.example.com/sitemap.xml"
HEAD = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    b'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n'
)
PLAIN = (
    b"<url>\n  <loc>https://news.example.com/2026/11/24/story-%d.html</loc>\n  <lastmod>2026-11-24T10:00:00+08:00</lastmod>\n"
    b"  <changefreq>daily</changefreq>\n  <priority>0.5</priority>\n</url>\n"
)
NEWS = (
    b"<url><loc>https://news.example.com/2026/11/24/story-%d.html</loc><news:news><news:publication>"
    b"<news:name>The Harbour Gazette</news:name><news:language>en</news:language></news:publication>"
    b"<news:publication_date>2026-11-24T09:30:00+02:00</news:publication_date>"
    b"<news:title>Library &amp; harbour: what opens when</news:title></news:news></url>\n"
)
BATCH = 1000
"""Entries a chunk of the stream."""


def stream(count: int, form: bytes) -> Iterator[bytes]:
    yield HEAD
    for start in range(0, count, BATCH):
        yield b"".join(form % number for number in range(start, min(start + BATCH, count)))
    yield b"</urlset>\n"


def resident() -> float:
    """Return the process' memory in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * getpagesize() / 1e6


def ours(body: bytes) -> int:
    return sum(1 for _ in parse_sitemap(body, url=URL))


def usp(body: bytes) -> int:
    from usp.tree import sitemap_from_str

    return sum(1 for _ in sitemap_from_str(body.decode()).all_pages())


def scrapy(body: bytes) -> int:
    from scrapy.utils.sitemap import Sitemap

    return sum(1 for _ in Sitemap(body))


def timed(read: Callable[[bytes], int], body: bytes, count: int) -> float:
    """Return entries a second; the best of three, for what else runs on the machine only slows."""
    best = 0.0
    for _ in range(3):
        start = process_time()
        found = read(body)
        best = max(best, count / (process_time() - start))
        if found != count:
            raise SystemExit(f"{read.__name__} found {found} of {count}")
    return best


def compare(name: str, body: bytes, count: int) -> None:
    rates = {read.__name__: timed(read, body, count) for read in (ours, usp, scrapy)}
    others = ", ".join(f"{peer} {rate:,.0f} ({rates['ours'] / rate:.1f}x)" for peer, rate in rates.items() if peer != "ours")
    print(f"{name:<22} {rates['ours']:>9,.0f} entries/s; {others}")


def million(count: int) -> None:
    generating = process_time()
    deque(stream(count, PLAIN), maxlen=0)
    generating = process_time() - generating
    report, before, most = SitemapReport(), resident(), 0.0
    start = process_time()
    for number, _ in enumerate(parse_sitemap(stream(count, PLAIN), url=URL, report=report)):
        if number % 50_000 == 0:
            most = max(most, resident())
    seconds = process_time() - start - generating
    growth = max(most, resident()) - before
    rate = report.entries / seconds
    print(f"{report.entries:,} entries, {report.bytes_out / 1e6:.0f} MB: {rate:,.0f} entries/s, +{growth:.0f} MB")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--million", type=int, default=1_000_000)
    options.add_argument("--size", type=int, default=50_000)
    given = options.parse_args()
    logging.disable(logging.CRITICAL)
    million(given.million)
    for name, form in (("sitemap", PLAIN), ("news sitemap", NEWS)):
        body = b"".join(stream(given.size, form))
        compare(name, body, given.size)
    packed = gzip.compress(b"".join(stream(given.size, PLAIN)))
    rate = timed(ours, packed, given.size)
    print(f"{'gzipped sitemap':<22} {rate:>9,.0f} entries/s")


if __name__ == "__main__":
    main()
