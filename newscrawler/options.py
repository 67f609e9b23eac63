"""Settings of our own: what there is, what each means, where its value comes from.

In: the environment, newscrawler.toml. Out: values by name, checked. Must not know: Scrapy, what a setting does.
The environment outweighs the file, the file outweighs the default; `-s NAME=VALUE` outweighs all.
"""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Callable, Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any, NamedTuple

from newscrawler import __version__
from newscrawler.sites import check_url

PREFIX = "NEWSCRAWLER_"

FILE = Path("newscrawler.toml")
"""In the folder the command is run in."""


def accept_anything(value: str) -> None:
    """Every text will do."""


def check_compression(value: str) -> None:
    if value not in ("", "zst", "gz"):
        raise ValueError(f"{value}: must be zst or gz, or empty for none")


def check_yes_or_no(value: str) -> None:
    if value not in ("yes", "no"):
        raise ValueError(f"{value}: must be yes or no")


def check_networks(value: str) -> None:
    for part in filter(None, (part.strip() for part in value.split(","))):
        ip_network(part)  # its own sentence says what is wrong


def check_address(value: str) -> None:
    try:
        check_url("", value or "https://mirror.example/")
    except ValueError:
        raise ValueError(f"{value!r} is not an http(s) address") from None


def check_folder(value: str) -> None:
    if not value or "\0" in value:
        raise ValueError("must name a folder")


def check_command(value: str) -> None:
    shlex.split(value)


def check_one_line(value: str) -> None:
    if re.search(r"[\x00-\x1f\x7f]", value):
        raise ValueError("must be one line")


class Option(NamedTuple):
    """One setting; in newscrawler.toml its name is in lower case. check: raises ValueError for a value that cannot be used."""

    name: str
    default: str
    meaning: str
    check: Callable[[str], None] = accept_anything


OPTIONS = (
    Option("SITES", "data/sites", "Folder of the sites' TOML files", check_folder),
    Option("OUTPUT", "data/articles", "Folder of articles and reports, a folder a site", check_folder),
    Option("STATE", "data/state", "Folder of the ledger and the learned profiles", check_folder),
    Option("COMPRESSION", "", "`zst` or `gz`: how sealed files are compressed", check_compression),
    Option("CONTACT", "", "Address or URL at which a webmaster can reach you; part of the user agent. Set it.", check_one_line),
    Option("ALLOW_NETWORKS", "", "Private networks that may be spoken to, CIDR with commas, e.g. `10.0.0.0/8`", check_networks),
    Option("LOG_JSON", "no", "`yes`: each line of the log is a JSON object", check_yes_or_no),
    Option("METRICS", "", "Folder for Prometheus' textfile collector: a file a site, written at the end of a run"),
    Option(
        "ON_FAILURE",
        "",
        "Command for a run that ends with another code than 0: no shell, facts as JSON on stdin",
        check_command,
    ),
    Option("WEBHOOK", "", "Address to which the same facts are sent (POST) after such a run", check_address),
)


def read_options(environment: Mapping[str, str], file: Path) -> dict[str, str]:
    """Return full name -> value. Raises ValueError that names what does not fit."""
    declared = read_file(file)
    values = {}
    for option in OPTIONS:
        name = PREFIX + option.name
        values[name] = environment.get(name, declared.get(option.name.lower(), option.default))
    check_options(values)
    return values


def read_file(file: Path) -> dict[str, str]:
    """Return what newscrawler.toml says, empty where there is none. Raises ValueError."""
    try:
        found: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ValueError(f"{file}: {error.strerror}") from error
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from error
    known = [option.name.lower() for option in OPTIONS]
    for name, value in found.items():
        if name not in known:
            raise ValueError(f"{file}: {name}: there is no such setting (known: {', '.join(known)})")
        if not isinstance(value, str):
            raise ValueError(f"{file}: {name}: must be a text in quotes")
    return found


def check_options(values: Mapping[str, Any]) -> None:
    """Raise ValueError naming the setting whose value cannot be used."""
    for option in OPTIONS:
        value = values.get(PREFIX + option.name)
        try:
            option.check(value if isinstance(value, str) else ",".join(value or ()))
        except ValueError as error:
            raise ValueError(f"{PREFIX}{option.name}: {error}") from error


def user_agent(contact: str) -> str:
    """Return what the crawl calls itself."""
    return f"newscrawler/{__version__}" + (f" (+{contact})" if contact else "")
