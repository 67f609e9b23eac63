"""datatrove's steps around our extraction and our releases: the way past one machine.

In: WARCs, and a folder that all tasks see. Out: sealed files of each task, then one release. Must not know: Scrapy.
A task reads its own archives and seals one file; a task that is started again makes the same file. What needs to see all
articles (stories, the release) is one task at the end.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
from datatrove.data import Document
from datatrove.io import DataFolder
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.readers.base import BaseDiskReader

from newscrawler.archives.extract import extract_archive
from newscrawler.corpus.options import Options
from newscrawler.corpus.release import build
from newscrawler.corpus.sources import find_inputs
from newscrawler.corpus.taking import BATCH
from newscrawler.extraction import extract
from newscrawler.items import Article, encode_line
from newscrawler.ledger import Ledger
from newscrawler.sealing import seconds
from newscrawler.shards import open_lines, seal
from newscrawler.stories import Stories

RUN = "extracted"
"""Name of the run of every task's file."""

ARTICLE = "newscrawler_article"
"""Key of the metadata that holds the whole article, as plain values."""


def document_of(article: Article) -> Document:
    """Return the article as datatrove's steps take it; `article_of` gives it back."""
    metadata = {"url": article.url, "title": article.title, "date": article.timestamp, "language": article.language}
    return Document(text=article.body, id=article.id, metadata={**metadata, ARTICLE: msgspec.to_builtins(article)})


def article_of(document: Document) -> Article:
    """Return the article of a document, with what the steps in between made of its text."""
    article = msgspec.convert(document.metadata[ARTICLE], Article)
    article.body = document.text
    return article


@contextmanager
def local_file(folder: DataFolder, name: str) -> Iterator[Path]:
    """Yield a file of the folder on this machine's disk: where it lies elsewhere, a copy that is gone afterwards."""
    if folder.is_local():
        yield Path(folder.path) / name
        return
    with TemporaryDirectory() as here:
        path = Path(here) / Path(name).name
        with folder.open(name, "rb") as remote, path.open("wb") as file:
            shutil.copyfileobj(remote, file)
        yield path


class ArticleReader(BaseDiskReader):  # type: ignore[misc]
    """Reads our lines, JSONL plain or compressed."""

    name = "newscrawler lines"

    def __init__(self, data_folder: str, **options: Any) -> None:
        super().__init__(data_folder, glob_pattern=options.pop("glob_pattern", "**/*.jsonl*"), **options)

    def read_file(self, filepath: str) -> Iterator[Document]:
        if ".duplicates." in filepath:
            return
        decode = msgspec.json.Decoder(Article).decode
        with local_file(self.data_folder, filepath) as path, open_lines(path) as file:
            for line in file:
                try:
                    article = decode(line)
                except (msgspec.MsgspecError, UnicodeDecodeError):
                    self.stat_update("unreadable")
                else:
                    yield document_of(article)


class WarcArticles(BaseDiskReader):  # type: ignore[misc]
    """Reads WARC and WACZ files, here or on any store fsspec knows (s3://...), and yields their articles, each host a site."""

    name = "newscrawler archives"

    def __init__(self, data_folder: str, **options: Any) -> None:
        super().__init__(data_folder, glob_pattern=options.pop("glob_pattern", "**/*.w*"), **options)

    def read_file(self, filepath: str) -> Iterator[Document]:
        with local_file(self.data_folder, filepath) as path:
            for _, article in extract_archive([path], processes=1):
                if article and article.title and article.body.strip():
                    yield document_of(article)
                else:
                    self.stat_update("not_article")


class ExtractArticles(PipelineStep):  # type: ignore[misc]
    """Turns documents whose text is HTML, as datatrove's own WarcReader gives them, into articles; drops the rest."""

    name = "newscrawler extraction"
    type = "EXTRAC"

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        for document in data:
            article = extract(document.text, document.metadata["url"])
            if article and article.title and article.body.strip():
                yield document_of(article)
            else:
                self.stat_update("not_article")


class SealArticles(PipelineStep):  # type: ignore[misc]
    """Writes a task's articles to FOLDER/task-N, as a crawl seals a site."""

    name = "newscrawler seal"
    type = "WRITER"

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = folder

    def run(self, data: Any, rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        task = Path(self.folder) / f"task-{rank:05d}"
        sealed = seal(task / f"{RUN}.jsonl.zst", (encode_line(article_of(document)) for document in data))
        file = {"path": sealed.path.name, "lines": sealed.lines, "bytes": sealed.bytes, "sha256": sealed.sha256}
        report = {"run": RUN, "site": task.name, "discovery": {}, "files": [file]}
        seal(task / f"{RUN}.json", [msgspec.json.encode(report) + b"\n"])
        self.stat_update("articles", value=sealed.lines)
        return iter(())


class MakeRelease(PipelineStep):  # type: ignore[misc]
    """Finds the stories of all tasks' articles and makes the release; run it as one task after the others."""

    name = "newscrawler release"
    type = "DEDUP"

    def __init__(self, folder: str, target: str, options: Options | None = None) -> None:
        super().__init__()
        self.folder, self.target, self.options = folder, target, options or Options()

    def run(self, data: Any = None, rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        if rank == 0:
            release_tasks(Path(self.folder), Path(self.target), self.options)
        return iter(())


def release_tasks(folder: Path, target: Path, options: Options) -> None:
    """Make a release of what tasks sealed; the same articles in any number of tasks give the same one."""
    work = folder / "stories"
    work.mkdir(exist_ok=True)
    for leftover in work.iterdir():
        leftover.unlink()
    ledger = Ledger(work / "ledger.db")
    stories = Stories(ledger.engine)
    try:
        find_stories(folder, ledger, stories, work / "sorting.db")
        build(folder, target, options, labels=stories.labels)
    finally:
        stories.close()
        ledger.close()


def find_stories(folder: Path, ledger: Ledger, stories: Stories, path: Path) -> None:
    """Look up every article, the earliest first, so that the order of the files does not count."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("CREATE TABLE lines (moment REAL, id TEXT, line BLOB)")
    decode = msgspec.json.Decoder(Article).decode
    db.execute("BEGIN")
    for file in find_inputs(folder).files:
        with open_lines(file.path) as lines:
            for line in lines:
                article = decode(line)
                db.execute("INSERT INTO lines VALUES (?, ?, ?)", (seconds(article.timestamp), article.id, line))
    found = db.execute("SELECT line FROM lines ORDER BY moment, id, line")
    while batch := found.fetchmany(BATCH):
        for (line,) in batch:
            stories.look_up(decode(line))
        with ledger.begin() as conn:
            stories.record(conn)
    db.close()


def pipelines(archives: str, work: str, target: str, options: Options | None = None) -> tuple[list[Any], list[Any]]:
    """Return the two pipelines from WARCs to a release: the first for any number of tasks, the second for one."""
    return [WarcArticles(archives), SealArticles(f"{work}/articles")], [MakeRelease(f"{work}/articles", target, options)]


def run_here(archives: str, work: str, target: str, tasks: int, options: Options | None = None) -> None:
    """Run both on this machine; tasks that were completed in `work` before are not run again.

    On a cluster, give the same pipelines to datatrove's SlurmPipelineExecutor or RayPipelineExecutor.
    """
    from datatrove.executor.local import LocalPipelineExecutor

    first, second = pipelines(archives, work, target, options)
    extraction = LocalPipelineExecutor(first, tasks=tasks, workers=tasks, logging_dir=f"{work}/logs/extraction")
    LocalPipelineExecutor(second, tasks=1, depends=extraction, logging_dir=f"{work}/logs/release").run()
