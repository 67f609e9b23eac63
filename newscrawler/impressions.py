"""What a sample of a site's pages looks like: what a person must see before the site is crawled, and what looks wrong.

In: pages of a sample and the Articles read from them. Out: cells of a table, sentences. Must not know: Scrapy, files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from newscrawler.items import Article
from newscrawler.pages import Fetched, read_article
from newscrawler.profiles import FEWEST_PAGES, Profile
from newscrawler.sites import Site

COLUMNS = ("title", "time", "source", "first words", "would be cut")

FIRST_WORDS, CUT_WORDS = 40, 24
"""Characters of the text and of a cut that are shown: enough to know the line again, few enough for a row."""

SHOWN_CUTS = 2
"""Cuts of an article that are shown."""

HALF = 0.5
"""Share of the sample from which a fault is the site's, not a page's."""

SHORTEST_BODY = 60
"""Characters below which a text is rather a caption or a notice than an article."""


@dataclass(frozen=True, slots=True)
class Read:
    """A page of the sample and what was read from it."""

    page: Fetched
    article: Article | None


def read_all(pages: Iterable[Fetched], site: Site, profile: Profile | None) -> list[Read]:
    return [Read(page, read_article(page, site, profile)) for page in pages]


def articles_of(reads: Iterable[Read]) -> list[Article]:
    return [read.article for read in reads if read.article]


def cells(article: Article) -> tuple[str, ...]:
    """Return the values of COLUMNS."""
    cuts = [shortened(removal.text, CUT_WORDS) for removal in article.removed if removal.text.strip()]
    more = f" and {len(cuts) - SHOWN_CUTS} more" if len(cuts) > SHOWN_CUTS else ""
    cut = " | ".join(cuts[:SHOWN_CUTS]) + more
    return article.title or "", article.timestamp or "", article.source or "", shortened(article.body, FIRST_WORDS), cut


def shortened(text: str, length: int) -> str:
    words = " ".join(text.split())
    return words if len(words) <= length else f"{words[:length]}…"


def warnings(reads: Sequence[Read], profile: Profile | None) -> Iterator[str]:
    """Yield a sentence for each thing that looks wrong with the sample as a whole, the gravest first."""
    articles = articles_of(reads)
    if len(articles) < HALF * len(reads):
        example = next(read.page.url for read in reads if not read.article)
        count = len(reads) - len(articles)
        yield f"{count} of {len(reads)} pages gave no article, e.g. {example}: see `scrapy article URL --html`"
    if not articles:
        return
    yield from missing(articles)
    yield from recurring("title", [article.title or "" for article in articles])
    yield from recurring("text", [article.body for article in articles])
    if profile is None:
        yield f"fewer than {FEWEST_PAGES} articles to learn from: rules alone decide what is cut"


def missing(articles: Sequence[Article]) -> Iterator[str]:
    """Yield what many of the articles lack, and what to do."""
    faults = (
        ("have no text, or hardly any: is it loaded by a script?", lambda one: len(one.body) < SHORTEST_BODY),
        ("have no title", lambda one: not one.title),
        ("have no time", lambda one: not one.timestamp),
        (
            "have a time without a zone: set timezone in the TOML",
            lambda one: "zone unknown" in one.evidence.get("timestamp", ""),
        ),
        ("name no source", lambda one: not one.source),
    )
    for fault, is_missing in faults:
        count = sum(map(is_missing, articles))
        if count >= max(1, HALF * len(articles)):
            yield f"{count} of {len(articles)} articles {fault}"


def recurring(what: str, values: Sequence[str]) -> Iterator[str]:
    """Yield a sentence where different pages give the same text."""
    (value, count), *_ = Counter(values).most_common(1)
    if value.strip() and count > 1 and count >= HALF * len(values):
        yield f"{count} of {len(values)} articles have the same {what}: {shortened(value, FIRST_WORDS)}"
