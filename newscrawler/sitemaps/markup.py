"""Text with markup to elements, a piece at a time, however broken the markup.

In: pieces of text. Out: elements as they open and close, each with the text that follows. Must not know: what they mean.
Declarations are never obeyed: an entity someone declares stays as it is written, so it cannot grow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape

from newscrawler.sitemaps.entries import SitemapReport

Element = tuple[str, str, str, str, str, str]
"""("/" where it closes, prefix with its colon, name, attributes, text up to the next element, its own end if that is next)."""

ELEMENT = re.compile(r"<(/?+)([A-Za-z_][\w.-]*+:)?+([A-Za-z_][\w.-]*+)([^<>]*+)>([^<]*+)(</\2?\3\s*>)?")
ATTRIBUTE = re.compile(r"""([\w:.-]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++))""")
REFERENCE = re.compile(r"&(#x?+[0-9A-Fa-f]{1,8}+|[A-Za-z][A-Za-z0-9]{0,31}+);")
"""Only with its semicolon: `?a=1&copy=2` in an address is no ©."""

ENTITY = re.compile(r"<!ENTITY\s", re.I)
NESTED_ENTITY = re.compile(r"""<!ENTITY\s[^<>"']{0,200}["'][^"'<>]{0,10000}&[\w#]""", re.I)

LONGEST = 1 << 20
"""Characters that one unclosed comment, CDATA section or tag is waited for; then it counts as junk."""

NEAR = 10_000
"""Characters within which a piece is cut before an opening tag, so that an element and its end stay together."""

SECTIONS = (("<!--", "-->"), ("<![CDATA[", "]]>"))


def elements(pieces: Iterable[str], report: SitemapReport) -> Iterator[list[Element]]:
    """Yield the elements of each piece. Text that the stream breaks off in is none: half an address is another address."""
    rest = ""
    for piece in pieces:
        text, rest = without_sections(rest + piece, report)
        cut = last_opening(text)
        if len(text) - cut > LONGEST:
            report.skip("overlong")
            cut = len(text)
        rest = text[cut:] + rest
        yield ELEMENT.findall(text, 0, cut)
    yield unbroken(ELEMENT.findall(rest), rest)


def unbroken(found: list[Element], text: str) -> list[Element]:
    """Return the elements of the last `text` without the text that its end breaks off."""
    if found and not found[-1][5] and text.endswith(found[-1][4]):
        found[-1] = (*found[-1][:4], "", "")
    return found


def last_opening(text: str) -> int:
    """Return where the last opening tag of `text` starts, or its last tag if there is none near: what follows is not whole."""
    cut = text.rfind("<")
    while cut > 0 and not text[cut + 1 : cut + 2].isalpha() and len(text) - cut < NEAR:
        cut = text.rfind("<", 0, cut)
    return max(cut, 0)


def without_sections(text: str, report: SitemapReport) -> tuple[str, str]:
    """Return `text` with comments and the DOCTYPE gone and CDATA as escaped text, and what of it waits for its end."""
    start = text.find("<!")
    if start < 0:
        return text, ""
    parts = [text[:start]]
    while start >= 0:
        end = end_of_section(text, start)
        if end < 0:
            return "".join(parts), waiting(text[start:], report)
        parts.append(section_text(text[start:end], report))
        start = text.find("<!", end)
        parts.append(text[end : start if start >= 0 else len(text)])
    return "".join(parts), ""


def end_of_section(text: str, start: int) -> int:
    """Return where the `<!` construct at `start` ends, -1 where that is still to come."""
    for opening, closing in SECTIONS:
        if text.startswith(opening, start):
            end = text.find(closing, start + len(opening))
            return end + len(closing) if end >= 0 else -1
    if len(text) - start < len("<![CDATA["):
        return -1
    subset, end = text.find("[", start), text.find(">", start)
    if 0 <= subset < end or end < 0 <= subset:
        end = text.find("]>", subset)
        return end + 2 if end >= 0 else -1
    return end + 1 if end >= 0 else -1


def section_text(section: str, report: SitemapReport) -> str:
    """Return what stands in the text for a whole `<!` construct."""
    if section.startswith("<![CDATA["):
        return section[9:-3].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if not section.startswith("<!--") and ENTITY.search(section):
        report.lost["entity_bomb" if NESTED_ENTITY.search(section) else "entity_declaration"] = 1
    return ""


def waiting(text: str, report: SitemapReport) -> str:
    """Return an unfinished construct, or nothing of one too long to be meant."""
    if len(text) <= LONGEST:
        return text
    report.skip("overlong")
    return ""


def attributes(text: str) -> dict[str, str]:
    """Return an element's attributes, names in lower case, values unescaped."""
    return {name.lower(): unescaped(a or b or c) for name, a, b, c in ATTRIBUTE.findall(text)}


def unescaped(text: str) -> str:
    """Return `text` with the references that HTML knows resolved; any other stays as it is."""
    return REFERENCE.sub(lambda match: unescape(match[0]), text) if "&" in text else text
