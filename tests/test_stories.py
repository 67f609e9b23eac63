"""The index of stories: batches, runs, orders of arrival, merges, pages that are read again."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import select
from story_texts import BRIDGE, LIBRARY, LINES, RIVER, market

from newscrawler.copies import POPULAR, merges
from newscrawler.items import Article, article_id
from newscrawler.ledger import Ledger
from newscrawler.spread import Spread, spread_of
from newscrawler.stories import Match, Stories, cluster

TEXTS = [
    *(BRIDGE, BRIDGE[:300], BRIDGE.join(LINES), LINES[0] + BRIDGE[:380]),
    *(LIBRARY, LIBRARY.upper(), LIBRARY[:500]),
    *(market(day, 3000 + 7.31 * day, 8000 + 317 * day, "光伏") for day in range(1, 21)),
    RIVER,
]
LABELS = [*[0] * 4, *[1] * 3, *range(2, 22), 22]


def article(text: str, address: str) -> Article:
    url = f"https://mirror.example/{address}"
    return Article(id=article_id(url), url=url, canonical_url=url, body=text)


def look_up(ledger: Ledger, articles: Iterable[Article]) -> list[Match | None]:
    """Look up in one batch, and record."""
    stories = Stories(ledger.engine)
    found = [stories.look_up(one) for one in articles]
    with ledger.begin() as connection:
        stories.record(connection)
    stories.close()
    return found


def partition(labels: Iterable[object]) -> set[frozenset[int]]:
    groups: dict[object, set[int]] = {}
    for n, label in enumerate(labels):
        groups.setdefault(label, set()).add(n)
    return {frozenset(group) for group in groups.values()}


@pytest.mark.parametrize("seed", range(5))
def test_any_order_of_arrival_gives_the_same_stories(seed: int) -> None:
    order = random.Random(seed).sample(range(len(TEXTS)), len(TEXTS))
    labels = dict(zip(order, cluster([TEXTS[n] for n in order]), strict=True))
    assert partition(labels[n] for n in range(len(TEXTS))) == partition(LABELS)


def test_a_later_run_finds_what_an_earlier_one_recorded(tmp_path: Path) -> None:
    first = article(BRIDGE, "a")
    ledger = Ledger(tmp_path / "ledger.db")
    assert look_up(ledger, [first, article(RIVER, "b")]) == [None, None]
    ledger.close()
    ledger = Ledger(tmp_path / "ledger.db")
    cut, same = look_up(ledger, [article(BRIDGE[:300], "c"), article(BRIDGE.replace("\n", " "), "d")])
    assert cut == Match("copy", first.id, first.id, 1.0)
    assert same == Match("same_text", first.id, first.id, 1.0)
    ledger.close()


def test_one_page_under_two_addresses() -> None:
    ledger, page = Ledger(), article(BRIDGE, "a")
    other = Article(id=page.id, url="https://mirror.example/a?from=list", canonical_url=page.canonical_url, body=BRIDGE)
    assert look_up(ledger, [page, other, page]) == [None, Match("same_page", page.id, page.id, 1.0), None]
    ledger.close()


def test_a_page_keeps_its_story_when_its_text_changes() -> None:
    ledger = Ledger()
    first, copy = article(BRIDGE, "a"), article(BRIDGE[:300], "b")
    look_up(ledger, [first, copy])
    (again,) = look_up(ledger, [article(RIVER, "b")])
    assert again is not None
    assert again.cluster == first.id
    ledger.close()


def test_a_copy_of_two_stories_makes_them_one_and_that_is_recorded() -> None:
    ledger, halves = Ledger(), len(BRIDGE) // 2
    first, second = article(BRIDGE[: halves + 20], "a"), article(BRIDGE[halves - 40 :], "b")
    whole = article(BRIDGE, "c")
    assert look_up(ledger, [first, second, whole])[:2] == [None, None]
    with ledger.begin() as connection:
        rows = connection.execute(select(merges.c.source, merges.c.target, merges.c.article)).all()
    assert rows == [(second.id, first.id, whole.id)]
    stories = Stories(ledger.engine)
    assert stories.labels([first.id, second.id, whole.id]) == [first.id] * 3
    stories.close()
    ledger.close()


def test_copies_add_nothing_that_later_lookups_pay_for() -> None:
    ledger = Ledger()
    look_up(ledger, [article(BRIDGE[: 300 + n], str(n)) for n in range(50)])
    with ledger.begin() as connection:
        most = connection.exec_driver_sql("SELECT max(n) FROM (SELECT count(*) AS n FROM postings GROUP BY key)").scalar_one()
    assert most == 1
    ledger.close()


def test_what_many_texts_share_leads_to_few_of_them() -> None:
    ledger = Ledger()
    for day in range(1, 31):
        look_up(ledger, [article(market(day, 3000 + 7.31 * day, 8000 + 317 * day, "光伏"), str(day))])
    with ledger.begin() as connection:
        most = connection.exec_driver_sql("SELECT max(n) FROM (SELECT count(*) AS n FROM postings GROUP BY key)").scalar_one()
    assert most <= POPULAR
    ledger.close()


def test_the_spread_of_stories_over_mirrors() -> None:
    ledger = Ledger()
    pages = [article(BRIDGE, "a"), article(BRIDGE[:300], "b"), article(BRIDGE[:310], "c"), article(RIVER, "d")]
    for page, site in zip(pages, ("one", "two", "one", "one"), strict=True):
        page.site = site
    look_up(ledger, pages)
    with ledger.begin() as connection:
        found = spread_of(connection, "one", {pages[0].id, pages[3].id})
        nothing = spread_of(connection, "three", set())
    assert found == Spread(stories=2, copies={"1": 1, "3": 1}, mirrors={"two": 1}, shared=1)
    assert nothing == Spread()
    ledger.close()
