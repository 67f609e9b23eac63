"""Scrapy's responses as the pure modules take them, and the name by which they are asked for.

In: a response, settings. Out: plain values. Must not know: what is read from a page.
"""

from __future__ import annotations

from time import time

from scrapy.http import Response
from scrapy.settings import BaseSettings

from newscrawler.options import user_agent
from newscrawler.pages import Fetched, charset_of
from newscrawler.reports import moment
from newscrawler.rows import Row


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


def introduce(settings: BaseSettings) -> None:
    """Name the contact to the sites where it was given later than the user agent, as by -s."""
    given = settings.getpriority("NEWSCRAWLER_CONTACT") or 0
    if given > (settings.getpriority("USER_AGENT") or 0):
        settings.set("USER_AGENT", user_agent(settings["NEWSCRAWLER_CONTACT"]), priority=given)
