"""One fetched page -> one Article with its provenance: the step that live crawls and archives share.

In: bytes as they arrived, what the listing said. Out: Article, or None where the page is none. Must not know: Scrapy.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from newscrawler.decoding import decode
from newscrawler.extraction import examine, extract
from newscrawler.extraction.metadata import read_metadata
from newscrawler.extraction.page import read_page
from newscrawler.items import Article, content_hash
from newscrawler.profiles import Profile, Sample, learn
from newscrawler.sites import Site


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
    decoded = decode(page.body, header=page.charset)
    article = extract(decoded.text, page.url, encoding=decoded.encoding, site=site, profile=profile)
    if article is None:
        return None
    article.url = page.listed
    article.site = site.name
    article.lastmod = page.lastmod
    article.fetched_at = page.fetched_at
    if decoded.replaced:
        article.evidence["encoding"] = f"{decoded.replaced} bytes could not be decoded"
    if page.news:
        fill_from_listing(article, page.news)
    article.content_hash = content_hash(article)
    return article


def learn_profile(pages: Iterable[Fetched], site: Site, version: int = 1) -> Profile | None:
    """Return what the pages tell of their site, or None where fewer than four of them are articles."""
    return learn((sample for page in pages if (sample := sample_of(page, site))), site=site.name, version=version)


def sample_of(fetched: Fetched, site: Site) -> Sample | None:
    """Return the page as profiles learn from it, or None where it is no article."""
    page = read_page(decode(fetched.body, header=fetched.charset).text, fetched.url)
    findings = examine(page, site)
    if findings is None:
        return None
    fields = findings.fields
    return Sample(
        page=page,
        body=findings.body,
        title=fields.title,
        timestamp=fields.timestamp,
        source=fields.source,
        language=fields.language.value if fields.language else None,
        lastmod=fetched.lastmod,
        declared=[stated.value for name in ("published", "modified") for stated in read_metadata(page).of(name)],
    )


def charset_of(content_type: str) -> str | None:
    """Return the charset parameter of a Content-Type header."""
    _, _, value = content_type.lower().partition("charset=")
    return value.split(";")[0].strip(" \"'") or None


def fill_from_listing(article: Article, news: str) -> None:
    """Take from the news sitemap what the page itself does not say."""
    listed = msgspec.json.decode(news)
    for name, value in (("timestamp", listed.get("date")), ("title", listed.get("title"))):
        if value and not getattr(article, name):
            setattr(article, name, value)
            article.evidence[name] = "news sitemap"
