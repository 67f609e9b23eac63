"""A site's saved pages with the fields that are expected of them: the regression test of that site.

In: data/sites/NAME/*.html, each with its *.json beside, and profile.json. Out: what differs, field by field.
Must not know: Scrapy, the network. A specimen needs nothing else: the profile it was read with lies beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from newscrawler.items import Article
from newscrawler.pages import Fetched, read_article
from newscrawler.profiles.profile import Profile, decode, encode
from newscrawler.shards import seal
from newscrawler.sites import Site

EXPECTED = (
    "title", "timestamp", "timestamp_raw", "modified", "source", "source_raw", "source_url", "authors", "editor", "language",
    "section", "tags", "image", "canonical_url", "license", "opt_out", "body", "removed",
)  # fmt: skip
"""Fields that a specimen names: what is read from the page. A person may take out those that do not matter."""

PROFILE = "profile.json"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one specimen that is not as expected."""

    field: str
    expected: Any
    found: Any


def save_specimen(folder: Path, page: Fetched, site: Site, profile: Profile | None) -> Path:
    """Write the page, what is read from it today and the profile; return the page's path. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "1.html"
    seal(path, [page.body])
    if profile:
        seal(folder / PROFILE, [encode(profile)])
    seal(path.with_suffix(".json"), [expectation(page.url, read_article(offline(page.body, page.url), site, profile))])
    return path


def offline(body: bytes, url: str) -> Fetched:
    """Return a saved page as it is read again: by its bytes and its address alone."""
    return Fetched(body, url, url, "")


def expectation(url: str, article: Article | None) -> bytes:
    """Return the JSON of a specimen: its address, and the fields, or null where the page is no article."""
    fields = {name: values_of(article)[name] for name in EXPECTED} if article else None
    return msgspec.json.format(msgspec.json.encode({"url": url, "article": fields})) + b"\n"


def values_of(article: Article) -> dict[str, Any]:
    return dict(msgspec.to_builtins(article))


def specimens(folder: Path) -> list[Path]:
    """Return the saved pages of a site, in order of names."""
    return sorted(path for path in folder.glob("*.html") if path.is_file())


def load_own_profile(folder: Path) -> Profile | None:
    """Return the profile that the specimens are read with. Raises ValueError, OSError."""
    path = folder / PROFILE
    try:
        return decode(path.read_bytes()) if path.exists() else None
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def load_expected(path: Path) -> tuple[str, dict[str, Any] | None]:
    """Return the address and the fields expected of the page at `path`. Raises ValueError that names the file, OSError."""
    beside = path.with_suffix(".json")
    try:
        stated = msgspec.json.decode(beside.read_bytes(), type=dict[str, Any])
        return msgspec.convert(stated["url"], str), msgspec.convert(stated["article"], dict[str, Any] | None)
    except KeyError as error:
        raise ValueError(f"{beside}: {error.args[0]} is missing") from error
    except ValueError as error:
        raise ValueError(f"{beside}: {error}") from error


def check_specimen(path: Path, site: Site, profile: Profile | None) -> Iterator[Difference]:
    """Yield what is not as expected. Raises ValueError that names the file, OSError."""
    url, expected = load_expected(path)
    article = read_article(offline(path.read_bytes(), url), site, profile)
    if expected is None or article is None:
        if (expected is None) != (article is None):
            yield Difference("article", "none" if expected is None else "one", "none" if article is None else "one")
        return
    yield from differences(expected, values_of(article))


def differences(expected: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[Difference]:
    """Yield each expected field that is not so; fields that are not named are not compared."""
    for name, value in expected.items():
        if value != found.get(name):
            yield Difference(name, value, found.get(name))


def accept(path: Path, site: Site, profile: Profile | None) -> None:
    """Make what is read today the expected, in the fields that were named. Raises ValueError that names the file, OSError."""
    url, expected = load_expected(path)
    article = read_article(offline(path.read_bytes(), url), site, profile)
    now = values_of(article) if article else None
    named = {name: now[name] for name in expected or EXPECTED if name in now} if now else None
    seal(path.with_suffix(".json"), [msgspec.json.format(msgspec.json.encode({"url": url, "article": named})) + b"\n"])
