"""docs/corpus.md, run as it stands."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```$", re.M | re.S)

pytest.importorskip("pyarrow", reason="needs newscrawler[corpus]")
pytest.importorskip("py3langid", reason="needs newscrawler[corpus]")


def test_the_example_runs(tmp_path: Path) -> None:
    """Both kinds of blocks become one shell script; `scrapy` and `python` are this interpreter's."""
    script = ["set -eu", f'scrapy() {{ "{sys.executable}" -m scrapy "$@"; }}']
    for language, block in BLOCK.findall((PROJECT / "docs" / "corpus.md").read_text("utf-8")):
        script.append(block if language == "sh" else f'"{sys.executable}" - <<"END"\n{block}END')
    folders = {f"NEWSCRAWLER_{name}": str(tmp_path / name.lower()) for name in ("OUTPUT", "STATE")}
    (tmp_path / "scrapy.cfg").write_text("[settings]\ndefault = newscrawler.settings\n", "utf-8")
    environment = {**os.environ, **folders, "PYTHONPATH": str(PROJECT), "PYTHONUTF8": "1"}
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("needs bash")
    done = subprocess.run(
        [bash, "-c", "\n".join(script)], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    reports = [json.loads(path.read_bytes()) for path in tmp_path.glob("output/_demo/*/*.json")]
    kept = sum(file["lines"] for report in reports for file in report["files"] if "duplicates" not in file["path"])
    assert f"releases/first: {kept} articles of {kept} pages and {kept} stories" in done.stdout
    assert "since the last release: 0 added, 0 changed, 2 withdrawn" in done.stdout
    assert (tmp_path / "releases" / "lines" / "README.md").exists()
