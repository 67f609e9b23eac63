"""Measure archives: what writing costs a page, and how many pages a second are read and extracted again.

    python -m benchmarks.archive [WARC ...] [--processes 1 2] [--rounds 3]

Without WARC the pages of the bundled demo are archived over and over, each under an address of its own. Reading alone,
newscrawler and trafilatura (`pip install trafilatura`) see the same captures; trafilatura is given its bytes and asked for
text and metadata, in this process. Cores are those the processes get: nothing else should run. The rounds go by turns, and the
best of each counts: a machine that others share is slower in one minute than in the next.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import cycle, islice
from multiprocessing import forkserver
from pathlib import Path
from typing import NamedTuple

from newscrawler.archives.captures import Capture, Exchange
from newscrawler.archives.extract import extract_archive
from newscrawler.archives.reader import ArchiveReader
from newscrawler.archives.survey import may_be_page
from newscrawler.archives.writer import ArchiveWriter

DEMO = Path(__file__).parents[1] / "data" / "demo" / "mirrors"
PAGES = 2_000
"""Demo pages archived: some seconds of extraction."""


class Speed(NamedTuple):
    """Pages a second on the clock, which others on the machine slow down; CPU milliseconds a page, which they hardly do."""

    pages: float
    cpu: float
    here: float
    """Of these, what this process took: the part that no further process shares."""

    def gain(self, alone: Speed, processes: int) -> float:
        """Return how many times as fast as `alone` this is where each process has a core and nothing else runs."""
        return alone.cpu / max(self.here, self.cpu / processes)


def demo_exchanges(count: int) -> Iterator[Exchange]:
    """Yield `count` answers with the demo's pages, uncompressed: the dearest case for writing."""
    bodies = [path.read_bytes() for path in sorted(DEMO.rglob("*.html"))]
    for number, body in enumerate(islice(cycle(bodies), count)):
        yield Exchange(
            url=f"http://demo.example/{number}.html",
            fetched_at=datetime.now(UTC),
            request_headers=[(b"User-Agent", b"newscrawler"), (b"Accept", b"text/html"), (b"Accept-Encoding", b"gzip")],
            status=200,
            headers=[(b"Content-Type", b"text/html"), (b"Date", b"Fri, 27 Mar 2026 12:33:00 GMT"), (b"Etag", b'"1"')],
            body=body + b"<!-- %d -->" % number,
        )


def exchanges_of(captures: Iterable[Capture]) -> Iterator[Exchange]:
    """Yield the captures as if they had just arrived."""
    for capture in captures:
        headers = [(name.encode(), value.encode("latin-1", "replace")) for name, value in capture.headers]
        plain = [(name, value) for name, value in headers if name.lower() not in (b"content-encoding", b"transfer-encoding")]
        yield Exchange(url=capture.url, fetched_at=datetime.now(UTC), status=capture.status, headers=plain, body=capture.body)


def write(exchanges: list[Exchange], folder: Path) -> None:
    """Archive all of it, and say what it cost: the caller's thread, and the process as a whole."""
    caller, process = time.thread_time(), time.process_time()
    writer = ArchiveWriter()
    writer.open("site", folder, "run", {"software": "benchmark"})
    for exchange in exchanges:
        writer.add("site", exchange)
    caller = time.thread_time() - caller
    written = writer.commit(last=True)["site"]
    process = time.process_time() - process
    writer.close()
    count, bodies = len(exchanges), sum(len(exchange.body) for exchange in exchanges)
    share = sum(file.length for file in written.values()) / bodies
    each = f"{caller / count * 1e3:.2f} ms the caller's thread, {process / count * 1e3:.2f} ms in all"
    print(f"writing      {each} (CPU a page of {bodies / count / 1e3:.0f} KB; {share:.1%} of the bytes)")


def timed(name: str, results: Iterable[object]) -> Speed:
    """Run through `results`; print and return what it cost."""
    start, cpu, here = time.perf_counter(), cpu_seconds(), time.process_time()
    count = sum(1 for _ in results)
    each = 1e3 / count
    seconds = time.perf_counter() - start
    speed = Speed(count / seconds, (cpu_seconds() - cpu) * each, (time.process_time() - here) * each)
    used = f"{speed.cpu:6.2f} ms CPU a page, {speed.here:.2f} of them here"
    print(f"{name:<26} {speed.pages:8.1f} pages/s   {used}   {count} pages", flush=True)
    return speed


def cpu_seconds() -> float:
    """Return the CPU time of this process and of its children, of which none may be at work."""
    forkserver._forkserver._stop()  # type: ignore[attr-defined]  # what the processes took is known once it has ended
    return sum(os.times()[:4])


def trafilatura_of(paths: list[Path]) -> Iterator[object]:
    import trafilatura

    for capture in ArchiveReader(paths, may_be_page):
        yield trafilatura.bare_extraction(capture.body, url=capture.url, with_metadata=True)


def round_of(paths: list[Path], processes: list[int]) -> tuple[dict[int, Speed], Speed]:
    """Return how fast we are with each number of processes, and the peer."""
    ours = {count: timed(f"newscrawler, {count} processes", extract_archive(paths, processes=count)) for count in processes}
    return ours, timed("trafilatura, 1 process", trafilatura_of(paths))


def best(speeds: Iterable[Speed]) -> Speed:
    """Return the best of each measure."""
    pages, cpu, here = zip(*speeds, strict=True)
    return Speed(max(pages), min(cpu), min(here))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("warcs", nargs="*", type=Path)
    parser.add_argument("--processes", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if asked.warcs:
            write(list(islice(exchanges_of(ArchiveReader(asked.warcs, may_be_page)), PAGES)), Path(folder))
        else:
            write(list(demo_exchanges(PAGES)), Path(folder))
        paths = asked.warcs or [Path(folder)]
        timed("reading alone", ArchiveReader(paths, may_be_page))
        rounds = [round_of(paths, asked.processes) for _ in range(asked.rounds)]
    speeds = {count: best(speeds[count] for speeds, _ in rounds) for count in asked.processes}
    peer = best(peer for _, peer in rounds)
    first = speeds[asked.processes[0]]
    print(f"trafilatura / newscrawler  {peer.cpu / first.cpu:.1f}x by CPU, {first.pages / peer.pages:.1f}x by the clock")
    for count, speed in speeds.items():
        gain = f"{speed.gain(first, count):.2f}x by CPU, {speed.pages / first.pages:.2f}x by the clock"
        print(f"{count} processes, against {asked.processes[0]:<7} {gain}")


if __name__ == "__main__":
    main()
