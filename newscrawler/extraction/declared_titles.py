"""The titles that a page declares, each with and without what is not the headline's: the site's name, a section, a series.

In: a Page and what it declares, the site's names. Out: each wording, in the order of the declarations.
Must not know: what the page prints; which of the titles is the headline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from newscrawler.extraction.likeness import compact, name_key
from newscrawler.extraction.metadata import Metadata, Stated
from newscrawler.extraction.page import Page

LONGEST_TITLE = 220
"""Characters; the longest headline of the saved pages has 190."""

_TRUST = {"json-ld headline": 1.0, "json-ld alternativeHeadline": 0.6, "json-ld name": 0.8, "meta twitter:title": 0.6}
"""How often a declared title is the printed one; 0.9 for every other kind. Second headlines are for search and sharing."""

_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_UNSPACED = re.compile(f"[{_CJK}]")
_CUT, _CUT_BESIDE_QUOTES = (
    re.compile(
        rf"\s+[-–—|·:•/ㅣ{guillemets}]+\s+|\s*[|_｜丨ㅣ{guillemets[:1]}]+\s*|(?<=[{_CJK}）)”】！？。…])\s*[-–—]{{1,2}}\s*"
        r"|\s-(?=\S)|(?<=\S)-\s|[：:](?=\S{2,12}$)"
    )
    for guillemets in ("»«", "")
)
"""What stands between a headline and the site's name in a <title>; guillemets do not where they quote."""

_LOOSE = " :|"
"""What a template leaves at a title's ends where the kicker or the site's name is missing."""

_HEADLESS = re.compile(r"[-_|]+(?=[^\W_])")
"""A site's name behind a headline that the template was not given."""

_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
"""Soft hyphens and joiners that a headline carries for its line breaks."""


class Declared(NamedTuple):
    """A declared title, or the part of one before the site's name; the key is its text without what does not tell."""

    text: str
    key: str
    evidence: str
    whole: bool

    @property
    def trust(self) -> float:
        """How far this kind of declaration is the printed headline, 0 to 1."""
        return _TRUST.get(self.evidence, 0.9)


def site_names(url: str, names: tuple[str, ...]) -> set[str]:
    """Return the keys of the site's names, those of its host among them."""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return {name_key(name) for name in (*names, host, *host.split(".")[:-1])} - {""}


def declared_titles(page: Page, metadata: Metadata, names: set[str]) -> Iterator[Declared]:
    """Yield each declared title, then its parts: without the site's name, up to each cut. No wording comes twice."""
    stated: dict[str, str] = {}
    for value, evidence in (*metadata.of("title"), *([Stated(page.title_tag, "title tag")] if page.title_tag else [])):
        stated.setdefault(value, evidence)
    seen, keys = {""}, {"", *names}
    for value, evidence in stated.items():
        if _HEADLESS.match(value):
            continue
        for n, part in enumerate(_parts(visible(value[:LONGEST_TITLE]), names)):
            if part in seen:
                continue
            seen.add(part)
            if (key := compact(part)) not in keys:
                keys.add(key)
                yield Declared(part, key, evidence, n == 0)


def without_names(text: str, names: set[str]) -> str:
    """Return a title without the site's name at either end."""
    return next(_parts(visible(text), names))


def without_rider(text: str) -> str:
    """Return the longest of the pieces that bars divide: in the others stands a section, a series or what else is offered.

    In unspaced scripts a bar is as good as a colon.
    """
    return text if _UNSPACED.search(text) else max(text.split(" | "), key=len).strip()


def visible(text: str) -> str:
    """Return a text without what no eye sees of it."""
    return text if text.isascii() else text.translate(_INVISIBLE)


def _parts(text: str, names: set[str]) -> Iterator[str]:
    """Yield the title without the site's name at either end, then the runs of its pieces that keep the longest."""
    cut = _CUT_BESIDE_QUOTES if "«" in text and "»" in text else _CUT
    edges = [0, *(edge for match in cut.finditer(text) for edge in match.span()), len(text)]
    starts, ends = edges[::2], edges[1::2]
    first, last = 0, len(starts) - 1
    if last:
        keys = [compact(text[start:end]) for start, end in zip(starts, ends, strict=True)]
        keys = ["" if key in names else key for key in keys]
        longest = max(range(len(keys)), key=lambda at: len(keys[at]))
        while last > longest and not keys[last]:
            last -= 1
        while first < longest and not keys[first]:
            first += 1
    yield text[starts[first] : ends[last]].strip(_LOOSE)
    if last > first:
        for end in range(last - 1, longest - 1, -1):
            yield text[starts[first] : ends[end]].strip()
        yield text[starts[longest] : ends[longest]].strip()
