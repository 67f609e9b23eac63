"""What a person asks of an archive (`scrapy crawl archive -a key=value`), checked before anything is read.

In: strings. Out: ArchiveArguments. Must not know: Scrapy. Whatever does not fit is a ValueError that names the key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from newscrawler.arguments import listed, one_of, parse_limit, parse_sites, parse_window
from newscrawler.sites import Site

KEYS = ("path", "site", "url", "limit", "since", "until", "duplicates", "recheck", "processes")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveArguments:
    """One reading of archives as it was asked for."""

    paths: tuple[str, ...]
    sites: tuple[Site, ...] = ()
    """Only their pages are read; none: all pages."""
    limit: int | None = None
    window: tuple[float, float] | None = None
    duplicates: Literal["drop", "keep"] | None = None
    recheck: Literal["all", "none"] = "none"
    """all: pages that have their state already are read again."""
    processes: int | None = None
    archive: bool = False
    """Nothing is fetched, so there is nothing to archive."""


def parse_archive_arguments(given: Mapping[str, str], sites_folder: Path) -> ArchiveArguments:
    """Return what `given` asks for. Raises ValueError naming the key."""
    unknown = sorted(key for key in given if key not in KEYS and not key.startswith("_"))  # Scrapyd adds _job
    if unknown:
        raise ValueError(f"{unknown[0]}: no such argument (known: {', '.join(KEYS)})")
    paths = tuple(listed(given.get("path")))
    if not paths:
        raise ValueError("path: one is needed, e.g. -a path=site.wacz or -a path='archive/*.warc.gz'")
    return ArchiveArguments(
        paths=paths,
        sites=parse_sites(given, sites_folder) if {"site", "url"} & set(given) else (),
        limit=parse_limit(given.get("limit")),
        window=parse_window(given.get("since"), given.get("until")),
        duplicates=one_of("duplicates", given.get("duplicates"), ("drop", "keep"), None),
        recheck=one_of("recheck", given.get("recheck"), ("all", "none"), "none"),
        processes=parse_processes(given.get("processes")),
    )


def parse_processes(value: str | None) -> int | None:
    if value is None:
        return None
    if not value.isascii() or not value.isdigit() or not 0 < int(value) <= 512:
        raise ValueError(f"processes={value}: must be a whole number from 1 to 512")
    return int(value)
