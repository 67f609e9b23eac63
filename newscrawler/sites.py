"""A mirror as validated data.

In: data/sites/NAME.toml, or just an address. Out: Site values. Must not know: Scrapy, the network.
A file that does not fit is a ValueError that names the file and the key.
"""

from __future__ import annotations

import re
import tomllib
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import re2
from msgspec import Meta

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
"""A site's name is a folder's name: nothing that a file system or a shell could read otherwise."""

Seconds = Annotated[float, Meta(ge=0, le=3600)]


class Site(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One mirror. Every key but `url` may be left out."""

    name: str
    url: str
    sitemaps: tuple[str, ...] = ()
    """Where listings are; empty: they are discovered."""
    timezone: str | None = None
    """IANA name, for pages that print no zone."""
    date_order: Literal["YMD", "DMY", "MDY"] | None = None
    """How to read 03/04/2024."""
    language: str | None = None
    include: tuple[str, ...] = ()
    """Regular expressions (RE2); a listed URL is read when one matches, or when there is none."""
    exclude: tuple[str, ...] = ()
    """Regular expressions (RE2); a listed URL that one matches is filtered."""
    allow_hosts: tuple[str, ...] = ()
    """Further hosts whose pages this site may list."""
    allow_networks: tuple[str, ...] = ()
    """Networks (CIDR) that may be spoken to though they are private or loopback."""
    delay: Seconds | None = None
    concurrency: Annotated[int, Meta(ge=1, le=64)] | None = None
    duplicates: Literal["drop", "keep"] | None = None
    archive: bool = False
    boilerplate: tuple[str, ...] = ()
    """Blocks to cut from every body, whatever was learned."""
    strike: tuple[str, ...] = ()
    """Learned entries that must not be used, by their text."""

    @property
    def host(self) -> str:
        """Host of the site's address, lower case, without port."""
        return urlsplit(self.url).hostname or ""

    @property
    def zone(self) -> ZoneInfo | None:
        """The declared zone."""
        return ZoneInfo(self.timezone) if self.timezone else None


def load_site(path: Path) -> Site:
    """Return the site that `path` declares. Raises ValueError that names file and key."""
    try:
        declared = tomllib.loads(path.read_text("utf-8"))
        site = msgspec.convert({"name": path.stem, **declared}, Site, strict=True)
        check_site(site)
    except (ValueError, msgspec.ValidationError) as error:
        raise ValueError(f"{path}: {error}") from error
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from error
    return site


def load_sites(names: str, folder: Path) -> list[Site]:
    """Return the sites that `names` lists with commas, or all of `folder` for "all". Raises ValueError."""
    if names == "all":
        paths = sorted(folder.glob("*.toml"))
        if not paths:
            raise ValueError(f"site=all: {folder} has no *.toml")
    else:
        paths = [named_path(name.strip(), folder) for name in names.split(",")]
    return [load_site(path) for path in paths]


def named_path(name: str, folder: Path) -> Path:
    path = folder / f"{name}.toml"
    if not NAME.fullmatch(name) or not path.is_file():
        known = ", ".join(sorted(p.stem for p in folder.glob("*.toml"))) or "none yet"
        hint = "; an address begins with https://" if "." in name else ""
        raise ValueError(f"site={name}: there is no {path} (known: {known}){hint}")
    return path


def site_of(url: str, **declared: object) -> Site:
    """Return a site for `url` alone, named after its host. Raises ValueError for a malformed address.

    Whoever types a literal address, private or loopback, means it: that one address may be spoken to.
    """
    check_url("url", url)
    parts = urlsplit(url)
    networks = own_network(parts.hostname or "")
    name = (parts.hostname or "").replace(":", "-") + (f"-{parts.port}" if parts.port else "")
    site = msgspec.convert({"name": name, "url": url, "allow_networks": networks, **declared}, Site)
    check_site(site)
    return site


def own_network(host: str) -> tuple[str, ...]:
    try:
        return (str(ip_network(host)),)
    except ValueError:
        return ()


def check_site(site: Site) -> None:
    """Raise ValueError naming the key whose value cannot be used."""
    if not NAME.fullmatch(site.name):
        raise ValueError(f"name: {site.name!r} must be lower-case letters, digits, dots, hyphens, underscores")
    for key, addresses in (("url", (site.url,)), ("sitemaps", site.sitemaps)):
        for address in addresses:
            check_url(key, address)
    for key, patterns in (("include", site.include), ("exclude", site.exclude)):
        for pattern in patterns:
            check_pattern(key, pattern)
    for network in site.allow_networks:
        check_network(network)
    try:
        _ = site.zone
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"timezone: {site.timezone!r} is no IANA zone, e.g. Asia/Shanghai") from error


def check_url(key: str, url: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or re.search(r"[\s\x00-\x1f\x7f]", url):
        raise ValueError(f"{key}: {url!r} is not an http(s) address, e.g. https://mirror.example/")


def check_pattern(key: str, pattern: str) -> None:
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error as error:
        raise ValueError(f"{key}: {pattern!r} is no RE2 expression ({error})") from error


def check_network(network: str) -> None:
    try:
        ip_network(network)
    except ValueError as error:
        raise ValueError(f"allow_networks: {error}") from error
