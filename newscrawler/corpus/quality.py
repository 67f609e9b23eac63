"""Numbers to filter by, beside each article: nothing is dropped for them here.

In: an article. Out: a Quality. Must not know: files, releases.
"""

from __future__ import annotations

import re
from typing import Annotated

import msgspec
from msgspec import Meta

from newscrawler.corpus.language import tell
from newscrawler.items import Article

LINK = re.compile(r"(?:https?://|www\.)[\x21-\x7e]{1,2000}", re.I)
LINK_SIGNS = ("://", "www.", "WWW.")
"""What any link has; to look for them is twenty times as quick as to look for links."""

DIGITS = re.compile(r"\d+")
MOJIBAKE = re.compile(
    "[\ufffd\x80-\x9f锟烫ÃÂâï](?:(?<=[\ufffd\x80-\x9f])|(?<=锟)斤拷|(?<=烫)烫烫|(?<=[ÃÂâ])[\x80-\xbf]|(?<=ï)»¿|(?<=â)€)"
)
"""What is left where bytes were read in a wrong encoding: replacement characters, C1 controls, UTF-8 read as Latin-1 or GBK.
It begins with a set, which `re` searches for at the speed of a set."""


class Quality(msgspec.Struct, frozen=True):
    """Measures of the body; shares are 0 to 1, of its characters where nothing else is said."""

    characters: Annotated[int, Meta(description="Length of the body.")]
    lines: Annotated[int, Meta(description="Paragraphs of the body.")]
    language: Annotated[str | None, Meta(description="Language told from title and body; null where there is no letter.")]
    language_confidence: Annotated[
        float, Meta(description="Share of the letters in the language's script, times the probability among its languages.")
    ]
    script: Annotated[str | None, Meta(description="Hans or Hant for Chinese that shows which it is, else null.")]
    repeated_lines: Annotated[float, Meta(description="Share of the characters in lines that stood before in the body.")]
    links: Annotated[float, Meta(description="Share of the characters in written-out addresses.")]
    digits: Annotated[float, Meta(description="Share of the characters that are digits.")]
    cut: Annotated[float, Meta(description="Share of the text before cleaning that was cut as boilerplate.")]
    encoding_trouble: Annotated[int, Meta(description="Places that look decoded with a wrong encoding.")]


def measure(article: Article) -> Quality:
    """Return the measures of an article; an empty body has shares of 0."""
    body = article.body
    length = len(body)
    cut = sum(len(removal.text) for removal in article.removed)
    told = tell(f"{article.title or ''}\n{body}")
    return Quality(
        characters=length,
        lines=body.count("\n") + 1 if body else 0,
        language=told.language,
        language_confidence=told.confidence,
        script=told.script,
        repeated_lines=share(repeated(body), length),
        links=share(covered(LINK, body), length) if any(sign in body for sign in LINK_SIGNS) else 0.0,
        digits=share(covered(DIGITS, body), length),
        cut=share(cut, length + cut),
        encoding_trouble=0 if body.isascii() else len(MOJIBAKE.findall(body)),
    )


def share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def covered(pattern: re.Pattern[str], text: str) -> int:
    """Return the characters that the pattern's matches cover."""
    return sum(map(len, pattern.findall(text)))


def repeated(body: str) -> int:
    """Return the characters in lines that stood in the body before."""
    lines = body.split("\n")
    return sum(map(len, lines)) - sum(map(len, set(lines)))
