"""Where a page sends its reader by itself.

In: the head of a page's HTML. Out: the address of its meta refresh. Must not know: Scrapy, HTTP redirects.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urljoin, urlsplit

HEAD_LIMIT = 8192
"""Characters looked at: a page that only redirects is short, and in others the head's first lines hold it."""

LONGEST_DELAY = 10
"""Seconds: a later refresh renews a page that is meant to be read."""

ABSENT = re.compile(r"<!--.*?-->|<(noscript|script|style|template)\b.*?</\1\s*>", re.I | re.S)
META = re.compile(r"<meta\s([^>]{1,2000})>", re.I)
IS_REFRESH = re.compile(r"""http-equiv\s*=\s*["']?refresh\b""", re.I)
CONTENT = re.compile(r"""\bcontent\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)
TARGET = re.compile(r"""\s*(\d{1,6})(?:\.\d*)?\s*[;,\s]\s*(?:url\s*=\s*)?["']?([^"'\s]+)""", re.I)


def meta_refresh(html_head: str, base_url: str) -> str | None:
    """Return the absolute address a page moves its reader to at once, None if it stays.

    Refreshes inside comments, scripts and noscript, to the page itself, or after LONGEST_DELAY are none.
    Source: https://html.spec.whatwg.org/#attr-meta-http-equiv-refresh
    """
    if "refresh" not in html_head[:HEAD_LIMIT].lower():
        return None
    for attributes in META.findall(ABSENT.sub("", html_head[:HEAD_LIMIT])):
        content = CONTENT.search(attributes) if IS_REFRESH.search(attributes) else None
        if content and (target := TARGET.match(unescape(content[1] or content[2] or content[3] or ""))):
            return moved_to(int(target[1]), target[2], base_url)
    return None


def moved_to(delay: int, target: str, base_url: str) -> str | None:
    try:
        address = urljoin(base_url, target)
        scheme = urlsplit(address).scheme
    except ValueError:
        return None
    moves = scheme in ("http", "https") and address.partition("#")[0] != base_url.partition("#")[0]
    return address if moves and delay <= LONGEST_DELAY else None
