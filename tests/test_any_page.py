"""Whatever a page holds, reading it raises nothing, and what comes out can be written."""

from __future__ import annotations

import gc
import tracemalloc

import pytest
from any_markup import LINKED_DATA, MARKUP, PARAGRAPH, SITE, URL, VALUES, WORDS, check
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newscrawler.extraction import extract
from newscrawler.pages import Fetched, learn_profile, read_article


@given(st.binary(max_size=2000))
@settings(deadline=None, max_examples=150)
def test_any_bytes(page: bytes) -> None:
    check(page)


@given(MARKUP)
@settings(deadline=None, max_examples=250, suppress_health_check=[HealthCheck.too_slow])
def test_any_markup(page: str) -> None:
    check(page)
    check(f"<html><head><title>Library</title></head><body><h1>Library for the harbour</h1>{page}{PARAGRAPH * 4}</body></html>")


@given(st.lists(LINKED_DATA, min_size=1, max_size=3), st.sampled_from(WORDS))
@settings(deadline=None, max_examples=150)
def test_any_linked_data(scripts: list[str], word: str) -> None:
    check(f"<title>{word}</title>{''.join(scripts)}<h1>Library</h1><article>{PARAGRAPH * 4}</article>")


@given(
    st.sampled_from(VALUES),
    st.text(max_size=20),
    st.sampled_from(["og:url", "og:title", "article:published_time", "og:locale"]),
)
@settings(deadline=None, max_examples=80)
def test_any_metadata(value: str, text: str, name: str) -> None:
    for content in (value, text):
        check(
            f"<meta property='{name}' content='{content}'><base href='{content}'>"
            f"<link rel=canonical href='{content}'>{PARAGRAPH * 4}"
        )


@given(st.lists(MARKUP, min_size=4, max_size=5))
@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.too_slow])
def test_a_profile_of_any_pages(pages: list[str]) -> None:
    whole = [f"<h1>Library {number}</h1>{page}{PARAGRAPH * 4}" for number, page in enumerate(pages)]
    fetched = [
        Fetched(page.encode("utf-8", "surrogatepass"), f"{URL}?{n}", URL, "2024-03-27T00:00:00Z")
        for n, page in enumerate(whole)
    ]
    profile = learn_profile(fetched, SITE)
    for page in fetched:
        read_article(page, SITE, profile)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://[",
        "x",
        "javascript:0",
        "http://\ud800/",
        "http://a\0b/",
        "http://a:99999/",
        "http://a:b/",
        "https://例子.example/新闻",
    ],
)
def test_any_address(url: str) -> None:
    extract(f"<h1>Library</h1><a href='/x'>x</a>{PARAGRAPH * 4}", url)


def test_what_is_remembered_is_short() -> None:
    """Classes, styles, lines and sentences that have no end are read, and not kept for the next page."""
    long = "word " * 20_000
    check(f"<h1>Library</h1>{PARAGRAPH * 4}")  # what is loaded once
    tracemalloc.start()
    for number in range(10):
        names = f"class='{number}{long}' style='{number}{long}' role='{number}{long}'"
        check(f"<h1>Library</h1><div {names}>{PARAGRAPH * 4}<p>{number}{long}</p></div>")
    gc.collect()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert held < 10 * len(long)
