"""Who wrote the article.

In: a Page, what it declares, the lines about the article. Out: names of persons as printed.
Must not know: any site or publisher by name; the grammar of bylines and of names.

Declared persons count most; the site's own name, an address or a user's handle in their place does not, nor does whom the page
prints as the editor, or nowhere while its byline names another. Where the page declares nobody, its byline tells: "By A and B",
"作者：A B", "（记者 A）".
"""

from __future__ import annotations

from newscrawler.extraction.bylines import LONGEST_BYLINE, byline, labelled_byline, name_beside_the_day, name_lines, reporters
from newscrawler.extraction.found import Found
from newscrawler.extraction.likeness import compact
from newscrawler.extraction.metadata import Metadata
from newscrawler.extraction.page import Page
from newscrawler.extraction.person_names import CJK_NAME, is_person, split_names
from newscrawler.extraction.surroundings import Surroundings

MOST_AUTHORS = 12
"""Names; a longer list is a menu of contributors."""


def find_authors(page: Page, metadata: Metadata, place: Surroundings, own: set[str], editor: str | None = None) -> list[Found]:
    """Return the writers, one name each, in printed order; empty where the page names no person.

    own: the keys of the site's names. editor: whom the page prints as its editor.
    """
    declared = _declared(metadata, own)
    if not declared or declared[0].value == editor or _is_poster(declared[0]):
        found = byline(place, own) or [*reporters(page, place, own)] or declared
        found = found or [*name_beside_the_day(place, own)]
    else:
        found = _printed_instead(declared, place, own) or declared
    found = _with_others(found, place, own)
    return list({compact(name.value): name for name in found}.values())[:MOST_AUTHORS]


def _is_poster(declared: Found) -> bool:
    """Whether a declared name may be that of whoever put the page up: a meta author in ideographs often is."""
    return declared.evidence == "meta author" and bool(CJK_NAME.match(declared.value))


def _printed_instead(declared: list[Found], place: Surroundings, own: set[str]) -> list[Found]:
    """Return whom a labelled line above the text names, where no line about it names any who are declared."""
    lines = "\n".join(block.text for block in place.lines).casefold()
    if any(found.value.casefold() in lines for found in declared):
        return []
    words = {word for found in declared for word in found.value.casefold().split()}
    return [found for found in labelled_byline(place, own) if words.isdisjoint(found.value.casefold().split())]


def _with_others(found: list[Found], place: Surroundings, own: set[str]) -> list[Found]:
    """Return with a single writer the others whom the byline names, a line each."""
    printed = name_lines(place, own) if len(found) == 1 else []
    return printed if any(compact(name.value) == compact(found[0].value) for name in printed) else found


def _declared(metadata: Metadata, own: set[str]) -> list[Found]:
    """Return the persons of the first kind of declaration that has any."""
    by_kind: dict[str, list[Found]] = {}
    for value, evidence in metadata.of("author"):
        if "://" in value or "@" in value or len(value) > LONGEST_BYLINE:
            continue
        if evidence == "meta citation_author":  # "Doe, Jane", as libraries write
            value = " ".join(part.strip() for part in value.split(",")[::-1])
        for name in split_names(value):
            if is_person(name, own):
                by_kind.setdefault(evidence, []).append(Found(name, value, evidence))
    return next(iter(by_kind.values()), [])
