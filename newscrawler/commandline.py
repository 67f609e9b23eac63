"""What the project's commands share: a person's mistake is one line and exit code 2, before anything is done.

In: words and options as they were typed. Out: the same, checked. Must not know: what a command does.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newscrawler.exits import Exit
from newscrawler.options import check_options
from newscrawler.printing import complain, sentence_of
from newscrawler.verbosity import add_verbosity, apply_verbosity


class ProjectCommand(ScrapyCommand):
    """A command of the project. `syntax` is empty where it takes no words."""

    requires_project = True
    usual_level: str | None = None
    """What is logged where neither --quiet nor -v is given ("": what the settings say); None: it has no such options."""

    @property
    def name(self) -> str:
        return type(self).__module__.rpartition(".")[2]

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Let argparse's complaints, which print the usage as well, be one line."""
        super().add_options(parser)
        if self.usual_level is not None:
            add_verbosity(parser)
        vars(parser)["error"] = self.refuse

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """As Scrapy's, with what Scrapy lets pass unseen: unknown options, levels, values that are no numbers."""
        assert self.settings is not None
        try:
            check_words(args, self.syntax())
            check_level(opts.loglevel)
            check_numbers(self.settings, opts.set)
            super().process_options(args, opts)
            check_options(self.settings)
            if self.usual_level is not None:
                apply_verbosity(self.settings, opts, normal=self.usual_level or self.settings["LOG_LEVEL"])
            self.check(args, opts)
        except (ValueError, UsageError) as error:
            self.refuse(error)

    def check(self, args: list[str], opts: argparse.Namespace) -> None:
        """Raise ValueError for what cannot be done, before anything is."""

    def complain(self, wrong: Exception | str) -> None:
        """Say in one line what is wrong."""
        complain(self.name, wrong if isinstance(wrong, str) else sentence_of(wrong))

    def refuse(self, wrong: Exception | str) -> NoReturn:
        """End: what was typed cannot be done."""
        self.complain(wrong)
        sys.exit(Exit.USAGE)


def asked_site(args: list[str], command: str) -> dict[str, str]:
    """Return what -a would give for the one SITE or URL that `command` takes. Raises ValueError."""
    if len(args) != 1:
        raise ValueError(f"one SITE or URL is needed, e.g. scrapy {command} https://mirror.example/")
    return {"url" if "://" in args[0] else "site": args[0]}


def check_words(args: Iterable[str], syntax: str) -> None:
    """Raise ValueError for what argparse left over."""
    for word in args:
        if word.startswith("-"):
            raise ValueError(f"{word}: there is no such option (--help lists them)")
        if not syntax:
            raise ValueError(f"{word}: it takes no argument")


def check_level(level: str | None) -> None:
    known = [name for name in logging.getLevelNamesMapping() if name != "NOTSET"]
    if level and level not in known:
        raise ValueError(f"-L {level}: must be one of {', '.join(known)}")


def check_numbers(settings: Any, given: Iterable[str]) -> None:
    """Raise ValueError for -s NAME=VALUE that is no number, or no truth value, where the setting is one."""
    for one in given:
        name, equals, value = one.partition("=")
        if not equals:
            continue  # Scrapy says it
        current = settings[name]
        if isinstance(current, bool) and value.lower() not in ("true", "false", "1", "0"):
            raise ValueError(f"-s {one}: must be True or False")
        if type(current) in (int, float):
            try:
                float(value)  # Scrapy reads seconds as such even where the default is whole
            except ValueError:
                raise ValueError(f"-s {one}: must be a number, e.g. {current}") from None
