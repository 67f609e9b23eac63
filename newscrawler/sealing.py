"""The end of a run: the journals become the files that readers trust.

In: the journals of a run's sites. Out: RUN.jsonl and RUN.duplicates.jsonl a site, and what changed in the choice.
Must not know: Scrapy, the ledger's tables. The same entries in any order give the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path

import msgspec

from newscrawler.choice import Candidate, Fate
from newscrawler.fates import Fates
from newscrawler.items import Article, Duplicate, Reason, encode_line
from newscrawler.runs import Entry, SiteRun
from newscrawler.shards import Sealed, seal
from newscrawler.stories import relation

FIELDS = ("title", "timestamp", "body", "source", "authors", "language", "image")
"""Fields whose coverage the report gives."""

NAMES = 10_000
"""Sources a run counts by name; further ones, as of a site that invents them, are not counted: memory stays bounded."""


TITLES = 10
"""Articles of a run that a report names: as many as a person looks at."""


@dataclass(slots=True)
class SealedRun:
    """What sealing one site's part gave."""

    files: list[Sealed] = field(default_factory=list)
    kept: int = 0
    aside: int = 0
    coverage: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FIELDS, 0))
    """Field -> kept lines that have it."""
    removed: Counter[str] = field(default_factory=Counter)
    """Rule -> cuts in the kept lines."""
    days: Counter[date] = field(default_factory=Counter)
    """Day of publication, as the page prints it -> kept lines."""
    sources: Counter[str] = field(default_factory=Counter)
    titles: dict[str, str] = field(default_factory=dict)
    """Address -> title of some kept lines, to look at."""

    def count(self, article: Article, *, aside: bool) -> None:
        """Count a line, and a kept one's fields, cuts, day and source; name some."""
        self.aside += aside
        self.kept += not aside
        if aside:
            return
        if len(self.titles) < TITLES:
            self.titles[article.url] = article.title or article.url
        for name in FIELDS:
            self.coverage[name] += bool(getattr(article, name))
        self.removed.update(removal.rule for removal in article.removed)
        with suppress(ValueError):  # a listing's date may be none
            self.days[date.fromisoformat((article.timestamp or "")[:10])] += 1
        if article.source and (article.source in self.sources or len(self.sources) < NAMES):
            self.sources[article.source] += 1


def candidates(site: SiteRun) -> Iterator[Candidate]:
    """Yield what the choice needs of every page in the site's journal."""
    decode = msgspec.json.Decoder(Entry).decode
    for offset, line in site.journal.lines():
        entry = decode(line)
        article = entry.article
        yield Candidate(
            id=article.id,
            url=article.url,
            cluster=article.cluster or article.id,
            when=seconds(article.timestamp),
            length=len(article.body),
            reason=entry.reason,
            of=entry.of,
            similarity=article.similarity,
            place=(offset, len(line)),
            site=site.site,
            version=article.version,
        )


class Sealer:
    """Writes the files of one run's sites. suffix: "", ".zst" or ".gz"."""

    def __init__(self, sites: Mapping[str, SiteRun], fates: Fates, folder: Path, suffix: str = "") -> None:
        self._sites = sites
        self._fates = fates
        self._folder = folder
        self._suffix = suffix
        self._decode = msgspec.json.Decoder(Entry).decode

    def seal(self, site: SiteRun) -> SealedRun:
        """Write the site's two files. Raises OSError, LedgerError."""
        sealed = SealedRun()
        for name, aside in ((f"{site.run}.jsonl", False), (f"{site.run}.duplicates.jsonl", True)):
            chosen = (fate for fate in self._fates.of(site.site) if set_aside(fate, site) == aside)
            if (first := next(chosen, None)) is not None:
                lines = (self._line(fate, site, sealed) for fate in chain([first], chosen))
                sealed.files.append(seal(self._folder / site.site / f"{name}{self._suffix}", lines))
        return sealed

    def _line(self, fate: Fate, site: SiteRun, sealed: SealedRun) -> bytes:
        article, aside = self._article(fate.candidate), set_aside(fate, site)
        if fate.best is not None:  # what it was compared with on arrival may not be what is kept
            known = measured(fate.candidate, fate.best)
            fate.reason, fate.similarity = known or relation(article, self._article(fate.best))
        article.cluster, article.similarity = fate.cluster, fate.similarity
        if fate.reason != fate.candidate.reason:
            self._fates.change(fate.candidate, "duplicate" if aside else "kept", fate.reason)
        sealed.count(article, aside=aside)
        return encode_line(slim(fate, article) if aside else article)

    def _article(self, candidate: Candidate) -> Article:
        return self._decode(self._sites[candidate.site].journal.read(*candidate.place)).article


def measured(page: Candidate, kept: Candidate) -> tuple[Reason, float | None] | None:
    """Return why, and how much, the page repeats the kept one, if that was seen when they came."""
    if max(page.version, kept.version) > 1:  # the text has changed since
        return None
    if first_of_text(page) == first_of_text(kept):
        return "same_text", 1.0
    for one, other in ((page, kept), (kept, page)):
        if one.reason == "copy" and one.of == other.id:
            return "copy", one.similarity
    return None


def first_of_text(page: Candidate) -> str | None:
    """Return the id of the page that came first with these letters."""
    return page.of if page.reason == "same_text" else page.id


def set_aside(fate: Fate, site: SiteRun) -> bool:
    """Is the page no article line of its own?"""
    return fate.of is not None and site.sets_aside(fate.reason)


def slim(fate: Fate, article: Article) -> Duplicate:
    return Duplicate(
        id=article.id,
        url=article.url,
        site=article.site,
        title=article.title,
        timestamp=article.timestamp,
        source=article.source,
        duplicate_of=fate.of or "",
        cluster=fate.cluster,
        similarity=fate.similarity,
        reason=fate.reason or "copy",
        version=article.version,
    )


def seconds(timestamp: str | None) -> float:
    """Return the moment of an article's timestamp in seconds; a date alone is its first instant in UTC; none: infinity."""
    if not timestamp:
        return float("inf")
    try:
        if "T" not in timestamp:
            day = date.fromisoformat(timestamp)
            return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
        return datetime.fromisoformat(timestamp).timestamp()
    except (ValueError, OverflowError):
        return float("inf")
