"""Elements to entries: sitemaps and their indexes, RSS and Atom, in one pass.

In: elements in order. Out: SitemapEntry as each is complete. Must not know: bytes, encodings.
Namespaces are not trusted: prefixes are missing, wrong or swapped in real listings, so names count by their last part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal
from urllib.parse import urljoin, urlsplit

from newscrawler.sitemaps.entries import Kind, SitemapEntry, SitemapReport
from newscrawler.sitemaps.markup import REFERENCE, Element, attributes, unescaped

ROOTS: dict[str, Kind] = {"urlset": "xml", "sitemapindex": "index", "rss": "rss", "rdf": "rss", "feed": "atom"}
RECORDS: dict[str, Literal["page", "sitemap"]] = {"url": "page", "sitemap": "sitemap", "item": "page", "entry": "page"}
FIELDS = {
    "loc": "loc",
    "lastmod": "lastmod",
    "updated": "lastmod",
    "modified": "lastmod",
    "title": "news_title",
    "publication_date": "news_date",
    "pubdate": "news_date",
    "published": "news_date",
    "date": "news_date",
    "issued": "news_date",
}
"""Element -> what it fills: the protocol's, news sitemaps', RSS', Atom's and Dublin Core's names for the same things."""

PUBLICATION = FIELDS | {"name": "news_name", "language": "news_language"}
"""The same inside news:publication only: `name` is an author's elsewhere."""

FOREIGN = frozenset("image video media thumbnail source author contributor content description summary encoded".split())
"""Elements that hold others' addresses, titles and dates: nothing in them is the page's own."""

FOREIGN_PREFIXES = frozenset(("image:", "video:", "media:", "itunes:", "mobile:"))
KNOWN = frozenset((*ROOTS, *RECORDS, *PUBLICATION, *FOREIGN, "link", "guid", "publication"))
PASSED_OVER = frozenset(("changefreq", "priority", "news", "keywords", "genres"))
"""The commonest elements that say nothing used here, known by name only to pass them quickly."""

ABSOLUTE = re.compile(r"https?://[^\x00-\x20/?#<>\"\s\[\]]++[^\x00-\x20<>\"\s]*+", re.I)
CONTROLS = dict.fromkeys({*range(0x20), 0x7F, 0xFEFF} - {0x09, 0x0A, 0x0D})
"""Characters no XML may hold, and the byte order mark; editors and databases leave them in listings."""

SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)
SPACE = re.compile(r"\s+")
LONGEST_LOC = 8192
"""Characters; the protocol allows 2,048, browsers read more."""

LONGEST_TEXT = 2000
"""Characters of a title or name that are kept."""

MOST_ALTERNATES = 300
"""Languages of one page that are kept; there are some 200 with a code of two letters."""

REMEMBERED = 200_000
"""Entries among which a repeat is noticed, 16 MB; the ledger notices the rest."""


class Reader:
    """One listing as it goes by. `read` may be called for each list of elements, `finish` once at the end."""

    def __init__(self, url: str, report: SitemapReport) -> None:
        self.url = url
        self.report = report
        self.record: str | None = None
        self.fields: dict[str, str] = {}
        self.alternates: list[tuple[str, str]] = []
        self.foreign: str | None = None
        self.names = FIELDS
        self.open_root: str | None = None
        self.seen: set[int] = set()

    def read(self, elements: Iterable[Element]) -> list[SitemapEntry]:
        """Return the entries that `elements` complete."""
        done: list[SitemapEntry | None] = []
        for slash, prefix, name, given, text, end in elements:
            if name in PASSED_OVER or (name not in KNOWN and (name := name.lower()) not in KNOWN):
                continue
            if slash:
                if name == self.record:
                    done.append(self.complete())
                else:
                    self.close(name, text)
            elif self.opens_record(name):
                done.append(self.complete())
                self.record, self.foreign, self.names = name, None, FIELDS
            elif self.foreign is None:
                if end and self.record and name in self.names and prefix not in FOREIGN_PREFIXES:
                    self.fields.setdefault(self.names[name], text)
                    continue
                self.open(prefix, name, given, text)
                if name == "loc" and self.record is None:
                    done.append(self.complete())
                if end:
                    self.close(name, "")
        return [entry for entry in done if entry]

    def finish(self) -> list[SitemapEntry]:
        """Return the entry that the end of the stream left open, and say so if the listing is not closed."""
        if self.open_root or self.record:
            self.report.skip("truncated")
        entry = self.complete()
        return [entry] if entry else []

    def opens_record(self, name: str) -> bool:
        if name not in RECORDS:
            return False
        if self.report.kind in ("rss", "atom"):
            return name == ("item" if self.report.kind == "rss" else "entry")
        return name in ("url", "sitemap") or self.report.kind == "unknown"

    def close(self, name: str, text: str) -> None:
        """Leave an element that is no record; `text` follows it."""
        if name == self.foreign:
            self.foreign = None
        elif name == "publication":
            self.names = FIELDS
        elif name == self.open_root:
            self.open_root = None
            if text.strip():
                self.report.mend("trailing_junk")

    def open(self, prefix: str, name: str, given: str, text: str) -> None:
        """Take what an opening element says of the record it stands in."""
        if name in ROOTS and self.open_root is None and self.record is None:
            self.open_root = name
            self.report.kind = ROOTS[name]
        elif self.record is None and name != "loc":
            return  # the feed's own title, link and date
        elif name == "publication":
            self.names = PUBLICATION
        elif name in FOREIGN or prefix.lower() in FOREIGN_PREFIXES:
            self.foreign = None if given.endswith("/") or name not in FOREIGN else name
        elif name == "link":
            self.link(attributes(given), text)
        elif name == "guid":
            if "false" not in given.lower():  # isPermaLink: an identifier, no address
                self.fields.setdefault("guid", text)
        elif field := self.names.get(name):
            self.fields.setdefault(field, text)

    def link(self, given: dict[str, str], text: str) -> None:
        """Take a feed's link to the page, or a sitemap's to the page in another language."""
        href, language = given.get("href"), given.get("hreflang")
        if href is None:
            self.fields.setdefault("loc", text)
        elif given.get("rel", "alternate").lower() != "alternate":
            return
        elif self.report.kind in ("rss", "atom") or not language:
            self.fields.setdefault("loc", href)
        elif len(self.alternates) < MOST_ALTERNATES:
            self.alternates.append((language, href))

    def complete(self) -> SitemapEntry | None:
        """Return the record that is open, if it has an address of its own; empty the fields for the next."""
        fields, record, alternates = self.fields, self.record, self.alternates
        if not fields and record is None:
            return None
        self.fields, self.record, self.foreign, self.names = {}, None, None, FIELDS
        guid = fields.pop("guid", "")
        loc = self.address(fields.pop("loc", "").strip() or guid.strip())
        if loc is None:
            self.alternates = []
            return None
        entry = SitemapEntry(loc, RECORDS[record] if record else "page")
        for name, text in fields.items():
            setattr(entry, name, cleaned(text))
        if alternates:
            self.alternates = []
            found = ((language, absolute(href, self.url)) for language, href in alternates)
            entry.alternates = tuple((language, address) for language, address in found if address)
        return self.unrepeated(entry)

    def unrepeated(self, entry: SitemapEntry) -> SitemapEntry | None:
        """Return the entry, counted, unless it is here a second time."""
        mark = hash((entry.loc, entry.lastmod))
        if mark in self.seen:
            self.report.mend("duplicate")
            return None
        if len(self.seen) >= REMEMBERED:
            self.seen.clear()
        self.seen.add(mark)
        self.report.entries += 1
        if entry.news_title and self.report.kind == "xml":
            self.report.kind = "news"
        elif self.report.kind == "unknown":
            self.report.kind = "xml"
        return entry

    def address(self, text: str) -> str | None:
        """Return the address that `text` gives, None and a counted reason where it gives none."""
        loc = unescaped(text) if "&" in text else text
        if not loc:
            self.report.skip("no_loc")
        elif len(loc) > LONGEST_LOC:
            self.report.skip("long_loc")
        elif "&" in loc and REFERENCE.search(loc) and (loc.startswith("&") or self.report.declares_entities):
            self.report.skip("entity")
        elif ABSOLUTE.fullmatch(loc):
            return loc
        elif found := absolute(loc, self.url):
            self.report.mend("relative" if "://" not in loc else "white_space")
            return found
        else:
            self.report.skip("bad_loc")
        return None


def cleaned(text: str) -> str | None:
    """Return `text` unescaped on one line, None where nothing is left."""
    text = unescaped(text[:LONGEST_TEXT])
    if not text.isprintable() or "  " in text:
        text = " ".join(text.translate(CONTROLS).split())
    return text.strip() or None


def absolute(text: str, base: str) -> str | None:
    """Return the http(s) address that `text` means on a page at `base`, None for what is none."""
    text = SPACE.sub(lambda space: "" if "\n" in space[0] or "\r" in space[0] else "%20", text.translate(CONTROLS).strip())
    try:
        host = urlsplit(base).netloc
        if text.startswith((f"{host}/", "www.")):
            text = f"//{text}"
        url = text if SCHEME.match(text) else urljoin(base, text)
    except ValueError:
        return None
    return url if ABSOLUTE.fullmatch(url) else None
