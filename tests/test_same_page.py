"""When two addresses are one page: only what the site itself shows to be equal is joined."""

from __future__ import annotations

import pytest
from story_texts import BRIDGE

from newscrawler.extraction import extract
from newscrawler.items import article_id

PARAGRAPHS = "".join(f"<p>{line}</p>" for line in BRIDGE.split("\n"))


def identity(address: str, canonical: str | None = None) -> str:
    """Return the canonical address of a page that was read at `address` and declares `canonical`."""
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    head = f"<title>青石镇老桥恢复通车</title>{link}"
    article = extract(f"<html><head>{head}</head><body><h1>青石镇老桥恢复通车</h1>{PARAGRAPHS}</body></html>", address)
    assert article is not None
    assert article.id == article_id(article.canonical_url)
    return article.canonical_url


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("http://example.com/1", "https://example.com/1", False),
        ("https://example.com/1", "https://www.example.com/1", False),
        ("https://example.com/1", "https://example.com/1/", False),
        ("https://example.com/story?sid=1", "https://example.com/story?sid=2", False),
        ("https://example.com/story?sid=1", "https://example.com/story", False),
        ("https://example.com/1", "https://example.com:443/1?utm_source=feed#top", True),
    ],
)
def test_addresses_alone(a: str, b: str, same: bool) -> None:
    assert (identity(a) == identity(b)) is same


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("http://example.com/1", "https://www.example.com/1"),
        ("https://m.example.com/1", "https://www.example.com/1"),
        ("https://example.com/1?from=list&page=1", "https://example.com/1?page=1"),
        ("https://example.com/2026/1124/bridge.html?from=list", "https://example.com/2026/1124/bridge.html"),
        ("https://example.com/the-old-bridge?from=list", "/the-old-bridge"),
        ("https://example.com/old?id=7", "https://example.com/news/7.html"),
        ("https://example.com/", "https://example.com/"),
    ],
)
def test_a_canonical_address_on_the_same_site_is_the_pages(address: str, canonical: str) -> None:
    wanted = canonical if "://" in canonical else f"https://example.com{canonical}"
    assert identity(address, canonical) == wanted


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("https://example.com/1", "https://b.example/1"),
        ("https://example.com/1", "https://b.example/"),
        ("https://example.com/1", "https://example.com.b.example/1"),
        ("https://one.github.io/1", "https://two.github.io/1"),
        ("https://example.com/1", "https://example.com/"),
        ("https://example.com/?p=1", "https://example.com/"),
        ("https://example.com/story?sid=4711", "https://example.com/story"),
        ("https://example.com/index.php?m=show&id=9", "https://www.example.com/index.php"),
        ("https://example.com/1", "javascript:void(0)"),
        ("https://example.com/1", "http://["),
    ],
)
def test_what_another_page_may_declare_as_well_is_not_believed(address: str, canonical: str) -> None:
    assert identity(address, canonical) == address
