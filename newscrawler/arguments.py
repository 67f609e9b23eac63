"""What a person asks of a crawl (`-a key=value`), checked before anything is fetched.

In: strings. Out: Arguments. Must not know: Scrapy. Whatever does not fit is a ValueError that names the key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from newscrawler.sites import Site, check_url, load_sites, site_of

KEYS = ("site", "url", "sitemap", "limit", "since", "until", "duplicates", "recheck", "archive", "assets", "learn")
Recheck = Literal["due", "all", "none"]
FOREVER = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """One crawl as it was asked for."""

    sites: tuple[Site, ...]
    limit: int | None = None
    window: tuple[float, float] | None = None
    """Seconds (since, until), both included."""
    duplicates: Literal["drop", "keep"] | None = None
    recheck: Recheck = "due"
    archive: bool | None = None
    assets: Literal["yes", "no", "site"] = "no"
    """What archived pages need to look like themselves, from any host or from the site's own."""
    learn: Literal["once", "only"] = "once"
    """only: learn each site anew, and read nothing into the output."""


def parse_arguments(given: Mapping[str, str], sites_folder: Path) -> Arguments:
    """Return what `given` asks for. Raises ValueError naming the key."""
    unknown = sorted(key for key in given if key not in KEYS and not key.startswith("_"))  # Scrapyd adds _job
    if unknown:
        raise ValueError(f"{unknown[0]}: no such argument (known: {', '.join(KEYS)})")
    return Arguments(
        sites=parse_sites(given, sites_folder),
        limit=parse_limit(given.get("limit")),
        window=parse_window(given.get("since"), given.get("until")),
        duplicates=one_of("duplicates", given.get("duplicates"), ("drop", "keep"), None),
        recheck=one_of("recheck", given.get("recheck"), ("due", "all", "none"), "due"),
        archive={"yes": True, "no": False, None: None}[one_of("archive", given.get("archive"), ("yes", "no"), None)],
        learn=one_of("learn", given.get("learn"), ("once", "only"), "once"),
        assets=one_of("assets", given.get("assets"), ("yes", "no", "site"), "no"),
    )


def parse_sites(given: Mapping[str, str], folder: Path) -> tuple[Site, ...]:
    sites = [
        *(load_sites(given["site"], folder) if "site" in given else []),
        *(site_of(url) for url in listed(given.get("url"))),
        *sites_of_sitemaps(listed(given.get("sitemap"))),
    ]
    if not sites:
        raise ValueError("site, url or sitemap: one is needed, e.g. -a url=https://mirror.example/")
    unique = {site.name: site for site in sites}
    return tuple(unique.values())


def sites_of_sitemaps(addresses: list[str]) -> list[Site]:
    """Return one site a host, with its sitemaps."""
    by_root: dict[str, list[str]] = {}
    for address in addresses:
        check_url("sitemap", address)
        parts = urlsplit(address)
        by_root.setdefault(f"{parts.scheme}://{parts.netloc}/", []).append(address)
    return [site_of(root, sitemaps=sitemaps) for root, sitemaps in by_root.items()]


def listed(value: str | None) -> list[str]:
    return [part.strip() for part in (value or "").split(",") if part.strip()]


def one_of(key: str, value: str | None, known: tuple[str, ...], default: str | None) -> Any:
    if value is None:
        return default
    if value not in known:
        raise ValueError(f"{key}={value}: must be one of {', '.join(known)}")
    return value


def parse_limit(value: str | None) -> int | None:
    if value is None:
        return None
    if not value.isascii() or not value.isdigit() or int(value) == 0:
        raise ValueError(f"limit={value}: must be a whole number from 1")
    return int(value)


def parse_window(since: str | None, until: str | None) -> tuple[float, float] | None:
    """Return the window in seconds, days taken in UTC and `until` with its whole day; None when neither is given."""
    if since is None and until is None:
        return None
    window = (parse_moment("since", since, time.min, -FOREVER), parse_moment("until", until, time.max, FOREVER))
    if window[0] > window[1]:
        raise ValueError(f"since={since}: is after until={until}")
    return window


def parse_moment(key: str, value: str | None, clock: time, default: float) -> float:
    if value is None:
        return default
    try:
        if len(value) <= 10:
            return datetime.combine(date.fromisoformat(value), clock, UTC).timestamp()
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{key}={value}: must be a date like 2024-03-01 or 2024-03-01T20:33:00+08:00") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
