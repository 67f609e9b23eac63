"""The captures of one page -> its article: what the processes do.

In: sources, places, site, profiles. Out: Reading. Must not know: the ledger, how pages are found
(each process loads what this module needs, and no more).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from newscrawler.archives.answers import Place, capture_at
from newscrawler.archives.captures import Capture
from newscrawler.archives.payload import PassedOver
from newscrawler.archives.remarks import UNSAID, Known
from newscrawler.archives.sources import Source
from newscrawler.challenges import challenge_of
from newscrawler.items import Article
from newscrawler.pages import Fetched, charset_of, read_article
from newscrawler.sites import Site


class Reading(NamedTuple):
    """What came of a page."""

    article: Article | None
    url: str | None
    """Where the capture that was read came from; None where none could be read."""
    passed: tuple[str, ...] = ()
    """Why captures were passed over."""


def fetched_of(capture: Capture) -> Fetched:
    """Return the capture as extraction takes it: the same values that a live crawl hands over."""
    return Fetched(
        body=capture.body,
        url=capture.url,
        listed=capture.listed,
        fetched_at=capture.fetched_at or "",
        charset=charset_of(capture.content_type),
        lastmod=capture.notes.get("lastmod"),
        news=capture.notes.get("news"),
    )


def read_one(sources: Sequence[Source], profiles: Known, page: tuple[tuple[Place, ...], Site]) -> Reading:
    """Return what comes of the first capture that is a page of the site's own. Runs in the processes."""
    places, site = page
    passed: list[str] = []
    for place in places:
        try:
            capture = own_capture(sources, place)
        except PassedOver as why:
            passed.append(str(why))
        except OSError:
            passed.append("broken_record")
        else:
            known = profiles.get(site.name) or {UNSAID: None}
            key = str(place.profile or capture.notes.get("profile"))
            article = read_article(fetched_of(capture), site, known[key if key in known else UNSAID])
            return Reading(article, capture.url, tuple(passed))
    return Reading(None, None, tuple(passed))


def own_capture(sources: Sequence[Source], place: Place) -> Capture:
    """Return the capture. Raises OSError, PassedOver, also for what a guard sent in place of the page."""
    capture = capture_at(sources, place)
    headers = {name.lower(): value for name, value in capture.headers}
    if challenge_of(capture.status, headers, capture.body):
        raise PassedOver("challenge")
    return capture
