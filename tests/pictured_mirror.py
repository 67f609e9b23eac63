"""A mirror whose pages need images, styles and scripts, and refer to addresses that must not be asked for."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

from newscrawler.demo import Mirrors, serve

NEEDED = {
    "/style.css": "@import url(fonts.css); body { background: url('/paper.png') } .mark { background: url(mark.png) }",
    "/fonts.css": "h1 { font-family: serif; color: #123c69; border-bottom: 6px solid #ac3b61 }",
    "/late.js": "document.querySelector('.late').textContent = 'This line was written by the script.'",
    "/paper.png": (250, 245, 232),
    "/mark.png": (172, 59, 97),
    "/lead.png": (18, 60, 105),
    "/lead-2x.png": (18, 105, 60),
    "/lazy.png": (237, 199, 183),
    "/inline.png": (60, 20, 105),
}
"""Path -> text, or the colour of an image: what every page refers to, directly or by its style sheet."""

FORBIDDEN = ("http://10.1.2.3/pixel.png", "http://169.254.169.254/latest/meta-data")
"""Addresses that no crawl may ask: the guard refuses them."""

SUBJECTS = ("ferry", "market hall", "weather station", "village school", "water tower", "night bus", "orchard", "signal box")
VERBS = ("was repaired", "was sold", "opened again", "was painted green", "lost its roof", "got a new keeper", "was moved")
PLACES = ("by the north quay", "behind the chapel", "on the old hill road", "near the lock", "at the county border")


def sentences(number: int) -> list[str]:
    """Return the paragraphs of article `number`, which no other has."""
    chance = Random(number)
    events = [f"the {chance.choice(SUBJECTS)} {chance.choice(PLACES)} {chance.choice(VERBS)}" for _ in range(12)]
    return [
        f"T{first[1:]} after {chance.randint(2, 99)} days, and {second} for {chance.randint(100, 9999)} pounds."
        for first, second in zip(events[::2], events[1::2], strict=True)
    ]


def article(number: int) -> str:
    """Return the page of article `number`."""
    headline = sentences(number)[0].partition(" after")[0]
    tracking = "".join(f'<img src="{address}">' for address in FORBIDDEN)
    text = "".join(f"<p>{paragraph}</p>" for paragraph in sentences(number))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{headline} - Pictured</title>'
        '<link rel="stylesheet" href="/style.css"><script src="/late.js" defer></script></head>'
        f'<body><h1>{headline}</h1><div class="date">2024-03-01 {number % 24:02}:30</div>'
        '<img src="/lead.png" srcset="/lead.png 1x, /lead-2x.png 2x" width="600" height="120">'
        f'<article>{text}<img data-src="/lazy.png" src="/lazy.png" width="300" height="60"></article>'
        '<p class="late">Without the script.</p><div class="mark" style="height:20px"></div>'
        f'<div style="height:20px;background:url(/inline.png)"></div><img src="/missing.png">{tracking}</body></html>'
    )


def png(colour: tuple[int, int, int]) -> bytes:
    """Return an image of one pixel."""
    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" + bytes(colour))), (b"IEND", b""))
    chunks = (struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def write_mirror(folder: Path, pages: int) -> None:
    """Write the mirror's files, `pages` articles among them."""
    folder.mkdir(parents=True)
    for path, content in NEEDED.items():
        (folder / path[1:]).write_bytes(content.encode() if isinstance(content, str) else png(content))
    listed = "".join(f"<url><loc>http://pictured.demo.example/{n}.html</loc></url>" for n in range(1, pages + 1))
    (folder / "sitemap.xml").write_text(f"<urlset>{listed}</urlset>")
    for number in range(1, pages + 1):
        (folder / f"{number}.html").write_text(article(number))


@contextmanager
def serve_pictured(folder: Path, pages: int = 3) -> Iterator[Mirrors]:
    """Yield the mirror, served on loopback."""
    write_mirror(folder / "mirrors" / "pictured", pages)
    with serve(folder / "mirrors") as mirrors:
        yield mirrors
