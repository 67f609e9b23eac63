"""datatrove pipelines: two tasks make the release that one makes, and that this machine makes without datatrove."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Iterator
from copy import deepcopy
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from servers import MIRRORS

pytest.importorskip("datatrove", reason="needs newscrawler[corpus-test]")
pytest.importorskip("pyarrow", reason="needs newscrawler[corpus]")

import fsspec
from datatrove.data import Document
from datatrove.executor.local import LocalPipelineExecutor
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newscrawler.archives.extract import extract_archive
from newscrawler.corpus.options import Format, Options
from newscrawler.corpus.troves import (
    ArticleReader,
    ExtractArticles,
    WarcArticles,
    article_of,
    pipelines,
    release_tasks,
    run_here,
)
from newscrawler.items import encode_line
from newscrawler.shards import seal

pytestmark = [pytest.mark.filterwarnings("default"), pytest.mark.filterwarnings("ignore::ResourceWarning")]
"""warcio leaves its temporary files to the collector; datatrove forks while it has threads."""

FILES = 3
"""Archives, so that two tasks have unequal parts."""

LINES: Format = "jsonl"


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages of the demo's mirrors, dealt out to some WARCs."""
    folder = tmp_path_factory.mktemp("archives")
    pages = sorted(path for path in MIRRORS.rglob("*.html"))
    for number in range(FILES):
        with (folder / f"{number}.warc.gz").open("wb") as file:
            writer = WARCWriter(file, gzip=True)
            for page in pages[number::FILES]:
                name = page.relative_to(MIRRORS)
                url = f"https://{name.parts[0]}.example/{'/'.join(name.parts[1:])}"
                head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
                date = {"WARC-Date": "2024-04-01T00:00:00Z"}
                body = io.BytesIO(page.read_bytes())
                record = writer.create_warc_record(url, "response", payload=body, http_headers=head, warc_headers_dict=date)
                writer.write_record(record)
    return folder


def without_datatrove(archives: Path, folder: Path) -> bytes:
    articles = (article for _, article in extract_archive(sorted(archives.iterdir()), processes=1))
    lines = (encode_line(article) for article in articles if article and article.title and article.body.strip())
    sealed = seal(folder / "articles" / "all" / "run.jsonl", lines)
    report = f'{{"site":"all","run":"run","files":[{{"path":"run.jsonl","lines":{sealed.lines},"sha256":"{sealed.sha256}"}}]}}'
    seal(folder / "articles" / "all" / "run.json", [report.encode()])
    release_tasks(folder / "articles", folder / "out", Options(format=LINES))
    return data_of(folder / "out")


def data_of(release: Path) -> bytes:
    (shard,) = (release / "data").iterdir()
    return shard.read_bytes()


def test_any_number_of_tasks_makes_the_same_release(archives: Path, tmp_path: Path) -> None:
    here = without_datatrove(archives, tmp_path / "here")
    for tasks in (1, 2):
        work = tmp_path / f"{tasks}"
        for steps in pipelines(str(archives), str(work), str(work / "out"), Options(format=LINES)):
            for rank in range(tasks):
                data = None
                for step in deepcopy(steps):
                    data = step(data, rank, tasks)
        assert len(list((work / "articles").glob("task-*/extracted.jsonl.zst"))) == tasks
        assert data_of(work / "out") == here


def test_what_is_read_back_is_what_was_sealed(archives: Path, tmp_path: Path) -> None:
    read = list(WarcArticles(str(archives)).run())
    seal(tmp_path / "site" / "run.jsonl.zst", (encode_line(article) for article in map(article_of, read)))
    with (tmp_path / "site" / "other.jsonl").open("wb") as file:
        file.write(b'{"id": 1}\n\xff\n')
    reader = ArticleReader(str(tmp_path))
    again = list(reader.run())
    assert reader.stats["unreadable"].total == 2
    assert [(x.id, x.text, x.metadata["title"]) for x in again] == [(x.id, x.text, x.metadata["title"]) for x in read]
    assert len(again) > 20


def test_archives_that_lie_elsewhere_are_read_the_same(archives: Path) -> None:
    elsewhere = fsspec.filesystem("memory")
    elsewhere.put(str(archives), "/archives", recursive=True)
    found, here = (list(WarcArticles(folder).run()) for folder in ("memory://archives", str(archives)))
    assert [article_of(x) for x in found] == [article_of(x) for x in here]


def killed_at_second_task(archives: Path, work: Path) -> None:
    first, _ = pipelines(str(archives), str(work), "never")
    steps = [first[0], killed_after_three, *first[1:]]
    LocalPipelineExecutor(steps, tasks=2, workers=1, logging_dir=str(work / "logs" / "extraction")).run()


def killed_after_three(data: Any, rank: int = 0, world_size: int = 1) -> Iterator[Document]:
    for count, document in enumerate(data):
        if rank == 1 and count == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        yield document


def test_a_killed_task_is_run_again_and_no_other(archives: Path, tmp_path: Path) -> None:
    process = get_context("forkserver").Process(target=killed_at_second_task, args=(archives, tmp_path / "work"))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    done = tmp_path / "work" / "articles" / "task-00000" / "extracted.jsonl.zst"
    before = done.stat().st_mtime_ns
    assert [path.parent.name for path in (tmp_path / "work" / "articles").glob("*/extracted.json")] == ["task-00000"]
    run_here(str(archives), str(tmp_path / "work"), str(tmp_path / "again"), 2, Options(format=LINES))
    assert done.stat().st_mtime_ns == before
    assert data_of(tmp_path / "again") == without_datatrove(archives, tmp_path / "here")


def test_html_of_any_reader_is_extracted() -> None:
    page = "<html><head><title>A long headline of a page</title></head><body><article><h1>A long headline of a page</h1>"
    page += "<p>The harbour council met on Monday and decided to rebuild the old pier before the winter.</p>"
    page += "<p>Work begins in May, and the ferry will leave from the northern quay until then.</p>"
    documents = [Document(text=text, id="1", metadata={"url": "https://a.example/1.html"}) for text in (page, "<p>no</p>")]
    (found,) = ExtractArticles().run(iter(documents))
    assert found.metadata["title"] == "A long headline of a page"
    assert "harbour council" in found.text
