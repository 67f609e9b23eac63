"""robots.txt files and what they say to us."""

from __future__ import annotations

import tracemalloc

import pytest

from newscrawler.robots import LONGEST_DELAY, RULES_LIMIT, SITEMAPS_LIMIT, parse_rules

AGENT = "newscrawler/1.0 (+https://contact.example)"
URL = "https://mirror.example/robots.txt"


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /a", "/a", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: NewsCrawler\nDisallow:", "/a", True),
        ("User-agent: newscrawler\nDisallow: /\n", "/a", False),
        ("User-agent: crawl\nDisallow: /\n", "/a", True),
        ("User-agent: other\nDisallow: /\n", "/a", True),
        ("User-agent: other\nUser-agent: *\nDisallow: /\n", "/a", False),
        ("User-agent: *\nDisallow: /b\nUser-agent: other\nDisallow: /a\n", "/a", True),
        ("\ufeffUser-agent: *\r\nDisallow: /a\r\n", "/a", False),
        ("user-agent : *\n disallow : /*.html$", "/x.html", False),
        ("<html><body>Not found</body></html>", "/a", True),
    ],
)
def test_can_fetch(text: str, path: str, allowed: bool) -> None:
    assert parse_rules(text.encode(), AGENT, URL).can_fetch("https://mirror.example" + path) is allowed


@pytest.mark.parametrize(
    ("text", "delay", "rate", "floor"),
    [
        ("User-agent: *\nCrawl-delay: 2.5", 2.5, None, 2.5),
        ("User-agent: *\nRequest-rate: 1/10s", None, 10, 10),
        ("User-agent: *\nCrawl-delay: 1\nRequest-rate: 30/1m", 1, 2, 2),
        ("User-agent: newscrawler\nCrawl-delay: 5\nUser-agent: *\nCrawl-delay: 1", 5, None, 5),
        ("User-agent: other\nCrawl-delay: 5", None, None, 0),
        ("User-agent: *\nCrawl-delay: nan", None, None, 0),
        ("User-agent: *\nCrawl-delay: -1", None, None, 0),
        ("User-agent: *\nCrawl-delay: 1e300", LONGEST_DELAY, None, LONGEST_DELAY),
        ("User-agent: *\nRequest-rate: 1/365d", None, LONGEST_DELAY, LONGEST_DELAY),
    ],
)
def test_floor(text: str, delay: float | None, rate: float | None, floor: float) -> None:
    rules = parse_rules(text.encode(), AGENT, URL)
    assert (rules.crawl_delay, rules.request_rate, rules.floor) == (delay, rate, floor)


@pytest.mark.parametrize(
    ("body", "sitemaps"),
    [
        (b"Sitemap: https://mirror.example/sitemap.xml", ["https://mirror.example/sitemap.xml"]),
        (b"\xef\xbb\xbfSitemap: /s.xml # ours", ["https://mirror.example/s.xml"]),
        (
            b"sitemap:/a.xml\rSITEMAP : /b.xml\r\nSitemap:/a.xml\n",
            ["https://mirror.example/a.xml", "https://mirror.example/b.xml"],
        ),
        (b"# Sitemap: /s.xml\nDisallow: /sitemap:/x\n", []),
        (b"Sitemap:\nSitemap: http://[broken\n", []),
        (b"User-agent: *\n" + b"Disallow: /x\n" * 50_000 + b"Sitemap: /last.xml", ["https://mirror.example/last.xml"]),
    ],
)
def test_sitemaps(body: bytes, sitemaps: list[str]) -> None:
    assert list(parse_rules(body, AGENT, URL).sitemaps) == sitemaps


@pytest.mark.parametrize(
    ("text", "opt_outs"),
    [
        ("User-agent: GPTBot\nUser-agent: ccbot\nDisallow: /\n", ("CCBot", "GPTBot")),
        ("User-agent: *\nDisallow: /\n", ()),
        ("User-agent: GPTBot\nDisallow: /private\n", ()),
        ("User-agent: *\nContent-Signal: search=yes, ai-train=no\nAllow: /\n", ("ai-train=no",)),
    ],
)
def test_opt_outs(text: str, opt_outs: tuple[str, ...]) -> None:
    assert parse_rules(text.encode(), AGENT, URL).opt_outs == opt_outs


def test_many_agents_times_many_rules_stay_small() -> None:
    half = RULES_LIMIT // 2
    agents = "".join(f"User-agent: a{n}\n" for n in range(half // 18))
    rules = "".join(f"Disallow: /{n}\n" for n in range(half // 17))
    tracemalloc.start()
    try:
        assert parse_rules((agents + rules).encode(), AGENT, URL).can_fetch("https://mirror.example/1")
        assert tracemalloc.get_traced_memory()[1] < 100 * 2**20
    finally:
        tracemalloc.stop()


def test_sitemap_lines_are_capped() -> None:
    body = b"".join(b"Sitemap: /%d.xml\n" % n for n in range(SITEMAPS_LIMIT + 100))
    assert len(parse_rules(body, AGENT, URL).sitemaps) == SITEMAPS_LIMIT
