"""Pages written for this project, saved in tests/fields: each NAME.html with the fields that NAME.json expects of it."""

import json
from pathlib import Path

import pytest

from newscrawler.extraction.fields import Fields, find_fields
from newscrawler.extraction.metadata import read_metadata
from newscrawler.extraction.page import read_page
from newscrawler.extraction.title import find_title

PAGES = sorted((Path(__file__).parent / "fields").glob("*.html"))


def fields_of(html: str, url: str) -> Fields:
    page = read_page(html, url)
    metadata = read_metadata(page)
    return find_fields(page, metadata, find_title(page, metadata))


def value_of(fields: Fields, name: str) -> object:
    """A field as the Article has it: a text, None, or a list of texts."""
    value = getattr(fields, name)
    if isinstance(value, list):
        return [getattr(item, "value", item) for item in value]
    return value.value if value else None


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_fields_of_saved_pages(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    fields = fields_of(path.read_text("utf-8"), expected.pop("url"))
    assert {name: value_of(fields, name) for name in expected} == expected


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_each_field_says_where_it_was_found(path: Path) -> None:
    url = json.loads(path.with_suffix(".json").read_text("utf-8"))["url"]
    fields = fields_of(path.read_text("utf-8"), url)
    assert all(fields.evidence().values())
    assert set(fields.evidence()) == set(fields.one())
