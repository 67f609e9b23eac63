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

from newscrawler.extraction.json_ld import Graph, Node, text_of, texts_of
from newscrawler.extraction.page import Page, fold

_METAS = {
    "title": "headline og:title dc.title dcterms.title title parsely-title sailthru.title twitter:title",
    "published": "article:published_time og:article:published_time datepublished date dc.date dc.date.issued dcterms.issued"
    " dcterms.created dcterms.date pubdate publishdate publish_date publish-date publishtime publish_time published"
    " sailthru.date parsely-pub-date article.published article:published og:published_time og:release_date"
    " date.created datecreated created originalpublicationdate bt:pubdate cxenseparse:recs:publishtime citation_publication_date",
    "modified": "article:modified_time og:article:modified_time og:updated_time datemodified lastmod last-modified"
    " dcterms.modified article:modified article.updated revised",
    "author": "author article:author og:article:author dc.creator dcterms.creator byl byline parsely-author sailthru.author"
    " cxenseparse:author article.author citation_author mediaauthor",
    "editor": "editor editorname",
    "source": "source article:source contentsource dc.source mediasource og:article:source",
    "source_url": "original-source syndication-source",
    "site": "og:site_name application-name apple-mobile-web-app-title dc.publisher publisher sitename copyright",
    "section": "article:section og:article:section parsely-section cxenseparse:recs:category columnname category section channel",
    "tag": "article:tag og:article:tag news_keywords parsely-tags keywords",
    "image": "og:image og:image:url og:image:secure_url twitter:image twitter:image:src",
    "license": "license dc.rights dcterms.license",
    "language": "og:locale content-language dc.language dcterms.language language",
}
_FIELD_OF_META = {name: (kind, rank) for kind, names in _METAS.items() for rank, name in enumerate(names.split())}
"""<meta> name -> field and rank. Names counted on the saved pages; sources: ogp.me, dublincore.org, each vendor's own manual."""

_MICRODATA = {
    "headline": "title",
    "datepublished": "published",
    "datecreated": "published",
    "datemodified": "modified",
    "author": "author",
    "creator": "author",
    "editor": "editor",
    "articlesection": "section",
    "license": "license",
}
_JSON_LD = {
    "headline": "title",
    "alternativeHeadline": "title",
    "name": "title",
    "datePublished": "published",
    "dateCreated": "published",
    "dateModified": "modified",
    "articleSection": "section",
    "inLanguage": "language",
    "license": "license",
}
_NO_MINING = frozenset({"noai", "noimageai"})


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
    for name, stated in found:
        if name and stated.value and stated not in metadata.stated[name]:
            metadata.stated[name].append(stated)
    canonical = next((link.href for link in page.links if link.rel == "canonical"), None)
    metadata.canonical = _absolute(page.url, canonical) if canonical else None
    metadata.opt_out = _reservations(page)
    return metadata


def _absolute(base: str, address: str) -> str | None:
    """Return the web address, or None where it is none."""
    try:
        joined = urljoin(base, address.strip())
        return joined if urlsplit(joined).scheme in ("http", "https") else None
    except ValueError:
        return None


def _from_json_ld(graph: Graph, url: str) -> Iterator[tuple[str, Stated]]:
    node = graph.article(url)
    for key, name in _JSON_LD.items():
        if value := text_of(node.get(key)):
            yield name, Stated(value, f"json-ld {key}")
    for key, name in (("author", "author"), ("creator", "author"), ("editor", "editor")):
        yield from _persons(graph, node, key, name)
    for key in ("isBasedOn", "isBasedOnUrl", "sourceOrganization", "provider"):
        yield from _origins(graph, node, key)
    for key in ("publisher", "copyrightHolder"):
        for thing in graph.things(node.get(key)):
            if value := text_of(thing.get("name")):
                yield "site", Stated(value, f"json-ld {key}")
    for site in graph.of_type("WebSite"):
        if value := text_of(site.get("name")):
            yield "site", Stated(value, "json-ld WebSite name")
    for value in texts_of(node.get("keywords")):
        yield "tag", Stated(value, "json-ld keywords")
    for thing in graph.things(node.get("image")):
        if value := text_of(thing.get("url")) or text_of(thing.get("contentUrl")) or text_of(thing.get("name")):
            yield "image", Stated(value, "json-ld image")


def _persons(graph: Graph, node: Node, key: str, name: str) -> Iterator[tuple[str, Stated]]:
    for thing in graph.things(node.get(key)):
        kind = thing.get("@type")
        organisation = kind in ("Organization", "NewsMediaOrganization", "Corporation")
        for value in texts_of(thing.get("name")):
            yield ("organisation" if organisation else name), Stated(value, f"json-ld {key}")


def _origins(graph: Graph, node: Node, key: str) -> Iterator[tuple[str, Stated]]:
    for thing in graph.things(node.get(key)):
        name, address = text_of(thing.get("name")), text_of(thing.get("url"))
        if name and "://" in name:
            name, address = None, name
        if name:
            yield "source", Stated(name, f"json-ld {key}")
        if address and key != "provider":
            yield "source_url", Stated(address, f"json-ld {key}")


def _from_metas(page: Page) -> Iterator[tuple[str, Stated]]:
    known = [(*_field_of(name), name, content) for name, content in page.metas if content]
    for kind, _, name, content in sorted(known, key=lambda item: item[1]):
        yield kind, Stated(fold(content), f"meta {name}")


def _field_of(name: str) -> tuple[str, int]:
    """Return the field a meta's name stands for and its rank; an unknown "...publish...date..." is a publication, of last rank."""
    if name in _FIELD_OF_META:
        return _FIELD_OF_META[name]
    return ("published", 99) if "publi" in name and ("date" in name or "time" in name) else ("", 99)


def _from_microdata(page: Page) -> Iterator[tuple[str, Stated]]:
    for element in page.itemprops:
        for prop in (element.get("itemprop") or "").split():
            name = _MICRODATA.get(prop.lower())
            if name and (value := microdata_value(element)):
                yield name, Stated(value, f"microdata {prop}")


def microdata_value(element: object) -> str | None:
    """Return what an element with itemprop states: its content or datetime, else its text."""
    value = element.get("content") or element.get("datetime")
    return fold(value if value is not None else "".join(element.itertext()))[:300] or None


def _from_links(page: Page) -> Iterator[tuple[str, Stated]]:
    for link in page.links:
        if link.rel == "license":
            yield "license", Stated(link.href, "link rel=license")
        elif link.rel == "image_src":
            yield "image", Stated(link.href, "link rel=image_src")


def _reservations(page: Page) -> list[str]:
    """Return what the page says against mining. Sources: the W3C's TDM reservation protocol; the noai directive of robots metas."""
    found = []
    for name, content in page.metas:
        if name == "robots" or name.endswith("bot"):
            found += [word for word in content.lower().replace(",", " ").split() if word in _NO_MINING]
        elif name == "tdm-reservation" and content == "1":
            found.append("tdm-reservation")
    return list(dict.fromkeys(found))
