"""A plain spider over the project's guards, run as a child process: `outcomes.py < settings and URLs > outcomes` (JSON).

Each URL is asked for once, all at once; its outcome is the reason of the verdict, or "page". apart: each URL has a standing of
its own, so that one's outcome does not bear on another's.
"""

from __future__ import annotations

import json
import resource
import sys
import warnings
from collections.abc import AsyncIterator
from pathlib import Path
from time import time
from typing import Any
from urllib.parse import urlsplit

import scrapy
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import ScrapyDeprecationWarning
from scrapy.settings import Settings
from twisted.internet._resolver import HostResolution
from twisted.internet.address import IPv4Address
from twisted.python.failure import Failure

from newscrawler.hosts import Answer, Hosts
from newscrawler.middlewares.answers import answer_of_exception, answer_of_response
from newscrawler.middlewares.guard import GuardedResolver

NAMES = {"inside.test": ["10.0.0.1"], "both.test": ["10.0.0.1", "127.0.0.1"], "metadata.test": ["169.254.169.254"]}


class Table:
    """Resolves the names of NAMES, and addresses to themselves; nothing is asked of any server."""

    def resolveHostName(self, receiver: Any, name: str, port: int = 0, *_: Any) -> HostResolution:
        receiver.resolutionBegan(HostResolution(name))
        for address in NAMES.get(name, [name] if name[-1].isdigit() else []):
            receiver.addressResolved(IPv4Address("TCP", address, port))
        receiver.resolutionComplete()
        return HostResolution(name)


class TableResolver(GuardedResolver):
    def __init__(self, reactor: Any, cache_size: int) -> None:
        super().__init__(reactor, cache_size)
        self.original_resolver = Table()


class Outcomes(scrapy.Spider):
    name = "outcomes"

    async def start(self) -> AsyncIterator[Any]:
        self.hosts = Hosts(1)
        self.outcomes: dict[str, str] = {}
        for url in self.urls:  # type: ignore[attr-defined]
            yield scrapy.Request(url, self.parse, errback=self.failed, dont_filter=True, cb_kwargs={"url": url})

    def parse(self, response: scrapy.http.Response, url: str) -> None:
        self.note(url, answer_of_response(response))

    def failed(self, failure: Failure) -> None:
        self.note(failure.request.cb_kwargs["url"], answer_of_exception(failure.value))

    def note(self, url: str, answer: Answer) -> None:
        standing = self.hosts[url if self.apart else urlsplit(url).hostname or ""]  # type: ignore[attr-defined]
        verdict = standing.note(answer, 1, time())
        self.outcomes[url] = verdict.reason if verdict else "page"


def peak_mib() -> float:
    """Return the most memory this program had; getrusage would count what the process it was forked from had before."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024


def main() -> None:
    job = json.load(sys.stdin)
    warnings.simplefilter("error", ScrapyDeprecationWarning)
    settings = Settings()
    settings.setmodule("newscrawler.settings")
    for key, value in {**job["settings"], "TWISTED_DNS_RESOLVER": "outcomes.TableResolver"}.items():
        settings.set(key, value, "cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(Outcomes)
    process.crawl(crawler, urls=job["urls"], apart=job["apart"])
    process.start()
    json.dump(
        {
            "outcomes": crawler.spider.outcomes,
            "sentences": crawler.spider.hosts.stopped(),
            "stats": crawler.stats.get_stats(),
            "peak_mib": peak_mib(),
        },
        sys.stdout,
        default=str,
    )


if __name__ == "__main__":
    sys.modules["outcomes"] = sys.modules["__main__"]
    main()
