"""Where listings are looked for, and what is said when there are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawler.discovery import WELL_KNOWN, Links, links_of, next_in_series, not_found_advice

BASE = "https://news.example.com/"


@pytest.mark.parametrize(
    ("url", "follower"),
    [
        ("sitemap.xml", "sitemap2.xml"),
        ("sitemap1.xml", "sitemap2.xml"),
        ("sitemap9.xml", "sitemap10.xml"),
        ("sitemap-09.xml.gz", "sitemap-10.xml.gz"),
        ("post-sitemap.xml", "post-sitemap2.xml"),
        ("maps/sitemap_004.txt", "maps/sitemap_005.txt"),
        ("Sitemap3.XML", "Sitemap4.XML"),
        ("sitemap-2026-11.xml", "sitemap-2026-12.xml"),
        ("sitemap10000.xml", None),
        ("sitemap_index.xml", None),
        ("news.xml", None),
        ("feed", None),
        ("sitemap.php?page=2", None),
        ("", None),
    ],
)
def test_series(url: str, follower: str | None) -> None:
    assert next_in_series(BASE + url) == (follower and BASE + follower)


PAGE = """<html><head>
<link rel="sitemap" type="application/xml" href="/maps/all"><link rel=stylesheet href="/sitemap.css">
<link rel="alternate" type="application/rss+xml" href="/feed/news">
<link rel="alternate" type="application/atom+xml" href="news.atom">
<link rel="alternate" hreflang="de" href="/de/">
<link rel="alternate" type="application/rss+xml" href="https://elsewhere.example/feed">
</head><body><p><a href="/rss.xml">RSS</a> <a href="/feed/news">again</a>
<a href="/story/sitemap-of-the-brain.html">a story</a></p>
<footer><a href="/sitemap_news.xml#top">Map</a> <a href="sitemap.txt">list</a> <a href="/sitemap">Site map</a>
<a href="https://www.example.com/sitemap-index.xml.gz">all</a> <a href="https://elsewhere.example/sitemap.xml">theirs</a>
<a href="http://[">broken</a> <a>no address</a> <a href="/refeed">no feed</a></footer></body></html>"""


def test_links() -> None:
    expected = Links(
        sitemaps=(
            BASE + "maps/all",
            BASE + "sitemap_news.xml",
            BASE + "sitemap.txt",
            BASE + "sitemap",
            "https://www.example.com/sitemap-index.xml.gz",
        ),
        feeds=(BASE + "feed/news", BASE + "news.atom", BASE + "rss.xml"),
    )
    assert links_of(PAGE, BASE) == expected
    assert links_of(PAGE.encode("utf-16"), BASE) == expected


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_any_page_has_links_or_none(page: bytes | str) -> None:
    assert isinstance(links_of(page, BASE), Links)


def test_advice_says_what_was_tried_and_what_to_add() -> None:
    said = not_found_advice(BASE, [BASE + name.lstrip("/") for name in WELL_KNOWN])
    assert BASE in said
    assert "/sitemap.xml" in said
    assert f"{len(WELL_KNOWN) - 12} more" in said
    assert "sitemaps = [" in said
