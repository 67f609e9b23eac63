"""What a page makes a browser fetch, and that it is fetched: once, within bounds, guarded, and after a stop too."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("warcio")

from crawling import Output
from pictured_mirror import FORBIDDEN, NEEDED, serve_pictured

from newscrawler.archives.account import asset_account
from newscrawler.archives.assets import MOST, page_assets, style_assets
from newscrawler.archives.reader import ArchiveReader
from newscrawler.archives.wanted import DEEPEST, Asset, WantedAssets
from newscrawler.ledger import Ledger

BASE = "http://a.example/news/1.html"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ('<link rel="stylesheet" href="/s.css">', ["http://a.example/s.css"]),
        ('<link rel="Shortcut ICON" href="i.ico"><link rel="next" href="/2">', ["http://a.example/news/i.ico"]),
        ('<script src="//cdn.example/x.js#v"></script>', ["http://cdn.example/x.js"]),
        ('<img src="a.png"><img src="a.png">', ["http://a.example/news/a.png"]),
        ('<img data-src="/lazy.jpg" src="data:image/gif;base64,xx">', ["http://a.example/lazy.jpg"]),
        (
            '<img srcset="/s.webp 1x,/m.webp 2x"><source data-srcset=" /w.webp 100w 5h , /x,1.webp, "><img src=/a>',
            [f"http://a.example/{name}" for name in ("a", "s.webp", "m.webp", "w.webp", "x,1.webp")],
        ),
        ('<img srcset=""><img srcset=" , ,"><img srcset="1.png">', ["http://a.example/news/1.png"]),
        ('<video src="/film.mp4"><source src="/film.webm"></video><audio src="/a.mp3">', []),
        ('<svg><image xlink:href="/i.png"/></svg>', ["http://a.example/i.png"]),
        ('<p style="background:url(/s.png)">', ["http://a.example/s.png"]),
        ('<video poster="/p.jpg"></video>', ["http://a.example/p.jpg"]),
        (
            "<style>@import 'b.css'; p{background:url( \"/bg.png\" )}</style>",
            ["http://a.example/news/b.css", "http://a.example/bg.png"],
        ),
        ('<base href="/deep/"><img src="a.png">', ["http://a.example/deep/a.png"]),
        ('<img src="javascript:x"><img src="ftp://a.example/x"><img src="http://[::1/x"><img src="">', []),
        ('<a href="/other.html">no asset</a>', []),
        ("", []),
        ("\x00", []),
    ],
)
def test_assets_of_a_page(markup: str, expected: list[str]):
    assert page_assets(markup.encode(), BASE) == expected


def test_a_page_has_a_bounded_number():
    assert len(page_assets(b"".join(b'<img src="/%d.png">' % number for number in range(1000)), BASE)) == MOST


def test_assets_of_a_style_sheet():
    style = b"@import \"more.css\"; @font-face{src:url('../f.woff2')} b{background:url(data:image/png;base64,x)}"
    assert style_assets(style, "http://a.example/css/s.css") == ["http://a.example/css/more.css", "http://a.example/f.woff2"]


def test_a_crawl_archives_what_its_pages_need(tmp_path: Path):
    output = Output(tmp_path)
    with serve_pictured(tmp_path) as mirrors:
        done = output.crawl(mirrors, "archive=yes", "assets=yes")
        asked = Counter(hit.path for hit in mirrors.hits)
        home = mirrors.addresses["pictured"]
    assert done.returncode == 0, done.stderr
    output.check_promises()
    assert {path: asked[path] for path in NEEDED} == dict.fromkeys(NEEDED, 1)
    archived = {capture.url: capture.body for capture in ArchiveReader([output.articles])}
    assert {path for path in NEEDED if archived.get(home + path)} == set(NEEDED)
    assert not set(FORBIDDEN) & set(archived)
    expected = {"address_metadata": 1, "address_private": 1, "http_200": len(NEEDED), "http_404": 1}
    assert output.reports()[0]["assets"] == expected
    assert output.states().total() == 3


def test_a_site_has_a_bounded_number(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("newscrawler.archives.wanted.IN_SITE", 3)
    ledger, wanted = Ledger(), WantedAssets()
    with ledger.begin() as conn:
        wanted.load(conn, "site")
        wanted.load(conn, "other")
        wanted.ask("site", (f"http://a/{number}" for number in range(9)), 1)
        wanted.ask("other", ["http://a/0"], 1)
        wanted.record(conn)
        assert (asset_account(conn, "site"), asset_account(conn, "other")) == ({"waiting": 3}, {"waiting": 1})
    ledger.close()


def test_what_was_wanted_when_a_run_stopped_is_taken_up_by_the_next():
    ledger, wanted = Ledger(), WantedAssets()
    with ledger.begin() as conn:
        wanted.load(conn, "site")
        wanted.ask("site", ["http://a/1", "http://a/2", "http://a/1"], 1)
        wanted.ask("site", ["http://a/3"], DEEPEST + 1)
        wanted.record(conn)
        first = wanted.take()
        assert first == Asset("site", "http://a/1", 1)
        wanted.settle(first, "http_200")
        wanted.record(conn)
        again = WantedAssets()
        again.load(conn, "site")
        again.ask("site", ["http://a/1"], 1)
        assert [again.take(), again.take()] == [Asset("site", "http://a/2", 1), None]
        assert asset_account(conn, "site") == {"http_200": 1, "waiting": 1}
    ledger.close()
