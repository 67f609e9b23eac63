"""Whether a page is an article at all.

In: a Page, the body found on it. Out: a verdict. Must not know: any field's value.
"""

from __future__ import annotations

from newscrawler.extraction.body import Body
from newscrawler.extraction.page import Page


def is_article(page: Page, body: Body) -> bool:
    """Whether the page is one article, not a list, a shop, a forum or an error."""
    return bool(body.chosen)
