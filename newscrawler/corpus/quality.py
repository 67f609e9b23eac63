"""Numbers to filter by, beside each article: nothing is dropped for them here.

In: an article. Out: a Quality. Must not know: files, releases.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Annotated

import msgspec
from msgspec import Meta
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from newscrawler.items import Article

SAMPLE = 256
"""Bytes of UTF-8 the language is told from: 85 Chinese characters or 40 words; more makes the choice no better, and dear."""

LINK = re.compile(r"(?:https?://|www\.)[\x21-\x7e]{1,2000}", re.I)
MOJIBAKE = re.compile(r"\ufffd|[\x80-\x9f]|锟斤拷|烫烫烫|[ÃÂâ][\x80-\xbf]|ï»¿|â€")
"""What is left where bytes were read in a wrong encoding: replacement characters, C1 controls, UTF-8 read as Latin-1 or GBK."""


class Quality(msgspec.Struct, frozen=True):
    """Measures of the body; shares are 0 to 1, of its characters where nothing else is said."""

    characters: Annotated[int, Meta(description="Length of the body.")]
    lines: Annotated[int, Meta(description="Paragraphs of the body.")]
    language: Annotated[str | None, Meta(description="Language told from title and body; null where there is no letter.")]
    language_confidence: Annotated[float, Meta(description="Probability the detector gives its choice.")]
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
    language, confidence = detect(f"{article.title or ''}\n{body}")
    return Quality(
        characters=length,
        lines=body.count("\n") + 1 if body else 0,
        language=language,
        language_confidence=confidence,
        repeated_lines=share(repeated(body), length),
        links=share(sum(len(match[0]) for match in LINK.finditer(body)), length),
        digits=share(sum(map(str.isdigit, body)), length),
        cut=share(cut, length + cut),
        encoding_trouble=sum(1 for _ in MOJIBAKE.finditer(body)),
    )


def share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def repeated(body: str) -> int:
    """Return the characters in lines that stood in the body before."""
    counts = Counter(line for line in body.split("\n") if line)
    return sum(len(line) * (count - 1) for line, count in counts.items() if count > 1)


def detect(text: str) -> tuple[str | None, float]:
    """Return the language's primary subtag and its probability; (None, 0) for a text without letters."""
    sample = text.encode("utf-8", "replace")[:SAMPLE].decode("utf-8", "ignore")
    if not any(map(str.isalpha, sample)):
        return None, 0.0
    language, probability = identifier().classify(sample)
    return str(language), round(min(1.0, float(probability)), 4)


@cache
def identifier() -> LanguageIdentifier:
    """Return the detector; its model is read once."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
