"""Pages of one thing over and over, and huge ones: what they cost grows with them, and no faster."""

from __future__ import annotations

import os
import time

import pytest
from any_markup import PARAGRAPH, URL, check

from newscrawler.extraction import extract


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
