"""One fetched page -> one Article with its provenance: the step that live crawls and archives share.

In: bytes as they arrived, what the listing said. Out: Article, or None where the page is none. Must not know: Scrapy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from newscrawler.decoding import decode
from newscrawler.extraction import extract
from newscrawler.items import Article, content_hash
from newscrawler.profiles import Profile, learn, sample_page
from newscrawler.sitemaps import parse_lastmod
from newscrawler.sites import Site

LARGEST_HELD = 2 * 2**20
"""Bytes of a page that is held in memory beyond its turn, to learn from it or to read it again: of 1,432 saved pages four are
larger, and a site of endless pages would fill the memory with some dozens of them."""


@dataclass(slots=True, frozen=True)
class Fetched:
    """A page's bytes and what is known of them."""

    body: bytes
    url: str
    """Where the bytes came from, redirects followed."""
    listed: str
    """The address the listing gave."""
    fetched_at: str
    charset: str | None = None
    """Of the Content-Type header."""
    lastmod: str | None = None
    news: str | None = None
    """The listing's news data, JSON."""


def read_article(page: Fetched, site: Site, profile: Profile | None = None) -> Article | None:
    """Return the page's article, or None where it is none. Never raises, whatever the bytes."""
    article = extract(page.body, page.url, encoding=page.charset, site=site, profile=profile)
    if article is None:
        return None
    article.url = page.listed
    article.site = site.name
    article.lastmod = page.lastmod
    article.fetched_at = page.fetched_at
    fill_from_listing(article, page, profile)
    article.content_hash = content_hash(article)
    return article


def learn_profile(pages: Iterable[Fetched], site: Site, version: int = 1) -> Profile | None:
    """Return what the pages tell of their site, or None where fewer than four of them are articles."""
    samples = (sample_page(text_of(page), page.url, site=site, lastmod=page.lastmod) for page in pages)
    return learn((sample for sample in samples if sample), site=site.name, version=version)


def text_of(page: Fetched) -> str:
    return decode(page.body, header=page.charset).text


def charset_of(content_type: str) -> str | None:
    """Return the charset parameter of a Content-Type header."""
    _, _, value = content_type.lower().partition("charset=")
    return value.split(";")[0].strip(" \"'") or None


def fill_from_listing(article: Article, page: Fetched, profile: Profile | None) -> None:
    """Take from the listing what the page itself does not say: a news sitemap's title and date, the day of lastmod."""
    news = msgspec.json.decode(page.news) if page.news else {}
    lastmod = parse_lastmod(page.lastmod) if profile and profile.dated_listing else None
    offers = (
        ("title", news.get("title"), "news sitemap"),
        ("timestamp", news.get("date"), "news sitemap"),
        ("timestamp", lastmod and lastmod.date().isoformat(), "sitemap lastmod"),
    )
    for name, value, evidence in offers:
        if value and not getattr(article, name):
            setattr(article, name, value)
            article.evidence[name] = evidence
