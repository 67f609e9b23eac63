"""Read a page's JSON-LD: the node of its article, references followed.

In: the texts of its scripts, broken ones too, and its address. Out: plain dicts.
Must not know: what a field of the article is made from.
Source: https://schema.org/NewsArticle; https://www.w3.org/TR/json-ld11/.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import msgspec

Node = dict[str, Any]

MAX_NODES = 2_000
"""Nodes visited of one page; the richest of the saved pages has 600."""

MAX_DEPTH = 12
"""Nesting followed; an author's image's creator stands at 6."""

_STORY = re.compile(r"(?:Article|Posting|Report|Reportage)$", re.IGNORECASE)
_ELSEWHERE = frozenset(
    {"itemListElement", "hasPart", "mentions", "citation", "relatedLink", "comment", "blogPost", "review", "video"}
)
"""Below these stand other works than the page's own."""

_TRAILING_COMMA = re.compile(r",\s*(?=[}\]])")
_OPENINGS, _CLOSINGS = ("//", "/*", "<!--", "<![CDATA[", "*/"), ("//", "*/", "-->", "]]>", "/*", ";")
"""What wraps the JSON of a script in comments; a regex would go over long white space again and again."""

_SIGNS = 4
"""Comment signs at either end at most, as in //<![CDATA[ ... //]]>."""


class Graph:
    """The nodes of a page's scripts, outer before inner; those in lists of other pages left out."""

    def __init__(self, texts: list[str]) -> None:
        self.nodes: list[Node] = []
        for text in texts:
            for node in _nodes(_decode(text), 0):
                if len(self.nodes) < MAX_NODES:
                    self.nodes.append(node)
        named = (node for node in reversed(self.nodes) if "name" in node)
        self._named = {node["@id"]: node for node in named if isinstance(node.get("@id"), str)}

    def article(self, url: str) -> Node:
        """Return the node of the article at `url`, with its WebPage's dates where it has none; empty if there is none."""
        stories = [node for node in self.nodes if any(_STORY.search(kind) for kind in types(node))]
        story = max([node for node in stories if _is_about(node, url)] or stories[:1], key=len, default={})
        page = next((node for node in self.nodes if any(kind.endswith("WebPage") for kind in types(node))), {})
        return {key: page[key] for key in ("datePublished", "dateModified", "inLanguage") if key in page} | story

    def of_type(self, *wanted: str) -> Iterator[Node]:
        """Yield the nodes of these schema.org types."""
        for node in self.nodes:
            if not types(node).isdisjoint(wanted):
                yield node

    def things(self, value: object) -> Iterator[Node]:
        """Yield each person, organisation or work a property names; a bare name as {"name": it}, a reference resolved."""
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str):
                yield {"name": item}
            elif isinstance(item, dict):
                key = item.get("@id")
                yield self._named.get(key, item) if "name" not in item and isinstance(key, str) else item


def types(node: Node) -> frozenset[str]:
    """Return the node's schema.org types, without their address."""
    value = node.get("@type")
    kinds = value if isinstance(value, list) else [value]
    return frozenset(kind.rpartition("/")[2] for kind in kinds if isinstance(kind, str))


def text_of(value: object) -> str | None:
    """Return a plain text, unescaped and folded: the first of a list, the value of a value object."""
    if isinstance(value, list):
        return next((text for item in value if (text := text_of(item))), None)
    if isinstance(value, dict):
        return text_of(value.get("@value"))
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return " ".join(unescape(str(value)).split()) or None
    return None


def texts_of(value: object) -> list[str]:
    """Return each plain text of a list, or the one."""
    return [text for item in (value if isinstance(value, list) else [value]) if (text := text_of(item))]


def _is_about(node: Node, url: str) -> bool:
    path = urlsplit(url).path.rstrip("/")
    for key in ("mainEntityOfPage", "url", "@id"):
        value = node.get(key)
        value = value.get("@id") or value.get("url") if isinstance(value, dict) else value
        if path and isinstance(value, str) and value.partition("#")[0].partition("?")[0].rstrip("/").endswith(path):
            return True
    return False


def _nodes(value: object, depth: int) -> Iterator[Node]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value[:MAX_NODES]:
            yield from _nodes(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key, item in value.items():
            if key not in _ELSEWHERE and isinstance(item, (dict, list)):
                yield from _nodes(item, depth + 1)


def _decode(text: str) -> object:
    """Return the JSON of a script, mended where it is broken in the usual ways; None where it is beyond that."""
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        pass
    for mend in _MENDERS:
        text = mend(text)
        try:
            return json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _unwrap(text: str) -> str:
    """Return the script without the comment signs at its ends."""
    text = text.strip()
    for _ in range(_SIGNS):
        opening = next((sign for sign in _OPENINGS if text.startswith(sign)), "")
        closing = next((sign for sign in _CLOSINGS if text.endswith(sign)), "")
        text = text[len(opening) : len(text) - len(closing)].strip()
    return text


_MENDERS: tuple[Callable[[str], str], ...] = (
    _unwrap,
    lambda text: _TRAILING_COMMA.sub("", text),
    unescape,
)
"""Wrapped in a comment or line breaks within strings; a comma too many; quotes written as entities."""
