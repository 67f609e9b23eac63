"""The Profile: what is known of one site, as a file a person can read, compare and correct.

In: what learning found. Out: JSON of stable bytes, and back. Must not know: how it is learned or applied.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, structs

FORMAT = 1
"""Grows when a reader of old files would misread them."""


class Repeat(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A text the site repeats. See newscrawler.profiles.patterns for how `pattern` is read."""

    pattern: str
    role: Annotated[Literal["notice", "source"], Meta(description="Whether its {x} holds the original publisher.")] = "notice"
    zone: Annotated[str | None, Meta(description="Offset of the clock in its {time}, where the sample tells.")] = None
    where: Annotated[Literal["head", "middle", "tail"], Meta(description="Where it mostly stands.")] = "tail"
    inside: Annotated[bool, Meta(description="Stands within a paragraph, at its end or start.")] = False
    pages: Annotated[int, Meta(description="Sampled pages that have it.")] = 0
    stories: Annotated[int, Meta(description="Different stories among them.")] = 0


class Place(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A path of the template that holds text: how often the rules take it for the article's own."""

    path: str
    linked: Annotated[bool, Meta(description="Blocks that are nothing but links.")] = False
    kept: Annotated[float, Meta(description="Share of its blocks that are the article's.")] = 0.0
    blocks: int = 0


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """One layout of the site's pages."""

    pages: int
    stories: int
    fit: Annotated[float, Meta(description="How well its own sampled pages fit it, on average.")]
    fields: Annotated[dict[str, str], Meta(description="Field -> path where it stands.")]
    sure: Annotated[dict[str, float], Meta(description="Field -> share of the pages on which it stands there.")]
    container: Annotated[str, Meta(description="Path of the element that holds the article's text.")]
    body: list[Place]
    repeats: list[Repeat]
    frame: Annotated[list[str], Meta(description="Paths that nearly every page of the template has.")]


class Profile(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What one site repeats, and where its articles stand."""

    format: int = FORMAT
    site: str = ""
    version: int = 1
    names: Annotated[list[str], Meta(description="What the site calls itself.")] = []
    zone: Annotated[str | None, Meta(description="Offset of its clocks, +08:00, where the sample tells.")] = None
    month_first: Annotated[bool | None, Meta(description="How it writes 03/04/2024, where the sample tells.")] = None
    dated_listing: Annotated[bool, Meta(description="Whether lastmod names the day a page came out.")] = False
    pages: int = 0
    templates: list[Template] = []

    def revised(self, *, strike: Iterable[str] = (), add: Iterable[str] = ()) -> Profile:
        """Return the profile as a person wants it: without the entries struck, with those added, in every template."""
        struck = set(strike)
        added = [Repeat(pattern=text) for text in dict.fromkeys(add)]
        if not struck and not added:
            return self
        templates = [
            structs.replace(one, repeats=[*added, *(entry for entry in one.repeats if entry.pattern not in struck)])
            for one in self.templates
        ]
        return structs.replace(self, templates=templates)


def encode(profile: Profile) -> bytes:
    """Return the file's bytes: the same profile, the same bytes."""
    return msgspec.json.format(msgspec.json.encode(profile), indent=1) + b"\n"


def decode(data: bytes) -> Profile:
    """Return the profile in a file's bytes. Raises ValueError that says what does not fit."""
    try:
        profile = msgspec.json.decode(data, type=Profile)
    except msgspec.DecodeError as error:
        raise ValueError(str(error)) from error
    if profile.format != FORMAT:
        raise ValueError(f"format: {profile.format} is not {FORMAT}")
    return profile
