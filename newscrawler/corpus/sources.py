"""The sealed files below the output folder, each checked against the report of its run.

In: a folder with SITE/RUN.json. Out: files that hold what was sealed. Must not know: the ledger, releases.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from newscrawler.shards import digest_of


class CorpusError(Exception):
    """The release cannot be made; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class SealedFile:
    """One file of one run of one site."""

    path: Path
    site: str
    run: str
    lines: int
    sha256: str

    @property
    def aside(self) -> bool:
        """Does it hold the pages that were set aside as copies?"""
        return ".duplicates." in self.path.name


@dataclass(slots=True)
class Inputs:
    """What a release is made from."""

    files: list[SealedFile] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    """Files that a report names and that are gone."""
    opt_outs: dict[str, set[str]] = field(default_factory=dict)
    """Site -> what its robots.txt reserves against AI agents and mining."""


def find_inputs(output: Path, sites: Collection[str] = ()) -> Inputs:
    """Return the sealed files of `sites` (none named: all), in the order of the runs. Raises CorpusError, OSError."""
    found = Inputs()
    for report in sorted(read_reports(output), key=lambda report: (report["run"], report["site"])):
        if sites and report["site"] not in sites:
            continue
        found.opt_outs.setdefault(report["site"], set()).update(report.get("discovery", {}).get("opt_outs", ()))
        for file in report["files"]:
            path = output / report["site"] / file["path"]
            if path.exists():
                found.files.append(SealedFile(path, report["site"], report["run"], file["lines"], file["sha256"]))
            else:
                found.missing.append(f"{report['site']}/{file['path']}")
    return found


def read_reports(output: Path) -> Iterator[dict[str, Any]]:
    for path in output.glob("*/*.json"):
        try:
            yield msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise CorpusError(f"{path} is no report of a run: {error}") from error


def check(file: SealedFile) -> None:
    """Raise CorpusError where the file is not what was sealed."""
    if digest_of(file.path) != file.sha256:
        raise CorpusError(f"{file.path} is not what was sealed (SHA-256 differs): restore it, or move it away with its report")
