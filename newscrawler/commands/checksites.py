"""`scrapy checksites [SITE ...] [--live]`: are the declared sites still read as expected?"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from newscrawler.commandline import ProjectCommand
from newscrawler.exits import Exit
from newscrawler.printing import print_rows
from newscrawler.sites import Site, load_sites

if TYPE_CHECKING:
    from newscrawler.spiders.look import Look

COLUMNS = ("site", "page", "verdict", "expected", "found")

SHOWN = 60
"""Characters of a value that are shown: the fields are in the page's JSON in full."""

SAMPLE = "10"
"""Pages of each site that --live asks for: enough to see what most pages lack, and all sites' are in memory at once."""

Line = tuple[str, ...]


class Command(ProjectCommand):
    """Reads the saved pages of data/sites; with --live it samples each site as well, and changes nothing."""

    usual_level = "ERROR"

    def syntax(self) -> str:
        return "[SITE ...] [--live] [--accept]"

    def short_desc(self) -> str:
        return "Check that declared sites are still read as expected: scrapy checksites --live"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--live", action="store_true", help="sample each site too, and say what looks wrong")
        parser.add_argument("--accept", action="store_true", help="make what is read from the saved pages now the expected")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exit code 2 where no such site is declared or a file does not fit, 3 where one cannot be used, 7 on a difference."""
        from rich.console import Console

        from newscrawler.spiders.look import exit_of

        assert self.settings is not None
        self.folder = Path(self.settings["NEWSCRAWLER_SITES"])
        try:
            sites = load_sites(",".join(args) or "all", self.folder)
            if opts.accept:
                self.accept(sites)
            lines = [line for site in sites for line in self.saved(site)]
            lines += self.live(sites) if opts.live else []
        except (ValueError, OSError) as error:
            self.complain(error)
            self.exitcode = Exit.USAGE if isinstance(error, ValueError) else exit_of(error)
        else:
            print_rows(COLUMNS, lines, Console())
            self.exitcode = Exit.OK if all(line[2] in FINE for line in lines) else Exit.UNHEALTHY

    def accept(self, sites: Iterable[Site]) -> None:
        """Raises ValueError that names the file, OSError."""
        from newscrawler.specimens import accept, load_own_profile, specimens

        for site in sites:
            profile = load_own_profile(self.folder / site.name)
            for path in specimens(self.folder / site.name):
                accept(path, site, profile)

    def saved(self, site: Site) -> Iterator[Line]:
        """Yield a line a saved page, or a line a field that differs. Raises ValueError that names the file, OSError."""
        from newscrawler.specimens import check_specimen, load_own_profile, specimens

        folder = self.folder / site.name
        profile, pages = load_own_profile(folder), specimens(folder)
        for path in pages:
            found = list(check_specimen(path, site, profile))
            for one in found:
                yield site.name, path.name, f"differs in {one.field}", shown(one.expected), shown(one.found)
            if not found:
                yield site.name, path.name, AS_EXPECTED, "", ""
        if not pages:
            yield site.name, "", NOT_SAVED, "", ""

    def live(self, sites: list[Site]) -> list[Line]:
        """Return a line a site, or a line a thing that looks wrong. Raises ValueError, OSError."""
        from newscrawler.spiders.look import look, looks

        assert self.crawler_process is not None
        given = {"site": ",".join(site.name for site in sites), "learn": "only", "limit": SAMPLE}
        with look(self.crawler_process, given) as spider:
            seen = looks(spider)
        return [line for one in seen for line in self.live_lines(one)]

    def live_lines(self, seen: Look) -> Iterator[Line]:
        from newscrawler.impressions import read_all, warnings
        from newscrawler.pages import learn_profile
        from newscrawler.profiles import load_profile

        assert self.settings is not None
        name = seen.site.name
        if refusal := seen.refusal():
            yield name, "live", refusal[1], "", ""
            return
        stored = load_profile(Path(self.settings["NEWSCRAWLER_STATE"]) / "profiles", name)
        profile = stored or learn_profile(seen.pages, seen.site)
        found = list(warnings(read_all(seen.pages, seen.site, profile), profile))
        for warning in found or [AS_EXPECTED]:
            yield name, "live", warning, "", ""


AS_EXPECTED, NOT_SAVED = "as expected", "no saved page"
FINE = frozenset((AS_EXPECTED, NOT_SAVED))


def shown(value: Any) -> str:
    from newscrawler.impressions import shortened

    return shortened(value if isinstance(value, str) else msgspec.json.encode(value).decode(), SHOWN)
