"""Soak: one long crawl of several hosts behind nginx, its memory and the CPU a page as they go, the sealing included.

    python -m benchmarks.soak [--pages 20000] [--hosts 4] [--minutes 30]

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

LOOK_SECONDS = 0.5
STEP = 1_000
"""Pages a line."""


SCRAPY = "from newscrawler import ledger; ledger.CACHE_KIB = 2_048; from scrapy.cmdline import execute; execute()"
"""Scrapy with SQLite's usual cache of 2 MB: ours of 32 MB is filled by some 25,000 pages, and passes for growth until then."""


def usage(pid: int) -> tuple[float, float, float]:
    """Return (MB of its own, MB resident, CPU seconds) of a process; zeros once it has ended.

    Resident are also the parts of the ledger that SQLite reads in place, which the system takes back when it wants them.
    """
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    memory = [int(status.get(name, "0 kB").split()[0]) / 1e3 for name in ("RssAnon", "VmRSS")]
    return memory[0], memory[1], (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def settled(ledger: Path) -> int:
    try:
        with sqlite3.connect(f"file:{ledger}?mode=ro", uri=True) as conn:
            return int(conn.execute("SELECT count(*) FROM urls WHERE state <> 'pending'").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def watch(process: subprocess.Popen[bytes], ledger: Path, seconds: float) -> None:
    """Print a line each STEP pages until the crawl ends or its time is over."""
    end, before, spent, last = time.monotonic() + seconds, 0, 0.0, (0.0, 0.0, 0.0)
    print(" pages    own resident  ms CPU a page")
    while process.poll() is None:
        time.sleep(LOOK_SECONDS)
        now, pages = usage(process.pid), settled(ledger)
        last = now if now[0] else last
        if pages >= before + STEP:
            print(f"{pages:6d} {now[0]:6.0f} {now[1]:8.0f} {(now[2] - spent) / (pages - before) * 1000:8.2f}", flush=True)
            before, spent = pages, now[2]
        if time.monotonic() > end:
            process.send_signal(signal.SIGINT)
            end = float("inf")
    print(f"   end {last[0]:6.0f} {last[1]:8.0f} {last[2] - spent:8.2f} s CPU since the last line")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--pages", type=int, default=20_000)
    options.add_argument("--hosts", type=int, default=4)
    options.add_argument("--minutes", type=float, default=30.0)
    given = options.parse_args()
    with served(given.pages, given.hosts) as (root, sites, _):
        paths = (
            f"NEWSCRAWLER_OUTPUT={root}/articles",
            f"NEWSCRAWLER_STATE={root}/state",
            "NEWSCRAWLER_ALLOW_NETWORKS=127.0.0.0/8",
        )
        settings = [word for setting in (*HASTE, *paths) for word in ("-s", setting)]
        addresses = ",".join(f"{site}/" for site in sites)
        words = [sys.executable, "-c", SCRAPY, "crawl", "mirror", "-a", f"url={addresses}", *settings]
        with subprocess.Popen(words, cwd=PROJECT) as process:
            watch(process, root / "state" / "ledger.db", given.minutes * 60)
        print(f"exit code {process.returncode}, {settled(root / 'state' / 'ledger.db')} of {given.pages} pages settled")


if __name__ == "__main__":
    main()
