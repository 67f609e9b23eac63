"""Who is responsible for the article as its editor.

In: a Page's declarations and the lines about the article. Out: a name as printed.
Must not know: any site; who wrote the article.
"""

from __future__ import annotations

import re

import re2

from newscrawler.extraction.bylines import COLON, LONGEST_BYLINE, NEXT_LABEL
from newscrawler.extraction.found import Found
from newscrawler.extraction.metadata import Metadata
from newscrawler.extraction.page import Block
from newscrawler.extraction.person_names import is_person
from newscrawler.extraction.surroundings import Surroundings
from newscrawler.extraction.vocabulary import any_of, read_table

_LINE_END = 60
"""Characters at a paragraph's end in which its editor may stand."""

_TABLE: dict[str, list[str]] = read_table("bylines")
_CJK = "\u3400-\u9fff"
_EDITED = re2.compile(f"(?i){any_of(_TABLE['responsible'] + _TABLE['editor'])}")
_EDITORS = tuple(
    re.compile(
        rf"(?:{any_of(labels)})\s?[:：/／丨|︱｜]\s?(?P<name>[{_CJK}·]{{2,4}}[\w.]{{0,10}}"
        rf"|[^\W\d][^\s\d:：|｜）)\]】,，;；]*(?: [^\W\d_][^\s\d:：|｜）)\]】,，;；]*){{0,3}})",
        re.IGNORECASE,
    )
    for labels in (_TABLE["responsible"], _TABLE["editor"])
)
"""The responsible editor before any other."""


def find_editor(metadata: Metadata, place: Surroundings) -> Found | None:
    """Return the responsible editor, or None where none is named; an empty label names nobody."""
    read = ((block, _readable(block, place)) for block in (*place.tail, *place.head))
    lines = [(block, text) for block, text in read if COLON.search(text)]
    for label in _EDITORS if _EDITED.search("\n".join(text for _, text in lines)) else ():
        for block, text in lines:
            match = label.search(text)
            name = match["name"].strip(" .·") if match else ""
            if match and len(name) > 1 and not NEXT_LABEL.match(name):
                whole = len(match[0]) * 2 > len(block.text)
                return Found(name, match[0].strip(), "editor's line", (block.index,) if whole else (), block.path)
    stated = metadata.first("editor")
    return Found(stated.value, stated.value, stated.evidence) if stated and is_person(stated.value, set()) else None


def _readable(block: Block, place: Surroundings) -> str:
    """Return the beginning of a line, or the end of a paragraph."""
    in_body = place.body.start <= block.index < place.body.stop
    return block.text[-_LINE_END:] if in_body else block.text[:LONGEST_BYLINE]
