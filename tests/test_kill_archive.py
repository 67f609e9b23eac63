"""SIGKILL while a site is archived: the same command ends with whole WARC files, no page lost, none archived unfetched."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from argparse import Namespace
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

pytest.importorskip("fastwarc")
pytest.importorskip("warcio")

from crawling import LIMIT, PROJECT, Output
from pictured_mirror import NEEDED, serve_pictured
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from newscrawler.demo import Mirrors

KILLED = Path(__file__).parent / "crawls" / "killed.py"

PAGES = 40
"""More than the sample that is fetched before any is read, so that commits fall among fetches."""

PLACES = {"fsync": 36, "rename": 1, "replace": 10, "commit": 30, "execute": 428}
"""Calls at whose n-th the process kills itself (crawls/killed.py) -> how many there are in a snapshot, about."""


@dataclass(frozen=True)
class Snapshot(Output):
    """A snapshot's folder: the crawl's own output is in .work."""

    mirrors: Mirrors

    @property
    def url(self) -> str:
        return f"{self.mirrors.addresses['pictured']}/"

    @property
    def articles(self) -> Path:
        return self.folder / ".work" / "articles"

    @property
    def state(self) -> Path:
        return self.folder / ".work" / "state"

    @property
    def command(self) -> list[str]:
        settings = [word for setting in self.settings() for word in ("-s", setting)]
        return ["snapshot", self.url, "--folder", str(self.folder), "-a", "assets=site", *settings]

    def start(self, place: str = "nowhere", count: int = 0) -> subprocess.Popen[bytes]:
        """Begin a run that kills itself at call number `count` of `place`."""
        words = [sys.executable, str(KILLED), place, str(count), *self.command]
        environment = {**os.environ, "COMMIT_EVERY": "4"}
        return subprocess.Popen(words, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def die_at(self, place: str, count: int) -> bool:
        """Run until the process kills itself; True where it did."""
        with self.start(place, count) as process:
            return process.wait(LIMIT) == -signal.SIGKILL

    def die_after(self, hits: int) -> bool:
        """Run until the mirror was asked `hits` times, then kill; True where the kill found it running."""
        before, end = len(self.mirrors.hits), time.monotonic() + LIMIT
        with self.start() as process:
            while len(self.mirrors.hits) - before < hits and process.poll() is None and time.monotonic() < end:
                time.sleep(0.002)
            process.kill()
        return process.returncode == -signal.SIGKILL

    def check(self) -> None:
        """Run to the end and assert that nothing is lost, torn or invented."""
        words = [sys.executable, "-m", "scrapy", *self.command]
        done = subprocess.run(words, cwd=PROJECT, capture_output=True, text=True, timeout=LIMIT, check=False)
        assert done.returncode == 0, done.stderr
        self.check_promises()
        pages = {f"{self.url}{number}.html" for number in range(1, PAGES + 1)}
        assert {line["url"] for line in (*self.lines(), *self.lines(aside=True))} == pages
        self.check_archives(pages | {f"{self.url}{path[1:]}" for path in NEEDED})
        self.check_folder()

    def check_archives(self, expected: set[str]) -> None:
        paths = sorted(self.articles.glob("*/archive/*.warc.gz"))
        assert Checker(Namespace(inputs=[str(path) for path in paths], verbose=False)).process_all() == 0
        reported = {file["path"]: file for report in self.reports() for file in report["archives"]}
        assert set(reported) == {f"archive/{path.name}" for path in paths}
        served = Counter(hit.path for hit in self.mirrors.hits)
        archived: Counter[str] = Counter()
        for path in paths:
            kinds, addresses = read_warc(path)
            file = reported[f"archive/{path.name}"]
            assert (file["records"], file["bytes"]) == (kinds.total(), path.stat().st_size)
            assert file["sha256"] == sha256(path.read_bytes()).hexdigest()
            assert kinds["request"] == kinds["response"] + kinds["revisit"]
            archived.update(addresses)
        assert expected <= set(archived)
        assert not {address: count for address, count in archived.items() if count > served["/" + address[len(self.url) :]]}

    def check_folder(self) -> None:
        sums = (line.split() for line in (self.folder / "README.txt").read_text("utf-8").splitlines())
        digests = {words[1]: words[0] for words in sums if len(words) == 2 and len(words[0]) == 64}
        assert {name: sha256((self.folder / name).read_bytes()).hexdigest() for name in digests} == digests
        assert not list(self.folder.glob("*.part"))
        with zipfile.ZipFile(self.folder / "site.wacz") as wacz:
            assert wacz.testzip() is None
            pages = [json.loads(line)["url"] for line in wacz.read("pages/pages.jsonl").splitlines()[1:]]
        assert sorted(pages) == sorted(line["url"] for line in self.lines())


def read_warc(path: Path) -> tuple[Counter[str], list[str]]:
    """Return the records by kind, and the addresses of the answers."""
    kinds: Counter[str] = Counter()
    addresses = []
    with path.open("rb") as file:
        for record in ArchiveIterator(file):
            kinds[record.rec_type] += 1
            if record.rec_type in ("response", "revisit"):
                addresses.append(record.rec_headers.get_header("WARC-Target-URI"))
    return kinds, addresses


def test_a_killed_snapshot_goes_on_by_the_same_command(tmp_path: Path) -> None:
    with serve_pictured(tmp_path, PAGES) as mirrors:
        snapshot = Snapshot(tmp_path / "snapshot", mirrors)
        assert snapshot.die_at("fsync", 9)
        assert snapshot.die_after(15)
        snapshot.check()


@pytest.mark.torture
def test_a_hundred_kills_while_archiving(tmp_path: Path) -> None:
    chance, killed = random.Random(20261124), 0
    with serve_pictured(tmp_path, PAGES) as mirrors:
        for number in range(100):
            mirrors.hits.clear()
            snapshot = Snapshot(tmp_path / str(number), mirrors)
            if number % 2:
                place = chance.choice(list(PLACES))
                killed += snapshot.die_at(place, chance.randint(1, PLACES[place]))
            else:
                killed += snapshot.die_after(chance.randint(1, PAGES + len(NEEDED)))
            snapshot.check()
    print(f"{killed} of 100 snapshots were killed before their end; every WARC file is whole, no page is lost")
    assert killed > 80
