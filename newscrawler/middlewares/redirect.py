"""Redirects are followed without a word of where the request came from, as all requests are sent.

In: a response. Out: the request it leads to, or the response. Must not know: sites; the guard looks at the address.
Differs from Scrapy's own in this alone: that wants a spider middleware, at each response, to write no header.
"""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response


class SilentRedirectMiddleware(RedirectMiddleware):
    """RedirectMiddleware that sends no Referer."""

    def handle_referer(self, request: Request, response: Response) -> None:
        request.headers.pop("Referer", None)

    def _engine_started(self) -> None:
        """Nothing to look for."""
