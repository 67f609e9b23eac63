"""What stands in an article's element, or right below it, and is no part of its text: notices, the title, fields' lines.

In: a Page, the blocks chosen as the article's, the lines fields were read from. Out: blocks, with the rule that names each.
The account of what was cut names them, whether or not the choice of blocks had left them out already.
Must not know: how blocks are chosen; what the site repeats.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from newscrawler.disclaimers import notice_rule
from newscrawler.extraction.page import HEADINGS, Block, Box, Page
from newscrawler.phrases import line_rule

BEFORE, AFTER = 6, 12
"""Blocks about the text that are looked at: in the saved Chinese pages, notices stand up to 9 blocks below it."""


def find_margins(page: Page, body: Sequence[int], title: str, lines: Collection[int]) -> dict[int, str]:
    """Return the blocks in and beside the text, in its element, that are none of it, and the rule for each."""
    if not body:
        return {}
    own, element = set(body), _element(page.blocks[body[0]], page.blocks[body[-1]])
    margins: dict[int, str] = {}
    for block in page.blocks[max(0, body[0] - BEFORE) : body[-1] + 1 + AFTER]:
        if block.index in own:
            rule = "field line" if block.index in lines else None
        elif block.tag in HEADINGS or not (_is_inside(block.box, element) or follows(block.index, body[-1], margins)):
            rule = None
        else:
            rule = _rule(block, body, title, lines)
        if rule:
            margins[block.index] = rule
    return margins


def follows(index: int, last: int, margins: Collection[int]) -> bool:
    """Whether nothing but notices stands between the text's last block and this one, whatever elements they are in."""
    return index > last and (index - 1 == last or index - 1 in margins)


def _rule(block: Block, body: Sequence[int], title: str, lines: Collection[int]) -> str | None:
    if block.index in lines:
        return "field line"
    if block.text == title:
        return "title"
    if body[0] < block.index < body[-1]:
        found = line_rule(block.text)
        return found.rule if found and found.where == "any" else None
    return notice_rule(block.text, "head" if block.index < body[0] else "tail")


def _element(first: Block, last: Block) -> Box:
    """Return the innermost element that holds both; of a paragraph alone, the one around it."""
    above = {id(box) for box in _chain(first.box)}
    shared = next(box for box in _chain(last.box) if id(box) in above)
    return shared.parent if shared.parent and shared.tag in ("p", "li", "blockquote") else shared


def _is_inside(box: Box, element: Box) -> bool:
    return any(above is element for above in _chain(box))


def _chain(box: Box | None) -> list[Box]:
    chain = []
    while box is not None:
        chain.append(box)
        box = box.parent
    return chain
