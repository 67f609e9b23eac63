"""Listings that never end and pages in every encoding, crawled for real: named, counted outcomes, and the right text."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawling import Output
from servers import MIRRORS

from newscrawler import listing
from newscrawler.demo import File, MirrorHandler, Mirrors, serve
from newscrawler.exits import Exit

NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
MODIFIED = "Tue, 24 Nov 2026 07:00:00 GMT"

TEXTS = {
    "ja": "市の図書館は月曜日から開館時間を延長すると発表した。利用者は夜九時まで本を借りることができ、職員も増やされる。",
    "ja-2": "港の新しい橋が三年の工事を終えて開通し、漁師たちは朝の市場へ半分の時間で魚を運べるようになった。",
    "ja-3": "気象台によると、山間部では週末に初雪が降る見込みで、道路管理者は冬用タイヤの装着を呼びかけている。",
    "ko": "시립 도서관은 월요일부터 개관 시간을 연장한다고 밝혔다. 이용자는 밤 아홉 시까지 책을 빌릴 수 있으며 직원도 는다.",
    "zh": "市圖書館宣布從星期一起延長開放時間。讀者可以借書到晚上九點，館方也將增加人手，以便照顧更多的來訪者。",
    "zh-cn": "市图书馆宣布从星期一起延长开放时间。读者可以借书到晚上九点，馆方也将增加人手，以便照顾更多的来访者。",
    "ru-2": "Метеорологи ждут первого снега в горах к выходным, и дорожные службы просят водителей сменить шины.",
    "ru": "Городская библиотека объявила, что с понедельника продлит часы. Читатели смогут брать книги до девяти вечера.",
}
PAGES = [
    # name, language, encoding of the bytes, charset in the header, charset in the page, encoding that was used
    ("gbk", "zh-cn", "gbk", None, "gb2312", "gb18030"),
    ("big5", "zh", "big5", "big5", None, "big5"),
    ("euc-jp", "ja", "euc_jp", None, "euc-jp", "euc-jp"),
    ("shift-jis", "ja-2", "shift_jis", "Shift_JIS", None, "shift_jis"),
    ("euc-kr", "ko", "euc_kr", None, "euc-kr", "euc-kr"),
    ("cp1251", "ru", "cp1251", "windows-1251", None, "windows-1251"),
    ("utf-16", "ru-2", "utf-16", None, None, "utf-16le"),
    ("wrong-header", "ja-3", "utf-8", "iso-8859-1", "utf-8", "utf-8"),
]


def page(text: str, number: int, charset: str | None, language: str = "en") -> str:
    meta = f'<meta charset="{charset}">' if charset else ""
    title = f"{text[:14]} {number}"
    body = "".join(f"<p>{text} {number}-{part}.</p>" for part in range(5))
    return (
        f'<!DOCTYPE html><html lang="{language}"><head>{meta}<title>{title}</title></head><body><article><h1>{title}</h1>'
        f'<time datetime="2026-11-{number % 28 + 1:02}T08:00:00+00:00"></time>{body}</article></body></html>'
    )


def urlset(urls: list[str]) -> bytes:
    return f"<urlset {NAMESPACE}>{''.join(f'<url><loc>{url}</loc></url>' for url in urls)}</urlset>".encode()


def index(urls: list[str]) -> bytes:
    return (
        f"<sitemapindex {NAMESPACE}>{''.join(f'<sitemap><loc>{url}</loc></sitemap>' for url in urls)}</sitemapindex>".encode()
    )


def report_of(output: Output, address: str) -> dict[str, Any]:
    return next(report for report in output.reports() if report["url"].startswith(address))


def check_other(output: Output, address: str) -> None:
    """Assert that the mirror that means no harm was read to its end."""
    report = report_of(output, address)
    assert report["exit"] == Exit.OK and report["account"]["states"]["kept"] > 20, report["problems"]


def test_text_is_right_in_every_encoding(demo_mirrors: Mirrors, tmp_path: Path) -> None:
    address, files = demo_mirrors.addresses["relay"], demo_mirrors.files["relay"]
    files.clear()
    for number, (name, language, encoding, header, meta, _) in enumerate(PAGES):
        kind = "text/html" + (f"; charset={header}" if header else "")
        files[f"/2026/{name}.html"] = File(page(TEXTS[language], number, meta, language[:2]).encode(encoding), kind, MODIFIED)
    files["/sitemap.xml"] = File(urlset([address + path for path in files]), "application/xml", MODIFIED)
    output = Output(tmp_path)
    output.crawl(demo_mirrors)
    output.check_promises()
    lines = {line["url"]: line for line in output.lines()}
    asked = {urlsplit(url).path for url in lines}
    assert asked >= {f"/2026/{name}.html" for name, *_ in PAGES}, report_of(output, address)["reasons"]
    for name, language, _, _, _, used in PAGES:
        line = lines[f"{address}/2026/{name}.html"]
        assert TEXTS[language] in line["body"] and "\ufffd" not in line["body"], name
        assert line["encoding"] == used, name


ENDLESS = count()


class Harm(MirrorHandler):
    """Answers below /harm as no honest mirror does; the rest as it stands."""

    def do_GET(self) -> None:
        path, address = self.path, self.server.address
        if path.startswith("/harm/endless"):
            self.xml(index([f"{address}/harm/endless/{next(ENDLESS)}.xml" for _ in range(2)]))
        elif path.startswith("/harm/self"):
            self.xml(index([address + path, f"{address}/harm/self.xml?again", address + path]))
        elif path.startswith("/harm/pages"):
            calendar = [f"{address}/harm/calendar?year={year}&month=1" for year in range(2100, 2120)]
            sessions = [f"{address}/harm/session.html?PHPSESSID={n:032x}" for n in range(20)]
            others = [f"{address}/harm/{name}.html" for name in ("deep", "fresh", "soft")]
            self.xml(urlset([*calendar, *sessions, *others]))
        elif path.startswith("/harm/deep"):
            self.html("<html><body>" + "<div>" * 100_000 + "deep" + "</div>" * 100_000 + "</body></html>")
        elif path.startswith(("/harm/session", "/harm/fresh")):
            kind = len(path.partition("?")[0])
            self.html(
                page(f"The council opened its new harbour bridge, {kind} weeks late and paid in full", next(ENDLESS), "utf-8")
            )
        elif path.startswith("/harm"):
            self.html("<html><head><title>Not found</title></head><body><p>Nothing is here.</p></body></html>")
        else:
            super().do_GET()

    def xml(self, content: bytes) -> None:
        self.answer(200, content, {"Content-Type": "application/xml"})

    def html(self, content: str) -> None:
        self.answer(200, content.encode(), {"Content-Type": "text/html; charset=utf-8"})


def test_a_listing_that_means_harm_ends_and_the_other_host_is_read(tmp_path: Path) -> None:
    with serve(MIRRORS, Harm) as mirrors:
        address, files = mirrors.addresses["relay"], mirrors.files["relay"]
        files.clear()
        lists = "".join(f"Sitemap: {address}/harm/{name}.xml\n" for name in ("self", "endless", "pages"))
        files["/robots.txt"] = File(lists.encode(), "text/plain", MODIFIED)
        output = Output(tmp_path)
        output.crawl(mirrors)
        output.check_promises()
        check_other(output, mirrors.addresses["huiwen"])
    report = report_of(output, address)
    losses = {name for one in report["sitemaps"] for name in one["losses"]}
    assert {"too_deep", "seen"} <= losses
    assert len(report["sitemaps"]) < 2 ** (listing.MOST_DEPTH + 2)
    states = report["account"]["states"]
    assert states.get("pending", 0) == 0 and states["not_article"] >= 20, states
    sessions = [line for line in (*output.lines(), *output.lines(aside=True)) if "/harm/session.html" in line["url"]]
    assert len({line["id"] for line in sessions}) <= 1, sessions
