"""Every field but the body, in the order in which they help each other.

In: a Page, what it declares, its headline, the body's span, what is known of the site. Out: the Fields.
Must not know: how any of them is found.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from newscrawler.extraction.authors import find_authors
from newscrawler.extraction.editors import find_editor
from newscrawler.extraction.found import NO_HINTS, Found, Hints
from newscrawler.extraction.language import find_language
from newscrawler.extraction.metadata import Metadata
from newscrawler.extraction.page import Page
from newscrawler.extraction.particulars import find_canonical, find_image, find_license, find_section, find_tags
from newscrawler.extraction.source import find_source, find_source_url, own_names
from newscrawler.extraction.surroundings import surround
from newscrawler.extraction.timestamp import Timing

_SAMPLE_BLOCKS = 8
"""Blocks of the body by which its language is told."""


@dataclass(slots=True)
class Fields:
    """What a page says of its article. None, or an empty list, where it says nothing."""

    title: Found | None = None
    timestamp: Found | None = None
    modified: Found | None = None
    source: Found | None = None
    source_url: Found | None = None
    authors: list[Found] = field(default_factory=list)
    editor: Found | None = None
    language: Found | None = None
    section: Found | None = None
    tags: list[str] = field(default_factory=list)
    image: Found | None = None
    canonical: Found | None = None
    license: Found | None = None
    opt_out: list[str] = field(default_factory=list)

    def one(self) -> dict[str, Found]:
        """Return the single-valued fields that were found, the first author among them."""
        names = (
            "title",
            "timestamp",
            "modified",
            "source",
            "source_url",
            "editor",
            "language",
            "section",
            "image",
            "canonical",
        )
        found = {name: getattr(self, name) for name in (*names, "license")} | {"authors": next(iter(self.authors), None)}
        return {name: value for name, value in found.items() if value}

    def evidence(self) -> dict[str, str]:
        """Return field -> where it was found."""
        return {name: found.evidence for name, found in self.one().items()}

    def lines(self) -> frozenset[int]:
        """Return the indices of the blocks that say nothing but a field, for the body to leave out."""
        return frozenset(index for found in (*self.one().values(), *self.authors) for index in found.blocks)


def find_fields(
    page: Page, metadata: Metadata, title: Found | None, body: range | None = None, hints: Hints = NO_HINTS
) -> Fields:
    """Return all fields of the page's article.

    body: indices of the first block of its text and the one after its last; guessed where None.
    """
    place, own = surround(page, title, body), own_names(page, metadata, hints)
    blocks = page.blocks[place.body.start : place.body.stop][:_SAMPLE_BLOCKS]
    language = find_language(page, metadata, " ".join(block.text for block in blocks) or (title.value if title else ""))
    timing = Timing(page, metadata, place, language.value if language else None, hints)
    published, source = timing.published(), find_source(page, metadata, place, own, hints)
    editor = find_editor(metadata, place)
    return Fields(
        title=title,
        timestamp=published,
        modified=timing.modified(published),
        source=source,
        source_url=find_source_url(page, metadata, source),
        authors=find_authors(page, metadata, place, own, editor.value if editor else None),
        editor=editor,
        language=language,
        section=find_section(page, metadata, title),
        tags=find_tags(metadata),
        image=find_image(page, metadata),
        canonical=find_canonical(page, metadata),
        license=find_license(metadata),
        opt_out=metadata.opt_out,
    )
