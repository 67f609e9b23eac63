"""Strategies for pages of any markup, and the check that every one of them has to pass."""

from __future__ import annotations

from hypothesis import strategies as st

from newscrawler.extraction import extract
from newscrawler.items import encode_line
from newscrawler.pages import Fetched, read_article
from newscrawler.sites import site_of

URL = "https://mirror.example/2024/03/27/story.html"
SITE = site_of(URL)

PARAGRAPH = (
    "<p>The council of the harbour town voted on Monday for a new library, after three years of talks about its roof, "
    "its price and the trees around it.</p>"
)
WORDS = (
    PARAGRAPH,
    "<h1>Library for the harbour</h1>",
    "来源：海川日报 2024-03-27 20:33",
    "99999999999999999999",
    "\0",
    "\x1b[2J",
    "9999-99-99T99:99:99+99:99",
    "0000-00-00",
    "-1",
    "1e999",
    "By ",
    "&#xD800;",
    "&#x110000;",
    "&#0;",
    "&bogus;",
    "\u202e",
    "]]>",
    "<!--",
    "-->",
    "<![CDATA[",
    "<?xml ?>",
    "<!DOCTYPE",
    "\ud800",
    "\U0001f600",
    "\ufffd",
    "\xa0" * 9,
    "　" * 9,
    "責任編輯",
)
TAGS = (
    "html",
    "head",
    "body",
    "title",
    "base",
    "meta",
    "link",
    "script",
    "style",
    "noscript",
    "template",
    "article",
    "main",
    "div",
    "section",
    "p",
    "br",
    "h1",
    "h2",
    "a",
    "span",
    "time",
    "img",
    "table",
    "tr",
    "td",
    "ul",
    "li",
    "form",
    "select",
    "option",
    "iframe",
    "svg",
    "math",
    "textarea",
    "plaintext",
    "frameset",
    "details",
    "figure",
    "figcaption",
    "x:y",
    "0",
    "1<",
)
NAMES = (
    "class",
    "id",
    "href",
    "src",
    "content",
    "property",
    "name",
    "itemprop",
    "datetime",
    "rel",
    "lang",
    "http-equiv",
    "type",
    "hidden",
    "style",
    "charset",
    "\0",
    "=",
    "xmlns:x",
)
VALUES = (
    "og:title",
    "og:url",
    "article:published_time",
    "author",
    "date",
    "description",
    "canonical",
    "en",
    "zh-CN",
    "refresh",
    "0;url=//",
    "http://[",
    "https://[::1",
    "javascript:0",
    "//",
    "?",
    "#",
    "http://\u202e.example/\x7f",
    "display:none",
    "utf-16",
    "2024-03-27",
    "99999-01-01",
    "-9999-13-45T25:61:61Z",
    "article-body",
    "application/ld+json",
    "x" * 3000,
    "'\"<>&",
    "\ud800",
)
JSON = (
    '{"@type":"NewsArticle"',
    '"datePublished":',
    '"2024-03-27T20:33:00+08:00"',
    '"headline":',
    '"articleBody":',
    '"author":',
    '"publisher":',
    '"@graph":',
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "true",
    "1e999",
    "-1",
    "NaN",
    '"',
    '"\\ud800"',
    '"\\u0000"',
    "9" * 400,
    '"x"',
    "//",
    "<!--",
    "[" * 2000,
    '{"a":' * 2000,
)

ATTRIBUTES = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES)), max_size=3)
OPENED = st.tuples(st.sampled_from(TAGS), ATTRIBUTES, st.sampled_from("\"' ")).map(
    lambda made: f"<{made[0]} " + " ".join(f"{name}={made[2]}{value}{made[2]}" for name, value in made[1]) + ">"
)
CLOSED = st.sampled_from(TAGS).map(lambda tag: f"</{tag}>")
LINKED_DATA = st.lists(st.sampled_from(JSON), max_size=14).map(
    lambda parts: f"<script type='application/ld+json'>{''.join(parts)}</script>"
)
TEXT = st.one_of(st.sampled_from(WORDS), st.text(max_size=40))
MARKUP = st.lists(st.one_of(OPENED, CLOSED, LINKED_DATA, TEXT), max_size=40).map("".join)


def check(page: str | bytes) -> None:
    """Read a page by both ways in; each gives None or a line that can be written."""
    body = page if isinstance(page, bytes) else page.encode("utf-8", "surrogatepass")
    for article in (extract(page, URL), read_article(Fetched(body, URL, URL, "2024-03-27T00:00:00Z"), SITE)):
        assert article is None or encode_line(article).count(b"\n") == 1
