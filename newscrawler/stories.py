"""One story, many copies: which story an article belongs to, across pages, sites and runs.

In: articles, one after another. Out: for each, what it is a copy of. Must not know: Scrapy, files, which copy is kept.

What is looked up is known at once to the lookups that follow, and is in the ledger once `record` has been called in the
transaction that commits the articles. Any order of arrival gives the same stories wherever the verdict on two texts is
reached between them and not by way of a third; a copy of two stories makes them one, and that is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from newscrawler.copies import Copy, CopyReader, CopyWriter, Merge
from newscrawler.fingerprints import Fingerprint, fingerprint
from newscrawler.items import Article, Duplicate, Reason, article_id
from newscrawler.ledger import Ledger
from newscrawler.likeness import Likeness, is_copy, likeness
from newscrawler.uncommitted import Uncommitted
from newscrawler.urls import canonicalise

GROWTH = 1.5
"""How many times the text of a story's representatives a copy must have to represent it too: so much more of it is new
that a third copy could share only that."""

BATCH = 512
"""Texts a commit of `cluster`: as a crawl commits some articles at a time."""


@dataclass(slots=True, frozen=True)
class Match:
    """What an article is a copy of."""

    reason: Reason
    of: str
    """Id of the page it repeats."""
    cluster: str
    """Id of the story, that is of the page that names it."""
    similarity: float


Alike = tuple[Likeness, Copy]
"""A copy, and how much a text is like it."""


class Stories:
    """The index of stories in a ledger. Raises LedgerError where the ledger cannot be read."""

    def __init__(self, engine: Engine) -> None:
        self._recorded = CopyReader(engine)
        self._new = Uncommitted()
        self._last: tuple[str, str | None, Fingerprint] = "", None, fingerprint("")

    def look_up(self, article: Article) -> Match | None:
        """Return what the article is a copy of, or None if it is the first of its story; remember it either way.

        A page that is read again keeps its story, whatever its text has become.
        """
        found = self._fingerprint(article)
        known, same = self._recorded.by_id_or_text(article.id, found.text)
        known = self._new.copies.get(article.id) or known
        if known and known.url != article.url:
            return Match("same_page", known.id, self.story_of(known), 1.0)
        if known:
            return self._again(known, article, found)
        return self._first_time(article, found, same or self._new.texts.get(found.text))

    def identify(self, article: Article) -> bool:
        """Give the article its own address for identity where its canonical address is another story's; True if it was.

        A broken template names one article, or one section, on every page. The first that names an address has it.
        """
        own = canonicalise(article.url)
        if article.canonical_url == own:
            return False
        known = self._new.copies.get(article.id) or self._recorded.by_id(article.id)
        if not known or known.url == article.url or self._tells(known, article):
            return False
        article.id, article.canonical_url = article_id(own), own
        return True

    def _fingerprint(self, article: Article) -> Fingerprint:
        """Return the article's fingerprint; of one that is identified, then looked up, it is taken once."""
        body, title, found = self._last
        if body is not article.body or title is not article.title:
            found = fingerprint(article.body, article.title)
            self._last = article.body, article.title, found
        return found

    def _tells(self, known: Copy, article: Article) -> bool:
        """Is the article's text that of the known page, or a copy of its story?"""
        found = self._fingerprint(article)
        if found.text in (known.text, 0):
            return True
        _, same = self._recorded.by_id_or_text(article.id, found.text)
        same = same or self._new.texts.get(found.text)
        copies = [same] if same else [copy for _, copy in self._alike(found)[1]]
        return self.story_of(known) in map(self.story_of, copies)

    def record(self, connection: Connection) -> None:
        """Write what was looked up since the last call, within the transaction of `connection`."""
        writer = CopyWriter(connection)
        writer.add(self._new.copies.values())
        for merge in self._new.merges.values():
            writer.merge(merge)
        self._new = Uncommitted()

    def rename(self, connection: Connection, renames: Iterable[tuple[str, str]]) -> None:
        """Name stories after other pages of theirs; for stories that no reader has seen yet."""
        writer = CopyWriter(connection)
        for story, name in renames:
            writer.rename(story, name)

    def restore(self, connection: Connection, lines: Iterable[Duplicate]) -> None:
        """Record pages whose text is gone, as members of the stories that their lines name."""
        CopyWriter(connection).add(
            Copy(
                id=line.id,
                cluster=line.cluster,
                url=line.url,
                site=line.site,
                timestamp=line.timestamp,
                source=line.source,
                source_url=None,
                similarity=line.similarity,
                reason=line.reason,
                text=0,
                fingerprint=None,
            )
            for line in lines
            if line.reason != "same_page"
        )

    def labels(self, articles: Sequence[str]) -> list[str]:
        """Return the recorded story of each article, by id; an unknown article is its own."""
        found = (self._recorded.by_id(article) for article in articles)
        return [copy.cluster if copy else article for copy, article in zip(found, articles, strict=True)]

    def story_of(self, copy: Copy) -> str:
        """Return the id of the story that the copy is one of, merges counted."""
        story = copy.cluster
        while story in self._new.merges:
            story = self._new.merges[story].target
        return story

    def close(self) -> None:
        self._recorded.close()

    def _again(self, known: Copy, article: Article, found: Fingerprint) -> Match | None:
        """Return what a page that is read again was found to be at first."""
        match = None
        if known.reason and known.similarity is not None:
            match = Match(known.reason, known.cluster, self.story_of(known), known.similarity)
        if known.text != found.text:
            self._new.add(entry(article, found, match, known.cluster, represents=known.fingerprint is not None))
        return match

    def _first_time(self, article: Article, found: Fingerprint, same: Copy | None) -> Match | None:
        match, represents = None, same is None or not found.text
        if same and found.text:
            match = Match("same_text", same.id, self.story_of(same), 1.0)
        else:
            found, alike = self._alike(found)
            match = self._likest(article, alike)
            represents = all(found.size >= GROWTH * copy.fingerprint.size for _, copy in alike if copy.fingerprint)
        self._new.add(entry(article, found, match, match.cluster if match else article.id, represents))
        return match

    def _alike(self, found: Fingerprint) -> tuple[Fingerprint, list[Alike]]:
        """Return the fingerprint less its popular keys; and of each story that it is a copy of the nearest copy, oldest first.

        A story speaks by the copy that shares most with the text: where that one says something else in the same words, a
        shorter one that lacks just those words does not count.
        """
        candidates, popular = self._recorded.by_keys(found.keys)
        stories: dict[str, Alike] = {}
        for copy in (*candidates, *self._new.by_keys(found.keys)):
            alike = likeness(found, copy.fingerprint) if copy.fingerprint else None
            story = self.story_of(copy)
            if alike and (story not in stories or alike.shared > stories[story][0].shared):
                stories[story] = alike, copy
        rare = found._replace(keys=tuple([key for key in found.keys if key not in popular])) if popular else found
        return rare, [one for one in stories.values() if one[0].same]

    def _likest(self, article: Article, alike: list[Alike]) -> Match | None:
        """Return the copy that shares most; stories that are not known to differ from its own become part of the oldest."""
        if not alike:
            return None
        best, likest = max(alike, key=lambda one: one[0].similarity)
        one_story = [one for one in alike if one[1] is likest or not told_apart(one[1], likest)]
        story = self.story_of(one_story[0][1])
        for shared, copy in one_story[1:]:
            other = self.story_of(copy)
            self._new.merges[other] = Merge(other, story, article.id, article.fetched_at, round(shared.similarity, 3))
        return Match("copy", likest.id, story, round(best.similarity, 3))


def told_apart(a: Copy, b: Copy) -> bool:
    """Are the two known to be different news in the same words?"""
    alike = likeness(a.fingerprint, b.fingerprint) if a.fingerprint and b.fingerprint else None
    return alike is not None and not alike.same


def relation(article: Article, kept: Article) -> tuple[Reason, float | None]:
    """Return why, and how much, the article repeats the kept one of its story; None where only a third links the two."""
    a, b = fingerprint(article.body, article.title), fingerprint(kept.body, kept.title)
    if a.text == b.text:
        return "same_text", 1.0
    similarity = is_copy(a, b)
    return "copy", None if similarity is None else round(similarity, 3)


def entry(article: Article, found: Fingerprint, match: Match | None, cluster: str, represents: bool) -> Copy:
    """Return the article as the index keeps it."""
    return Copy(
        id=article.id,
        cluster=cluster,
        url=article.url,
        site=article.site,
        timestamp=article.timestamp,
        source=article.source,
        source_url=article.source_url,
        similarity=match.similarity if match else None,
        reason=match.reason if match else None,
        text=found.text,
        fingerprint=found if represents else None,
    )


def cluster(texts: Sequence[str]) -> list[str]:
    """Return a label for each text, the same for texts that are one story: what a crawl of them would find."""
    ledger = Ledger()
    stories = Stories(ledger.engine)
    ids = [article_id(str(number)) for number in range(len(texts))]
    for start in range(0, len(texts), BATCH):
        for number in range(start, min(start + BATCH, len(texts))):
            stories.look_up(Article(id=ids[number], url=str(number), canonical_url=str(number), body=texts[number]))
        with ledger.begin() as connection:
            stories.record(connection)
    labels = stories.labels(ids)
    stories.close()
    ledger.close()
    return labels
