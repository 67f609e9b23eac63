"""What a page declares about itself: JSON-LD, Open Graph, meta tags, microdata, links.

In: a Page. Out: for each field the declared values with where each was declared, best kind of declaration first.
Must not know: the page's visible text; which of the values is right.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml import etree

from newscrawler.extraction.json_ld import Graph, Node, text_of, texts_of, types
from newscrawler.extraction.page import Page, fold, shown_text
from newscrawler.extraction.vocabulary import read_table

_TABLE = read_table("declarations")
_FIELD_OF_META = {name: (kind, rank) for kind, names in _TABLE["meta"].items() for rank, name in enumerate(names.split())}
_MICRODATA: dict[str, str] = _TABLE["microdata"]
_JSON_LD: dict[str, str] = _TABLE["json-ld"]
_NO_MINING = frozenset({"noai", "noimageai"})


MOST_VALUES = 200
"""Values kept of one field: more are a broken template's."""


class Stated(NamedTuple):
    """A declared value and where it was declared, e.g. "meta og:title"."""

    value: str
    evidence: str


@dataclass(slots=True)
class Metadata:
    """Field -> what the page declares for it, best first."""

    stated: dict[str, list[Stated]] = field(default_factory=lambda: defaultdict(list))
    canonical: str | None = None
    amp: bool = False
    opt_out: list[str] = field(default_factory=list)

    def of(self, name: str) -> list[Stated]:
        """Return the declared values of a field; none is an empty list."""
        return self.stated.get(name, [])

    def first(self, name: str) -> Stated | None:
        """Return the best declared value of a field."""
        return next(iter(self.of(name)), None)

    @property
    def site_names(self) -> list[str]:
        """Return the names the page gives its own site and publisher."""
        return list(dict.fromkeys(stated.value for stated in self.of("site")))


def read_metadata(page: Page) -> Metadata:
    """Return all that `page` declares."""
    metadata = Metadata()
    found = [*_from_json_ld(Graph(page.json_ld), page.url), *_from_metas(page), *_from_microdata(page), *_from_links(page)]
    for name, stated in dict.fromkeys(found):
        values = metadata.stated[name]
        if name and stated.value and len(values) < MOST_VALUES:
            values.append(stated)
    canonical = next((link.href for link in page.links if link.rel == "canonical"), None)
    metadata.canonical = web_address(page.url, canonical)
    metadata.opt_out = _reservations(page)
    return metadata


def web_address(base: str, value: str | None) -> str | None:
    """Return the absolute web address that `value` means on the page at `base`, or None where it is none."""
    try:
        address = (value or "").strip()
        if "#" in address or not address.startswith(("https://", "http://")):
            address = urljoin(base, address)
        parts = urlsplit(address)
        return address if value and parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def _from_json_ld(graph: Graph, url: str) -> Iterator[tuple[str, Stated]]:
    node = graph.article(url)
    for kind in types(node):
        yield "kind", Stated(kind, "json-ld @type")
    for key, name in _JSON_LD.items():
        if value := text_of(node.get(key)):
            yield name, Stated(value, f"json-ld {key}")
    for key, name in (("author", "author"), ("creator", "author"), ("editor", "editor")):
        yield from _persons(graph, node, key, name)
    for key in ("isBasedOn", "isBasedOnUrl", "sourceOrganization"):
        yield from _origins(graph, node, key)
    owners = [(thing, key) for key in ("publisher", "copyrightHolder") for thing in graph.things(node.get(key))]
    for thing, key in (*owners, *((site, "WebSite name") for site in graph.of_type("WebSite"))):
        if value := text_of(thing.get("name")):
            yield "site", Stated(value, f"json-ld {key}")
    yield from (("tag", Stated(value, "json-ld keywords")) for value in texts_of(node.get("keywords")))
    for thing in graph.things(node.get("image")):
        if value := text_of(thing.get("url")) or text_of(thing.get("contentUrl")) or text_of(thing.get("name")):
            yield "image", Stated(value, "json-ld image")


def _persons(graph: Graph, node: Node, key: str, name: str) -> Iterator[tuple[str, Stated]]:
    """Yield who is named; an organisation counts as a person only where it signs beside one."""
    things = list(graph.things(node.get(key)))
    alone = all(kind.endswith(("Organization", "Corporation")) for thing in things for kind in types(thing) or ("",))
    for thing in things:
        for value in texts_of(thing.get("name")) or _full_name(thing):
            yield "organisation" if alone else name, Stated(value, f"json-ld {key}")


def _full_name(person: Node) -> list[str]:
    """Return the name of a person whose parts alone are given."""
    parts = [text_of(person.get(key)) for key in ("givenName", "familyName")]
    return [" ".join(part for part in parts if part)] if all(parts) else []


def _origins(graph: Graph, node: Node, key: str) -> Iterator[tuple[str, Stated]]:
    for thing in graph.things(node.get(key)):
        name, address = text_of(thing.get("name")), text_of(thing.get("url"))
        if name and "://" in name:
            name, address = None, name
        if name:
            yield "source", Stated(name, f"json-ld {key}")
        if address:
            yield "source_url", Stated(address, f"json-ld {key}")


def _from_metas(page: Page) -> Iterator[tuple[str, Stated]]:
    known = [(field, name, content) for name, content in page.metas if content and (field := _field_of(name))]
    for (kind, _), name, content in sorted(known, key=lambda item: item[0][1]):
        yield kind, Stated(fold(content), f"meta {name}")


def _field_of(name: str) -> tuple[str, int] | None:
    """Return the field that a meta's name stands for, and its rank; an unknown "...publish...date..." is a publication."""
    is_publication = name not in _FIELD_OF_META and "publi" in name and ("date" in name or "time" in name)
    return ("published", 99) if is_publication else _FIELD_OF_META.get(name)


def _from_microdata(page: Page) -> Iterator[tuple[str, Stated]]:
    for element in page.itemprops:
        for prop in (element.get("itemprop") or "").split():
            name = _MICRODATA.get(prop.lower())
            if name and (value := microdata_value(element)):
                yield name, Stated(value, f"microdata {prop}")


def microdata_value(element: etree._Element) -> str | None:
    """Return what an element with itemprop states: its content or datetime, else its text."""
    value = element.get("content") or element.get("datetime")
    return (fold(value) if value is not None else shown_text(element))[:300] or None


def _from_links(page: Page) -> Iterator[tuple[str, Stated]]:
    for link in page.links:
        if link.rel == "license":
            yield "license", Stated(link.href, "link rel=license")
        elif link.rel == "image_src":
            yield "image", Stated(link.href, "link rel=image_src")


def _reservations(page: Page) -> list[str]:
    """Return what the page says against mining. Sources: W3C TDM reservation protocol; the noai directive of robots metas."""
    found = []
    for name, content in page.metas:
        if name == "robots" or name.endswith("bot"):
            found += [word for word in content.lower().replace(",", " ").split() if word in _NO_MINING]
        elif name == "tdm-reservation" and content == "1":
            found.append("tdm-reservation")
    return list(dict.fromkeys(found))
