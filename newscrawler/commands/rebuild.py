"""`scrapy rebuild`: a new ledger from the sealed files, for when the old one is damaged, lost or of another version."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import msgspec

from newscrawler.commandline import ProjectCommand
from newscrawler.exits import Exit


class Command(ProjectCommand):
    """Moves the old ledger aside; deletes nothing."""

    requires_crawler_process = False

    def short_desc(self) -> str:
        return "Make the ledger anew from the JSON lines: scrapy rebuild"

    def long_desc(self) -> str:
        return (
            "Reads every sealed file below the output folder and makes a new ledger that knows its pages and stories. "
            "The old ledger, and journals of runs that were not finished, are moved aside. Example: scrapy rebuild"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit code 3 where something cannot be read or written."""
        from newscrawler.ledger import Ledger, LedgerError
        from newscrawler.rebuild import rebuild
        from newscrawler.shards import PART
        from newscrawler.withdrawals import FILE, recall

        assert self.settings is not None
        output, state = Path(self.settings["NEWSCRAWLER_OUTPUT"]), Path(self.settings["NEWSCRAWLER_STATE"])
        try:
            for path in (*state.glob("ledger.db*"), *output.glob(f"*/*{PART}")):
                path.rename(path.with_name(f"{path.name}.{time.strftime('%Y%m%dT%H%M%S')}.old"))
            ledger = Ledger(state / "ledger.db")
            counts = rebuild(output, ledger)
            with ledger.begin() as conn:
                recall(conn, state / FILE)
        except (OSError, LedgerError, msgspec.MsgspecError) as error:
            self.complain(error)
            self.exitcode = Exit.BROKEN
            return
        print(", ".join(f"{counts[name]} {name}" for name in ("runs", "articles", "duplicates", "missing", "unreported")))
