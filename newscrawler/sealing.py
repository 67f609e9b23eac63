"""The end of a run: the journals become the files that readers trust.

In: the journals of a run's sites. Out: RUN.jsonl and RUN.duplicates.jsonl a site, and what changed in the choice.
Must not know: Scrapy, the ledger's tables. The same entries in any order give the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from newscrawler.choice import Candidate, Fate, choose
from newscrawler.items import Article, Duplicate, encode_line
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

    def count(self, article: Article) -> None:
        """Count a kept line's fields, cuts, day and source; name some."""
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


def choose_all(sites: Iterable[SiteRun], labels: Callable[[list[str]], list[str]]) -> dict[str, list[Fate]]:
    """Return the fates of all pages by site; copies are weighed across the sites of the run.

    labels: ids -> the stories they are in by now; two that were apart on arrival may have been found to be one.
    """
    latest = {(candidate.site, candidate.url): candidate for site in sites for candidate in candidates(site)}
    found = list(latest.values())  # a page that was read again with another profile counts as it was read last
    for candidate, label in zip(found, labels([candidate.id for candidate in found]), strict=True):
        candidate.cluster = label
    fates: dict[str, list[Fate]] = {site.site: [] for site in sites}
    for fate in choose(found):
        fates[fate.candidate.site].append(fate)
    return fates


def renames(fates: Iterable[Fate]) -> dict[str, str]:
    """Return story -> the page that names it now, for the stories of this run whose best page was not the first."""
    return {fate.candidate.cluster: fate.cluster for fate in fates if fate.cluster != fate.candidate.cluster}


class Sealer:
    """Writes the files of one run's sites. suffix: "", ".zst" or ".gz"."""

    def __init__(self, sites: Mapping[str, SiteRun], folder: Path, suffix: str = "") -> None:
        self._sites = sites
        self._folder = folder
        self._suffix = suffix
        self._decode = msgspec.json.Decoder(Entry).decode

    def seal(self, site: SiteRun, fates: list[Fate]) -> SealedRun:
        """Write the site's two files. Raises OSError."""
        sealed = SealedRun()
        for name, aside in ((f"{site.run}.jsonl", False), (f"{site.run}.duplicates.jsonl", True)):
            chosen = [fate for fate in fates if set_aside(fate, site) == aside]
            if chosen:
                lines = (self._line(fate, sealed, aside) for fate in chosen)
                sealed.files.append(seal(self._folder / site.site / f"{name}{self._suffix}", lines))
        sealed.kept = sum(not set_aside(fate, site) for fate in fates)
        sealed.aside = len(fates) - sealed.kept
        return sealed

    def _line(self, fate: Fate, sealed: SealedRun, aside: bool) -> bytes:
        article = self._article(fate.candidate)
        if fate.best is not None:  # what it was compared with on arrival may not be what is kept
            fate.reason, fate.similarity = relation(article, self._article(fate.best))
        article.cluster, article.similarity = fate.cluster, fate.similarity
        if aside:
            return encode_line(slim(fate, article))
        sealed.count(article)
        return encode_line(article)

    def _article(self, candidate: Candidate) -> Article:
        return self._decode(self._sites[candidate.site].journal.read(*candidate.place)).article


def set_aside(fate: Fate, site: SiteRun) -> bool:
    """Is the page no article line of its own?"""
    return fate.of is not None and site.sets_aside(fate.reason)


def changes(site: SiteRun, fates: list[Fate]) -> Iterator[tuple[str, str, str | None]]:
    """Yield (url, state, reason) of pages whose fate is not what it seemed on arrival."""
    for fate in fates:
        if fate.reason != fate.candidate.reason:
            yield fate.candidate.url, "duplicate" if set_aside(fate, site) else "kept", fate.reason


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
