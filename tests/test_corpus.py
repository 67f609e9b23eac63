"""Releases: what they hold, in which order, what of them changed, and that there is never half of one."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from kept import article, aside, keep

pytest.importorskip("pyarrow", reason="needs newscrawler[corpus]")
pytest.importorskip("py3langid", reason="needs newscrawler[corpus]")

import pyarrow.parquet as pq

from newscrawler.corpus.batches import measure_all
from newscrawler.corpus.chart import every_month, month_chart
from newscrawler.corpus.options import Options
from newscrawler.corpus.release import Release, build
from newscrawler.corpus.sources import CorpusError
from newscrawler.items import encode_line
from newscrawler.ledger import Ledger
from newscrawler.shards import open_lines
from newscrawler.withdrawals import Withdrawal, Withdrawals, load, parse_takedown, record

FIRST = article("first.html", timestamp="2024-03-01")
COPY = article("copy.html", "two", cluster=FIRST.id, timestamp="2024-03-02T08:00:00Z", source="Meridian Wire")
OLD = article("changed.html", timestamp="2024-02-01T08:00:00Z", body="Old text of the changed page.")
NEW = article("changed.html", timestamp="2024-02-01T08:00:00Z", body="New text of the changed page.", version=2)
CHINESE = article("zh.html", "two", language="zh", body="海川储能发布公告，拟发行股票。", timestamp=None, opt_out=["noai"])
ASIDE = aside("aside.html", FIRST)


@pytest.fixture
def output(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    keep(folder, "20240301T000000Z", [FIRST, OLD, CHINESE, ASIDE], ".zst", discovery={"opt_outs": ["GPTBot"]})
    keep(folder, "20240401T000000Z", [NEW, COPY])
    return folder


def lines_of(release: Release, pattern: str = "data/*.jsonl.zst") -> list[dict[str, Any]]:
    found = []
    for path in sorted(release.path.glob(pattern)):
        with open_lines(path) as file:
            found += [json.loads(line) for line in file]
    return found


def taken_down(*words: str) -> Withdrawals:
    ledger = Ledger()
    with ledger.begin() as conn:
        record(conn, [Withdrawal(*parse_takedown(word), "2024-05-01T00:00:00Z") for word in words])
        found = load(conn)
    ledger.close()
    return found


@pytest.mark.parametrize(
    ("options", "bodies"),
    [
        ({}, [NEW, FIRST, CHINESE]),
        ({"dedup": "page"}, [NEW, FIRST, COPY, CHINESE]),
        ({"dedup": "none"}, [OLD, NEW, FIRST, COPY, CHINESE]),
        ({"languages": ("zh",)}, [CHINESE]),
        ({"sites": ("two",)}, [COPY, CHINESE]),
        ({"min_chars": 40}, [FIRST]),
        ({"since": datetime(2024, 3, 2, tzinfo=UTC).timestamp()}, [COPY]),
    ],
    ids=str,
)
def test_what_a_release_holds(output: Path, tmp_path: Path, options: dict[str, Any], bodies: list[Any]) -> None:
    release = build(output, tmp_path / "out", Options(format="jsonl", **options))
    assert [(line["url"], line["body"]) for line in lines_of(release)] == [(kept.url, kept.body) for kept in bodies]


def test_a_line_knows_its_copies_and_the_counts_add_up(output: Path, tmp_path: Path) -> None:
    release = build(output, tmp_path / "out", Options(format="jsonl"))
    assert [line["copies"] for line in lines_of(release)] == [1, 3, 1]
    stats = json.loads((release.path / "stats.json").read_bytes())
    assert (stats["lines"], stats["pages"], stats["pages_set_aside"], stats["stories"]) == (3, 4, 1, 3)
    assert stats["by"]["month"] == {"": 1, "2024-02": 1, "2024-03": 1}
    assert stats["pages_opting_out"] == {"noai": 1}
    assert stats["sites_opting_out"] == {"one": ["GPTBot"], "two": ["GPTBot"]}
    assert sum(stats["by"]["length"].values()) == 3


@pytest.mark.parametrize(
    ("word", "left", "gone"),
    [
        (FIRST.url, [NEW, CHINESE], {FIRST.id: "url", COPY.id: "story", ASIDE.id: "story"}),
        (ASIDE.url, [NEW, CHINESE], {FIRST.id: "story", COPY.id: "story", ASIDE.id: "url"}),
        ("two.example", [NEW, FIRST], {COPY.id: "domain", CHINESE.id: "domain"}),
        ("example", [NEW, FIRST, CHINESE], {}),
        ("HARBOUR  ledger", [COPY], {i.id: "source" for i in (FIRST, NEW, CHINESE, ASIDE)}),
    ],
)
def test_what_is_forgotten_is_released_no_more(output: Path, tmp_path: Path, word: str, left: Any, gone: Any) -> None:
    build(output, tmp_path / "last", Options(format="jsonl"))
    options = Options(format="jsonl", previous=tmp_path / "last")
    release = build(output, tmp_path / "out", options, withdrawn=taken_down(word))
    assert [line["id"] for line in lines_of(release)] == [kept.id for kept in left]
    assert {line["id"]: line["reason"] for line in lines_of(release, "withdrawn.jsonl")} == gone


def test_a_delta_says_what_is_new(output: Path, tmp_path: Path) -> None:
    build(output, tmp_path / "last", Options(format="jsonl"))
    newer = article("changed.html", timestamp="2024-02-01T08:00:00Z", body="Newest text.", version=3)
    added = article("added.html", timestamp="2024-05-01T08:00:00Z")
    earlier = article("earlier.html", cluster=FIRST.id, timestamp="2024-01-01T08:00:00Z")
    keep(output, "20240501T000000Z", [newer, added, earlier])
    release = build(output, tmp_path / "out", Options(format="jsonl", previous=tmp_path / "last"))
    assert [line["id"] for line in lines_of(release, "delta/added-*")] == [earlier.id, added.id]
    assert [line["body"] for line in lines_of(release, "delta/changed-*")] == ["Newest text."]
    assert [(x["id"], x["reason"]) for x in lines_of(release, "withdrawn.jsonl")] == [(FIRST.id, "superseded")]
    assert release.delta == {"added": 2, "changed": 1, "withdrawn": 1}


@pytest.mark.parametrize("dedup", ["story", "page", "none"])
def test_nothing_is_new_where_nothing_is(output: Path, tmp_path: Path, dedup: Any) -> None:
    build(output, tmp_path / "last", Options(format="jsonl", dedup=dedup))
    release = build(output, tmp_path / "out", Options(format="jsonl", dedup=dedup, previous=tmp_path / "last"))
    assert release.delta == {"added": 0, "changed": 0, "withdrawn": 0}


def test_a_release_is_the_same_twice_and_its_sums_hold(output: Path, tmp_path: Path) -> None:
    options = Options(dedup="none", shard_bytes=2_500)
    one, two = (build(output, tmp_path / name, options) for name in ("one", "two"))
    assert one.files == two.files
    assert sum(file["path"].startswith("data/") for file in one.files) > 1
    for line in (one.path / "SHA256SUMS").read_text().splitlines():
        digest, _, name = line.partition("  ")
        assert sha256((one.path / name).read_bytes()).hexdigest() == digest
    assert {str(p.relative_to(one.path)) for p in one.path.rglob("*") if p.is_file()} == {
        *(file["path"] for file in one.files),
        "manifest.json",
        "SHA256SUMS",
    }


def test_a_damaged_file_makes_no_release(output: Path, tmp_path: Path) -> None:
    (output / "one" / "20240401T000000Z.jsonl").write_bytes(b"{}\n")
    with pytest.raises(CorpusError, match="is not what was sealed"):
        build(output, tmp_path / "releases" / "out", Options())
    assert list((tmp_path / "releases").iterdir()) == []


def test_a_release_is_never_changed(output: Path, tmp_path: Path) -> None:
    build(output, tmp_path / "out", Options())
    with pytest.raises(CorpusError, match="exists"):
        build(output, tmp_path / "out", Options())


def test_a_missing_file_is_counted(output: Path, tmp_path: Path) -> None:
    (output / "two" / "20240401T000000Z.jsonl").unlink()
    assert build(output, tmp_path / "out", Options()).stats["files_missing"] == ["two/20240401T000000Z.jsonl"]


def test_types_of_the_columns(output: Path, tmp_path: Path) -> None:
    rows = pq.read_table(build(output, tmp_path / "out", Options()).path / "data").to_pylist()
    assert [row["published_at"] for row in rows] == [datetime(2024, 2, 1, 8, tzinfo=UTC), None, None]
    assert [row["published_on"] for row in rows] == [date(2024, 2, 1), date(2024, 3, 1), None]
    assert [row["timestamp"] for row in rows] == ["2024-02-01T08:00:00Z", "2024-03-01", None]
    assert rows[0]["fetched_at"] == datetime(2024, 4, 1, tzinfo=UTC)


def by_pandas(path: Path) -> list[str]:
    pandas = pytest.importorskip("pandas", reason="needs newscrawler[corpus-test]")
    frame = pandas.read_parquet(path)
    assert str(frame["published_at"].dtype) == "datetime64[us, UTC]"
    return list(frame["id"])


def by_polars(path: Path) -> list[str]:
    polars = pytest.importorskip("polars", reason="needs newscrawler[corpus-test]")
    frame = polars.read_parquet(path / "*.parquet")
    assert frame.schema["published_at"] == polars.Datetime("us", "UTC")
    return list(frame["id"])


def by_duckdb(path: Path) -> list[str]:
    duckdb = pytest.importorskip("duckdb", reason="needs newscrawler[corpus-test]")
    query = f"SELECT id FROM '{path}/*.parquet' WHERE quality.characters > 0 AND len(evidence) = 0"
    return [row[0] for row in duckdb.sql(query).fetchall()]


def by_datasets(path: Path) -> list[str]:
    datasets = pytest.importorskip("datasets", reason="needs newscrawler[corpus-test]")
    cache = str(path.parent.parent / "cache")
    loaded = datasets.load_dataset(str(path.parent), split="train", cache_dir=cache)
    assert loaded.features["published_at"].dtype == "timestamp[us, tz=UTC]"
    assert loaded[1]["quality"]["characters"] == len(FIRST.body)
    return list(loaded["id"])


@pytest.mark.parametrize("read", [by_pandas, by_polars, by_duckdb, by_datasets], ids=lambda read: read.__name__)
@pytest.mark.filterwarnings("default")
def test_readers_of_parquet(output: Path, tmp_path: Path, read: Any) -> None:
    release = build(output, tmp_path / "out", Options(format="hf"))
    assert read(release.path / "data") == [NEW.id, FIRST.id, CHINESE.id]


def test_any_number_of_processes_makes_the_same_batches() -> None:
    chosen = [(encode_line(article(f"{n}.html", body=f"Text {n}. " * 50)), n) for n in range(60)]
    one, two = (list(measure_all(iter(chosen), "parquet", masking=False, most=9_000, processes=n)) for n in (1, 2))
    assert len(one) > 5
    assert [(batch, counts.values()) for batch, counts in one] == [(batch, counts.values()) for batch, counts in two]


def test_the_card_says_what_it_holds(output: Path, tmp_path: Path) -> None:
    card = (build(output, tmp_path / "out", Options(dedup="page", mask=True)).path / "README.md").read_text("utf-8")
    for phrase in ("4 articles, ", "from 2024-02 to 2024-03, 1 of them without a date", "One line is one page"):
        assert phrase in card
    assert "| noai | 1 |" in card
    assert "| one | GPTBot |" in card
    assert "Licences that pages declare: none seen." in card
    assert "they are masked" in card


def test_months_without_articles_are_shown() -> None:
    assert list(every_month(["2024-02", "", "2023-11", "sometime"])) == ["2023-11", "2023-12", "2024-01", "2024-02"]
    drawn = ElementTree.fromstring(month_chart("<Months>", {"2023-11": 4, "": 7, "2024-02": 2}))
    heights = [bar.get("height") for bar in drawn.iter("{http://www.w3.org/2000/svg}rect")]
    assert heights == ["100%", "160.0", "0.0", "0.0", "80.0"]
