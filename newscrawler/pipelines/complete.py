"""Lets through articles that have what an article needs: title, text, and a place in the asked-for time."""

from __future__ import annotations

from scrapy.crawler import Crawler

from newscrawler.extensions.bookkeeping import Drop
from newscrawler.items import Article
from newscrawler.sealing import seconds


class CompletePipeline:
    """Drops an article without title or body as incomplete, one outside since/until as filtered."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> CompletePipeline:
        return cls(crawler)

    def process_item(self, item: Article) -> Article:
        """Return `item`, or raise Drop with no_title, no_body, before_since or after_until."""
        for name in ("title", "body"):
            if not (getattr(item, name) or "").strip():
                raise Drop("incomplete", f"no_{name}")
        window = getattr(self.crawler.spider, "window", None)
        if window and item.timestamp:
            self.check_window(seconds(item.timestamp), window)
        return item

    def check_window(self, when: float, window: tuple[float, float]) -> None:
        since, until = window
        if when < since:
            raise Drop("filtered", "before_since")
        if when > until:
            raise Drop("filtered", "after_until")
