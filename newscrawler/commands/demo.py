"""`scrapy demo`: two bundled mirrors, served and crawled on this machine, and what comes of it."""

from __future__ import annotations

import argparse
import shlex
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Event

from newscrawler.commandline import ProjectCommand
from newscrawler.demo import Mirrors, serve
from newscrawler.exits import Exit

MIRRORS = Path(__file__).parents[2] / "data" / "demo" / "mirrors"

FOLDER = "_demo"
"""Below the output and the state; no site can have this name, so that emptying it touches nobody's articles."""

HASTE = ("DOWNLOAD_DELAY=0", "AUTOTHROTTLE_ENABLED=False", "NEWSCRAWLER_ALLOW_NETWORKS=127.0.0.0/8")
"""Settings for mirrors that are our own and on this machine; any other host is asked slowly, and loopback never."""


class Command(ProjectCommand):
    """Needs no network and no site of its own."""

    requires_crawler_process = False

    def short_desc(self) -> str:
        return "Crawl two bundled mirrors on this machine and show what comes out: scrapy demo"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--serve", action="store_true", help="only serve the mirrors, until Ctrl-C, to try other commands on"
        )

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Serve, crawl in a child process, show. The exit code is the crawl's."""
        from rich.console import Console
        from rich.text import Text

        from newscrawler.demo_view import show_demo

        assert self.settings is not None
        if not MIRRORS.is_dir():
            self.complain(f"{MIRRORS} is missing: the demo needs a checkout of the project")
            self.exitcode = Exit.USAGE
            return
        if opts.serve:
            keep_serving()
            return
        output, state = (emptied(Path(self.settings[key]) / FOLDER) for key in ("NEWSCRAWLER_OUTPUT", "NEWSCRAWLER_STATE"))
        console = Console()
        with serve(MIRRORS) as mirrors:
            words = crawl_words(mirrors, output, state)
            console.print(Text(f"$ scrapy {shlex.join(words)}", style="bold"), soft_wrap=True)
            try:
                self.exitcode = subprocess.run([sys.executable, "-m", "scrapy", *words], check=False).returncode
            except KeyboardInterrupt:
                self.exitcode = Exit.INTERRUPTED
        show_demo(output, mirrors, console)


def keep_serving() -> None:
    """Serve the mirrors until Ctrl-C, each at an address of its own."""
    with serve(MIRRORS) as mirrors:
        for name, address in mirrors.addresses.items():
            print(f"{name}: {address}/", flush=True)
        print("Ctrl-C ends it; meanwhile, in another terminal: scrapy addsite ADDRESS", flush=True)
        with suppress(KeyboardInterrupt):
            Event().wait()


def emptied(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def crawl_words(mirrors: Mirrors, output: Path, state: Path) -> list[str]:
    """Return the words after `scrapy` that crawl both mirrors, known by their addresses alone."""
    settings = (*HASTE, f"NEWSCRAWLER_OUTPUT={output}", f"NEWSCRAWLER_STATE={state}")
    options = [word for setting in settings for word in ("-s", setting)]
    addresses = ",".join(f"{address}/" for address in mirrors.addresses.values())
    return ["crawl", "mirror", "-L", "WARNING", "-a", f"url={addresses}", *options]
