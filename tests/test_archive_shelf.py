"""Archives move in step with the ledger: whatever stops the process, a page that has its state is in a whole file."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("warcio")

from exchanges import page
from sqlalchemy import select
from warcio.archiveiterator import ArchiveIterator

from newscrawler.archives.reader import ArchiveReader
from newscrawler.archives.shelf import Shelf
from newscrawler.ledger import Ledger
from newscrawler.rows import Listing, find_url, list_urls
from newscrawler.runs import Run
from newscrawler.shards import ShardError
from newscrawler.tables import shards, urls

PAGES = 400

CRAWL = """
import sys, time
from pathlib import Path
from exchanges import page
from newscrawler.archives.shelf import Shelf
from newscrawler.ledger import Ledger
from newscrawler.rows import Listing, list_urls, take_pending
from newscrawler.runs import Run

folder, pages = Path(sys.argv[1]), int(sys.argv[2])
run = Run(Ledger(folder / "ledger.db"), folder, f"run{time.time_ns()}")
with run.ledger.begin() as conn:
    list_urls(conn, "site", "run", "sitemap", [Listing(page(n).url) for n in range(pages)])
run.open("site", "drop")
shelf = Shelf(run, rotate=20_000)
shelf.begin("site", {"software": "newscrawler"})
print("ready", flush=True)
while True:
    with run.ledger.begin() as conn:
        rows = take_pending(conn, "site", 8)
    if not rows:
        break
    for row in rows:
        shelf.add("site", page(int(row.url.rpartition("/")[2].removesuffix(".html"))))
        run.settle(row, "not_article", "not_article")
    run.commit()
shelf.end()
"""


def crawl(folder: Path, pages: int) -> subprocess.Popen[bytes]:
    here = Path(__file__).parent
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(here), str(here.parent)])}
    command = [sys.executable, "-c", CRAWL, str(folder), str(pages)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process


def settled(folder: Path) -> set[str]:
    ledger = Ledger(folder / "ledger.db")
    with ledger.begin() as conn:
        found = set(conn.execute(select(urls.c.url).where(urls.c.state != "pending")).scalars())
    ledger.close()
    return found


def check(folder: Path) -> set[str]:
    """Return the addresses in the archive; every file must be whole, with the digests it states."""
    found = set()
    for path in (folder / "site" / "archive").iterdir():
        assert path.name.endswith(".warc.gz"), path
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests="raise"):
                record.content_stream().read()
                if record.rec_type == "response":
                    found.add(record.rec_headers.get_header("WARC-Target-URI"))
    return found


def kill_and_go_on(folder: Path, kills: int, pages: int) -> int:
    """Kill the crawl `kills` times, let it end, and return how many kills found it at work."""
    chance, hit = random.Random(9), 0
    for _ in range(kills):
        process = crawl(folder, pages)
        time.sleep(chance.uniform(0, 0.08))
        process.send_signal(signal.SIGKILL)
        hit += process.wait() == -signal.SIGKILL
        process.stdout.close()
    with crawl(folder, pages) as process:
        assert process.wait() == 0
    return hit


@pytest.mark.parametrize(
    ("kills", "pages"), [(3, PAGES), pytest.param(100, 8000, marks=pytest.mark.torture)], ids=["sample", "torture"]
)
def test_kills_lose_no_page_and_leave_whole_files(tmp_path, kills, pages):
    assert kill_and_go_on(tmp_path, kills, pages) >= kills // 2
    listed = {page(n).url for n in range(pages)}
    assert settled(tmp_path) == listed
    assert check(tmp_path) == listed
    assert {capture.url for capture in ArchiveReader([tmp_path / "site"])} == listed
    ledger = Ledger(tmp_path / "ledger.db")
    with ledger.begin() as conn:
        sealed = select(shards.c.path, shards.c.length).where(shards.c.sha256.is_not(None))
        recorded = {row.path: row.length for row in conn.execute(sealed)}
    ledger.close()
    assert recorded == {f"site/archive/{path.name}": path.stat().st_size for path in (tmp_path / "site/archive").iterdir()}


def test_a_file_that_lost_what_was_committed_is_refused(tmp_path):
    run = Run(Ledger(), tmp_path, "run")
    with run.ledger.begin() as conn:
        list_urls(conn, "site", "run", "sitemap", [Listing(page(1).url)])
    run.open("site", "drop")
    shelf = Shelf(run)
    shelf.begin("site", {})
    shelf.add("site", page(1))
    with run.ledger.begin() as conn:
        row = find_url(conn, "site", page(1).url)
    run.settle(row, "not_article")
    run.commit()
    (part,) = (tmp_path / "site/archive").iterdir()
    os.truncate(part, part.stat().st_size - 1)
    with pytest.raises(ShardError, match="holds less than was committed"):
        Shelf(run).begin("site", {})
