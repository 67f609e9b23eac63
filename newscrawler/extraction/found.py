"""What the finders of fields answer with, and what a site's profile may tell them.

In: nothing. Out: the types. Must not know: how anything is found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo


@dataclass(frozen=True, slots=True)
class Found:
    """One field's value and where it was read.

    raw: the text it was read from. evidence: the place, e.g. "json-ld datePublished", "line beside the title".
    blocks: indices of the page's blocks that say nothing else, for the body to leave out.
    path: where the block stands in the template; None for what is declared in the head.
    """

    value: str
    raw: str
    evidence: str
    blocks: tuple[int, ...] = ()
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known of the site beforehand. All of it may be unknown.

    zone: of its clocks. month_first: how it writes 03/04/2024. names: its own names, never a title's part or a source.
    paths: field -> path of the block where the site's template prints it.
    """

    zone: tzinfo | None = None
    month_first: bool | None = None
    names: tuple[str, ...] = ()
    paths: Mapping[str, str] = field(default_factory=dict)


NO_HINTS = Hints()
