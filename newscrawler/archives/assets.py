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

LAZY = ("data-src", "data-original", "data-lazy-src")
"""Where images that wait for the reader's scrolling keep their address."""

SOURCES = {
    "script": ("src",),
    "img": ("src", *LAZY),
    "input": ("src",),
    "image": ("href", "xlink:href"),
    "video": ("poster",),
    "body": ("background",),
    "td": ("background",),
}
"""Attributes that hold an image or a script, by element; films and sounds are left out."""

CHOICES = ("srcset", "data-srcset", "imagesrcset")
"""Attributes that hold one image in several sizes: any of them may be what a reader's screen asks for."""


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
    """Yield what every reader needs, then images in their further sizes: the first to go where there are too many."""
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    for element in elements:
        yield from fetched_by(element)
    for element in elements:
        for name in CHOICES:
            yield from candidates(element.get(name) or "")


def fetched_by(element: html.HtmlElement) -> Iterator[str]:
    """Yield the addresses that stand in an element."""
    if element.tag == "link":
        if LINKED & set((element.get("rel") or "").lower().split()):
            yield element.get("href") or ""
    elif element.tag == "style":
        yield from addresses_in((element.text or "").encode())
    for name in SOURCES.get(element.tag, ()):
        yield element.get(name) or ""
    if "url(" in (style := element.get("style") or ""):
        yield from addresses_in(style.encode())


def candidates(srcset: str) -> Iterator[str]:
    """Yield the addresses of a srcset: each ends with a comma, or is followed by descriptors that do.

    Source: https://html.spec.whatwg.org/#parse-a-srcset-attribute
    """
    address_next = True
    for word in srcset.split():
        if not address_next:
            _, comma, word = word.partition(",")
            address_next = bool(comma)
        if address_next and word.strip(","):
            yield word.strip(",")
            address_next = word.endswith(",")


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
