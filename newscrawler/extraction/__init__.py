"""A page in, an Article out, or None where the page is no article. No Scrapy, no network, no global state.

`read_page` walks the page once; `examine` finds its body and its fields; `extract` writes them down as an Article.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newscrawler.decoding import decode, lost
from newscrawler.disclaimers import strip
from newscrawler.extraction.body import find_body
from newscrawler.extraction.fields import Fields, find_fields
from newscrawler.extraction.found import NO_HINTS, Hints
from newscrawler.extraction.kind import is_article
from newscrawler.extraction.margins import find_margins
from newscrawler.extraction.metadata import read_metadata
from newscrawler.extraction.page import Page
from newscrawler.extraction.title import find_title
from newscrawler.extraction.walk import read_page
from newscrawler.items import Article, article_id
from newscrawler.removals import Stripped

if TYPE_CHECKING:
    from newscrawler.profiles.profile import Profile
    from newscrawler.profiles.reading import Reading
    from newscrawler.sites import Site

__all__ = ["Findings", "examine", "extract"]


def extract(
    html: bytes | str, url: str, *, encoding: str | None = None, site: Site | None = None, profile: Profile | None = None
) -> Article | None:
    """Return the article on the page, or None where it is none. Never raises, whatever the bytes.

    encoding: of the text, or what the server said of the bytes. site, profile: what is known of the mirror.
    """
    replaced = 0
    if isinstance(html, bytes):
        decoded = decode(html, header=encoding)
        encoding, replaced = decoded.encoding, decoded.replaced
        html = html.removeprefix(BOM_UTF8) if encoding == "utf-8" and not replaced else decoded.text
    page = read_page(html, _readable(url))
    reading = _read_with(profile, page) if profile else None
    findings = examine(page, site, reading)
    if findings is None:
        return None
    stripped = _strip(findings, reading)
    if not stripped.kept:
        return None
    article = _write(findings.fields, url, encoding, stripped)
    article.evidence["body"] = _decider(reading)
    if replaced:
        article.evidence["encoding"] = lost(replaced)
    return article


def _readable(url: str) -> str:
    """Return `url`, or nothing where no reader of it could take it apart."""
    try:
        _ = urlsplit(url).port
    except ValueError:
        return ""
    return url


def _read_with(profile: Profile, page: Page) -> Reading:
    from newscrawler.profiles.reading import read_with  # here, since profiles are learned from what this package finds

    return read_with(profile, page)


def _decider(reading: Reading | None) -> str:
    """Return who decided what is the article's: the rules, or a profile, and how well the page fits it."""
    if reading is None or reading.template is None:
        return "rules"
    from newscrawler.profiles.drift import state  # here, as above

    return state(reading)


@dataclass(frozen=True, slots=True)
class Findings:
    """What one article's page holds. body: indices of the article's blocks, notices among them still in."""

    page: Page
    body: list[int]
    fields: Fields


def examine(page: Page, site: Site | None = None, reading: Reading | None = None) -> Findings | None:
    """Return all that is found on `page`, or None where it is no article; profiles learn from this."""
    if not page.blocks:
        return None
    hints = _hints(site, reading)
    metadata = read_metadata(page)
    title = find_title(page, metadata, hints)
    body = find_body(page, title.value if title else page.title_tag or "")
    if not is_article(page, metadata, body, listed=site is not None, titled=title is not None):
        return None
    if reading:
        reading.title = title.value if title else ""
    blocks = reading.settle(body.chosen) if reading else body.chosen
    if not blocks:
        return None
    text = range(min(set(blocks).difference(body.standfirst), default=blocks[0]), blocks[-1] + 1)
    fields = find_fields(page, metadata, title, text, hints)
    if reading:
        fields.source = reading.source() or (None if reading.unsourced else fields.source)
        fields.timestamp = reading.timestamp() or fields.timestamp
        if reading.denies(fields.timestamp):
            return None
    return Findings(page, sorted({*body.standfirst, *blocks}), fields)


def _hints(site: Site | None, reading: Reading | None) -> Hints:
    """Return what is known beforehand: what a person declared, before what was learned."""
    learned = reading.hints if reading else NO_HINTS
    if site is None:
        return learned
    month_first = learned.month_first if site.date_order is None else site.date_order == "MDY"
    return Hints(site.zone or learned.zone, month_first, learned.names, learned.paths)


def _strip(findings: Findings, reading: Reading | None) -> Stripped:
    """Return the body's paragraphs without notices and the lines that other fields were read from."""
    fields, page = findings.fields, findings.page
    title = fields.title.value if fields.title else ""
    margins = find_margins(page, findings.body, title, fields.lines())
    if reading and reading.sure:
        margins = {}
    shown = sorted({*findings.body, *margins})
    return strip(
        [page.blocks[at].text for at in shown],
        title=title,
        taken=[found.raw for found in fields.one().values() if found.blocks],
        lines={number: margins[at] for number, at in enumerate(shown) if at in margins},
        known=reading,
    )


def _write(fields: Fields, url: str, encoding: str | None, stripped: Stripped) -> Article:
    """Return the Article, every field with where it was found."""
    canonical = fields.canonical.value if fields.canonical else url
    article = Article(
        id=article_id(canonical),
        url=url,
        canonical_url=canonical,
        body="\n".join(stripped.kept),
        timestamp_raw=fields.timestamp.raw if fields.timestamp else None,
        source_raw=fields.source.raw if fields.source else None,
        authors=[found.value for found in fields.authors],
        tags=fields.tags,
        removed=stripped.removed,
        evidence=fields.evidence(),
        opt_out=fields.opt_out,
        encoding=encoding,
    )
    for name, found in fields.one().items():
        if name not in ("authors", "canonical"):
            setattr(article, name, found.value)
    return article
