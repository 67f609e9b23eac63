"""All that is found on one page, field by field, each with its evidence.

In: a Page, what is known of the site. Out: Findings, from which the Article is written and from which profiles learn.
Must not know: notices, how an Article is laid out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from newscrawler.extraction.authors import find_authors, find_editor
from newscrawler.extraction.body import Body, find_body
from newscrawler.extraction.found import NO_HINTS, Found, Hints
from newscrawler.extraction.kind import is_article
from newscrawler.extraction.language import find_language
from newscrawler.extraction.metadata import Metadata, read_metadata
from newscrawler.extraction.page import Page
from newscrawler.extraction.source import find_source, find_source_url
from newscrawler.extraction.surroundings import surround
from newscrawler.extraction.timestamp import Timing
from newscrawler.extraction.title import find_title


@dataclass(frozen=True, slots=True)
class Findings:
    """What one article's page holds."""

    page: Page
    metadata: Metadata
    body: list[int]
    """Indices of the article's blocks, notices among them still in."""
    title: Found | None
    published: Found | None
    modified: Found | None
    source: Found | None
    source_url: Found | None
    authors: list[Found]
    editor: Found | None
    language: Found | None
    declared: list[str]
    """Every moment the page declares, as written."""


def find_all(
    page: Page,
    hints: Hints = NO_HINTS,
    settle: Callable[[list[int]], list[int]] = list,
    known_source: Callable[[], Found | None] = lambda: None,
) -> Findings | None:
    """Return what `page` holds, or None where it is no article.

    settle: the profile's word on which blocks are the body's. known_source: its word on the source.
    """
    metadata = read_metadata(page)
    title = find_title(page, metadata, hints)
    body = find_body(page, title.value if title else page.title_tag or "")
    if not is_article(page, body):
        return None
    blocks = settle(body.chosen)
    if not blocks:
        return None
    place = surround(page, title, range(blocks[0], blocks[-1] + 1))
    language = find_language(page, metadata, " ".join(page.blocks[at].text for at in blocks[:40]))
    timing = Timing(page, metadata, place, language.value if language else None, hints)
    published = timing.published()
    source = known_source() or find_source(page, metadata, place, hints)
    return Findings(
        page=page,
        metadata=metadata,
        body=blocks,
        title=title,
        published=published,
        modified=timing.modified(published),
        source=source,
        source_url=find_source_url(page, metadata, source),
        authors=find_authors(page, metadata, place, hints),
        editor=find_editor(page, metadata, place),
        language=language,
        declared=[stated.value for name in ("published", "modified") for stated in metadata.of(name)],
    )


__all__ = ["Body", "Findings", "find_all"]
