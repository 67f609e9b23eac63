"""What of a site's listings is to be read.

In: an entry, the site, what was withdrawn. Out: the entry as the ledger takes it. Must not know: Scrapy, the network.
"""

from __future__ import annotations

import msgspec
import re2

from newscrawler.rows import Listing
from newscrawler.sitemaps import SitemapEntry, parse_lastmod
from newscrawler.sites import Site
from newscrawler.urls import host_of, same_site
from newscrawler.withdrawals import REASON, Withdrawals


def listing_of(entry: SitemapEntry, site: Site, withdrawn: Withdrawals) -> Listing:
    """Return the entry with its place in the frontier, and where it is not to be read, why not."""
    moment = parse_lastmod(entry.lastmod or entry.news_date)
    news = {"title": entry.news_title, "date": entry.news_date, "name": entry.news_name}
    reason = REASON if withdrawn.of_url(entry.loc) else scope_reason(entry.loc, site)
    return Listing(
        url=entry.loc,
        lastmod=entry.lastmod,
        rank=moment.timestamp() if moment else 0.0,
        news=msgspec.json.encode(news).decode() if any(news.values()) else None,
        state="filtered" if reason else "pending",
        reason=reason,
    )


def scope_reason(url: str, site: Site) -> str | None:
    """Return why a listed page is not one to read, or None: another host's, or ruled out by the site's patterns."""
    if not same_site(url, site.url) and host_of(url) not in site.allow_hosts:
        return "foreign_host"
    if any(re2.search(pattern, url) for pattern in site.exclude):
        return "excluded"
    if site.include and not any(re2.search(pattern, url) for pattern in site.include):
        return "not_included"
    return None
