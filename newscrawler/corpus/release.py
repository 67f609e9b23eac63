"""A release: a folder that appears whole or not at all.

In: sealed files, the ledger's labels of stories, takedowns, the last release. Out: shards, manifest, checksums, card.
Must not know: Scrapy.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, get_args

import msgspec

from newscrawler import __version__
from newscrawler.corpus.card import write_card
from newscrawler.corpus.index import INDEX, IndexWriter, digest_of_line, read_index
from newscrawler.corpus.lines import line_of
from newscrawler.corpus.shards import Format, ShardWriter
from newscrawler.corpus.sources import CorpusError, Inputs, check, find_inputs
from newscrawler.corpus.statistics import Statistics
from newscrawler.corpus.store import Dedup, Page, Store
from newscrawler.items import SCHEMA, Article, Duplicate, encode_line
from newscrawler.sealing import seconds
from newscrawler.shards import PART, digest_of, open_lines, seal, sync_folder
from newscrawler.withdrawals import Withdrawals

BATCH = 1_000
"""Lines whose stories are asked of the ledger at once."""

Labels = Callable[[list[str]], list[str]]
"""Ids -> the stories they are in by now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """One release as it was asked for."""

    format: Format = "parquet"
    dedup: Dedup = "story"
    sites: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    since: float | None = None
    """Seconds; articles that were published before, or nobody knows when, are left out."""
    min_chars: int = 0
    mask: bool = False
    shard_bytes: int = 256 * 2**20
    """Bytes of JSON a shard: some 100 MB of Parquet, what the hub's readers are made for."""
    previous: Path | None = None
    """The last release; the new one then has a delta to it."""

    def __post_init__(self) -> None:
        for name, known in (("format", get_args(Format)), ("dedup", get_args(Dedup))):
            if getattr(self, name) not in known:
                raise ValueError(f"{name}={getattr(self, name)}: must be one of {', '.join(known)}")

    def wants(self, article: Article) -> bool:
        """Is the article within the filters?"""
        if self.languages and article.language not in self.languages:
            return False
        if len(article.body) < self.min_chars:
            return False
        return self.since is None or self.since <= seconds(article.timestamp) < float("inf")


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
    if target.exists():
        raise CorpusError(f"{target} exists: a release is never changed, give it a name of its own")
    if options.previous and not (options.previous / INDEX).exists():
        raise CorpusError(f"{options.previous} is no release: it has no {INDEX}")
    part = target.with_name(target.name + PART)
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    store = Store(part / "sorting.db")
    try:
        release = Builder(part, options, store, labels or known_stories, withdrawn or Withdrawals()).run(output)
    except BaseException:
        store.close()
        shutil.rmtree(part, ignore_errors=True)
        raise
    part.rename(target)
    sync_folder(target.parent)
    release.path = target
    return release


def known_stories(ids: list[str]) -> list[str]:
    """Stand in for a ledger: nothing is known but what the lines say."""
    return [""] * len(ids)


@dataclass(slots=True)
class Builder:
    """Fills the folder of one release."""

    folder: Path
    options: Options
    store: Store
    labels: Labels
    withdrawn: Withdrawals

    def run(self, output: Path) -> Release:
        inputs = find_inputs(output, self.options.sites)
        if not inputs.files:
            raise CorpusError(f"{output}: no sealed file of a run to make a release from; crawl first, e.g. `scrapy demo`")
        for file in inputs.files:
            check(file)
            self._take_aside(file.path) if file.aside else self._take(file.path)
        if self.options.previous:
            self.store.add_before(read_index(self.options.previous / INDEX))
        self.store.choose(self.options.dedup)
        release = self._write(inputs)
        self.store.close()
        return self._describe(release, inputs)

    def _take(self, path: Path) -> None:
        decode = msgspec.json.Decoder(Article).decode
        for lines in batches(path):
            articles = [decode(line) for line in lines]
            stories = self.labels([article.id for article in articles])
            pages = (self._page(article, story) for article, story in zip(articles, stories, strict=True))
            self.store.add(zip(pages, lines, strict=True))

    def _page(self, article: Article, story: str) -> Page:
        return Page(
            id=article.id,
            story=story or article.cluster or article.id,
            url=article.url,
            site=article.site or "",
            moment=seconds(article.timestamp),
            length=len(article.body),
            version=article.version,
            fetched=seconds(article.fetched_at),
            withdrawn=self._kind(article.source, article.url, article.canonical_url, article.source_url),
            wanted=self.options.wants(article),
        )

    def _kind(self, source: str | None, *addresses: str | None) -> str | None:
        return self.withdrawn.of_url(*addresses) or self.withdrawn.of_source(source)

    def _take_aside(self, path: Path) -> None:
        decode = msgspec.json.Decoder(Duplicate).decode
        for lines in batches(path):
            pages = [decode(line) for line in lines]
            stories = self.labels([page.duplicate_of for page in pages])
            self.store.add_aside(
                (
                    page.id,
                    story or page.cluster,
                    page.url,
                    self.withdrawn.of_url(page.url) or self.withdrawn.of_source(page.source),
                )
                for page, story in zip(pages, stories, strict=True)
            )

    def _write(self, inputs: Inputs) -> Release:
        options, statistics = self.options, Statistics()
        articles = ShardWriter(self.folder / "data", "train", options.format, options.shard_bytes)
        delta = {
            name: ShardWriter(self.folder / "delta", name, options.format, options.shard_bytes)
            for name in (("added", "changed") if options.previous else ())
        }
        decode = msgspec.json.Decoder(Article).decode
        with IndexWriter(self.folder / INDEX) as index:
            for kept, copies in self.store.lines():
                line = line_of(decode(kept), copies, masking=options.mask)
                encoded = line.encoded()
                articles.write(line, encoded)
                statistics.count(line)
                digest = digest_of_line(encoded)
                index.write(line.article.id, digest, line.article.url)
                change = self.store.change(line.article.id, digest) if delta else "same"
                if change != "same":
                    delta[change].write(line, encoded)
        release = Release(self.folder, self._stats(statistics, inputs))
        for writer in (articles, *delta.values()):
            release.files += [{"path": str(path.relative_to(self.folder)), "lines": rows} for path, rows in writer.finish()]
        gone = seal(self.folder / "withdrawn.jsonl", (encode_line(one) for one in self.store.gone()))
        release.files += [{"path": "withdrawn.jsonl", "lines": gone.lines}]
        if delta:
            release.delta = {name: sum(writer.rows) for name, writer in delta.items()} | {"withdrawn": gone.lines}
        return release

    def _stats(self, statistics: Statistics, inputs: Inputs) -> dict[str, Any]:
        return {
            "newscrawler": __version__,
            "schema": SCHEMA,
            **self.store.counts(),
            **statistics.values(),
            "sites_opting_out": {site: sorted(found) for site, found in sorted(inputs.opt_outs.items()) if found},
            "files_missing": inputs.missing,
        }

    def _describe(self, release: Release, inputs: Inputs) -> Release:
        """Write what people and programs read first: the card, the counts, the manifest, the checksums."""
        write_json(self.folder / "stats.json", release.stats)
        release.files += [{"path": "stats.json"}, {"path": INDEX}]
        release.files += [{"path": name} for name in write_card(self.folder, release.stats, self.options.format, release.delta)]
        for file in release.files:
            path = self.folder / file["path"]
            file |= {"bytes": path.stat().st_size, "sha256": digest_of(path)}
        options = {name: value for name, value in msgspec.to_builtins(asdict_of(self.options)).items() if value}
        write_json(
            self.folder / "manifest.json",
            {
                "schema": "newscrawler/release/1",
                "newscrawler": __version__,
                "created": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
                "options": options,
                "delta": release.delta,
                "files": release.files,
                "inputs": [{"site": x.site, "file": x.path.name, "lines": x.lines, "sha256": x.sha256} for x in inputs.files],
            },
        )
        sums = [f"{file['sha256']}  {file['path']}\n".encode() for file in release.files]
        manifest = f"{digest_of(self.folder / 'manifest.json')}  manifest.json\n".encode()
        seal(self.folder / "SHA256SUMS", [*sums, manifest])
        return release


def asdict_of(options: Options) -> dict[str, Any]:
    """Return the options as plain values."""
    values = {name: getattr(options, name) for name in options.__dataclass_fields__}
    return values | {"previous": options.previous.name if options.previous else None}


def batches(path: Path) -> Iterator[list[bytes]]:
    with open_lines(path) as file:
        while lines := list(islice(file, BATCH)):
            yield lines


def write_json(path: Path, values: Any) -> None:
    seal(path, [msgspec.json.format(msgspec.json.encode(values)) + b"\n"])
