"""Which pages are asked for again: what lastmod announces, a few early, the rest when they have stood long enough."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from newscrawler.history import facts_of
from newscrawler.items import Article
from newscrawler.ledger import Ledger
from newscrawler.rechecks import make_due, take_due
from newscrawler.revisits import (
    DAY,
    EARLY_CHECKS,
    LONGEST,
    SAMPLE,
    SMALL_SITE,
    due_after,
    early_checks,
    interval,
    lastmod_standing,
    stood_for,
)
from newscrawler.rows import Listing, find_url, list_urls, settle
from newscrawler.runs import Run

NOW = 1_795_000_000.0  # 2026-11-18


@pytest.mark.parametrize(
    ("checks", "stood", "days"),
    [
        (0, 0.0, 1),
        (1, 0.0, 2),
        (3, 0.0, 8),
        (0, 12 * DAY, 12),
        (0, 4000 * DAY, 30),
        (2, 12 * DAY, 12),
        (40, 0.0, 30),
    ],
)
def test_interval(checks: int, stood: float, days: float) -> None:
    assert interval(checks, stood) == days * DAY
    assert all(days * DAY / 2 <= interval(checks, stood, place) <= days * DAY for place in range(100))


def test_pages_of_one_site_are_not_due_at_once() -> None:
    days = [int(interval(0, LONGEST, place) / DAY) for place in range(10_000)]
    assert max(days.count(day) for day in set(days)) < 10_000 / 14


@pytest.mark.parametrize(
    ("moments", "days"),
    [(("2026-11-17T23:06:40Z",), 0.0), (("2026-11-08", "2020-01-01", None), 10.46), (("nonsense", None), 0.0), ((), 0.0)],
)
def test_stood_for(moments: tuple[str | None, ...], days: float) -> None:
    assert stood_for(moments, NOW) / DAY == pytest.approx(days, abs=0.5)


@pytest.mark.parametrize(
    ("state", "due"),
    [("kept", 5.0), ("unchanged", 5.0), ("failed", 0.0), ("http_error", 0.0), ("gone", LONGEST), ("filtered", None)],
)
def test_due_after(state: str, due: float | None) -> None:
    found = due_after(state, 5.0, NOW)
    assert (found if not found else found - NOW) == due


@pytest.mark.parametrize(("articles", "checks"), [(3, 3), (SMALL_SITE, SMALL_SITE), (SMALL_SITE + 1, SAMPLE), (10**6, SAMPLE)])
def test_early_checks(articles: int, checks: int) -> None:
    assert early_checks(articles) == checks


def url(number: int) -> str:
    return f"https://news.example.com/{number}"


def site_read(pages: int) -> Ledger:
    """Return the ledger after a first run that kept so many pages, none of them due."""
    ledger = Ledger()
    with ledger.begin() as conn:
        list_urls(conn, "news", "one", "map", [Listing(url(n), "2026-01-01", float(n)) for n in range(pages)])
        kept = {"state": "kept", "run": "one", "due": NOW + LONGEST, "read_lastmod": "2026-01-01", "article": "a"}
        settle(conn, [{"row": n + 1, **kept} for n in range(pages)])
    return ledger


def due_urls(ledger: Ledger, now: float, run: str = "two") -> set[str]:
    with ledger.begin() as conn:
        return {row.url for row in take_due(conn, "news", 1000, now=now, run=run)}


def test_the_newest_are_looked_at_early_and_no_more_often_than_planned() -> None:
    ledger = site_read(50)
    with ledger.begin() as conn:
        make_due(conn, "news", 3, EARLY_CHECKS)
    assert due_urls(ledger, NOW) == {url(49), url(48), url(47)}
    with ledger.begin() as conn:
        settle(conn, [{"row": 50, "state": "unchanged", "checks": EARLY_CHECKS, "due": NOW + DAY}])
        make_due(conn, "news", 3, EARLY_CHECKS)
    assert due_urls(ledger, NOW) == {url(48), url(47), url(46)}


def test_what_a_listing_announces_is_due_and_nothing_else() -> None:
    ledger = site_read(1000)
    changed = {url(n) for n in range(0, 1000, 100)}
    with ledger.begin() as conn:
        listings = [Listing(url(n), "2026-11-01" if url(n) in changed else "2026-01-01", float(n)) for n in range(1000)]
        list_urls(conn, "news", "two", "map", listings)
    assert due_urls(ledger, 0.0) == changed  # as a site with an honest lastmod is asked


def test_a_lastmod_that_lies_is_found_out_within_a_commit(tmp_path: Path) -> None:
    ledger = site_read(100)
    with ledger.begin() as conn:
        list_urls(conn, "news", "two", "map", [Listing(url(n), "2026-11-01", float(n)) for n in range(100)])
        rows = take_due(conn, "news", 12, now=0.0, run="two")
    run = Run(ledger, tmp_path, "two")
    run.open("news", "keep")
    for row in rows:
        run.confirm(row)
    assert len(due_urls(ledger, 0.0)) == 100
    run.commit()
    run.sites["news"].journal.remove()
    with ledger.begin() as conn:
        assert lastmod_standing(facts_of(conn, "news")) == "lying"
    assert due_urls(ledger, NOW) == set()


def test_a_changed_page_is_due_sooner_than_one_that_has_stood(tmp_path: Path) -> None:
    ledger = site_read(2)
    run = Run(ledger, tmp_path, "two")
    run.open("news", "keep")
    with ledger.begin() as conn:
        rows = [find_url(conn, "news", url(n)) for n in range(2)]
    for row, version, hashes in zip(rows, (1, 2), count(), strict=False):
        assert row is not None
        row.lastmod = None
        run.keep(row, Article(id="a", url=row.url, canonical_url=row.url, timestamp="2020-01-01", version=version,
                              fetched_at="2099-01-01T00:00:00Z", content_hash=str(hashes)), None, None)  # fmt: skip
    run.commit()
    run.sites["news"].journal.remove()
    with ledger.begin() as conn:
        stood, changed = conn.exec_driver_sql("SELECT due - fetched FROM urls ORDER BY id").scalars()
    assert changed <= DAY < LONGEST / 2 <= stood
