"""Where a site's listings may be, and what to say when they are nowhere.

In: addresses that exist, a front page. Out: addresses to try, a sentence. Must not know: the network, what listings hold.
robots.txt comes first (see robots.py), then the well-known names, the front page's links, its feeds last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree, html

from newscrawler.decoding import decode
from newscrawler.urls import same_site

WELL_KNOWN = (
    "/sitemap.xml",
    "/sitemap_index.xml",
    "/sitemap-index.xml",
    "/sitemapindex.xml",
    "/wp-sitemap.xml",
    "/news-sitemap.xml",
    "/sitemap-news.xml",
    "/sitemap_news.xml",
    "/post-sitemap.xml",
    "/sitemaps.xml",
    "/sitemap.xml.gz",
    "/sitemap_index.xml.gz",
    "/sitemap.txt",
    "/sitemap/sitemap.xml",
    "/sitemap/index.xml",
    "/sitemaps/sitemap.xml",
    "/sitemap1.xml",
    "/sitemap.php",
    "/sitemap",
)
"""Names under which sites publish listings that nothing links: the protocol's, then what the common systems write
(WordPress and its plugins, Joomla, Drupal, Discuz, DedeCMS)."""

WELL_KNOWN_FEEDS = ("/feed", "/feed/", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml")
"""The same for feeds: the newest pages only, so they come when there is nothing else."""

LONGEST_SERIES = 10_000
"""Highest number a series is followed to; the first miss ends it long before."""

MOST_LINKS = 200
"""Listings taken from one page."""

NUMBERED = re.compile(r"(.*?)(\d{1,5})?(\.(?:xml|txt)(?:\.gz)?)", re.I)
FEED_TYPES = frozenset(("application/rss+xml", "application/atom+xml", "application/rdf+xml"))
FEED_PATH = re.compile(r"(?:^|/)(?:rss|atom|feed)s?(?:[/._-][\w.-]*)?/?$", re.I)
SITEMAP_PATH = re.compile(r"site-?_?maps?[\w.-]*\.(?:xml|txt|php)(?:\.gz)?$|/site-?_?map[\w-]*/?$", re.I)


@dataclass(frozen=True, slots=True)
class Links:
    """Listings that a page links, absolute, in its order, without repeats."""

    sitemaps: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()


def next_in_series(url: str) -> str | None:
    """Return the listing that follows `url` in a numbered series, None if it can start none.

    sitemap2.xml is followed by sitemap3.xml, sitemap-09.xml by sitemap-10.xml, and sitemap.xml by sitemap2.xml: the series
    that starts without a number counts it as the first. The caller stops at the first that is missing.
    """
    folder, slash, name = url.partition("?")[0].rpartition("/")
    match = NUMBERED.fullmatch(name)
    if "?" in url or not slash or not match:
        return None
    stem, digits, ending = match.groups()
    number = int(digits or 1) + 1
    if number > LONGEST_SERIES or (not digits and not stem.lower().endswith("sitemap")):
        return None
    return f"{folder}/{stem}{number:0{len(digits or '')}d}{ending}"


def links_of(page: bytes | str, url: str) -> Links:
    """Return the listings that the page at `url` links: in its head, its text or its footer. Never raises.

    Feeds that its head declares come before feeds that are only linked. Another site's listings are left out.
    """
    text = page if isinstance(page, str) else decode(page).text
    sitemaps: dict[str, None] = {}
    declared: dict[str, None] = {}
    linked: dict[str, None] = {}
    for element in link_elements(text):
        address = listing_address(element, url)
        if address is None:
            continue
        if is_sitemap(element, address):
            sitemaps[address] = None
        elif element.tag == "link" and str(element.get("type", "")).strip().lower() in FEED_TYPES:
            declared[address] = None
        elif element.tag == "a" and FEED_PATH.search(urlsplit(address).path):
            linked[address] = None
    feeds = dict.fromkeys([*declared, *linked])
    return Links(tuple(sitemaps)[:MOST_LINKS], tuple(feeds)[:MOST_LINKS])


def link_elements(text: str) -> Iterator[Any]:
    try:
        tree = html.document_fromstring(
            text.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8", huge_tree=True)
        )
    except (etree.LxmlError, ValueError):
        return iter(())
    return tree.iter("link", "a")


def listing_address(element: Any, base: str) -> str | None:
    """Return the absolute address an element links on the same site."""
    try:
        address = urljoin(base, str(element.get("href", "")).strip()).partition("#")[0]
    except ValueError:
        return None
    return address if address != base and same_site(address, base) else None


def is_sitemap(element: Any, address: str) -> bool:
    """True for a link declared as a sitemap, or whose address says so and can be one: not the page for readers."""
    if "sitemap" in str(element.get("rel", "")).lower().split():
        return True
    return element.tag == "a" and SITEMAP_PATH.search(urlsplit(address).path) is not None


def not_found_advice(site_url: str, tried: Iterable[str]) -> str:
    """Return the sentence for a site whose listings are nowhere: what was tried, and what to add."""
    shown = list(dict.fromkeys(urlsplit(url).path or "/" for url in tried))
    more = f" and {len(shown) - 12} more" if len(shown) > 12 else ""
    return (
        f"No listing found for {site_url}: robots.txt, {', '.join(shown[:12])}{more} and the front page's links name none. "
        'If you know where the site lists its pages, add sitemaps = ["https://..."] to its TOML: '
        "a sitemap, an index, a text file with an address a line, or an RSS or Atom feed."
    )
