"""Reads what a site lists, and no page; `scrapy sitemaps` runs it, `scrapy crawl` does not.

In: a site's address. Out: rows in the ledger, what was seen of its listings. Must not know: pages.
"""

from __future__ import annotations

from newscrawler.spiders.mirror import MirrorSpider
from newscrawler.spiders.visitor import Visitor


class ListingsSpider(MirrorSpider):
    """As the mirror spider, with nothing after the listings."""

    name = "listings"

    async def visit(self, visitor: Visitor) -> None:
        """Read the listings; the lane of pages stays closed."""
        await visitor.prepare(pages=False)
