"""A mirror whose template changes while it is crawled: invented news, served in another layout from some page on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from invented_layouts import paragraphs, table
from invented_mirrors import MIRRORS, MirrorPage, build

from newscrawler.demo import File, MirrorHandler, Mirrors, serve

RELAY = next(habits for habits in MIRRORS if habits.name == "break-lines")
HABITS = replace(RELAY, name="changing", layouts=[paragraphs], offset=0, unsourced=0.0)


@contextmanager
def serve_changing(folder: Path, pages: int, change_after: int) -> Iterator[Mirrors]:
    """Yield the mirror; after `change_after` answers with a page it shows every page in its new layout."""
    old = build(HABITS, pages)
    new = {path_of(page): in_new_frame(page.html) for page in build(replace(HABITS, layouts=[table]), pages)}
    write(folder / HABITS.name, old)

    class ChangingHandler(MirrorHandler):
        def answer_file(self, file: File) -> None:
            if self.path in new:
                asked = sum(hit.path in new for hit in self.server.mirrors.hits)
                file = replace(file, content=new[self.path]) if asked >= change_after else file
            super().answer_file(file)

    with serve(folder, ChangingHandler) as mirrors:
        yield mirrors


def write(folder: Path, pages: list[MirrorPage]) -> None:
    listed = []
    for page in pages:
        file = folder / path_of(page)[1:]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page.html, "utf-8")
        listed.append(f"<url><loc>http://changing.demo.example{path_of(page)}</loc><lastmod>{page.lastmod}</lastmod></url>")
    (folder / "sitemap.xml").write_text(f"<urlset>{''.join(listed)}</urlset>")


def in_new_frame(html: str) -> bytes:
    """Return the page with another frame around its article."""
    for tag, other in (("main", "section"), ("header", "div"), ("ul", "ol"), ("footer", "aside")):
        html = html.replace(f"<{tag}", f"<{other}").replace(f"</{tag}", f"</{other}")
    return html.encode()


def path_of(page: MirrorPage) -> str:
    return urlsplit(page.url).path
