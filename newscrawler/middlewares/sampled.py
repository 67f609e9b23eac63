"""Answers a request with the response that was fetched when the site was learned, so that no page is fetched twice."""

from __future__ import annotations

from scrapy import Request
from scrapy.http import Response


class SampledMiddleware:
    """Takes the response out of `request.meta["sampled"]`, where the spider put it."""

    def process_request(self, request: Request) -> Response | None:
        """Return the response in hand, or None: it has to be fetched."""
        response: Response | None = request.meta.pop("sampled", None)
        return None if response is None else response.replace(request=request)
