"""One parse and one walk of a page: its blocks of text in reading order, and what it declares about itself.

In: decoded HTML and its address. Out: a Page, from which every field and the body are found.
Must not know: what any of it means; that is the work of the modules that read the Page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

MAX_LENGTH = 16 * 1024 * 1024
"""Characters read of one page; the longest news page of 1,432 saved ones has 3 million."""

MAX_TAGS = 200_000
"""Tags read of one page, opening and closing: parsed they take some 50 MB; the largest of those pages has 14,000."""

MAX_BLOCKS = 20_000
"""Blocks looked at, the first ones; each costs some 30 microseconds and a kilobyte, and an article has some hundreds."""

LONGEST_ATTRIBUTE, LONGEST_STEP = 1_000, 100
"""Characters of an attribute, and of a class in a path: both are remembered from page to page, and styles may hold pictures."""

MAX_STEPS = 24
"""Deepest element named in a path; deeper ones share their ancestor's, so that paths stay linear in the page."""

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

BLOCK, INLINE, LINK, STRONG, BREAK, SKIPPED, MEDIA, DECLARATION = range(8)
_TAGS = {
    INLINE: "abbr acronym bdi bdo big cite code data del dfn em font i ins kbd label mark math meter nobr output q rb"
    " ruby s samp small span strike sub sup time tt u var wbr picture source slot",
    LINK: "a",
    STRONG: "b strong",
    BREAK: "br",
    SKIPPED: "style noscript template svg canvas select textarea datalist map rp rt",
    MEDIA: "img video iframe audio embed object",
    DECLARATION: "meta link title script base",
}
KINDS = {tag: kind for kind, tags in _TAGS.items() for tag in tags.split()}
"""What each tag does to the text; a tag that is not here is a block of its own."""

_UNSEEN = re.compile(r"\b(?:sr-only|visually-?hidden|screen-reader(?:-text)?|u-hidden)\b|display:\s*none|visibility:\s*hidden")
"""Classes and styles by which common frameworks (Bootstrap, WordPress, Drupal) hide text from the eye."""

_ITEMPROPS = etree.XPath("//@itemprop/..")
"""Along attributes, since a predicate on every element takes three times as long."""

_ENDS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
"""libxml2 reads nothing after </html>, and templates close it too soon; without these end tags all stands in the body."""

_DIGITS = re.compile(r"\d+")


class Link(NamedTuple):
    """A <link> of the page: `rel` lower-cased, `href` as given."""

    rel: str
    href: str
    hreflang: str
    type: str


class Look(NamedTuple):
    """What an element's tag and attributes say of it."""

    step: str
    """How the template names it: its tag and first class, else its id, each run of digits as one 0."""
    names: str
    """Its classes and id, as given."""
    hidden: bool
    """Whether the markup itself (not a style sheet) keeps it from the eye."""


def cut(value: str | None) -> str | None:
    """Return what is looked at of an attribute."""
    return value if value is None or len(value) <= LONGEST_ATTRIBUTE else value[:LONGEST_ATTRIBUTE]


@lru_cache(maxsize=8192)
def read_look(tag: str, name: str | None, identity: str | None, style: str | None) -> Look:
    """Return the Look of an element. Cached, since a page and a site repeat the same few."""
    if not (name or identity or style):
        return Look(tag, "", False)
    names = f"{name or ''} {identity or ''}"
    label = names.split(None, 1)
    step = f"{tag}.{_DIGITS.sub('0', label[0][:LONGEST_STEP])}" if label else tag
    return Look(step, names, is_unseen(names) or (style is not None and is_unseen(style)))


def is_unseen(names: str) -> bool:
    """Whether classes, or a style, keep an element from the eye. Plain strings first: a tenth of the regex's work."""
    seen = "sr-only" not in names and "hidden" not in names and "screen-reader" not in names and "display:" not in names
    return not seen and bool(_UNSEEN.search(names))


class Box:
    """A block-level element that holds text, itself or below it."""

    __slots__ = ("depth", "element", "hidden", "look", "parent", "path", "tag")

    def __init__(self, element: etree._Element, parent: Box | None) -> None:
        self.element, self.parent = element, parent
        get = element.get
        self.tag: str = element.tag
        self.look = look = read_look(self.tag, cut(get("class")), cut(get("id")), cut(get("style")))
        self.hidden = look.hidden or get("hidden") is not None
        if parent is None:
            self.depth, self.path = 0, look.step
            return
        self.hidden = self.hidden or parent.hidden
        self.depth = parent.depth + 1
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


def read_page(html: str, url: str) -> Page:
    """Return the Page of `html`; one without blocks where there is no markup to read. Never raises."""
    page = Page(url)
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        text = bounded(_ENDS.sub("", html[:MAX_LENGTH]).replace("\x00", ""))
        page.root = etree.fromstring(text.encode("utf-8", "ignore"), parser)
    except etree.LxmlError:
        return page
    if page.root is not None:
        page.lang = page.root.get("lang") or page.root.get("xml:lang")
        page.times = list(page.root.iter("time"))
        page.itemprops = _ITEMPROPS(page.root) if "itemprop" in html else []  # type: ignore[assignment]
        _Walk(page).run(page.root)
    return page


def bounded(html: str) -> str:
    """Return as much of `html` as holds MAX_TAGS tags."""
    if len(html) < 3 * MAX_TAGS or html.count("<") <= MAX_TAGS:
        return html
    return html[: -len(html.split("<", MAX_TAGS)[-1])]


def fold(text: str) -> str:
    """Return `text` with each run of white space as one space, none at its ends."""
    return " ".join(text.split())


def shown_text(element: etree._Element) -> str:
    """Return the text of an element and all below it, folded."""
    return fold("".join(map(str, element.itertext())))


def is_hidden(element: etree._Element) -> bool:
    """Whether the markup itself keeps a phrase from the eye."""
    get = element.get
    name, style = get("class"), get("style")
    return bool((name and is_unseen(name)) or (style and is_unseen(style)))


class _Walk:
    """The state of one walk: the open elements, and the text since the last boundary between blocks."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.open: list[etree._Element] = []
        self.boxes: list[Box | None] = []
        self.text: list[str] = []
        self.linked: list[str] = []
        self.strong: list[str] = []
        self.in_link = self.in_strong = self.links = self.media = 0
        self.broken_in: etree._Element | None = None

    def run(self, root: etree._Element) -> None:
        """Visit every element once, at its start and at its end."""
        walker = etree.iterwalk(root, events=("start", "end"))
        kind_of, text = KINDS.get, self.text
        for event, element in walker:
            kind = kind_of(element.tag, BLOCK)
            if kind == BLOCK and text:
                self.flush()
            if event == "start":
                if kind == BLOCK:
                    self.open.append(element)
                    self.boxes.append(None)
                elif kind != INLINE:
                    self.start(kind, element)
                if kind >= SKIPPED or (kind == INLINE and is_hidden(element)):
                    walker.skip_subtree()
                    continue
                piece = element.text
            else:
                if kind == BLOCK:
                    self.open.pop()
                    self.boxes.pop()
                elif kind != INLINE:
                    self.end(kind)
                piece = element.tail
            if piece and (text or not piece.isspace()):
                text.append(piece)
                if self.in_link:
                    self.linked.append(piece)
                if self.in_strong:
                    self.strong.append(piece)

    def start(self, kind: int, element: etree._Element) -> None:
        """Take note of an element that opens and is neither a block nor a mere phrase."""
        if kind == LINK:
            self.in_link += 1
            self.links += 1
        elif kind == STRONG:
            self.in_strong += 1
        elif kind == BREAK:
            if self.text:
                self.flush()
            self.broken_in = self.open[-1]
        elif kind == MEDIA:
            self.media += 1
        elif kind == DECLARATION:
            self.declare(element)

    def end(self, kind: int) -> None:
        """Take note that an element closes which is neither a block nor a mere phrase."""
        if kind == LINK:
            self.in_link -= 1
        elif kind == STRONG:
            self.in_strong -= 1

    def flush(self) -> None:
        """End the block that is being gathered; its text is never white space alone."""
        blocks = self.page.blocks
        if len(blocks) >= MAX_BLOCKS:
            for pieces in (self.text, self.linked, self.strong):
                pieces.clear()
            return
        block = Block(len(blocks), fold("".join(self.text)), self.box(), self.broken_in is self.open[-1])
        blocks.append(block)
        self.text.clear()
        block.media = self.media
        block.links, self.links = self.links, 0
        if self.linked:
            block.link_chars = len(fold("".join(self.linked)))
            self.linked.clear()
        if self.strong:
            block.strong_chars = len(fold("".join(self.strong)))
            self.strong.clear()

    def box(self) -> Box:
        """Return the innermost open element's Box, making those above it that no text asked for yet."""
        boxes = self.boxes
        start = len(boxes)
        while start and boxes[start - 1] is None:
            start -= 1
        box = boxes[start - 1] if start else None
        for position in range(start, len(boxes)):
            box = boxes[position] = Box(self.open[position], box)
            self.page.boxes.append(box)
        assert box is not None, "text stands in <html> at the least"
        return box

    def declare(self, element: etree._Element) -> None:
        """Keep what <meta>, <link>, <title> and JSON-LD say."""
        page, get = self.page, element.get
        if element.tag == "meta":
            name = get("property") or get("name") or get("itemprop") or get("http-equiv")
            if name:
                page.metas.append((name.strip().lower(), (get("content") or "").strip()))
        elif element.tag == "link":
            rel, href = get("rel"), get("href")
            if rel and href:
                page.links.append(Link(rel.strip().lower(), href.strip(), get("hreflang") or "", get("type") or ""))
        elif element.tag == "title":
            page.title_tag = page.title_tag or fold(element.text or "") or None
        elif element.tag == "script" and "ld+json" in (get("type") or "").lower():
            page.json_ld.append(element.text or "")
