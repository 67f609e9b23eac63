"""Soak: one long crawl from nginx, its memory and the CPU a page as they go.

    python -m benchmarks.soak [--pages 20000] [--minutes 8]

Flat means: the last quarter's figures are those of the second. After the minutes it is stopped as a person would, by SIGINT.
"""

from __future__ import annotations

import argparse
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.crawl import HASTE, PROJECT, served

LOOK_SECONDS = 15.0


def usage(pid: int) -> tuple[float, float]:
    """Return (MB resident, CPU seconds) of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6, (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def settled(ledger: Path) -> int:
    try:
        with sqlite3.connect(f"file:{ledger}?mode=ro", uri=True) as conn:
            return int(conn.execute("SELECT count(*) FROM urls WHERE state <> 'pending'").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def watch(process: subprocess.Popen[bytes], ledger: Path, seconds: float) -> None:
    """Print a line a look until the crawl ends or its time is over."""
    end, before, spent = time.monotonic() + seconds, 0, 0.0
    print(" pages     MB  ms CPU a page")
    while process.poll() is None:
        time.sleep(LOOK_SECONDS)
        if process.poll() is not None:
            break
        (memory, cpu), pages = usage(process.pid), settled(ledger)
        if pages > before:
            print(f"{pages:6d} {memory:6.0f} {(cpu - spent) / (pages - before) * 1000:8.2f}", flush=True)
            before, spent = pages, cpu
        if time.monotonic() > end:
            process.send_signal(signal.SIGINT)
            process.wait()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--pages", type=int, default=20_000)
    options.add_argument("--minutes", type=float, default=8.0)
    given = options.parse_args()
    with served(given.pages) as (root, address, _):
        paths = (
            f"NEWSCRAWLER_OUTPUT={root}/articles",
            f"NEWSCRAWLER_STATE={root}/state",
            "NEWSCRAWLER_ALLOW_NETWORKS=127.0.0.0/8",
        )
        settings = [word for setting in (*HASTE, *paths) for word in ("-s", setting)]
        words = [sys.executable, "-m", "scrapy", "crawl", "mirror", "-a", f"url={address}/", *settings]
        with subprocess.Popen(words, cwd=PROJECT) as process:
            watch(process, root / "state" / "ledger.db", given.minutes * 60)
        print(f"exit code {process.returncode}, {settled(root / 'state' / 'ledger.db')} of {given.pages} pages settled")


if __name__ == "__main__":
    main()
