"""A release: a folder that appears whole or not at all.

In: sealed files, the ledger's labels of stories, takedowns, the last release. Out: shards, manifest, checksums, card.
Must not know: Scrapy.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from newscrawler import __version__
from newscrawler.corpus.card import write_card
from newscrawler.corpus.folder import new_folder
from newscrawler.corpus.index import INDEX, read_index
from newscrawler.corpus.options import Options
from newscrawler.corpus.sources import CorpusError, Inputs, check, find_inputs
from newscrawler.corpus.store import Store
from newscrawler.corpus.taking import Labels, Taker
from newscrawler.corpus.writing import write_lines
from newscrawler.items import SCHEMA
from newscrawler.shards import digest_of, seal
from newscrawler.withdrawals import Withdrawals


@dataclass(slots=True)
class Release:
    """What one call of `build` made."""

    path: Path
    stats: dict[str, Any]
    files: list[dict[str, Any]] = field(default_factory=list)
    delta: dict[str, int] | None = None


def build(
    output: Path, target: Path, options: Options, *, labels: Labels | None = None, withdrawn: Withdrawals | None = None
) -> Release:
    """Make the release `target` from the sealed files below `output`.

    labels: as the ledger knows the stories by now; without it, as they were when the files were sealed.
    Raises CorpusError, OSError, sqlite3.Error; then `target` does not exist.
    """
    if options.previous and not (options.previous / INDEX).exists():
        raise CorpusError(f"{options.previous} is no release: it has no {INDEX}")
    with new_folder(target) as folder, closing(Store(folder / "sorting.db")) as store:
        release = fill(folder, output, Taker(store, options, labels or known_stories, withdrawn or Withdrawals()))
    release.path = target
    return release


def known_stories(ids: list[str]) -> list[str]:
    """Stand in for a ledger: nothing is known but what the lines say."""
    return [""] * len(ids)


def fill(folder: Path, output: Path, taker: Taker) -> Release:
    """Make the files of a release in `folder`."""
    options, store = taker.options, taker.store
    inputs = find_inputs(output, options.sites)
    if not inputs.files:
        raise CorpusError(f"{output}: no sealed file of a run to make a release from; crawl first, e.g. `scrapy demo`")
    for file in inputs.files:
        check(file)
        taker.take(file)
    if options.previous:
        store.add_before(read_index(options.previous / INDEX))
    store.choose(options.dedup)
    written = write_lines(folder, store, options)
    stats = {
        "newscrawler": __version__,
        "schema": SCHEMA,
        **store.counts(),
        **written.statistics.values(),
        "sites_opting_out": {site: sorted(found) for site, found in sorted(inputs.opt_outs.items()) if found},
        "files_missing": inputs.missing,
        "lines_unreadable": dict(sorted(taker.unreadable.items())),
    }
    release = Release(folder, stats, written.files, written.delta)
    describe(release, options, inputs)
    return release


def describe(release: Release, options: Options, inputs: Inputs) -> None:
    """Write what people and programs read first: the card, the counts, the manifest, the checksums."""
    folder = release.path
    write_json(folder / "stats.json", release.stats)
    names = ("stats.json", INDEX, *write_card(folder, release.stats, options, release.delta))
    release.files += [{"path": name} for name in names]
    for file in release.files:
        path = folder / file["path"]
        file |= {"bytes": path.stat().st_size, "sha256": digest_of(path)}
    write_json(folder / "manifest.json", manifest(release, options, inputs))
    sums = [*release.files, {"path": "manifest.json", "sha256": digest_of(folder / "manifest.json")}]
    seal(folder / "SHA256SUMS", [f"{file['sha256']}  {file['path']}\n".encode() for file in sums])


def manifest(release: Release, options: Options, inputs: Inputs) -> Mapping[str, Any]:
    """Return the account of every file that went in and came out."""
    return {
        "schema": "newscrawler/release/1",
        "newscrawler": __version__,
        "created": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "options": options.values(),
        "delta": release.delta,
        "files": release.files,
        "inputs": [{"site": x.site, "file": x.path.name, "lines": x.lines, "sha256": x.sha256} for x in inputs.files],
    }


def write_json(path: Path, values: Any) -> None:
    seal(path, [msgspec.json.format(msgspec.json.encode(values)) + b"\n"])
