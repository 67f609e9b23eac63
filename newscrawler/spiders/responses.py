"""Scrapy's responses as the pure modules take them. In: a response. Out: plain values. Must not know: what is read from it."""

from __future__ import annotations

from time import time

from scrapy.http import Response

from newscrawler.ledger import Row
from newscrawler.pages import Fetched, charset_of
from newscrawler.reports import moment


def page_of(response: Response, row: Row) -> Fetched:
    """Return the response as extraction takes it."""
    return Fetched(
        body=response.body,
        url=response.url,
        listed=row.url,
        fetched_at=response.meta.get("fetched_at") or moment(time()),
        charset=charset_of(header(response, "Content-Type") or ""),
        lastmod=row.lastmod,
        news=row.news,
    )


def header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
