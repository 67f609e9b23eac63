"""Scrapy's counts, kept without a look at each call.

In: names and numbers. Out: the same. Must not know: what is counted.

Scrapy 2.19 looks up every attribute of its collector twice and wraps each method, to warn of an argument that is no longer
meant to be given: ten times as much work as the count.
"""

from __future__ import annotations

from scrapy.statscollectors import MemoryStatsCollector


class PlainStats(MemoryStatsCollector):
    """As Scrapy's own."""

    __getattribute__ = object.__getattribute__
