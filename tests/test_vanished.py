"""An article that its listing names no longer is gone, without a request; what proves nothing changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from email.utils import formatdate
from pathlib import Path

import pytest
from crawling import Output
from pictured_mirror import article
from sqlalchemy import update

from newscrawler.accounts import account, reasons
from newscrawler.demo import File, serve
from newscrawler.history import end_run, open_run
from newscrawler.ledger import Ledger
from newscrawler.listing import Reply, Walk
from newscrawler.rechecks import take_due
from newscrawler.sites import Site, site_of
from newscrawler.tables import urls
from newscrawler.visits import Visit

HOME = "https://news.example.com"
SITE = site_of(f"{HOME}/")
ROBOTS = ("/map.xml", "/more.xml")

Files = Mapping[str, bytes | int]
"""Path -> a listing, or the status that stands for it."""


def listing(*numbers: int, more: str = "", dated: bool = True, news: bool = False) -> bytes:
    """Return a sitemap of numbered articles, each a day younger than the one before."""
    news_tag = "<n:news xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'><n:title>A title</n:title></n:news>"
    entries = "".join(
        f"<url><loc>{HOME}/{n}</loc>"
        f"{f'<lastmod>2024-{1 + n // 28:02}-{1 + n % 28:02}</lastmod>' if dated else ''}{news_tag if news else ''}</url>"
        for n in numbers
    )
    return f"<urlset>{entries}{more}</urlset>".encode()


class Runs:
    """Runs of one site that read its listings, and every page that waits."""

    def __init__(self, site: Site = SITE) -> None:
        self.site, self.ledger, self.number = site, Ledger(), 0

    def run(self, files: Files, *, window: tuple[float, float] | None = None, robots: Sequence[str] = ROBOTS) -> Visit:
        async def fetch(url: str, headers: Mapping[str, str]) -> Reply:
            found = files.get(url.removeprefix(HOME), 404)
            if isinstance(found, int):
                return Reply(url, found)
            tag = f'"{hash(found)}"'
            same = headers.get("If-None-Match") == tag
            return Reply(url, 304, etag=tag) if same else Reply(url, 200, found, etag=tag)

        self.number += 1
        name, visit = f"run{self.number}", Visit(self.site)
        named = tuple(HOME + path for path in robots)
        with self.ledger.begin() as conn:
            open_run(conn, self.site.name, name, 0.0)
        asyncio.run(Walk(self.site, fetch, self.ledger, visit, name, window, robots_sitemaps=named).run())
        with self.ledger.begin() as conn:
            kept = update(urls).where(urls.c.state == "pending").values(state="kept", run=name, due=9e9, article="a", etag="b")
            conn.execute(kept.where(urls.c.url.not_like("%about")))
            conn.execute(update(urls).where(urls.c.state == "pending").values(state="not_article", run=name, due=9e9))
            end_run(conn, self.site.name, name, 1.0, "{}")
        return visit

    def gone(self) -> list[int]:
        """Return the numbers of the articles that the last run found unlisted."""
        with self.ledger.begin() as conn:
            found = reasons(conn, self.site.name, f"run{self.number}", 1000)
        return [int(url.rpartition("/")[2]) for url in found.get("gone: unlisted", (0, []))[1]]


ALL = range(1, 41)
WITHOUT_20 = tuple(n for n in ALL if n != 20)
PINNED = f"<url><loc>{HOME}/about</loc><lastmod>2019-01-01</lastmod></url>"

CASES = [
    pytest.param([{"/map.xml": listing(*ALL)}, {"/map.xml": listing(*WITHOUT_20, 41)}], [20], id="left its sitemap"),
    pytest.param(
        [{"/map.xml": listing(*ALL)}, {"/map.xml": listing(*[n for n in ALL if n not in (2, 20, 30)])}],
        [20, 30],
        id="not the oldest, which a window would shed",
    ),
    pytest.param([{"/map.xml": listing(*ALL)}, {"/map.xml": listing(*range(4, 44))}], [], id="latest entries alone"),
    pytest.param(
        [{"/map.xml": listing(*ALL, more=PINNED)}, {"/map.xml": listing(*range(4, 44), more=PINNED)}],
        [],
        id="latest entries beside a page that stays",
    ),
    pytest.param(
        [{"/map.xml": listing(1, *range(9, 41))}, {"/map.xml": listing(1, *range(12, 44))}],
        [],
        id="latest entries beside an article that stays",
    ),
    pytest.param([{"/map.xml": listing(*ALL)}, {"/map.xml": listing(*ALL)[:1500]}], [], id="cut short"),
    pytest.param([{"/map.xml": listing(*ALL)}, {"/map.xml": 503}], [], id="failed"),
    pytest.param([{"/map.xml": listing(*ALL)}, {"/map.xml": b"<html><p>Back soon</p></html>"}], [], id="no listing any more"),
    pytest.param([{"/map.xml": listing(*ALL)}, {"/map.xml": b"<urlset></urlset>"}], [], id="empty"),
    pytest.param([{"/map.xml": listing(*ALL)}, {"/map.xml": listing(1, 2, 3, 40)}], [], id="most of it lost at once"),
    pytest.param([{"/map.xml": listing(*ALL)}, {"/map.xml": 404}], [], id="the listing itself is gone"),
    pytest.param(
        [{"/map.xml": listing(*ALL, dated=False)}, {"/map.xml": listing(*WITHOUT_20, dated=False)}], [], id="without dates"
    ),
    pytest.param(
        [{"/map.xml": listing(*ALL, news=True)}, {"/map.xml": listing(*WITHOUT_20, news=True)}], [], id="news sitemap"
    ),
    pytest.param(
        [{"/map.xml": listing(*ALL)}, {"/map.xml": listing(*WITHOUT_20), "/more.xml": listing(20)}], [], id="moved to another"
    ),
    pytest.param(
        [
            {"/map.xml": listing(*ALL), "/more.xml": listing(50)},
            {"/map.xml": listing(*WITHOUT_20), "/more.xml": 500},
        ],
        [],
        id="perhaps moved to one that failed",
    ),
    pytest.param(
        [
            {"/map.xml": listing(*ALL), "/more.xml": listing(20, 50)},
            {"/map.xml": listing(*WITHOUT_20), "/more.xml": listing(20, 50)},
        ],
        [],
        id="still in another, which did not change",
    ),
    pytest.param(
        [
            {"/map.xml": listing(*ALL), "/more.xml": listing(20, 50)},
            {"/map.xml": listing(*WITHOUT_20), "/more.xml": listing(50, 51)},
        ],
        [20],
        id="in neither of two",
    ),
    pytest.param(
        [
            {"/map.xml": listing(*ALL), "/more.xml": listing(50)},
            {"/map.xml": listing(*WITHOUT_20), "/more.xml": listing(50)},
        ],
        [20],
        id="beside one that did not change",
    ),
    pytest.param(
        [
            {"/map.xml": listing(*ALL)},
            {"/map.xml": listing(*ALL, 41)[:1500]},
            {"/map.xml": listing(*WITHOUT_20)},
            {"/map.xml": listing(*WITHOUT_20, 42)},
        ],
        [],
        id="recorded once",
    ),
]


@pytest.mark.parametrize(("files", "gone"), CASES)
def test_what_is_found_gone_at_last(files: Sequence[Files], gone: list[int]) -> None:
    runs = Runs()
    visits = [runs.run(one) for one in files]
    assert runs.gone() == gone
    with runs.ledger.begin() as conn:
        assert sum(account(conn, SITE.name).values()) == visits[-1].known + visits[-1].new


INDEX = (
    "<sitemapindex>{}<sitemap><loc>https://news.example.com/old.xml</loc><lastmod>2020-01-01</lastmod></sitemap></sitemapindex>"
)


def test_a_listing_left_out_by_since_may_have_taken_it_over() -> None:
    runs = Runs()
    runs.run({"/map.xml": listing(*ALL), "/more.xml": INDEX.format("").encode(), "/old.xml": listing(50)})
    after = {"/map.xml": listing(*WITHOUT_20), "/more.xml": INDEX.format(" ").encode()}
    runs.run({**after, "/old.xml": listing(20, 50)}, window=(1.7e9, 9e9))
    assert runs.gone() == []


def test_a_run_of_one_listing_says_nothing_of_the_others() -> None:
    runs = Runs()
    runs.run({"/map.xml": listing(*ALL), "/more.xml": listing(50)})
    runs.site = site_of(f"{HOME}/", sitemaps=[f"{HOME}/map.xml"])
    runs.run({"/map.xml": listing(*WITHOUT_20), "/more.xml": listing(20, 50)})
    assert runs.gone() == []


def test_what_is_listed_again_is_asked_for_again() -> None:
    runs = Runs()
    for numbers in (ALL, WITHOUT_20, (*WITHOUT_20, 41)):
        runs.run({"/map.xml": listing(*numbers)})
    with runs.ledger.begin() as conn:
        assert take_due(conn, SITE.name, 9, now=5.0, run="next") == []  # not by itself
    runs.run({"/map.xml": listing(*ALL, 41)})
    with runs.ledger.begin() as conn:
        (row,) = take_due(conn, SITE.name, 9, now=5.0, run="next")
    assert (row.url, row.state, row.etag) == (f"{HOME}/20", "gone", "b")


@pytest.mark.torture
def test_a_crawl_says_what_is_listed_no_more(tmp_path: Path) -> None:
    folder, output = tmp_path / "mirrors" / "board", Output(tmp_path)
    folder.mkdir(parents=True)
    for number in ALL:
        (folder / f"{number}.html").write_text(article(number))
    (folder / "sitemap.xml").write_text("")
    with serve(tmp_path / "mirrors") as mirrors:
        home = mirrors.addresses["board"]
        said = []
        for numbers in (ALL, WITHOUT_20, ALL):
            content = listing(*numbers).replace(HOME.encode(), home.encode()).replace(b"</loc>", b".html</loc>")
            mirrors.files["board"]["/sitemap.xml"] = File(content, "text/xml", formatdate(len(said)))
            done = output.crawl(mirrors)
            assert done.returncode == 0, done.stderr
            said.append(output.reports()[-1])
    output.check_promises()
    assert [report["account"]["states"].get("gone", 0) for report in said] == [0, 1, 0]
    assert said[1]["examples"]["gone: unlisted"] == [f"{home}/20.html"]
    assert said[2]["this_run"] == {"unchanged": 40}
