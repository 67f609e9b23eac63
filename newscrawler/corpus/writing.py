"""The chosen lines into the folder of a release: data, delta, index, what is gone; and their counts.

In: a store that has chosen. Out: files, a Written. Must not know: sealed files, the card, the manifest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newscrawler.archives.parallel import cores
from newscrawler.corpus.batches import FEW, MOST, Batch, measure_all
from newscrawler.corpus.index import INDEX, IndexWriter, digest_of_line
from newscrawler.corpus.options import Options
from newscrawler.corpus.shards import ShardWriter
from newscrawler.corpus.statistics import Statistics
from newscrawler.corpus.store import Store
from newscrawler.items import encode_line
from newscrawler.shards import seal

CHANGES = ("added", "changed")


@dataclass(slots=True)
class Written:
    """What stands in the folder."""

    statistics: Statistics
    files: list[dict[str, Any]]
    """Path and lines of each."""
    delta: dict[str, int] | None


def write_lines(folder: Path, store: Store, options: Options) -> Written:
    """Write what the store has chosen. Raises OSError, sqlite3.Error."""
    statistics = Statistics()
    articles = ShardWriter(folder / "data", "train", options.format, options.shard_bytes)
    delta = {
        name: ShardWriter(folder / "delta", name, options.format, options.shard_bytes)
        for name in (CHANGES if options.previous else ())
    }
    processes = 1 if store.chosen < FEW else min(cores(), MOST)
    measured = measure_all(store.lines(), options.format, masking=options.mask, most=options.shard_bytes, processes=processes)
    with IndexWriter(folder / INDEX) as index:
        for batch, counts in measured:
            statistics.add(counts)
            articles.write(batch)
            write_changes(delta, batch, record(index, store, batch))
    files = []
    for writer in (articles, *delta.values()):
        files += [{"path": str(path.relative_to(folder)), "lines": rows} for path, rows in writer.finish()]
    gone = seal(folder / "withdrawn.jsonl", (encode_line(one) for one in store.gone()))
    files.append({"path": gone.path.name, "lines": gone.lines})
    changes = {name: sum(writer.rows) for name, writer in delta.items()} | {"withdrawn": gone.lines}
    return Written(statistics, files, changes if delta else None)


def record(index: IndexWriter, store: Store, batch: Batch) -> list[str]:
    """Write the lines of the batch into the index; return how each stands to the last release."""
    digests = [digest_of_line(encoded) for encoded in batch.encoded]
    for article, digest, url in zip(batch.ids, digests, batch.urls, strict=True):
        index.write(article, digest, url)
    return [store.change(article, digest) for article, digest in zip(batch.ids, digests, strict=True)]


def write_changes(delta: Mapping[str, ShardWriter], batch: Batch, changes: list[str]) -> None:
    for name, writer in delta.items():
        writer.write(batch.take([place for place, change in enumerate(changes) if change == name]))
