"""SIGKILL while a site is archived: the same command ends with whole WARC files, no page lost, none archived unfetched."""

from __future__ import annotations

import json
import random
import signal
import zipfile
from argparse import Namespace
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastwarc")
pytest.importorskip("warcio")

from crawling import Output
from forking import asked, forking
from pictured_mirror import NEEDED, serve_pictured
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from newscrawler.demo import Mirrors

PAGES = 40
"""More than the sample that is fetched before any is read, so that commits fall among fetches."""

COMMIT_EVERY = 4
"""Outcomes a commit: a small site has many then."""

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

    def check(self) -> None:
        """Assert that after a run to the end nothing is lost, torn or invented."""
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
    with serve_pictured(tmp_path, PAGES) as mirrors, forking(tmp_path) as forks:
        snapshot = Snapshot(tmp_path / "snapshot", mirrors)
        assert forks.run(snapshot.command, commit_every=COMMIT_EVERY, kill_at=("fsync", 9)) == -signal.SIGKILL
        assert forks.run(snapshot.command, commit_every=COMMIT_EVERY, kill_when=asked(mirrors, 15)) == -signal.SIGKILL
        assert forks.run(snapshot.command) == 0, forks.said.read_text()
        snapshot.check()


@pytest.mark.torture
def test_a_hundred_kills_while_archiving(tmp_path: Path) -> None:
    chance, killed = random.Random(20261124), 0
    with serve_pictured(tmp_path, PAGES) as mirrors, forking(tmp_path) as forks:
        for number in range(100):
            mirrors.hits.clear()
            snapshot = Snapshot(tmp_path / str(number), mirrors)
            if number % 2:
                place = chance.choice(list(PLACES))
                when: dict[str, Any] = {"kill_at": (place, chance.randint(1, PLACES[place]))}
            else:
                when = {"kill_when": asked(mirrors, chance.randint(1, PAGES + len(NEEDED)), chance.uniform(0, 0.2))}
            killed += forks.run(snapshot.command, commit_every=COMMIT_EVERY, **when) == -signal.SIGKILL
            assert forks.run(snapshot.command) == 0, forks.said.read_text()
            snapshot.check()
    print(f"{killed} of 100 snapshots were killed before their end; every WARC file is whole, no page is lost")
    assert killed > 80
