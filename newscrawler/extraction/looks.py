"""What an element's tag and attributes say of it, before anything is known of its text.

In: a tag and the values of class, id, style and role. Out: a Look. Must not know: the page around it.
Class and id names are English by habit everywhere, so these words may be read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

_UNSEEN = re.compile(r"\b(?:sr-only|visually-?hidden|screen-reader(?:-text)?|u-hidden)\b|display:\s*none|visibility:\s*hidden")
"""Classes and styles by which common frameworks (Bootstrap, WordPress, Drupal) hide text from the eye."""

_DIGITS = re.compile(r"\d+")

LONGEST_ATTRIBUTE, LONGEST_STEP = 1_000, 100
"""Characters of an attribute, and of a class in a path: both are remembered from page to page, and styles may hold pictures."""

_GROUPS = {
    "content": "article content body text story post entry main prose richtext copy paragraph paragraphs detail details para",
    "navigation": "nav navigation menu breadcrumb breadcrumbs pagination pager pages paging toc navbar submenu dropdown"
    " tabs tab",
    "meta": "byline author authors meta date time published info dateline timestamp writer posted updated avatar",
    "share": "share social sharing facebook twitter toolbar tools follow icons whatsapp print actions likes rating",
    "related": "related recommended recommend recommendations recommendation more also next prev previous popular trending"
    " most latest recirc teaser teasers promo promos card cards list feed read recent similar outbrain taboola upnext",
    "advert": "ad ads advert advertisement advertising banner sponsor sponsored promotion commercial dfp adslot affiliate cta",
    "comment": "comment comments disqus discussion reply replies respond forum",
    "footer": "footer foot copyright legal disclaimer colophon bottom",
    "side": "sidebar side aside widget widgets rail secondary module",
    "subscribe": "newsletter subscribe subscription signup paywall premium login register cookie cookies consent gdpr modal"
    " popup overlay form email donate gate onetrust ot dialog banner notification notice alert membership",
    "caption": "caption captions credit credits figcaption figure image images photo gallery media video slideshow player",
    "tags": "tag tags topic topics keyword keywords category categories label kicker section eyebrow",
    "title": "title headline heading head header hed",
    "lead": "lead standfirst summary intro excerpt dek deck description subtitle sub subheading lede abstract chapo",
    "quote": "quote pullquote blockquote pull tweet twitter instagram embed",
    "note": "note notes footnote footnotes reference references bio box factbox infobox",
}
_HINTS = {
    form: 1 << bit for bit, words in enumerate(_GROUPS.values()) for word in words.split() for form in (word, word.capitalize())
}
_WORD = re.compile(r"[A-Z]?[a-z]+")

_TAG_HINTS = {
    "article": 1 << 16,
    "main": 1 << 17,
    "aside": 1 << 18,
    "nav": 1 << 19,
    "footer": 1 << 20,
    "header": 1 << 21,
    "figure": 1 << 22,
    "form": 1 << 23,
    "table": 1 << 24,
    "blockquote": 1 << 25,
    "ul": 1 << 26,
    "ol": 1 << 27,
    "section": 1 << 28,
    "li": 1 << 29,
}
_ROLE_HINTS = {"navigation": 1 << 19, "dialog": 1 << 9, "alertdialog": 1 << 9, "complementary": 1 << 18, "contentinfo": 1 << 20}
_ROLE_HINTS |= {"main": 1 << 17, "article": 1 << 16, "banner": 1 << 21}
BITS = [*_GROUPS, *_TAG_HINTS, "itemprop"]
"""What the bits of `Look.hints` speak of; the last is set by features.py for the element declared as articleBody."""

COMMENT = 1 << list(_GROUPS).index("comment")
"""The hint of what readers wrote."""

NAVIGATION = 1 << 19
"""The hint of what is a navigation by its tag or role, not by its names alone."""

ARTICLE = 1 << BITS.index("article")
"""The hint of what is an article by its tag or role."""

ASIDE = sum(
    1 << BITS.index(name) for name in "navigation share related advert comment footer side subscribe aside nav form".split()
)
"""The hints of what is no part of a text, wherever it stands."""


class Look(NamedTuple):
    """What an element's tag and attributes say of it."""

    step: str
    """How the template names it: its tag and first class, else its id, each run of digits as one 0."""
    names: str
    """Its classes and id, as given."""
    hidden: bool
    """Whether the markup itself (not a style sheet) keeps it from the eye."""
    hints: int
    """What its names, tag and role speak of, as bits in the order of BITS."""


def look_of(tag: str, attributes: Callable[[str], str | None]) -> Look:
    """Return the Look of an element, asked for its attributes by name."""
    name, identity, style, role = attributes("class"), attributes("id"), attributes("style"), attributes("role")
    return read_look(
        tag,
        name and name[:LONGEST_ATTRIBUTE],
        identity and identity[:LONGEST_ATTRIBUTE],
        style and style[:LONGEST_ATTRIBUTE],
        role and role[:LONGEST_ATTRIBUTE],
    )


@lru_cache(maxsize=8192)
def read_look(tag: str, name: str | None, identity: str | None, style: str | None, role: str | None) -> Look:
    """Return the Look of an element. Cached, since a page and a site repeat the same few."""
    hints = _TAG_HINTS.get(tag, 0) | _ROLE_HINTS.get(role or "", 0)
    if not (name or identity or style):
        return Look(tag, "", False, hints)
    names = f"{name or ''} {identity or ''}"
    for word in _WORD.findall(names):
        hints |= _HINTS.get(word, 0)
    label = names.split(None, 1)
    step = f"{tag}.{_DIGITS.sub('0', label[0][:LONGEST_STEP])}" if label else tag
    return Look(step, names, is_unseen(names) or (style is not None and is_unseen(style)), hints)


def is_unseen(names: str) -> bool:
    """Whether classes, or a style, keep an element from the eye. Plain strings first: a tenth of the regex's work."""
    seen = "sr-only" not in names and "hidden" not in names and "screen-reader" not in names and "display:" not in names
    return not seen and bool(_UNSEEN.search(names))
