"""A page in, an Article out, or None where the page is no article. No Scrapy, no network, no global state.

`read_page` walks the page once; `find_all` finds every field on it; `extract` writes them down as an Article.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newscrawler.decoding import decode
from newscrawler.disclaimers import strip
from newscrawler.extraction.findings import Findings, find_all
from newscrawler.extraction.found import Found, Hints
from newscrawler.extraction.page import Page, read_page
from newscrawler.extraction.particulars import find_canonical, find_image, find_license, find_section, find_tags
from newscrawler.items import Article, article_id

if TYPE_CHECKING:
    from newscrawler.profiles import Profile, Reading
    from newscrawler.sites import Site

__all__ = ["examine", "extract"]

FIELD_LINE = 160
"""Characters up to which a block from which a field was read is that field's line; a longer one is a paragraph as well."""


def extract(
    html: bytes | str, url: str, *, encoding: str | None = None, site: Site | None = None, profile: Profile | None = None
) -> Article | None:
    """Return the article on the page, or None where it is none. Never raises, whatever the bytes.

    encoding: of the text, or what the server said of the bytes. site, profile: what is known of the mirror.
    """
    if isinstance(html, bytes):
        decoded = decode(html, header=encoding)
        html, encoding = decoded.text, decoded.encoding
    page = read_page(html, url)
    reading = _read_with(profile, page) if profile else None
    findings = examine(page, site, reading)
    if findings is None:
        return None
    article = _write(findings, reading)
    article.encoding = encoding
    return article if article.body else None


def _read_with(profile: Profile, page: Page) -> Reading:
    from newscrawler.profiles import read_with  # here, since profiles are learned from this package's pages

    return read_with(profile, page)


def examine(page: Page, site: Site | None = None, reading: Reading | None = None) -> Findings | None:
    """Return all that is found on `page`, or None where it is no article; profiles learn from this."""
    hints = _hints(site, reading)
    if reading is None:
        return find_all(page, hints)
    return find_all(page, hints, reading.settle, reading.source)


def _hints(site: Site | None, reading: Reading | None) -> Hints:
    """Return what is known beforehand: what a person declared, before what was learned."""
    learned = reading.hints if reading else Hints()
    if site is None:
        return learned
    month_first = learned.month_first if site.date_order is None else site.date_order == "MDY"
    return Hints(site.zone or learned.zone, month_first, learned.names, learned.paths)


def _write(findings: Findings, reading: Reading | None) -> Article:
    """Return the Article, its body freed of notices and of the lines that other fields were read from."""
    page, title = findings.page, findings.title
    lines = _lines(findings)
    if reading:
        reading.title = title.value if title else ""
    stripped = strip(
        [page.blocks[at].text for at in findings.body if at not in lines],
        title=title.value if title else None,
        taken=[found.raw for found in _found(findings).values() if found],
        known=reading.window if reading else None,
    )
    canonical = find_canonical(page, findings.metadata).value
    article = Article(
        id=article_id(canonical), url=page.url, canonical_url=canonical, body="\n".join(stripped.kept), removed=stripped.removed
    )
    for name, found in _found(findings).items():
        if found:
            setattr(article, name, found.value)
            article.evidence[name] = found.evidence
    article.timestamp_raw = findings.published.raw if findings.published else None
    article.source_raw = findings.source.raw if findings.source else None
    article.authors = [found.value for found in findings.authors]
    if findings.authors:
        article.evidence["authors"] = findings.authors[0].evidence
    _declare(article, findings)
    return article


def _found(findings: Findings) -> dict[str, Found | None]:
    """Return the fields of one value that were found, by the Article's names."""
    return {
        "title": findings.title,
        "timestamp": findings.published,
        "modified": findings.modified,
        "source": findings.source,
        "source_url": findings.source_url,
        "editor": findings.editor,
        "language": findings.language,
    }


def _lines(findings: Findings) -> set[int]:
    """Return the blocks that are other fields' lines: of the title every one, of the rest the short ones."""
    blocks = findings.page.blocks
    found = [*_found(findings).values(), *findings.authors]
    lines = {at for one in found if one for at in one.blocks if len(blocks[at].text) <= FIELD_LINE}
    return lines | set(findings.title.blocks if findings.title else ())


def _declare(article: Article, findings: Findings) -> None:
    """Take the fields that a page only declares."""
    page, metadata = findings.page, findings.metadata
    article.tags, article.opt_out = find_tags(metadata), metadata.opt_out
    declared = {
        "section": find_section(page, metadata, findings.title),
        "image": find_image(page, metadata),
        "license": find_license(metadata),
    }
    for name, found in declared.items():
        if found:
            setattr(article, name, found.value)
            article.evidence[name] = found.evidence
