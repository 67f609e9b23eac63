"""Whatever a page holds, reading it raises nothing, and what comes out can be written."""

from __future__ import annotations

import gc
import os
import time
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newscrawler.extraction import extract
from newscrawler.items import encode_line
from newscrawler.pages import Fetched, learn_profile, read_article
from newscrawler.sites import site_of

URL = "https://mirror.example/2024/03/27/story.html"
SITE = site_of(URL)

PARAGRAPH = (
    "<p>The council of the harbour town voted on Monday for a new library, after three years of talks about its roof, "
    "its price and the trees around it.</p>"
)
WORDS = (
    PARAGRAPH,
    "<h1>Library for the harbour</h1>",
    "来源：海川日报 2024-03-27 20:33",
    "99999999999999999999",
    "\0",
    "\x1b[2J",
    "9999-99-99T99:99:99+99:99",
    "0000-00-00",
    "-1",
    "1e999",
    "By ",
    "&#xD800;",
    "&#x110000;",
    "&#0;",
    "&bogus;",
    "\u202e",
    "]]>",
    "<!--",
    "-->",
    "<![CDATA[",
    "<?xml ?>",
    "<!DOCTYPE",
    "\ud800",
    "\U0001f600",
    "\ufffd",
    "\xa0" * 9,
    "　" * 9,
    "責任編輯",
)
TAGS = (
    "html",
    "head",
    "body",
    "title",
    "base",
    "meta",
    "link",
    "script",
    "style",
    "noscript",
    "template",
    "article",
    "main",
    "div",
    "section",
    "p",
    "br",
    "h1",
    "h2",
    "a",
    "span",
    "time",
    "img",
    "table",
    "tr",
    "td",
    "ul",
    "li",
    "form",
    "select",
    "option",
    "iframe",
    "svg",
    "math",
    "textarea",
    "plaintext",
    "frameset",
    "details",
    "figure",
    "figcaption",
    "x:y",
    "0",
    "1<",
)
NAMES = (
    "class",
    "id",
    "href",
    "src",
    "content",
    "property",
    "name",
    "itemprop",
    "datetime",
    "rel",
    "lang",
    "http-equiv",
    "type",
    "hidden",
    "style",
    "charset",
    "\0",
    "=",
    "xmlns:x",
)
VALUES = (
    "og:title",
    "og:url",
    "article:published_time",
    "author",
    "date",
    "description",
    "canonical",
    "en",
    "zh-CN",
    "refresh",
    "0;url=//",
    "http://[",
    "https://[::1",
    "javascript:0",
    "//",
    "?",
    "#",
    "http://\u202e.example/\x7f",
    "display:none",
    "utf-16",
    "2024-03-27",
    "99999-01-01",
    "-9999-13-45T25:61:61Z",
    "article-body",
    "application/ld+json",
    "x" * 3000,
    "'\"<>&",
    "\ud800",
)
JSON = (
    '{"@type":"NewsArticle"',
    '"datePublished":',
    '"2024-03-27T20:33:00+08:00"',
    '"headline":',
    '"articleBody":',
    '"author":',
    '"publisher":',
    '"@graph":',
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "true",
    "1e999",
    "-1",
    "NaN",
    '"',
    '"\\ud800"',
    '"\\u0000"',
    "9" * 400,
    '"x"',
    "//",
    "<!--",
    "[" * 2000,
    '{"a":' * 2000,
)

ATTRIBUTES = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES)), max_size=3)
OPENED = st.tuples(st.sampled_from(TAGS), ATTRIBUTES, st.sampled_from("\"' ")).map(
    lambda made: f"<{made[0]} " + " ".join(f"{name}={made[2]}{value}{made[2]}" for name, value in made[1]) + ">"
)
CLOSED = st.sampled_from(TAGS).map(lambda tag: f"</{tag}>")
LINKED_DATA = st.lists(st.sampled_from(JSON), max_size=14).map(
    lambda parts: f"<script type='application/ld+json'>{''.join(parts)}</script>"
)
TEXT = st.one_of(st.sampled_from(WORDS), st.text(max_size=40))
MARKUP = st.lists(st.one_of(OPENED, CLOSED, LINKED_DATA, TEXT), max_size=40).map("".join)


def check(page: str | bytes) -> None:
    """Read a page by both ways in; each gives None or a line that can be written."""
    body = page if isinstance(page, bytes) else page.encode("utf-8", "surrogatepass")
    for article in (extract(page, URL), read_article(Fetched(body, URL, URL, "2024-03-27T00:00:00Z"), SITE)):
        assert article is None or encode_line(article).count(b"\n") == 1


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


def repeated(piece: str, size: int) -> str:
    return piece * (size // len(piece))


GROWING = {
    "paragraphs": PARAGRAPH,
    "nested": "<div>",
    "nested and closed": "<b><i></b>",
    "unclosed quotes": "<a href='",
    "angle brackets": "<",
    "ampersands": "&",
    "spaces": " ",
    "breaks": "<br>",
    "comments": "<!--",
    "linked data": '<script type=\'application/ld+json\'>{"@type":"NewsArticle"}</script>',
    "metas": "<meta property='og:title' content='Library'>",
    "links": "<a href='/x'>word</a> ",
    "cells": "<td>a",
    "dates": "2024-03-27 20:33 ",
    "sources": "来源：",
    "bylines": "By Ann Lee, ",
    "brackets": "（",
    "one line": "word ",
    "one word": "字",
    "lists": "<ul><li>a</ul>",
    "times": "<time datetime=2024-03-27>x</time>",
    "headings": "<h1>Library</h1>",
}
"""What a page may be made of alone, over and over."""


def cost(page: str) -> float:
    """Return the least CPU seconds of three readings."""
    spent = []
    for _ in range(3):
        before = time.process_time()
        extract(page, URL)
        spent.append(time.process_time() - before)
    return min(spent)


@pytest.mark.parametrize("piece", GROWING.values(), ids=list(GROWING))
def test_much_of_one_thing(piece: str) -> None:
    check(repeated(piece, 30_000))


@pytest.mark.torture
@pytest.mark.parametrize("piece", GROWING.values(), ids=list(GROWING))
def test_cost_grows_with_the_page(piece: str) -> None:
    """Four times the page is at most some eight times the work; growth by the square would be sixteen."""
    small, large = cost(PARAGRAPH * 4 + repeated(piece, 250_000)), cost(PARAGRAPH * 4 + repeated(piece, 1_000_000))
    assert large < 8 * small + 0.1


@pytest.mark.torture
@pytest.mark.parametrize(
    "piece", ["<div>", "word ", PARAGRAPH, "&", "<p>a", "\0"], ids=["nested", "words", "text", "signs", "lines", "nul"]
)
def test_fifty_megabytes(piece: str) -> None:
    check(repeated(piece, 50_000_000))


@pytest.mark.torture
def test_fifty_megabytes_of_chance() -> None:
    check(os.urandom(50_000_000))


@pytest.mark.torture
def test_a_hundred_thousand_nested_tags() -> None:
    check("<div>" * 100_000 + PARAGRAPH * 4 + "</div>" * 100_000)
