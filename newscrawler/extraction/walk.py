"""One parse and one walk of a page.

In: decoded HTML and its address. Out: a Page. Must not know: what any of it means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from newscrawler.extraction.looks import is_unseen
from newscrawler.extraction.page import Block, Box, Link, Page, fold

MAX_LENGTH = 16 * 1024 * 1024
"""Characters, or bytes, read of one page; the longest news page of 1,432 saved ones has 3 million."""

MAX_TAGS = 200_000
"""Tags read of one page, opening and closing: parsed they take some 50 MB; the largest of those pages has 14,000."""

MAX_BLOCKS = 20_000
"""Blocks looked at, the first ones; each costs some 30 microseconds and a kilobyte, and an article has some hundreds."""

MAX_DEPTH = 256
"""Deepest box; what nests deeper stands in the last one, so that going up from a block takes bounded time."""

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

_ITEMPROPS = etree.XPath("//@itemprop/..")
"""Along attributes, since a predicate on every element takes three times as long."""

_ENDS = re.compile(rb"</(?:[bB][oO][dD][yY]|[hH][tT][mM][lL])\s*>")  # a flag for case would take twice the time
"""libxml2 reads nothing after </html>, and templates close it too soon; without these end tags all stands in the body."""


def read_page(html: str | bytes, url: str) -> Page:
    """Return the Page of `html`; one without blocks where there is no markup to read. Never raises.

    html: its text, or that in UTF-8.
    """
    page = Page(url)
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, collect_ids=False)
    text = html if isinstance(html, bytes) else html[:MAX_LENGTH].encode("utf-8", "ignore")
    try:
        page.root = etree.fromstring(bounded(_ENDS.sub(b"", text[:MAX_LENGTH]).replace(b"\0", b"")), parser)
    except etree.LxmlError:
        return page
    if page.root is not None:
        page.lang = page.root.get("lang") or page.root.get("xml:lang")
        page.times = list(page.root.iter("time"))
        page.itemprops = _ITEMPROPS(page.root) if b"itemprop" in text or b"itemProp" in text else []  # type: ignore[assignment]
        _Walk(page).run(page.root)
    return page


def bounded(html: bytes) -> bytes:
    """Return as much of `html` as holds MAX_TAGS tags."""
    if len(html) < 3 * MAX_TAGS or html.count(b"<") <= MAX_TAGS:
        return html
    return html[: -len(html.split(b"<", MAX_TAGS)[-1])]


def is_hidden(element: etree._Element) -> bool:
    """Whether the markup itself keeps a phrase from the eye."""
    if not element.keys():
        return False
    name, style = element.get("class"), element.get("style")
    return bool((name and is_unseen(name)) or (style and is_unseen(style)))


class _Walk:
    """The state of one walk: the open block-level elements, and the text since the last boundary between blocks."""

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
        """Visit every element once, without recursion, since pages nest deeper than Python does."""
        above: list[tuple[Iterator[etree._Element], etree._Element, int]] = []
        siblings = iter((root,))
        kind_of, text = KINDS.get, self.text
        while True:
            for element in siblings:
                kind = kind_of(element.tag, BLOCK)
                if kind == BLOCK:
                    if text:
                        self.flush()
                    self.open.append(element)
                    self.boxes.append(None)
                elif kind != INLINE:
                    self.start(kind, element)
                if kind < SKIPPED and (kind != INLINE or not is_hidden(element)):
                    piece = element.text
                    if piece and (text or not piece.isspace()):
                        self.take(piece)
                    if len(element):
                        above.append((siblings, element, kind))
                        siblings = iter(element)
                        break
                self.leave(element, kind)
            else:
                if not above:
                    return
                siblings, element, kind = above.pop()
                self.leave(element, kind)

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

    def leave(self, element: etree._Element, kind: int) -> None:
        """Take note that an element closes, and of the text behind it."""
        if kind == BLOCK:
            if self.text:
                self.flush()
            self.open.pop()
            box = self.boxes.pop()
            if box:
                box.end = len(self.page.blocks)
        elif kind == LINK:
            self.in_link -= 1
        elif kind == STRONG:
            self.in_strong -= 1
        piece = element.tail
        if piece and (self.text or not piece.isspace()):
            self.take(piece)

    def take(self, piece: str) -> None:
        """Add to the text that is being gathered."""
        self.text.append(piece)
        if self.in_link:
            self.linked.append(piece)
        if self.in_strong:
            self.strong.append(piece)

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
            if box is None or box.depth < MAX_DEPTH:
                box = Box(self.open[position], box, len(self.page.boxes), len(self.page.blocks))
                self.page.boxes.append(box)
            boxes[position] = box
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
