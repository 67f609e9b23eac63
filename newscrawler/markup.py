"""A self-contained HTML page from values that may be hostile.

In: values. Out: HTML in which they are only text; a page that loads nothing. Must not know: what the values mean.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from html import escape
from pathlib import Path

STYLE = Path(__file__).with_name("page.css")

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""Content-Security-Policy of our pages: even if escaping failed somewhere, nothing would run or load."""


def text(value: object) -> str:
    """Return `value` as HTML text: escaped, its direction kept inside, what no page may hold shown as U+FFFD."""
    return f"<bdi>{escape(showable(str(value)))}</bdi>"


def showable(value: str) -> str:
    """Return `value` without control characters and lone surrogates; line feeds stay."""
    return "".join("\ufffd" if unicodedata.category(char) in ("Cc", "Cs") and char != "\n" else char for char in value)


def link(address: str, words: str = "") -> str:
    """Return a link to `address`, shown as `words` or itself, or its text alone where it is no web address."""
    if not address.lower().startswith(("http://", "https://")):
        return text(words or address)
    return f'<a href="{escape(showable(address))}" rel="noopener noreferrer">{text(words or address)}</a>'


def document(title: str, body: str) -> str:
    """Return the whole page; `body` is HTML, `title` is not."""
    heading = escape(showable(title))
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"/>'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}"/>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
        '<meta name="color-scheme" content="light dark"/>'
        f"<title>{heading}</title><style>{style()}</style></head><body><main>{body}</main></body></html>\n"
    )


@cache
def style() -> str:
    return STYLE.read_text("utf-8")
