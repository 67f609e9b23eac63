"""What differs between articles as they were written and as they would be written now."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import msgspec
import pytest

from newscrawler.archives.differences import Difference, Tally, Written, compare, differences_of
from newscrawler.items import Article, encode_line


def article(**given: object) -> Article:
    values = {
        "id": "a1",
        "url": "http://a.example/1",
        "canonical_url": "http://a.example/1",
        "title": "Harvest",
        "body": "Wheat.",
        **given,
    }
    return Article(**values)  # type: ignore[arg-type]


def line(**given: object) -> dict:
    return msgspec.to_builtins(article(**given))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, {}, []),
        ({"title": "Harvest - Site"}, {}, [("title", "changed")]),
        ({"source": None}, {"source": "Daily"}, [("source", "filled")]),
        ({"authors": ["Ann"]}, {"authors": []}, [("authors", "emptied")]),
        ({"id": "b2"}, {}, [("id", "changed")]),
        ({"body": "Wheat.\nShare"}, {"authors": ["Ann"]}, [("authors", "filled"), ("body", "changed")]),
        ({"cluster": "x", "similarity": 0.5, "version": 2, "content_hash": "1"}, {"content_hash": "2"}, []),
        ({"fetched_at": "2026-01-01T00:00:00Z"}, {"fetched_at": "2026-01-02T00:00:00Z"}, [("fetched_at", "changed")]),
    ],
)
def test_each_field_that_differs_is_named(before, after, expected):
    found = differences_of("http://a.example/1", line(**before), article(**after))
    assert [(difference.field, difference.change) for difference in found] == expected


def test_a_slim_line_is_compared_by_what_it_has():
    slim = {"id": "a1", "url": "http://a.example/1", "title": "Other", "source": None, "duplicate_of": "x", "reason": "copy"}
    assert [(d.field, d.before, d.after) for d in compare(slim, article())] == [("title", "Other", "Harvest")]


def test_articles_come_and_go_whole():
    (lost,) = differences_of("http://a.example/1", line(), None)
    (gained,) = differences_of("http://a.example/1", None, article())
    assert (lost.change, lost.id, lost.before) == ("lost", "a1", "Harvest")
    assert (gained.change, gained.id, gained.after) == ("gained", "a1", "Harvest")
    assert differences_of("http://a.example/1", None, None) == []


def test_the_tally_counts_pages_and_fields_and_keeps_samples():
    tally = Tally()
    for number in range(5):
        tally.note([Difference(id=str(number), url="", change="changed", field="title", before="a", after="b")])
    tally.note([])
    tally.note([Difference(id="9", url="", change="lost")])
    assert tally.pages == {"different": 5, "same": 1, "lost": 1}
    assert tally.fields == {"title": {"changed": 5}}
    assert [difference.id for difference in tally.samples["title"]] == ["0", "1", "2"]


def test_the_last_line_of_an_address_counts_whatever_the_compression(tmp_path: Path):
    (tmp_path / "1.jsonl").write_bytes(encode_line(article(title="first")) + encode_line(article(url="http://a.example/2")))
    (tmp_path / "2.jsonl.gz").write_bytes(gzip.compress(encode_line(article(title="second"))))
    (tmp_path / "2.json").write_bytes(b"{}")
    written = Written([tmp_path], io.BytesIO())
    assert len(written) == 2
    assert written.take("http://a.example/1")["title"] == "second"
    assert written.take("http://a.example/9") is None
    assert written.unseen == {"http://a.example/2"}


@pytest.mark.parametrize("text", [b"not json\n", b'{"id": 1}\n', b"[]\n"])
def test_a_file_that_is_no_output_is_named(tmp_path: Path, text: bytes):
    path = tmp_path / "x.jsonl"
    path.write_bytes(text)
    with pytest.raises(ValueError, match=r"x\.jsonl"):
        Written([path], io.BytesIO())
