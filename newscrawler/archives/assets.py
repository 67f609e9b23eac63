"""What a page needs to look like itself: the addresses of its images, styles and scripts.

In: a page or a style sheet. Out: absolute addresses, in the order in which they stand. Must not know: the network.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urldefrag, urljoin

from lxml import etree, html

MOST = 100
"""Assets a page: news pages need a median of some 40."""

URL = re.compile(rb"url\(\s{0,9}[\"']?([^\"')\s]{1,2000})|@import\s{1,9}[\"']([^\"']{1,2000})", re.I)
"""Addresses in a style sheet; every repeat is bounded."""

LINKED = frozenset({"stylesheet", "icon", "preload", "apple-touch-icon"})
"""Relations of a link that a browser fetches."""

SOURCES = ("src", "data-src", "data-original", "poster")
"""Attributes that hold an image or a script; the data- ones are where lazy images keep theirs."""


def page_assets(body: bytes, url: str) -> list[str]:
    """Return what the page at `url` makes a browser fetch, at most MOST addresses. body: decoded of its content coding."""
    try:
        tree = html.document_fromstring(body)
    except (etree.ParserError, ValueError):
        return []
    base = next((element.get("href") or "" for element in tree.iter("base")), "")
    return absolute(named_in(tree), joined(url, base) or url)


def style_assets(body: bytes, url: str) -> list[str]:
    """Return what the style sheet at `url` refers to."""
    return absolute(addresses_in(body), url)


def named_in(tree: html.HtmlElement) -> Iterator[str]:
    for element in tree.iter("link", "script", "img", "source", "video", "input", "style"):
        if element.tag == "link":
            if LINKED & set((element.get("rel") or "").lower().split()):
                yield element.get("href") or ""
        elif element.tag == "style":
            yield from addresses_in((element.text or "").encode())
        else:
            yield from (element.get(name) or "" for name in SOURCES)
            yield (element.get("srcset") or "").strip().partition(" ")[0].rstrip(",")


def addresses_in(style: bytes) -> Iterator[str]:
    return ((match[1] or match[2]).decode("utf-8", "replace") for match in URL.finditer(style))


def absolute(addresses: Iterable[str], base: str) -> list[str]:
    """Return the addresses that can be fetched, each once, at most MOST."""
    found: dict[str, None] = {}
    for address in addresses:
        whole = joined(base, address.strip()) if address.strip() else None
        if whole:
            found[whole] = None
        if len(found) == MOST:
            break
    return list(found)


def joined(base: str, address: str) -> str | None:
    """Return `address` as seen from `base`, or None where that is no http(s) address."""
    try:
        whole = urldefrag(urljoin(base, address)).url
    except ValueError:
        return None
    return whole if whole.startswith(("http://", "https://")) else None
