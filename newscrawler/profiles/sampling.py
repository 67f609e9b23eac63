"""A fetched page -> the Sample that learning takes: what the rules alone make of it.

In: a page's text, its address, what the listing says. Out: a Sample, or None where the page is no article.
Must not know: Scrapy; which pages are chosen.
"""

from __future__ import annotations

from newscrawler.extraction import examine
from newscrawler.extraction.metadata import read_metadata
from newscrawler.extraction.walk import read_page
from newscrawler.profiles.samples import Sample
from newscrawler.sites import Site


def sample_page(html: str, url: str, *, site: Site | None = None, lastmod: str | None = None) -> Sample | None:
    """Return what the rules make of a page without a profile, or None where it is no article. Never raises.

    lastmod: the sitemap's, as given; several pages' together tell the site's zone.
    """
    page = read_page(html, url)
    findings = examine(page, site)
    if findings is None:
        return None
    metadata = read_metadata(page)
    fields = findings.fields
    return Sample(
        page=page,
        body=findings.body,
        title=fields.title,
        timestamp=fields.timestamp,
        source=fields.source,
        language=fields.language.value if fields.language else None,
        lastmod=lastmod,
        declared=tuple(stated.value for name in ("published", "modified") for stated in metadata.of(name)),
    )
