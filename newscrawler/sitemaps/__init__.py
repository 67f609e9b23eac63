"""What a site lists: bytes of sitemaps and feeds to SitemapEntry after SitemapEntry.

In: bytes. Out: entries, a report of what was lost, decisions by lastmod. Must not know: Scrapy, the network, the ledger.
"""

from newscrawler.sitemaps.entries import Limits, SitemapEntry, SitemapReport
from newscrawler.sitemaps.lastmod import can_prune, in_range, parse_lastmod
from newscrawler.sitemaps.parsing import parse_sitemap

__all__ = ["Limits", "SitemapEntry", "SitemapReport", "can_prune", "in_range", "parse_lastmod", "parse_sitemap"]
