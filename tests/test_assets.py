"""What a page makes a browser fetch."""

from __future__ import annotations

import pytest

from newscrawler.archives.assets import MOST, page_assets, style_assets

BASE = "http://a.example/news/1.html"


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ('<link rel="stylesheet" href="/s.css">', ["http://a.example/s.css"]),
        ('<link rel="Shortcut ICON" href="i.ico"><link rel="next" href="/2">', ["http://a.example/news/i.ico"]),
        ('<script src="//cdn.example/x.js#v"></script>', ["http://cdn.example/x.js"]),
        ('<img src="a.png"><img src="a.png">', ["http://a.example/news/a.png"]),
        ('<img data-src="/lazy.jpg" src="data:image/gif;base64,xx">', ["http://a.example/lazy.jpg"]),
        ('<picture><source srcset="/w.webp 1x, /w2.webp 2x"></picture>', ["http://a.example/w.webp"]),
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
