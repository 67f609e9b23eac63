"""Processes that share the work: none outlives the one that started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1]

SCRIPT = """
import os
from newscrawler.archives.parallel import map_ordered
if __name__ == "__main__":
    for number in map_ordered(abs, iter(int, 1), 2):
        print(os.getpid(), flush=True)
"""


def test_a_killed_parent_leaves_no_process(tmp_path: Path) -> None:
    """Its children hold the other end of its output: the pipe ends when the last of them has."""
    script = tmp_path / "endless.py"
    script.write_text(SCRIPT, "utf-8")
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(PROJECT)}
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
