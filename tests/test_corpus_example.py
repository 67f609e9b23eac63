"""docs/corpus.md, run as it stands: `scrapy` and `python` here, without a new process each."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from scrapy.cmdline import execute

PROJECT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.M | re.S)

pytest.importorskip("pyarrow", reason="needs newscrawler[corpus]")
pytest.importorskip("py3langid", reason="needs newscrawler[corpus]")

FOLDERS = ("NEWSCRAWLER_OUTPUT", "NEWSCRAWLER_STATE")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one's own to type in, with the project's settings."""
    for name in FOLDERS:
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("SCRAPY_SETTINGS_MODULE", "newscrawler.settings")
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def type_line(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do what a shell does with the line."""
    words = shlex.split(line, comments=True)
    if words[:1] == ["scrapy"]:
        places = [word for name in FOLDERS for word in ("-s", f"{name}={os.environ[name]}")]  # the settings are loaded by now
        with pytest.raises(SystemExit) as done:
            execute([*words, *places])
        assert done.value.code == 0, line
    elif words[:1] == ["export"]:
        for word in words[1:]:
            name, _, value = word.partition("=")
            monkeypatch.setenv(name, os.path.expandvars(value))
    elif words:
        subprocess.run(["bash", "-c", line], check=True)


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_the_example_runs(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for language, block in BLOCK.findall((PROJECT / "docs" / "corpus.md").read_text("utf-8")):
        if language == "python":
            exec(block, {})  # noqa: S102 - our own document
        else:
            for line in block.splitlines():
                type_line(line, monkeypatch)
    printed = capsys.readouterr().out
    reports = [json.loads(path.read_bytes()) for path in folder.glob("newscrawler_output/_demo/*/*.json")]
    kept = sum(file["lines"] for report in reports for file in report["files"] if "duplicates" not in file["path"])
    assert f"releases/first: {kept} articles of {kept} pages and {kept} stories" in printed
    assert "since the last release: 0 added, 0 changed, 2 withdrawn" in printed
    assert (folder / "releases" / "lines" / "README.md").exists()
