"""The TOML of a site that was looked at for the first time, for a person to correct.

In: the site, what its sample showed. Out: the text of data/sites/NAME.toml. Must not know: files, the network.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from newscrawler.items import Article
from newscrawler.profiles import Profile
from newscrawler.sites import Site

MOST_LISTINGS = 10
"""Listings that the draft names; `scrapy sitemaps` has them all."""

DRAFT = """\
# {name}: drafted from {count} articles of a sample. Every key but url may be left out; all keys: docs/add-a-site.md
url = {url}
{networks}
# Listings are found anew in each run. Found now:
{listings}
# Name them only where the search finds too few, or the wrong ones.
# sitemaps = ["https://mirror.example/sitemap.xml"]

# Where pages print a time without a zone, and how to read 03/04/2024. {clock}
# timezone = "Asia/Shanghai"
# date_order = "YMD"

# The language, where pages do not show it. In the sample: {languages}.
# language = "zh"

# RE2 expressions on listed addresses: any of include must match, none of exclude may.
# include = ['/news/\\d+']
# exclude = ['/video/', '/tag/']

# Pace: seconds between requests, requests at a time.
# delay = 1.0
# concurrency = 2

# Blocks to cut from every body, and learned ones that must not be cut. Learned from the sample, the most frequent first:
{repeats}
# boilerplate = ["Follow us for more news"]
# strike = ["A sentence that recurs because the news is about it"]
"""


def draft(site: Site, sitemaps: Sequence[dict[str, Any]], articles: Sequence[Article], profile: Profile | None) -> str:
    """Return the file's text."""
    languages = Counter(article.language or "unknown" for article in articles).most_common()
    networks = f"\n# Named by its address: that address may be spoken to.\nallow_networks = {toml(list(site.allow_networks))}\n"
    return DRAFT.format(
        name=site.name,
        count=len(articles),
        url=toml(site.url),
        networks=networks if site.allow_networks else "",
        listings=commented(f"{one['url']}: {one['kind']}, {one['entries']} entries" for one in sitemaps[:MOST_LISTINGS]),
        clock=f"Learned: {profile.zone}." if profile and profile.zone else "Nothing was learned of its clocks.",
        languages=", ".join(f"{name} {count}" for name, count in languages),
        repeats=commented(repeated(profile)),
    )


def commented(lines: Iterable[str]) -> str:
    """Return each as a comment that no value can end."""
    return "\n".join(f"#   {' '.join(line.split())}" for line in lines) or "#   none"


def repeated(profile: Profile | None) -> list[str]:
    """Return what was learned as the site's own, each once, the most frequent first."""
    counts = {entry.pattern: entry.pages for one in (profile.templates if profile else ()) for entry in one.repeats}
    return sorted(counts, key=lambda pattern: (-counts[pattern], pattern))[:MOST_LISTINGS]


def toml(value: object) -> str:
    """Return a string or a list of strings as TOML, of which JSON's are a part."""
    return msgspec.json.encode(value).decode()
