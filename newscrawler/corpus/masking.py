"""E-mail addresses and phone numbers in articles, masked on request, with an account.

In: an article. Out: the article with masks, how many of each kind. Must not know: files, releases.
Names, addresses of streets and numbers of identity cards are not looked for: the card says so.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from newscrawler.items import Article, Removal, content_hash

EMAIL = re.compile(
    r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9_][A-Za-z0-9_.+-]{0,63}@[A-Za-z0-9][A-Za-z0-9-]{0,62}(?:\.[A-Za-z0-9-]{1,63}){1,6}"
)
PHONE = re.compile(
    r"(?<![\w.,:/-])(?:"
    r"\+\d{1,3}(?:[ \-.]?\(?\d{1,4}\)?){2,5}"  # +49 30 1234567
    r"|1[3-9]\d[ -]?\d{4}[ -]?\d{4}"  # Chinese mobile
    r"|\(?0\d{1,4}\)?[ -]\d{2,4}[ -]?\d{4}"  # trunk prefix: 010-12345678, 03-1234-5678
    r"|[48]00[ -]\d{3,4}[ -]\d{3,4}"  # service numbers
    r"|\(\d{3}\) ?\d{3}-\d{4}"  # North America
    r")(?![\w/-]|[.,:]\d)",
    re.ASCII,
)
MASKS = (("email", EMAIL, "<EMAIL>"), ("phone", PHONE, "<PHONE>"))


def mask_text(text: str) -> tuple[str, Counter[str]]:
    """Return `text` with masks, and kind -> masked places."""
    counts: Counter[str] = Counter()
    for kind, pattern, mask in MASKS:
        text, counts[kind] = pattern.subn(mask, text)
    return text, +counts


def mask(article: Article) -> tuple[Article, dict[str, int]]:
    """Return the article with title, body and cuts masked, and kind -> masked places; itself where there are none.

    A cut keeps its rule; its position counts in the masked body as it did before, as near as the masks leave it.
    """
    title, in_title = mask_text(article.title or "")
    body, counts = mask_text(article.body)
    counts += in_title
    removed = []
    for removal in article.removed:
        text, found = mask_text(removal.text)
        position = len(mask_text(article.body[: removal.position])[0]) if counts else removal.position
        removed.append(Removal(rule=removal.rule, text=text, position=position))
        counts += found
    if not counts:
        return article, {}
    masked = replace(article, title=title if article.title else None, body=body, removed=removed)
    masked.content_hash = content_hash(masked)
    return masked, dict(sorted(counts.items()))
