"""Runs scrapy many times, each time in a process of its own, forked from this one, which has imported all that a crawl imports.

In: a JSON line an order: `words` after scrapy, `said`: the file that takes what it prints, `place` and `count`: where it kills
itself (killed.py; null: nowhere), `commit_every`: outcomes a commit (null: as ever), so that a small crawl has many.
Out: for each order a line with the number of the process, and one with its exit code, negative where a signal ended it.
"""

import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from killed import arm
from scrapy.utils.conf import init_env
from scrapy.utils.misc import walk_modules_iter

OURS = "commands", "spiders", "extensions", "middlewares", "pipelines", "archives"
ROOMS = ("scrapy.commands", *(f"newscrawler.{room}" for room in OURS))


def warm() -> None:
    """Import what a crawl imports; not the reactor, which belongs to one process."""
    sys.path.append(str(Path.cwd()))
    init_env()
    for room in ROOMS:
        list(walk_modules_iter(room))
    assert "twisted.internet.reactor" not in sys.modules


def run(order: dict[str, Any]) -> None:
    """Become a `scrapy` of its own; does not return."""
    with Path(order["said"]).open("wb") as said, Path(os.devnull).open("rb") as nothing:
        for number, file in enumerate((nothing, said, said)):
            os.dup2(file.fileno(), number)
    if order["commit_every"]:
        import_module("newscrawler.runs").COMMIT_EVERY = order["commit_every"]
    if order["place"]:
        arm(order["place"], order["count"])
    sys.argv = ["scrapy", *order["words"]]
    import_module("scrapy.cmdline").execute()


warm()
pid = 0
for line in sys.stdin:
    if pid:
        os.waitpid(pid, 0)  # only now: until then its number is nobody else's
    pid = os.fork()
    if not pid:
        run(json.loads(line))
    print(pid, flush=True)
    ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    print(ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status, flush=True)
