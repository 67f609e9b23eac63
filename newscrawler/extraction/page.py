"""A page as the rest of extraction sees it: its blocks of text in reading order, and what it declares about itself.

In: what walk.py meets in the markup. Out: a Page, from which every field and the body are found.
Must not know: what any of it means; that is the work of the modules that read the Page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lxml import etree

from newscrawler.extraction.looks import Look, look_of

MAX_STEPS = 24
"""Deepest element named in a path; deeper ones share their ancestor's, so that paths stay linear in the page."""

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


class Link(NamedTuple):
    """A <link> of the page: `rel` lower-cased, `href` as given."""

    rel: str
    href: str
    hreflang: str
    type: str


class Box:
    """A block-level element that holds text, itself or below it: the page's blocks from `start` up to `end`.

    What its attributes say is read when it is first asked for: of most of a page's boxes it never is.
    """

    __slots__ = ("above", "depth", "element", "end", "hidden", "index", "look", "parent", "path", "start", "tag", "unread")

    look: Look
    hidden: bool
    """Whether the markup hides it, or a box around it."""
    above: int
    """Hints of the elements around it, as bits; <html> and <body> say nothing."""
    path: str

    def __init__(self, element: etree._Element, parent: Box | None, index: int, start: int) -> None:
        self.element, self.parent, self.index, self.start, self.end = element, parent, index, start, start
        self.tag: str = element.tag
        self.depth: int = parent.depth + 1 if parent else 0
        self.unread = True

    def __getattr__(self, name: str) -> Any:
        """Return what is unknown until the attributes of this element, and those of all around it, are read."""
        if not self.unread:
            raise AttributeError(name)
        unread: list[Box] = []
        box: Box | None = self
        while box and box.unread:
            unread.append(box)
            box = box.parent
        for box in reversed(unread):
            box.read()
        return getattr(self, name)

    def read(self) -> None:
        """Read its attributes, those of the boxes around it being read."""
        element, parent = self.element, self.parent
        self.unread = False
        self.look = look = look_of(self.tag, element.get)
        if parent is None:
            self.above, self.path, self.hidden = 0, look.step, look.hidden
            return
        self.hidden = parent.hidden or look.hidden or element.get("hidden") is not None
        self.above = parent.above | parent.look.hints if self.depth > 2 else 0
        self.path = parent.path if self.depth > MAX_STEPS else f"{parent.path}>{look.step}"


class Block:
    """A run of visible text that no block-level tag and no <br> divides, white space folded; never empty."""

    __slots__ = ("box", "broken", "index", "link_chars", "links", "media", "strong_chars", "text")

    def __init__(self, index: int, text: str, box: Box, broken: bool) -> None:
        self.index, self.text, self.box = index, text, box
        self.broken = broken
        """A <br> stands before it in its element."""
        self.media = 0
        """Images, videos and frames that stand before it in the page."""
        self.links = self.link_chars = self.strong_chars = 0

    @property
    def tag(self) -> str:
        """Nearest block-level element's tag."""
        return self.box.tag

    @property
    def element(self) -> etree._Element:
        """Nearest block-level element."""
        return self.box.element

    @property
    def path(self) -> str:
        """Where it stands in the template, e.g. "html>body>div.main>article>p"; the same on every page of one template."""
        return self.box.path

    @property
    def hidden(self) -> bool:
        """Whether the page's own markup (not its style sheet) hides it."""
        return self.box.hidden

    def __repr__(self) -> str:
        return f"Block({self.index}, {self.path}, {self.text!r})"


@dataclass(slots=True)
class Page:
    """What one walk of the page collects, in document order."""

    url: str
    root: etree._Element | None = None
    blocks: list[Block] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    """Block-level elements that hold a block, itself or below; parents before children."""
    metas: list[tuple[str, str]] = field(default_factory=list)
    """(name, content) of each <meta>; name is its property, name, itemprop or http-equiv in lower case."""
    links: list[Link] = field(default_factory=list)
    json_ld: list[str] = field(default_factory=list)
    """Texts of the application/ld+json scripts, unparsed."""
    times: list[etree._Element] = field(default_factory=list)
    itemprops: list[etree._Element] = field(default_factory=list)
    """Elements with itemprop, <meta itemprop> included."""
    title_tag: str | None = None
    lang: str | None = None

    @property
    def headings(self) -> list[Block]:
        """Blocks that stand in h1 to h6."""
        return [block for block in self.blocks if block.tag in HEADINGS]


def fold(text: str) -> str:
    """Return `text` with each run of white space as one space, none at its ends."""
    return " ".join(text.split())


def shown_text(element: etree._Element) -> str:
    """Return the text of an element and all below it, folded."""
    return fold("".join(map(str, element.itertext())))
