"""Loaded by the process that the others are forked from: all that reading a page needs, models included, once for all.

In: nothing. Out: nothing. Must not know: which pages are to come.
"""

from __future__ import annotations

import gc

from newscrawler.archives import extract
from newscrawler.extraction import extract as extract_page

__all__ = ["extract"]

PAGE = "<html><body><h1>A headline</h1>{}</body></html>".format("<p>A paragraph with some words in it, and some more.</p>" * 20)
"""Enough of an article that each model is asked."""

extract_page(PAGE.encode(), "http://page.invalid/")
gc.collect()
gc.freeze()  # what is here stays, and the forks' collections leave the memory shared
