"""Takedowns: what a word means, and that what is taken down is listed and asked for no more."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from kept import article

from newscrawler.accounts import account
from newscrawler.ledger import Ledger
from newscrawler.listing import Reply, Walk
from newscrawler.rows import Listing, find_url, list_urls, settle
from newscrawler.sites import site_of
from newscrawler.stories import Stories
from newscrawler.visits import Visit
from newscrawler.withdrawals import FILE, Withdrawal, load, parse_takedown, recall, record, recorded, stop_crawling

PROJECT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("text", "takedown"),
    [
        ("https://Mirror.example:443/a.html?utm_source=x", ("url", "https://mirror.example/a.html")),
        ("Mirror.Example", ("domain", "mirror.example")),
        ("新闻.中国", ("domain", "xn--efvy88h.xn--fiqs8s")),
        ("Ｔhe  Daily", ("source", "the daily")),
        ("界面新闻", ("source", "界面新闻")),
    ],
)
def test_what_a_word_means(text: str, takedown: tuple[str, str]) -> None:
    assert parse_takedown(text) == takedown


@pytest.mark.parametrize("text", ["", "  ", "ftp://a.example/x"])
def test_nothing_to_forget(text: str) -> None:
    with pytest.raises(ValueError, match=r"needed|no http"):
        parse_takedown(text)


def withdraw(ledger: Ledger, *words: str) -> int:
    with ledger.begin() as conn:
        record(conn, [Withdrawal(*parse_takedown(word), "2024-05-01T00:00:00Z") for word in words])
        return stop_crawling(conn, load(conn))


def test_pages_below_a_domain_are_filtered_once() -> None:
    ledger = Ledger()
    addresses = ["https://a.mirror.example/1", "https://mirror.example/2", "https://othermirror.example/3"]
    with ledger.begin() as conn:
        list_urls(conn, "mirror", "run", "sitemap", [Listing(url) for url in addresses])
    assert [withdraw(ledger, "mirror.example"), withdraw(ledger, "mirror.example")] == [2, 0]
    with ledger.begin() as conn:
        assert account(conn, "mirror") == {"filtered": 2, "pending": 1}


def test_a_page_taken_down_is_never_due_again() -> None:
    ledger = Ledger()
    with ledger.begin() as conn:
        list_urls(conn, "mirror", "run", "sitemap", [Listing("https://mirror.example/1", "2024-01-01")])
        settle(conn, [{"row": 1, "state": "kept", "due": 1.0}])
    withdraw(ledger, "https://mirror.example/1#top")
    with ledger.begin() as conn:
        list_urls(conn, "mirror", "later", "sitemap", [Listing("https://mirror.example/1", "2024-06-01")])
        row = find_url(conn, "mirror", "https://mirror.example/1")
    assert row and (row.state, row.reason) == ("filtered", "withdrawn")


def test_a_listing_that_names_it_anew() -> None:
    ledger = Ledger()
    withdraw(ledger, "https://mirror.example/1")
    body = b"https://mirror.example/1\nhttps://mirror.example/2\n"

    async def fetch(url: str, headers: Mapping[str, str]) -> Reply:
        return Reply(url, 200, body) if url.endswith("/sitemap.txt") else Reply(url, 404)

    site = site_of("https://mirror.example/", sitemaps=["https://mirror.example/sitemap.txt"])
    asyncio.run(Walk(site, fetch, ledger, Visit(site), "run").run())
    with ledger.begin() as conn:
        assert account(conn, site.name) == {"filtered": 1, "pending": 1}


def test_the_command_stops_pages_of_a_publisher(tmp_path: Path) -> None:
    kept = article("a.html")
    ledger = Ledger(tmp_path / "ledger.db")
    stories = Stories(ledger.engine)
    stories.look_up(kept)
    with ledger.begin() as conn:
        list_urls(conn, "one", "run", "sitemap", [Listing(kept.url), Listing("https://one.example/b.html")])
        stories.record(conn)
    stories.close()
    words = [sys.executable, "-m", "scrapy", "forget", "harbour LEDGER", "-s", f"NEWSCRAWLER_STATE={tmp_path}"]
    done = subprocess.run(words, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.endswith("1 listed pages will not be fetched again\n"), done.stderr
    with ledger.begin() as conn:
        assert account(conn, "one") == {"filtered": 1, "pending": 1}
        on_record = recorded(conn)
    ledger.close()
    lost = Ledger()
    with lost.begin() as conn:
        list_urls(conn, "one", "run", "sitemap", [Listing(kept.url)])
        assert recall(conn, tmp_path / FILE) == 0  # the new ledger does not know whose page it is until it is rebuilt
        assert recorded(conn) == on_record
