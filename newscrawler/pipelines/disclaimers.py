"""Cuts the site's notices from an article's body, and says what was cut.

Extraction does so already, knowing the page and the site's profile, and says so in the evidence for the body; an article
of a spider with an extraction of its own gets it here.
"""

from __future__ import annotations

from scrapy.crawler import Crawler

from newscrawler.disclaimers import strip
from newscrawler.items import Article, content_hash
from newscrawler.removals import merge


class DisclaimersPipeline:
    """Applies the phrase rules and counts what they cut, extraction's cuts included."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DisclaimersPipeline:
        return cls(crawler)

    def process_item(self, item: Article) -> Article:
        """Return `item` with its own paragraphs alone."""
        if "body" not in item.evidence:
            self._strip(item)
        assert self.crawler.stats is not None
        for removal in item.removed:
            self.crawler.stats.inc_value(f"disclaimers/{removal.rule}")
        return item

    def _strip(self, item: Article) -> None:
        taken = (item.source_raw, item.timestamp_raw, item.editor)
        stripped = strip(item.body.split("\n"), title=item.title, taken=taken)
        if stripped.removed:
            item.body = "\n".join(stripped.kept)
            item.removed = merge(item.removed, stripped.removed)
            item.content_hash = content_hash(item)
