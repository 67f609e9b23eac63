"""The Article: the contract between extraction, pipelines and everyone who reads the output.

In: values that other modules found. Out: one JSON object a line, every key, always in this order.
Must not know: Scrapy, the network, how a value was found.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

SCHEMA = "newscrawler/article/1"
"""Name and major version of the line format; the number grows when a reader of old lines would break."""


@dataclass(slots=True, kw_only=True)
class Removal:
    """One cut from the body. Putting every `text` back at its `position` restores the text before."""

    rule: Annotated[str, Meta(description="Name of the phrase rule, or of the profile entry, that cut it.")]
    text: Annotated[str, Meta(description="What was cut, to the letter, line breaks included.")]
    position: Annotated[
        int, Meta(description="Offset in the kept body, in characters, at which `text` stood; same offset: list order.")
    ]


@dataclass(slots=True, kw_only=True)
class Article:
    """A news article as one mirror page shows it. Unknown is null (or an empty list), never a guess."""

    id: Annotated[str, Meta(description="Stable identifier: first 32 hex digits of the SHA-256 of `canonical_url`.")]
    url: Annotated[str, Meta(description="The address the site listed, as it was asked for.")]
    canonical_url: Annotated[
        str,
        Meta(description="The page's one address: rel=canonical on the same site, else where redirects ended, normalised."),
    ]
    site: Annotated[str | None, Meta(description="Name of the mirror: its TOML's name, or the host where there is none.")] = (
        None
    )
    title: Annotated[
        str | None,
        Meta(description="The headline as printed, or as a news page's JSON-LD and og:title both word it; no site's name."),
    ] = None
    timestamp: Annotated[
        str | None,
        Meta(description="Publication, RFC 3339 with offset; a date alone (YYYY-MM-DD) where the page shows no time."),
    ] = None
    timestamp_raw: Annotated[str | None, Meta(description="The text `timestamp` was read from, as it stands in the page.")] = (
        None
    )
    modified: Annotated[str | None, Meta(description="Last change stated by the page, in the form of `timestamp`.")] = None
    body: Annotated[
        str,
        Meta(
            description="The article's own paragraphs joined by one line feed; indents, notices and the repeated title dropped."
        ),
    ] = ""
    source: Annotated[
        str | None, Meta(description="Original publisher's name as printed, without its label; null where none is named.")
    ] = None
    source_url: Annotated[str | None, Meta(description="Address of the original, where the page links or declares one.")] = None
    source_raw: Annotated[str | None, Meta(description="The text `source` was read from, with its label.")] = None
    authors: Annotated[list[str], Meta(description="Writers, one name an entry, in printed order; never the publisher.")] = (
        field(default_factory=list)
    )
    editor: Annotated[str | None, Meta(description="Responsible editor (责任编辑, 編集 ...), where named.")] = None
    language: Annotated[str | None, Meta(description="BCP 47 tag of the text, lower-case primary subtag (zh, en, pt).")] = None
    section: Annotated[str | None, Meta(description="Section or channel the page files the article under.")] = None
    tags: Annotated[list[str], Meta(description="Keywords the page gives, in its order, without repeats.")] = field(
        default_factory=list
    )
    image: Annotated[str | None, Meta(description="Absolute address of the lead image.")] = None
    cluster: Annotated[
        str | None, Meta(description="Id of the story this is a copy of; its own `id` when it is the first.")
    ] = None
    similarity: Annotated[
        float | None, Meta(description="How much of the shorter text the two share, 0 to 1; null for the first of a cluster.")
    ] = None
    removed: Annotated[list[Removal], Meta(description="What was cut from the body, in reading order.")] = field(
        default_factory=list
    )
    evidence: Annotated[
        dict[str, str],
        Meta(description="Field name -> where it was found, e.g. 'json-ld datePublished', 'line beside the title'."),
    ] = field(default_factory=dict)
    license: Annotated[str | None, Meta(description="Licence the page declares (rel=license, JSON-LD license), as given.")] = (
        None
    )
    opt_out: Annotated[
        list[str],
        Meta(description="Reservations against mining or AI use that the page declares: noai, noimageai, tdm-reservation."),
    ] = field(default_factory=list)
    encoding: Annotated[str | None, Meta(description="Encoding the bytes were decoded with (WHATWG name).")] = None
    lastmod: Annotated[str | None, Meta(description="The sitemap's lastmod for this address, as given.")] = None
    fetched_at: Annotated[str | None, Meta(description="When the bytes arrived, RFC 3339 in UTC.")] = None
    content_hash: Annotated[
        str | None, Meta(description="SHA-256 hex of title, timestamp, source and body: changes when they do.")
    ] = None
    version: Annotated[int, Meta(description="1 when first kept; one more each time the content was found changed.")] = 1
    previous_hash: Annotated[str | None, Meta(description="`content_hash` of the version before; null in the first.")] = None
    schema: Annotated[str, Meta(description="Name and version of this format.")] = SCHEMA


Reason = Literal["same_page", "same_text", "copy"]
"""Why a page is taken for a copy: another address of the page, the same letters, or a near-duplicate."""


class Duplicate(msgspec.Struct, kw_only=True):
    """A page set aside: one slim line of RUN.duplicates.jsonl."""

    id: str
    url: str
    site: str | None
    title: str | None
    timestamp: str | None
    source: str | None
    duplicate_of: str
    """Id of the page it repeats."""
    cluster: str
    similarity: float | None
    reason: Reason
    version: int = 1
    """As an article's: one more each time the page was found changed."""


_encoder = msgspec.json.Encoder()


def article_id(canonical_url: str) -> str:
    """Return the stable identifier of the page at `canonical_url`."""
    return sha256(canonical_url.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def content_hash(article: Article) -> str:
    """Return the hash that tells one version of an article from the next."""
    fields = (article.title or "", article.timestamp or "", article.source or "", article.body)
    return sha256("\x00".join(fields).encode("utf-8", "surrogatepass")).hexdigest()


def encode_line(item: object) -> bytes:
    """Return one JSON line, keys in declared order, ended by a line feed."""
    return _encoder.encode(item) + b"\n"


def article_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of one line of the output."""
    return msgspec.json.schema(Article)
