"""A site's listings are found wherever they are, each is asked for once, and the next run asks for little."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Mapping

import pytest
from sqlalchemy import select

from newscrawler import discovery
from newscrawler.ledger import Ledger
from newscrawler.listing import MOST_DEPTH, MOST_SITEMAPS, Reply, Walk
from newscrawler.reports import moment
from newscrawler.sites import site_of
from newscrawler.tables import urls
from newscrawler.visits import Visit

HOME = "https://news.example.com"
NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
FEED = b"<rss version='2.0'><channel><title>News</title><item><link>/fed</link></item></channel></rss>"
NOT_FOUND = b"<html><head><title>Oops</title></head><body><p>Not found.</p></body></html>"


def pages(*names: str, lastmod: str = "") -> bytes:
    stamp = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    return f"<urlset {NS}>{''.join(f'<url><loc>{HOME}/{name}</loc>{stamp}</url>' for name in names)}</urlset>".encode()


def index(*names: str, lastmod: str = "") -> bytes:
    stamp = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    entries = "".join(f"<sitemap><loc>{name if '//' in name else f'{HOME}/{name}'}</loc>{stamp}</sitemap>" for name in names)
    return f"<sitemapindex {NS}>{entries}</sitemapindex>".encode()


class Served:
    """A site as a dict of its paths; remembers what it was asked for, and knows its bodies again by their length as ETag."""

    def __init__(self, files: Mapping[str, bytes | Reply]) -> None:
        self.files = dict(files)
        self.asked: list[str] = []

    async def fetch(self, url: str, headers: Mapping[str, str]) -> Reply:
        path = url.removeprefix(HOME)
        self.asked.append(path)
        found = self.files.get(path)
        if isinstance(found, Reply):
            return found
        if found is None:
            return Reply(url, 404, NOT_FOUND)
        tag = f'"{len(found)}"'
        return Reply(url, 304) if headers.get("If-None-Match") == tag else Reply(url, 200, found, etag=tag)

    def walk(self, ledger: Ledger, *robots: str, window: tuple[float, float] | None = None, most: int = MOST_SITEMAPS) -> Visit:
        """Read the listings as a run does."""
        self.asked.clear()
        site = site_of(f"{HOME}/")
        visit = Visit(site)
        named = tuple(HOME + path for path in robots)
        asyncio.run(Walk(site, self.fetch, ledger, visit, moment(0), window, most=most, robots_sitemaps=named).run())
        return visit


def listed(ledger: Ledger) -> list[str]:
    with ledger.begin() as conn:
        return [url.removeprefix(HOME) for url in conn.execute(select(urls.c.url).order_by(urls.c.id)).scalars()]


FOUND = [
    pytest.param({"/any": pages("a")}, ("/any",), ["/a"], id="robots.txt"),
    pytest.param({"/wp-sitemap.xml": pages("a")}, (), ["/a"], id="well-known name"),
    pytest.param({"/sitemap.xml": NOT_FOUND, "/sitemap.txt": b"%b/a\n" % HOME.encode()}, (), ["/a"], id="text"),
    pytest.param(
        {"/sitemap.xml": pages("a"), "/sitemap2.xml": pages("b"), "/sitemap4.xml": pages("d")},
        (),
        ["/a", "/b"],
        id="series to its first miss",
    ),
    pytest.param(
        {"/": b'<footer><a href="/maps/sitemap-all.xml">Map</a></footer>', "/maps/sitemap-all.xml": pages("a")},
        (),
        ["/a"],
        id="link in the footer",
    ),
    pytest.param({"/sitemap.xml": index("one.dat"), "/one.dat": gzip.compress(pages("a"))}, (), ["/a"], id="gzip by its bytes"),
    pytest.param({"/sitemap.xml.gz": pages("a")}, (), ["/a"], id="not packed whatever its name"),
    pytest.param(
        {
            "/sitemap.xml": index("in.xml", "sitemap.xml", "in.xml"),
            "/in.xml": index("in.xml", "leaf.xml"),
            "/leaf.xml": pages("a"),
        },
        (),
        ["/a"],
        id="index in an index, and in itself",
    ),
    pytest.param(
        {"/sitemap.xml": index("https://elsewhere.example/sitemap.xml", "ours.xml"), "/ours.xml": pages("a")},
        (),
        ["/a"],
        id="another site's listing",
    ),
    pytest.param(
        {"/": b'<link rel="alternate" type="application/rss+xml" href="/news.rss">', "/news.rss": FEED},
        (),
        ["/fed"],
        id="feed that the front page names",
    ),
    pytest.param({"/rss.xml": FEED, "/": Reply(HOME, 0, failure="timeout")}, (), ["/fed"], id="feed under a well-known name"),
    pytest.param({"/sitemap.xml": pages("a"), "/rss.xml": FEED}, (), ["/a"], id="no feed beside a sitemap"),
    pytest.param(
        {"/gone.xml": Reply(HOME, 410), "/sitemap.xml": pages("a")}, ("/gone.xml",), ["/a"], id="robots.txt is out of date"
    ),
]


@pytest.mark.parametrize(("files", "robots", "expected"), FOUND)
def test_found(files: dict[str, bytes | Reply], robots: tuple[str, ...], expected: list[str]) -> None:
    served, ledger = Served(files), Ledger()
    visit = served.walk(ledger, *robots)
    assert listed(ledger) == expected
    assert len(served.asked) == len(set(served.asked))
    assert "advice" not in visit.discovery


@pytest.mark.parametrize(("files", "robots", "expected"), FOUND)
def test_the_next_run_asks_for_what_was_found_alone(
    files: dict[str, bytes | Reply], robots: tuple[str, ...], expected: list[str]
) -> None:
    served, ledger = Served(files), Ledger()
    served.walk(ledger, *robots)
    tries = len(served.asked)
    again = served.walk(ledger, *robots)
    assert (listed(ledger), again.new) == (expected, 0)
    assert len(served.asked) <= min(tries, 5)


def test_nothing_found_says_what_was_tried() -> None:
    served = Served({"/": NOT_FOUND})
    visit = served.walk(Ledger())
    assert served.asked == [*discovery.WELL_KNOWN, "/", *discovery.WELL_KNOWN_FEEDS]
    assert visit.discovery["tried"] == [HOME + path for path in served.asked if path != "/"]
    assert "\n" not in visit.discovery["advice"] and 'sitemaps = ["https://' in visit.discovery["advice"]


def test_a_listing_that_fails_is_counted_with_its_reason() -> None:
    failures = {"/large.xml": "too_large", "/bomb.xml": "bomb", "/cut.xml": "cut"}
    files = {path: Reply(HOME + path, 0, failure=failure) for path, failure in failures.items()}
    visit = Served({**files, "/sitemap.xml": pages("a")}).walk(Ledger(), *files)
    assert {one["url"].removeprefix(HOME): one["outcome"] for one in visit.sitemaps} == {**failures, "/sitemap.xml": "read"}


def test_a_series_ends_at_its_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovery, "LONGEST_SERIES", 5)
    served = Served({f"/sitemap{n}.xml": pages(f"p{n}") for n in range(1, 20)} | {"/sitemap.xml": pages("p")})
    ledger = Ledger()
    served.walk(ledger)
    assert [path for path in served.asked if path != "/"] == ["/sitemap.xml", *(f"/sitemap{n}.xml" for n in range(2, 6))]


def test_indexes_end_at_their_depth_and_number() -> None:
    deep = {f"/{n}.xml": index(f"{n + 1}.xml") for n in range(20)}
    visit = Served(deep).walk(Ledger(), "/0.xml")
    assert len([one for one in visit.sitemaps if one["outcome"] == "read"]) == MOST_DEPTH + 1
    assert visit.sitemaps[-1]["losses"] == {"too_deep": 1}
    wide = Served({"/0.xml": index(*(f"w{n}.xml" for n in range(9)))})
    assert sum(one["losses"].get("too_many_sitemaps", 0) for one in wide.walk(Ledger(), "/0.xml", most=4).sitemaps) == 6


def test_since_spares_whole_sitemaps() -> None:
    served = Served({"/old.xml": pages("old"), "/new.xml": pages("new")})
    served.files["/sitemap.xml"] = index("old.xml", lastmod="2020-01-01").replace(
        b"</sitemapindex>", index("new.xml", lastmod="2026-11-01").split(NS.encode() + b">")[1]
    )
    ledger = Ledger()
    served.walk(ledger, "/sitemap.xml", window=(1767225600.0, float("inf")))  # 2026
    assert listed(ledger) == ["/new"] and "/old.xml" not in served.asked


def test_news_and_lastmod_travel_with_the_entry() -> None:
    news = (
        f'<urlset {NS} xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>{HOME}/a</loc>'
        "<lastmod>2026-11-02</lastmod><news:news><news:publication><news:name>Harbour Ledger</news:name></news:publication>"
        "<news:publication_date>2026-11-01</news:publication_date><news:title>A bridge</news:title></news:news></url></urlset>"
    )
    ledger = Ledger()
    Served({"/news.xml": news.encode()}).walk(ledger, "/news.xml")
    with ledger.begin() as conn:
        row = conn.execute(select(urls)).mappings().one()
    assert row["lastmod"] == "2026-11-02"
    assert row["news"] == '{"title":"A bridge","date":"2026-11-01","name":"Harbour Ledger"}'
