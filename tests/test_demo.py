"""The bundled mirrors: fresh, listed whole, printing what truth.jsonl says, and served as a web server would."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import subprocess
import sys
from collections import Counter
from http.client import HTTPResponse
from urllib.parse import urlsplit

import pytest
from lxml import etree, html
from servers import MIRRORS, Fault, Faults, serve_faulty

from newscrawler.demo import Mirrors, serve

DEMO = MIRRORS.parent
TRUTH = [json.loads(line) for line in (DEMO / "truth.jsonl").read_text("utf-8").splitlines()]
ARTICLES = [line for line in TRUTH if line["kind"] == "article"]
DISTURBANCES = (ConnectionError, http.client.HTTPException)


def ask(address: str, path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def listed(address: str, path: str) -> list[str]:
    """Return the paths of the pages that the sitemap at `path`, or those it leads to, lists."""
    _, content = ask(address, path)
    tree = etree.fromstring(gzip.decompress(content) if path.endswith(".gz") else content)
    paths = [urlsplit(loc).path for loc in tree.xpath("//*[local-name()='loc']/text()") if loc.startswith(address)]
    if etree.QName(tree).localname == "urlset":
        return paths
    return [page for child in paths for page in listed(address, child)]


def test_committed_pages_are_fresh() -> None:
    done = subprocess.run([sys.executable, DEMO / "build.py", "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_mirrors_copy_from_each_other() -> None:
    printed = Counter(line["story"] for line in ARTICLES)
    mirrors = {story: {line["site"] for line in ARTICLES if line["story"] == story} for story in printed}
    assert len(ARTICLES) >= 40
    assert sum(len(sites) == 2 for sites in mirrors.values()) == 9
    assert [story for story, times in printed.items() if times > len(mirrors[story])] == ["night-library"]


def test_sitemaps_list_what_truth_tells(demo_mirrors: Mirrors) -> None:
    huiwen, relay = demo_mirrors.addresses["huiwen"], demo_mirrors.addresses["relay"]
    _, robots = ask(relay, "/robots.txt")
    index = re.search(rf"^Sitemap: {relay}(\S+)$", robots.decode(), re.MULTILINE)
    assert index
    found = {
        "huiwen": [page for name in ("", "2", "3") for page in listed(huiwen, f"/sitemap{name}.xml")],
        "relay": listed(relay, index[1]),
    }
    for site, pages in found.items():
        assert sorted(pages) == sorted(line["path"] for line in TRUTH if line["site"] == site)


def test_pages_print_their_truth(demo_mirrors: Mirrors) -> None:
    for line in TRUTH:
        response, content = ask(demo_mirrors.addresses[line["site"]], line["path"])
        assert response.status == (404 if line["kind"] == "missing" else 200), line["path"]
        if line["kind"] == "article":
            printed = [text.strip("\u3000\n ") for text in html.fromstring(content.decode()).itertext()]
            wanted = [line["title"], *line["body"], *line["notices"]]
            assert not [text for text in wanted if text not in printed], line["path"]


def test_one_page_reads_as_the_page_a_user_showed() -> None:
    (line,) = [line for line in ARTICLES if line["source"] == "界面新闻" and line["site"] == "huiwen"]
    text = (MIRRORS / "huiwen" / line["path"].lstrip("/")).read_text("utf-8")
    body = html.fromstring(text).find("body")
    lines = [part.strip("\n") for part in body.itertext() if part.strip("\n ")]
    assert lines == [
        line["title"],
        "最新信息",
        line["title"],
        "2024-03-27 20:33:00",
        *["\u3000\u3000" + paragraph for paragraph in line["body"]],
        "(文章来源:界面新闻)",
        "免责申明: 本站部分内容转载自国内知名媒体,如有侵权请联系客服删除。",
        line["title"],
        "sitemap.xml",
        "sitemap2.xml",
        "sitemap3.xml",
    ]


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/about.html", {}, 200),
        ("HEAD", "/about.html", {}, 200),
        ("GET", "/about.html?from=home", {}, 200),
        ("GET", "/world/", {}, 200),
        ("GET", "/%61bout.html", {}, 200),
        ("GET", "/world", {}, 404),
        ("GET", "/../relay/robots.txt", {}, 404),
        ("GET", "/%00", {}, 404),
        ("GET", "/[", {}, 404),
        ("HEAD", "/nothing", {}, 404),
        ("POST", "/about.html", {}, 501),
        ("GET", "/about.html", {"If_None_Match": '"other"'}, 200),
        ("GET", "/about.html", {"If_Modified_Since": "yesterday"}, 200),
    ],
)
def test_requests_are_answered(demo_mirrors: Mirrors, method: str, path: str, headers: dict[str, str], status: int) -> None:
    response, content = ask(demo_mirrors.addresses["huiwen"], path, method, **headers)
    assert response.status == status
    assert (method == "HEAD") == (content == b"")
    if status in (200, 404):
        hit = demo_mirrors.hits[-1]
        assert (hit.mirror, hit.method, hit.path, hit.status) == ("huiwen", method, path, status)


def test_an_unchanged_page_is_not_sent_again(demo_mirrors: Mirrors) -> None:
    address = demo_mirrors.addresses["relay"]
    first, _ = ask(address, "/about/")
    for condition in ({"If_None_Match": first.headers["ETag"]}, {"If_Modified_Since": first.headers["Last-Modified"]}):
        response, content = ask(address, "/about/", **condition)
        assert (response.status, content) == (304, b"")


def test_gzip_is_sent_where_it_is_asked_for(demo_mirrors: Mirrors) -> None:
    address = demo_mirrors.addresses["relay"]
    _, plain = ask(address, "/about/")
    packed, content = ask(address, "/about/", Accept_Encoding="gzip, br")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(content) == plain
    sitemap, content = ask(address, "/sitemaps/articles-2.xml.gz", Accept_Encoding="gzip")
    assert "Content-Encoding" not in sitemap.headers
    assert gzip.decompress(content).startswith(b"<?xml")


def test_closing_ends_connections_that_are_kept_open() -> None:
    with serve(MIRRORS) as mirrors:
        connection = http.client.HTTPConnection(urlsplit(mirrors.addresses["relay"]).netloc, timeout=10)
        connection.request("GET", "/about/")
        connection.getresponse().read()
    with pytest.raises(DISTURBANCES):
        connection.request("GET", "/about/")
        connection.getresponse()
    connection.close()


@pytest.mark.parametrize(("fault", "status"), [("503", 503), ("429", 429), ("500", 500)])
def test_a_refusal_comes_once_and_then_the_page(fault: Fault, status: int) -> None:
    with serve_faulty(MIRRORS, Faults(kinds=(fault,), retry_after="2")) as mirrors:
        response, _ = ask(mirrors.addresses["huiwen"], "/about.html")
        assert (response.status, response.headers["Retry-After"]) == (status, None if status == 500 else "2")
        response, content = ask(mirrors.addresses["huiwen"], "/about.html")
        assert (response.status, content) == (200, mirrors.files["huiwen"]["/about.html"].content)
        assert [hit.status for hit in mirrors.hits] == [status, 200]


@pytest.mark.parametrize(
    ("fault", "error", "noted"), [("reset", ConnectionResetError, 0), ("cut", http.client.IncompleteRead, 200)]
)
def test_a_broken_answer_comes_once_and_then_the_page(fault: Fault, error: type[Exception], noted: int) -> None:
    with serve_faulty(MIRRORS, Faults(kinds=(fault,))) as mirrors:
        with pytest.raises(error):
            ask(mirrors.addresses["huiwen"], "/about.html")
        response, content = ask(mirrors.addresses["huiwen"], "/about.html")
        assert (response.status, content) == (200, mirrors.files["huiwen"]["/about.html"].content)
        assert [hit.status for hit in mirrors.hits] == [noted, 200]
