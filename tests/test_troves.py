"""datatrove pipelines: two tasks make the release that one makes, and that this machine makes without datatrove."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from servers import MIRRORS

pytest.importorskip("datatrove", reason="needs newscrawler[corpus-test]")
pytest.importorskip("pyarrow", reason="needs newscrawler[corpus]")

from datatrove.data import Document
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from newscrawler.archives.extract import extract_archive
from newscrawler.corpus.options import Format, Options
from newscrawler.corpus.troves import ArticleReader, ExtractArticles, WarcArticles, article_of, release_tasks, run_here
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
    for tasks in (1, 2):
        run_here(str(archives), str(tmp_path / f"{tasks}"), str(tmp_path / f"out{tasks}"), tasks, Options(format=LINES))
    here = without_datatrove(archives, tmp_path / "here")
    assert data_of(tmp_path / "out1") == data_of(tmp_path / "out2") == here
    assert len(list((tmp_path / "2" / "articles").glob("task-*/extracted.jsonl.zst"))) == 2


def test_what_is_read_back_is_what_was_sealed(archives: Path, tmp_path: Path) -> None:
    read = list(WarcArticles(str(archives)).run())
    seal(tmp_path / "site" / "run.jsonl.zst", (encode_line(article) for article in map(article_of, read)))
    again = list(ArticleReader(str(tmp_path)).run())
    assert [(x.id, x.text, x.metadata["title"]) for x in again] == [(x.id, x.text, x.metadata["title"]) for x in read]
    assert len(again) > 20


def test_html_of_any_reader_is_extracted() -> None:
    page = "<html><head><title>A long headline of a page</title></head><body><article><h1>A long headline of a page</h1>"
    page += "<p>The harbour council met on Monday and decided to rebuild the old pier before the winter.</p>"
    page += "<p>Work begins in May, and the ferry will leave from the northern quay until then.</p>"
    documents = [Document(text=text, id="1", metadata={"url": "https://a.example/1.html"}) for text in (page, "<p>no</p>")]
    (found,) = ExtractArticles().run(iter(documents))
    assert found.metadata["title"] == "A long headline of a page"
    assert "harbour council" in found.text
