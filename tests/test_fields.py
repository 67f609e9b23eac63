"""Pages written for this project, saved in tests/fields: each NAME.html with the fields that NAME.json expects of it."""

import json
from pathlib import Path

import pytest

from newscrawler.extraction import extract
from newscrawler.items import Article

PAGES = sorted((Path(__file__).parent / "fields").glob("*.html"))


def read_case(path: Path) -> tuple[Article, dict[str, object]]:
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    article = extract(path.read_text("utf-8"), expected.pop("url"))
    assert article is not None
    return article, expected


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_fields_of_saved_pages(path: Path) -> None:
    article, expected = read_case(path)
    assert {name: getattr(article, name) for name in expected} == expected


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_each_field_says_where_it_was_found(path: Path) -> None:
    article, _ = read_case(path)
    for name in ("title", "timestamp", "modified", "source", "source_url", "authors", "editor", "section", "image", "license"):
        assert bool(getattr(article, name)) == bool(article.evidence.get(name)), name


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_what_was_read_stands_in_the_page(path: Path) -> None:
    article, _ = read_case(path)
    html = "".join(path.read_text("utf-8").split())
    if article.source_raw and article.source:
        assert article.source in article.source_raw
    if article.timestamp_raw:
        assert "".join(article.timestamp_raw.split()) in html or article.timestamp_raw == article.timestamp
