"""Hands each article to the books, which write it as a JSON line with the next commit."""

from __future__ import annotations

from scrapy.crawler import Crawler

from newscrawler.extensions.bookkeeping import Bookkeeping
from newscrawler.items import Article


class JsonLinesPipeline:
    """The last of the pipelines."""

    def __init__(self, crawler: Crawler) -> None:
        books = crawler.get_extension(Bookkeeping)
        if books is None:
            raise ValueError("EXTENSIONS: JsonLinesPipeline needs newscrawler.extensions.bookkeeping.Bookkeeping")
        self.books = books

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> JsonLinesPipeline:
        return cls(crawler)

    def process_item(self, item: Article) -> Article:
        """Return `item` as it came."""
        self.books.keep(item)
        return item
