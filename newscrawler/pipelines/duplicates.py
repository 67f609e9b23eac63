"""Finds what an article is a copy of, and what of it is new since it was read last."""

from __future__ import annotations

from scrapy.crawler import Crawler

from newscrawler.extensions.bookkeeping import Bookkeeping, Drop
from newscrawler.items import Article


class DuplicatesPipeline:
    """Gives each article its cluster; drops one that says what it said when it was kept."""

    def __init__(self, crawler: Crawler) -> None:
        books = crawler.get_extension(Bookkeeping)
        if books is None:
            raise ValueError("EXTENSIONS: DuplicatesPipeline needs newscrawler.extensions.bookkeeping.Bookkeeping")
        self.books = books
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> DuplicatesPipeline:
        return cls(crawler)

    def process_item(self, item: Article) -> Article:
        """Return `item` with cluster, similarity and version; raise Drop where it is unchanged."""
        assert self.crawler.stats is not None
        if self.books.stories.identify(item):
            self.crawler.stats.inc_value("duplicates/canonical_of_another")
        row = self.books.row_of(item)
        if row.article == item.id and row.content_hash in (item.content_hash, None):  # None: it is known from a slim line
            raise Drop("unchanged", "same_content")
        if row.article == item.id:
            item.version = (row.version or 1) + 1
            item.previous_hash = row.content_hash
        match = self.books.stories.look_up(item)
        item.cluster = match.cluster if match else item.id
        item.similarity = match.similarity if match else None
        if match:
            self.books.note_copy(item, match.reason, match.of)
        return item
