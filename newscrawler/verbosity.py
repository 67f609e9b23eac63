"""How much a command says: `--quiet`, nothing, `-v`.

In: a command's options. Out: settings of the log. Must not know: what is said.
"""

from __future__ import annotations

import argparse
import logging
from typing import Any, Protocol

CHATTER = ("asyncio", "scrapy.addons", "scrapy.core.engine", "scrapy.crawler", "scrapy.middleware", "scrapy.utils.log")
"""Loggers that say at each start what the settings say; their warnings are heard."""


class Settings(Protocol):
    """Scrapy's, as far as they are needed here."""

    def __getitem__(self, name: str) -> Any: ...

    def set(self, name: str, value: Any, priority: str = ...) -> None: ...


def add_verbosity(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--quiet", action="store_true", help="say only what is wrong")
    how.add_argument("-v", "--verbose", action="store_true", help="say every request, and what Scrapy says of itself")


def apply_verbosity(settings: Settings, opts: argparse.Namespace, normal: str = "INFO") -> None:
    """Set what is logged; a level given by -L stays. normal: the level where nothing is asked for."""
    if not opts.loglevel:
        level = "DEBUG" if opts.verbose else "WARNING" if opts.quiet else normal
        settings.set("LOG_LEVEL", level, priority="cmdline")
    if not opts.verbose or settings["NEWSCRAWLER_LOG_JSON"] == "yes":  # some of it comes before the log is JSON
        for name in CHATTER:
            logging.getLogger(name).addFilter(is_warning)  # a filter stays when Scrapy sets up its log, a level does not


def is_warning(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING
