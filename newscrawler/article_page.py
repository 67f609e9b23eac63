"""One page and what was read from it, side by side: how a person finds out why.

In: a page's HTML, its Article or None. Out: one self-contained HTML page. Must not know: how anything was found.
"""

from __future__ import annotations

from collections.abc import Iterator

from newscrawler.extraction.walk import read_page
from newscrawler.items import Article
from newscrawler.markup import document, link, text

KINDS = {
    "title": "title",
    "time": "time",
    "source": "source",
    "cut": "cut from the body",
    "body": "body",
}
"""Class of a marked block -> what the legend calls it. A block has the first that fits."""

FIELDS = ("title", "timestamp", "source", "authors", "editor", "language", "section", "tags", "image", "canonical_url")


def article_page(html: str, url: str, article: Article | None) -> str:
    """Return the page: the blocks as they were saved, marked, beside the Article's fields, body and cuts."""
    title = (article.title if article else None) or url
    legend = "".join(f'<li class="{kind}">{label}</li>' for kind, label in KINDS.items())
    read = fields(article) + body(article) if article else "<p>No article was found on this page.</p>"
    return document(
        title,
        f'<h1>{text(title)}</h1><p>{link(url)}</p><ul class="legend">{legend}</ul><div class="pair">'
        f"<section><h2>The page</h2>{''.join(marked(html, url, article))}</section>"
        f"<section><h2>What was read</h2>{read}</section></div>",
    )


def marked(html: str, url: str, article: Article | None) -> Iterator[str]:
    """Yield every block of visible text, marked with what became of it."""
    found = texts_of(article) if article else {}
    for block in read_page(html, url).blocks:
        kind = next((kind for kind in KINDS if holds(block.text, kind, found.get(kind, ""))), None)
        label = f'<span class="unseen">{KINDS[kind]}: </span>' if kind else ""
        yield f'<p class="block {kind or "dim"}">{label}{text(block.text)}</p>'


SURE = 12
"""Characters from which a block that is part of a text is of it; a shorter one, as a site's name, must be a whole line."""


def texts_of(article: Article) -> dict[str, str]:
    return {
        "title": folded(article.title or ""),
        "time": folded(article.timestamp_raw or ""),
        "source": folded(article.source_raw or ""),
        "cut": folded("\n".join(removal.text for removal in article.removed)),
        "body": folded(article.body),
    }


def folded(value: str) -> str:
    """Return the lines with white space folded, as in blocks; one stands before the first line and after the last."""
    return "\n".join(("", *(" ".join(line.split()) for line in value.splitlines()), ""))


def holds(block: str, kind: str, found: str) -> bool:
    """Is the block part of a text of this kind, or, where the text is a line's, does it hold it?"""
    inside = f"\n{block}\n" in found or (len(block) >= SURE and block in found)
    return inside or (kind in ("time", "source") and bool(found.strip()) and found.strip() in block)


def fields(article: Article) -> str:
    """Return each field that has a value, and where it was found."""
    rows = []
    for name in FIELDS:
        value = getattr(article, name)
        shown = text(", ".join(value) if isinstance(value, list) else value) if value else '<span class="dim">none</span>'
        why = article.evidence.get(name)
        rows.append(f'<tr><th scope="row">{name}</th><td>{shown}{f"<br/><small>{text(why)}</small>" if why else ""}</td></tr>')
    return f"<table>{''.join(rows)}</table>"


def body(article: Article) -> str:
    """Return the body with the cuts where they stood."""
    pieces, position = [], 0
    for removal in article.removed:
        pieces.append(text(article.body[position : removal.position]))
        pieces.append(f"<del>{text(removal.text)}</del><small> {text(removal.rule)} </small>")
        position = removal.position
    return f'<h2>Body</h2><div class="text">{"".join(pieces)}{text(article.body[position:])}</div>'
