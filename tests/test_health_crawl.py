"""What ails a site is named in RUN.json and by the exit code: one crawl of five sites, each with a trouble of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from crawling import LIMIT, PROJECT, Output
from hostile import Hostile, answer
from test_hostile_http import self_signed

from newscrawler.demo import File, MirrorHandler, serve
from newscrawler.exits import Exit

MODIFIED = "Tue, 24 Nov 2026 07:00:00 GMT"
PAGES = 12
WORDS = (
    "harbour",
    "council",
    "bridge",
    "library",
    "winter",
    "market",
    "river",
    "school",
    "tram",
    "festival",
    "garden",
    "museum",
)


class Refusing(MirrorHandler):
    """Refuses every page below /closed, for longer than a run waits."""

    def do_GET(self) -> None:
        if self.path.startswith("/closed"):
            self.answer(429, b"Slow down.", {"Retry-After": "7200"})
        else:
            super().do_GET()


def article(number: int) -> str:
    """Return a page with an article and no date anywhere."""
    word, other = WORDS[number], WORDS[number - 1]
    said = "".join(
        f"<p>The {word} office said that plan {number}{part} for the {other} goes ahead, although the {WORDS[part]} committee "
        f"had asked for {part + 2} further meetings before the work on the {word} could begin.</p>"
        for part in range(6)
    )
    title = f"A plan for the {word}"
    return f"<html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1>{said}</article></body></html>"


def empty(number: int) -> str:
    return (
        f"<html><head><title>Reader {number}</title></head><body><div id=app></div><script src=/app.js></script></body></html>"
    )


def site_files(address: str, folder: str, page: Any) -> dict[str, File]:
    """Return a site with PAGES pages below `folder` and their listing."""
    paths = [f"/{folder}/{number}.html" for number in range(PAGES)]
    rows = "".join(f"<url><loc>{address}{path}</loc></url>" for path in paths)
    files = {path: File(page(number).encode(), "text/html; charset=utf-8", MODIFIED) for number, path in enumerate(paths)}
    return {**files, "/sitemap.xml": File(f"<urlset>{rows}</urlset>".encode(), "application/xml", MODIFIED)}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, dict[str, Any]]]:
    """Run the crawl; return the reports by the trouble."""
    output, folder = Output(tmp_path_factory.mktemp("crawl")), tmp_path_factory.mktemp("sites")
    for name in ("no_listing", "blocked", "template_changed", "dates_stopped"):
        (folder / name).mkdir()
    secret = Hostile(answer(b""), self_signed(folder / "server.pem"))
    with serve(folder, Refusing) as mirrors:
        for name, path, page in (
            ("blocked", "closed", article),
            ("template_changed", "page", empty),
            ("dates_stopped", "page", article),
        ):
            mirrors.files[name].update(site_files(mirrors.addresses[name], path, page))
        sites = {**mirrors.addresses, "certificate": f"https://127.0.0.1:{secret.port}"}
        words = [
            "crawl",
            "mirror",
            "-a",
            f"url={','.join(f'{address}/' for address in sites.values())}",
            "-a",
            "duplicates=keep",
        ]
        words += [word for setting in output.settings() for word in ("-s", setting)]
        command = [sys.executable, "-m", "scrapy", *words]
        done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=LIMIT, check=False)
    secret.close()
    found = {report["url"].rstrip("/"): report for report in output.reports()}
    assert done.returncode == Exit.NOTHING_LISTED, done.stderr  # the gravest of the five
    yield {name: {**found[address], "stderr": done.stderr} for name, address in sites.items()}


@pytest.mark.parametrize(
    ("cause", "code", "sentence", "states"),
    [
        ("no_listing", Exit.NOTHING_LISTED, "add sitemaps = [", {}),
        ("blocked", Exit.FAILURES, "asks to be left alone for 7200 seconds (http_429)", {"pending": PAGES}),
        ("certificate", Exit.FAILURES, "its certificate was not accepted", {}),
        ("template_changed", Exit.UNHEALTHY, f"{PAGES} of {PAGES} pages gave no article", {"not_article": PAGES}),
        ("dates_stopped", Exit.UNHEALTHY, f"{PAGES} of {PAGES} articles have no timestamp", {"kept": PAGES}),
    ],
)
def test_cause(reports: dict[str, dict[str, Any]], cause: str, code: Exit, sentence: str, states: dict[str, int]) -> None:
    report = reports[cause]
    assert cause in {finding["cause"] for finding in report["health"]}
    assert report["exit"] == code
    assert [problem for problem in report["problems"] if sentence in problem], report["problems"]
    assert (report["account"]["states"], report["account"]["balanced"]) == (states, True)
    assert sentence in report["stderr"]  # the person at the terminal is told, too
