"""What a release leaves when it fails, is killed, or finds the disk full: the last one as it was, the new one whole or not."""

from __future__ import annotations

import json
import random
import subprocess
import time
from collections.abc import Callable
from multiprocessing import Process, get_context
from pathlib import Path
from typing import Any

import pytest
from kept import article, keep

pytest.importorskip("pyarrow", reason="needs newscrawler[corpus]")
pytest.importorskip("py3langid", reason="needs newscrawler[corpus]")

from releasing import on_a_full_disk, release

from newscrawler.corpus.folder import new_folder
from newscrawler.corpus.options import Options
from newscrawler.corpus.release import build
from newscrawler.corpus.sources import CorpusError
from newscrawler.shards import PART, digest_of

LINES = 40

context = get_context("forkserver")
context.set_forkserver_preload(["tests.releasing"])


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """An output folder and its last release, `last`; then a further run."""
    folder = tmp_path / "articles"
    keep(folder, "20240301T000000Z", [article(f"{n}.html", body=f"Text {n} of the page. " * 40) for n in range(LINES)])
    build(folder, tmp_path / "last", Options(dedup="page"))
    keep(folder, "20240401T000000Z", [article(f"new-{n}.html", body=f"Newer text {n}. " * 40) for n in range(LINES)])
    return folder


def sums_hold(folder: Path) -> bool:
    command = ["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"]
    return subprocess.run(command, cwd=folder, check=False, capture_output=True).returncode == 0


def started(function: Callable[..., None], *arguments: Any) -> Process:
    process = context.Process(target=function, args=arguments)
    process.start()
    return process  # type: ignore[return-value]


@pytest.mark.parametrize("kills", [6, pytest.param(30, marks=pytest.mark.torture)], ids=["sample", "torture"])
def test_killed_at_any_instant(output: Path, tmp_path: Path, kills: int) -> None:
    started(release, output, tmp_path / "first").join()
    began = time.monotonic()
    started(release, output, tmp_path / "whole").join()
    takes, chance = time.monotonic() - began, random.Random(kills)
    whole = json.loads((tmp_path / "whole" / "manifest.json").read_bytes())
    stood = 0
    for number in range(kills):
        target = tmp_path / f"new-{number}"
        process = started(release, output, target)
        process.join(chance.uniform(0.1, 1.1) * takes)
        process.kill()
        process.join()
        assert sums_hold(tmp_path / "last")
        stood += target.exists()
        assert not target.exists() or sums_hold(target)
        if not target.exists():
            started(release, output, target).join()
        assert json.loads((target / "manifest.json").read_bytes())["files"] == whole["files"]
        assert not target.with_name(target.name + PART).exists()
    print(f"{kills} kills, {stood} came too late")


@pytest.mark.parametrize("limit", [0, 1_000, 4_096, 10_000])
def test_a_full_disk(output: Path, tmp_path: Path, limit: int) -> None:
    started(on_a_full_disk, limit, output, tmp_path / "new", tmp_path / "outcome").join()
    assert str((tmp_path / "outcome").readlink()) in {"OSError", "OperationalError", "DatabaseError"}
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "new.part").exists()
    assert sums_hold(tmp_path / "last")


def test_two_at_once(output: Path, tmp_path: Path) -> None:
    with new_folder(tmp_path / "new"), pytest.raises(CorpusError, match="is being filled by another process"):
        release(output, tmp_path / "new")
    assert (tmp_path / "new").exists()


@pytest.fixture
def damaged(output: Path) -> Path:
    """Lines that are sealed and no articles of this format."""
    path = output / "one" / "20240401T000000Z.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    lines[3:6] = [b"\n", b'{"id": 1}\n', b'{"id": "\xff"}\n']
    path.write_bytes(b"".join(lines))
    report = path.with_suffix(".json")
    values = json.loads(report.read_bytes())
    values["files"][0]["sha256"] = digest_of(path)
    report.write_text(json.dumps(values), "utf-8")
    return output


def test_lines_that_cannot_be_read_are_counted(damaged: Path, tmp_path: Path) -> None:
    stats = release(damaged, tmp_path / "new").stats
    assert stats["lines_unreadable"] == {"one/20240401T000000Z.jsonl": 3}
    assert stats["released"] == 2 * LINES - 3
