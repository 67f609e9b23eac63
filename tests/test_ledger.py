"""The ledger as frontier and memory, on a real file."""

import sqlite3
from pathlib import Path

import pytest

from newscrawler import tables
from newscrawler.accounts import account
from newscrawler.frontier import Frontier, Lane
from newscrawler.history import open_run
from newscrawler.ledger import Ledger, LedgerError
from newscrawler.rechecks import take_due
from newscrawler.rows import Listing, find_url, list_urls, sample_rows, settle, take_pending


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.db")


def fill(ledger: Ledger, site: str, count: int) -> None:
    with ledger.begin() as conn:
        new = list_urls(conn, site, "r1", "s.xml", [Listing(f"http://{site}/{n}", rank=float(n)) for n in range(count)])
    assert new == count


def test_newest_come_first_and_none_in_hand_again(ledger: Ledger) -> None:
    fill(ledger, "a", 5)
    with ledger.begin() as conn:
        rows = take_pending(conn, "a", 2)
        more = take_pending(conn, "a", 9, without={row.id for row in rows})
    assert [row.url for row in rows] == ["http://a/4", "http://a/3"]
    assert [row.url for row in more] == ["http://a/2", "http://a/1", "http://a/0"]


def test_listing_again_adds_nothing_and_keeps_the_state(ledger: Ledger) -> None:
    fill(ledger, "a", 2)
    with ledger.begin() as conn:
        row = take_pending(conn, "a", 1)[0]
        settle(conn, [{"row": row.id, "state": "kept", "run": "r1"}])
        assert list_urls(conn, "a", "r2", "s.xml", [Listing(row.url, "2024-05-01", 9.0), Listing("http://a/new")]) == 1
        known = find_url(conn, "a", row.url)
        assert account(conn, "a") == {"kept": 1, "pending": 2}
    assert known is not None
    assert (known.state, known.lastmod) == ("kept", "2024-05-01")


def test_a_window_leaves_what_is_known_to_be_outside(ledger: Ledger) -> None:
    fill(ledger, "a", 5)
    with ledger.begin() as conn:
        assert [row.url for row in take_pending(conn, "a", 9, window=(3, 3))] == ["http://a/3", "http://a/0"]


def test_due_rows_of_other_runs_come_back(ledger: Ledger) -> None:
    fill(ledger, "a", 2)
    with ledger.begin() as conn:
        first, second = take_pending(conn, "a", 2)
        settle(conn, [{"row": first.id, "state": "kept", "run": "r1", "due": 10.0}])
        settle(conn, [{"row": second.id, "state": "kept", "run": "r2", "due": 10.0}])
        assert [row.id for row in take_due(conn, "a", 9, now=10, run="r2")] == [first.id]
        assert take_due(conn, "a", 9, now=9, run="r2") == []


def test_a_sample_is_spread_over_the_listing(ledger: Ledger) -> None:
    fill(ledger, "a", 100)
    with ledger.begin() as conn:
        numbers = [int(row.url.rsplit("/", 1)[1]) for row in sample_rows(conn, "a", 5)]
    assert numbers == [99, 75, 50, 25, 0]


def test_an_unfinished_run_is_gone_on_with(ledger: Ledger) -> None:
    with ledger.begin() as conn:
        assert open_run(conn, "a", "r1", 1.0) == ("r1", False)
    with ledger.begin() as conn:
        assert open_run(conn, "a", "r2", 2.0) == ("r1", True)
        assert open_run(conn, "b", "r2", 2.0) == ("r2", False)


def test_a_transaction_is_all_or_nothing(ledger: Ledger) -> None:
    with pytest.raises(RuntimeError), ledger.begin() as conn:
        list_urls(conn, "a", "r1", "s.xml", [Listing("http://a/1")])
        raise RuntimeError
    with ledger.begin() as conn:
        assert account(conn, "a") == {}


@pytest.mark.parametrize("content", [b"no database" * 100, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_file_is_said_to_be(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(content)
    with pytest.raises(LedgerError, match="run `scrapy rebuild`"):
        Ledger(tmp_path / "ledger.db")


def test_another_version_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "ledger.db") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(LedgerError, match="schema version 99"):
        Ledger(tmp_path / "ledger.db")


def lane(site: str, **values: object) -> Lane:
    return Lane(site, "r1", **{"share": 4, "open": True, **values})  # type: ignore[arg-type]


def test_sites_take_turns_and_a_limit_holds(ledger: Ledger) -> None:
    fill(ledger, "a", 9)
    fill(ledger, "b", 9)
    frontier = Frontier(ledger, [lane("a"), lane("b", limit=1)])
    rows = frontier.take(0.0)
    assert [row.site for row in rows] == ["a", "b", "a", "a", "a"]
    for row in rows:
        frontier.settled(row)
    assert [row.site for row in frontier.take(0.0)] == ["a"] * 4
    assert frontier.busy()


def test_what_is_settled_but_not_committed_is_not_taken_again(ledger: Ledger) -> None:
    fill(ledger, "a", 4)
    frontier = Frontier(ledger, [lane("a")])
    for row in frontier.take(0.0):
        frontier.settled(row)
    assert frontier.take(0.0) == []
    assert not frontier.busy()


def test_a_row_put_back_waits_for_its_time(ledger: Ledger) -> None:
    fill(ledger, "a", 1)
    frontier = Frontier(ledger, [lane("a")])
    (row,) = frontier.take(0.0)
    frontier.put_back(row, 50.0)
    assert frontier.take(49.0) == []
    assert frontier.next_time() == 50.0
    assert frontier.busy()
    assert [again.id for again in frontier.take(50.0)] == [row.id]


def test_a_closed_lane_is_left_alone(ledger: Ledger) -> None:
    fill(ledger, "a", 3)
    frontier = Frontier(ledger, [lane("a", open=False)])
    assert frontier.take(0.0) == []
    assert not frontier.busy()


OLDER = """
CREATE TABLE urls (id INTEGER PRIMARY KEY, site TEXT NOT NULL, url TEXT NOT NULL, lastmod TEXT, state TEXT NOT NULL,
    UNIQUE (site, url));
CREATE TABLE runs (run TEXT, site TEXT, started FLOAT NOT NULL, ended FLOAT, report TEXT, PRIMARY KEY (run, site));
INSERT INTO urls (site, url, state) VALUES ('a.example', 'http://a.example/1', 'kept');
"""
"""A ledger as one was before its pages had versions, re-checks and reasons."""


@pytest.mark.parametrize(
    ("version", "why"),
    [(0, r"lacks urls\.\w+, made by another newscrawler"), (1, "has schema version 1"), (tables.VERSION, r"lacks urls\.\w+")],
)
def test_an_older_schema_is_refused_and_left_as_it_was(tmp_path: Path, version: int, why: str) -> None:
    with sqlite3.connect(tmp_path / "ledger.db") as connection:
        connection.executescript(f"PRAGMA user_version = {version}; {OLDER}")
    connection.close()
    with pytest.raises(LedgerError, match=rf"{why}.*`scrapy rebuild`"):
        Ledger(tmp_path / "ledger.db")
    with sqlite3.connect(tmp_path / "ledger.db") as connection:
        assert connection.execute("SELECT url, state FROM urls").fetchall() == [("http://a.example/1", "kept")]
        assert connection.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'table'").fetchone() == (2,)
    connection.close()


def test_what_is_taken_from_a_ledger_that_fails_is_a_sentence(ledger: Ledger, tmp_path: Path) -> None:
    """Damage while the crawl is at work: the frontier says so, and nothing is in flight that was not given out."""
    fill(ledger, "a", 3)
    frontier = Frontier(ledger, [Lane("a", "r1", 8, open=True)])
    with ledger.begin() as conn:
        conn.exec_driver_sql("DROP TABLE urls")
    with pytest.raises(LedgerError, match="cannot be used: no such table"):
        frontier.take(0.0)
    assert not frontier.lanes["a"].flying
