"""How much a command says: `--quiet`, nothing, `-v`, `--json-logs`.

In: a command's options. Out: settings of the log. Must not know: what is said.
"""

from __future__ import annotations

import argparse
from typing import Any, Protocol


class Settings(Protocol):
    """Scrapy's, as far as they are needed here."""

    def set(self, name: str, value: Any, priority: str = ...) -> None: ...


def add_verbosity(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--quiet", action="store_true", help="say only what is wrong")
    how.add_argument("-v", "--verbose", action="store_true", help="say every request and what became of it")


def apply_verbosity(settings: Settings, opts: argparse.Namespace, normal: str) -> None:
    """Set the log's level; one that was given by -L stays. normal: where nothing is asked for."""
    level = "DEBUG" if opts.verbose else "ERROR" if opts.quiet else normal
    if not opts.loglevel:
        settings.set("LOG_LEVEL", level, priority="cmdline")
