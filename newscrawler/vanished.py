"""Articles that a site lists no longer: recorded as gone, without a request.

In: which listings a run read, and how well. Out: rows of the ledger. Must not know: Scrapy, pages, how a listing is read.

Absence counts where it says something: the listing was read to its end, listed the article before, still lists older ones, and
no other listing may have taken it over unread. A listing of latest entries sheds its oldest, and proves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Connection

from newscrawler.known_listings import UNFINISHED
from newscrawler.sitemaps import SitemapReport

UNLISTED = "unlisted"
"""The reason that such an article is gone."""

ARCHIVES = ("xml", "text", "index")
"""Kinds of listings that may name all pages; feeds and news sitemaps name the latest."""

HARMLESS = frozenset({"seen", "foreign_sitemap", "too_deep"})
"""Losses of an index that lose no page of the listing itself."""

ABSENT = ("http_404", "http_410")
"""Outcomes of a listing that is no more: what it listed may be listed elsewhere, and then is, in the same run."""


@dataclass(slots=True)
class Coverage:
    """How completely a run read the listings of a site."""

    whole: list[str] = field(default_factory=list)
    """Listings that were read to their end, of which nothing was lost."""
    all_known: bool = True
    """Whether every listing is known as it is now, read or unchanged."""
    all_read: bool = True
    """Whether none was unchanged, so that it was not read."""

    def note(self, url: str, outcome: str, report: SitemapReport, known: Mapping[str, Any] | None) -> None:
        """Take in what one listing came to. known: its row of earlier runs, where it was read well then."""
        losses = set(report.losses())
        no_listing = report.kind == "unknown" and known is not None and known["entries"] > 0
        if outcome == "unchanged":
            self.all_read = False
        elif outcome in ABSENT:
            return
        elif outcome != "read" or no_listing or losses & UNFINISHED:
            self.all_known = False
        elif report.kind in ARCHIVES and losses <= HARMLESS:
            self.whole.append(url)


def mark_unlisted(conn: Connection, site: str, run: str, coverage: Coverage) -> int:
    """Give the articles that the site's listings name no longer their state; return how many they are."""
    if not coverage.whole or not coverage.all_known:
        return 0
    run_of_site = {"site": site, "run": run}
    if conn.exec_driver_sql(LEFT_OUT, run_of_site).scalar():
        return 0
    missing = set(conn.exec_driver_sql(MISSING, run_of_site).scalars()) & set(coverage.whole)
    if not missing:
        return 0
    listings = {"missing": msgspec.json.encode(sorted(missing)).decode(), "all_read": coverage.all_read}
    return conn.exec_driver_sql(MARK, run_of_site | listings).rowcount


LEFT_OUT = """
SELECT EXISTS (SELECT 1 FROM sitemaps WHERE site = :site AND entries > 0 AND outcome IN ('read', 'unchanged')
    AND run = (SELECT max(run) FROM runs WHERE site = :site AND run < :run))"""
"""Is there a listing that the run before read, and this one did not ask for?"""

ARTICLE_STATE = "state IN ('kept', 'duplicate', 'unchanged')"
ARTICLE = f"site = :site AND rank > 0 AND {ARTICLE_STATE}"

MISSING = f"SELECT DISTINCT sitemap FROM urls WHERE {ARTICLE} AND listed <> :run"
"""Which listings miss articles. Most often none does; then this is all it costs: one look at each of the site's rows a run."""

MARK = f"""
UPDATE urls SET state = 'gone', reason = '{UNLISTED}', run = :run, due = NULL
FROM (
    WITH
        listed_now AS (
            SELECT sitemap, rank, ntile(10) OVER (PARTITION BY sitemap ORDER BY rank) AS tenth FROM urls
            WHERE {ARTICLE} AND listed = :run AND sitemap IN (SELECT value FROM json_each(:missing))),
        oldest AS (
            SELECT sitemap, max(rank) FILTER (WHERE tenth = 1) AS rank, count(*) AS articles FROM listed_now GROUP BY sitemap)
    SELECT oldest.sitemap, oldest.rank
    FROM urls JOIN oldest USING (sitemap)
    WHERE site = :site AND listed <> :run AND urls.rank > 0 AND ({ARTICLE_STATE} OR reason = '{UNLISTED}')
    GROUP BY oldest.sitemap
    HAVING 2 * sum(urls.rank <= oldest.rank) <= count(*) AND sum(state <> 'gone') <= oldest.articles
) AS proof
WHERE urls.sitemap = proof.sitemap AND urls.rank > proof.rank AND listed <> :run AND (NOT elsewhere OR :all_read)
    AND site = :site AND {ARTICLE_STATE}"""
"""Dated articles alone: without dates nobody can tell the latest from the rest. `oldest`: the date of the oldest tenth of what
a listing still names, since a window of latest entries may hold a few old ones for good. `proof`: listings that do not shed
their oldest, by most of what they ever dropped, and that did not lose more than they have left, as broken ones do."""
