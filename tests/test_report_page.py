"""RUN.html: hostile values stay text, the page is well-formed, and a browser shows it without loading anything."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html

from newscrawler.report_page import report_page
from newscrawler.reports import COLUMNS, over_time

HOSTILE = "</bdi></title><script>document.title='owned'</script><img src=x onerror=alert(1)> \" ' & \x00\x1b[31m\u202e\ud800"

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def report(word: str = "paper", **changes: Any) -> dict[str, Any]:
    """Return a report in which every text is `word` or holds it."""
    return {
        "run": word, "site": word, "url": word, "started": word, "ended": word, "status": word, "exit": 6,
        "account": {"listed": 7, "states": {"kept": 3, "duplicate": 1, "failed": 2, word: 1}, "balanced": True},
        "this_run": {"kept": 3, word: 1}, "reasons": {f"failed: {word}": 2, "duplicate: copy": 1},
        "examples": {f"failed: {word}": [f"https://m.example/{word}", f"javascript:{word}"]},
        "sitemaps": [{"url": f"https://m.example/{word}", "outcome": word, "entries": 9}],
        "removed": {word: 4}, "fields": {"title": 3, word: 1}, "sources": {word: 2}, "articles": {word: 3, "2024-03-02": 0},
        "files": [{"path": f"{word}.jsonl", "lines": 3}], "archives": [{"path": word, "records": 5}],
        "problems": [word], "health": [{"cause": word, "sentence": word}],
        "titles": {f"https://m.example/{word}": word, f"javascript:{word}": word},
        "spread": {"stories": 4, "shared": 2, "mirrors": {word: 2}, "copies": {"1": 2, "2": 1, word: 1}},
    } | changes  # fmt: skip


EMPTY = report(
    account={"listed": 0, "states": {}, "balanced": True}, this_run={}, reasons={}, examples={}, sitemaps=[], removed={},
    titles={}, fields={}, sources={}, articles={}, files=[], archives=[], problems=[], health=[],
    spread={"stories": 0, "shared": 0, "mirrors": {}, "copies": {}},
)  # fmt: skip


@pytest.mark.parametrize("values", [report(), report(HOSTILE), EMPTY], ids=["plain", "hostile", "empty"])
def test_the_page_is_well_formed(values: dict[str, Any]) -> None:
    tree = etree.fromstring(report_page(values).encode().removeprefix(b"<!DOCTYPE html>\n"))
    assert not {"script", "img", "link", "iframe"} & {element.tag for element in tree.iter()}
    assert tree.find(".//h1") is not None


def test_hostile_values_are_text() -> None:
    plain, hostile = (html.document_fromstring(report_page(report(word))) for word in ("paper", HOSTILE))
    assert [element.tag for element in hostile.iter()] == [element.tag for element in plain.iter()]
    for element in hostile.iter():
        assert not [name for name in element.attrib if name.startswith("on")]
        assert element.get("href", "https://").startswith(("https://m.example/", "https://", "%3C/bdi%3E"))
    assert "document.title='owned'" in hostile.findtext(".//h1/bdi")


def test_the_funnel_says_what_each_stage_loses() -> None:
    states = {"pending": 5, "robots": 1, "gone": 2, "not_article": 3, "duplicate": 4, "kept": 6, "unchanged": 1}
    tree = html.document_fromstring(report_page(report(account={"listed": 22, "states": states, "balanced": True})))
    rows = [(row.findtext("th/bdi"), row.findtext("td")) for row in tree.findall(".//section[1]//tbody/tr")]
    assert rows == [
        ("listed", "22"), ("pending", "−5"), ("robots", "−1"), ("asked for", "16"), ("gone", "−2"), ("pages read", "14"),
        ("not_article", "−3"), ("articles", "11"), ("duplicate", "−4"), ("kept", "7"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({}, {}),
        ({"2024-02-28": 1, "2024-03-01": 2}, {"2024-02-28": 1, "2024-02-29": 0, "2024-03-01": 2}),
        ({"2023-11-30": 1, "2024-02-01": 2, "2024-02-09": 1}, {"2023-11": 1, "2023-12": 0, "2024-01": 0, "2024-02": 3}),
        ({"0001-01-01": 1, "2024-02-01": 2, "9999-12-31": 1}, {"0001": 1, "2024": 2, "9999": 1}),
        ({f"{year}-06-01": 1 for year in range(1900, 2000)}, {str(year): 1 for year in range(2000 - COLUMNS, 2000)}),
    ],
    ids=["none", "days", "months", "any year", "too many years"],
)  # fmt: skip
def test_articles_over_time(days: dict[str, int], expected: dict[str, int]) -> None:
    assert over_time({date.fromisoformat(day): count for day, count in days.items()}) == expected


def shown(page: Path, *options: str) -> html.HtmlElement:
    """Return the page as a browser has it when it is loaded."""
    profile = f"--user-data-dir={page.parent / 'profile'}"
    words = [str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", profile, *options, "--dump-dom", page.as_uri()]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    return html.document_fromstring(done.stdout)


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_a_browser_shows_it(tmp_path: Path) -> None:
    page = tmp_path / "run.html"
    page.write_text(report_page(report(HOSTILE)), "utf-8")
    tree = shown(page)
    assert tree.findtext(".//h1/bdi").startswith("</bdi></title><script>document.title='owned'")
    assert tree.findtext(".//title") != "owned"
    assert tree.find(".//script") is None


MEASURE = """<iframe id="f" style="width:375px;border:0" srcdoc="{page}"></iframe><script>
document.getElementById("f").onload = (event) => {{
  const inner = event.target.contentDocument, style = getComputedStyle(inner.body);
  document.title = [inner.documentElement.scrollWidth, style.backgroundColor, style.color].join("|");
}}</script>"""


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
@pytest.mark.parametrize(
    ("scheme", "paper", "ink"), [(1, "rgb(255, 255, 255)", "rgb(27, 31, 36)"), (0, "rgb(20, 24, 29)", "rgb(230, 233, 237)")]
)
def test_it_fits_a_phone_in_light_and_dark(tmp_path: Path, scheme: int, paper: str, ink: str) -> None:
    page = tmp_path / "phone.html"
    page.write_text(MEASURE.format(page=escape(report_page(report("Donaudampfschifffahrtsgesellschaft" * 9)))), "utf-8")
    width, *colours = shown(page, f"--blink-settings=preferredColorScheme={scheme}").findtext(".//title").split("|")
    assert int(width) <= 375
    assert colours == [paper, ink]
