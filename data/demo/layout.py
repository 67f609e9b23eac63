"""Lay out the demo: which story stands on which mirror, at which address, with which edits.

In: the parsed stories and a mirror's theme. Out: its pages, oldest first.
Must not know: HTML, sitemaps, files but the themes' own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from string import Template
from typing import Any

DEMO = Path(__file__).resolve().parent
ORIGIN = "http://{}.demo.example"
"""Stands in pages and sitemaps for the mirror's address, which is known when it is served."""

ASCII = str.maketrans({"，": ",", "：": ":", "；": ";", "？": "?", "！": "!", "（": "(", "）": ")", "“": '"', "”": '"'})
"""The punctuation a careless mirror rewrites."""


@dataclass(frozen=True)
class Mirror:
    name: str
    theme: dict[str, Any]

    def template(self, name: str) -> Template:
        return Template((DEMO / "themes" / self.name / f"{name}.html").read_text("utf-8"))

    @property
    def origin(self) -> str:
        return ORIGIN.format(self.name)


@dataclass(frozen=True)
class Page:
    """One story as one mirror prints it."""

    story: str
    title: str
    published: datetime
    source: str
    section: str
    body: list[str]
    image: str = ""
    shape: str = "article"
    path: str = ""


def lay_out(mirror: Mirror, stories: dict[str, dict[str, Any]]) -> list[Page]:
    """Return the mirror's pages, oldest first: its own stories, copies of the other's, last a repeat where one is asked for."""
    pages = []
    for language, told in stories.items():
        for key, story in told.items():
            page = original(key, story)
            if language == mirror.theme["stories"]:
                pages.append(page)
            elif "copy" in story:
                pages.append(copied(page, **story["copy"]))
    zone = timezone(timedelta(hours=mirror.theme["hours"]))
    pages.sort(key=lambda page: page.published)
    placed = [place(mirror, replace(page, published=page.published.astimezone(zone)), i) for i, page in enumerate(pages)]
    return placed + [again(mirror, page) for page in placed if page.story == mirror.theme.get("again_story")]


def original(key: str, story: dict[str, Any]) -> Page:
    fields = {name: story[name] for name in ("title", "published", "source", "section", "image", "shape") if name in story}
    return Page(story=key, body=story["text"].strip().splitlines(), **fields)


def copied(page: Page, after: int, title: str = "", lead: str = "", drop_last: bool = False, ascii: bool = False) -> Page:
    """Return the page as the other mirror prints it `after` minutes later, with that mirror's edits."""
    body = [*([lead] if lead else []), *(page.body[:-1] if drop_last else page.body)]
    title = title or page.title
    if ascii:
        title, body = title.translate(ASCII), [line.translate(ASCII) for line in body]
    return replace(page, title=title, body=body, published=page.published + timedelta(minutes=after), shape="article")


def place(mirror: Mirror, page: Page, position: int) -> Page:
    return replace(page, path=Template(mirror.theme["path"]).substitute(address_parts(page, number=10480 + 7 * position)))


def again(mirror: Mirror, page: Page) -> Page:
    return replace(page, path=Template(mirror.theme["again"]).substitute(address_parts(page, number=10873)))


def address_parts(page: Page, number: int) -> dict[str, str]:
    moment = page.published
    return {
        "section": page.section,
        "story": page.story,
        "number": str(number),
        "date": f"{moment:%Y%m%d}",
        "month": f"{moment:%Y/%m}",
    }
