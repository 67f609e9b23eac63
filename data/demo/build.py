"""Build the demo's two mirrors and what their pages truly say, from stories and themes.

In: stories/*.toml and themes/NAME/. Out: mirrors/NAME/ (plain files) and truth.jsonl, the same bytes each time.
Must not know: how pages are served or read.

    python data/demo/build.py            writes the files
    python data/demo/build.py --check    says which are not fresh, and exits 1 if any is not
"""

from __future__ import annotations

import gzip
import json
import sys
import tomllib
from collections.abc import Iterator, Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from string import Template

from layout import DEMO, Mirror, Page, lay_out

SITEMAP_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<{} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'


def main() -> int:
    files = build()
    if "--check" in sys.argv[1:]:
        stale = sorted(name for name in files.keys() | on_disk() if not is_fresh(name, files))
        print("\n".join(f"not fresh: {name}" for name in stale) or f"{len(files)} files are fresh")
        return bool(stale)
    for name in on_disk() - files.keys():
        (DEMO / name).unlink()
    for name, text in files.items():
        if not is_fresh(name, files):
            write(DEMO / name, text)
    return 0


def build() -> dict[str, str]:
    """Return the text of every file, by its path below this folder."""
    stories = {language: tomllib.loads((DEMO / "stories" / f"{language}.toml").read_text("utf-8")) for language in ("zh", "en")}
    files: dict[str, str] = {}
    truth: list[dict[str, object]] = []
    for folder in sorted((DEMO / "themes").iterdir()):
        mirror = Mirror(folder.name, tomllib.loads((folder / "theme.toml").read_text("utf-8")))
        pages = lay_out(mirror, stories)
        written = {
            **fixed_files(folder),
            **article_files(mirror, pages),
            **list_files(mirror, pages),
            **sitemaps(mirror, pages),
        }
        files |= {f"mirrors/{mirror.name}/{path.lstrip('/')}": text for path, text in written.items()}
        truth += [page_truth(mirror, page) for page in pages] + list(other_truth(mirror))
    files["truth.jsonl"] = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in truth)
    return files


def fixed_files(folder: Path) -> dict[str, str]:
    """Return the theme's files that need no story: style, picture, about page, robots.txt."""
    root = folder / "files"
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in root.rglob("*") if path.is_file()}


def article_files(mirror: Mirror, pages: list[Page]) -> dict[str, str]:
    files = {}
    for i, page in enumerate(pages):
        values = {**frame(mirror, page.section), **chrome(mirror, pages, i), **content(mirror, page)}
        files[file_of(page.path)] = mirror.template(page.shape).substitute(values)
    return files


def list_files(mirror: Mirror, pages: list[Page]) -> dict[str, str]:
    """Return the front page and one page a section, newest story first."""
    files = {}
    for section in ("", *mirror.theme["sections"]):
        chosen = [page for page in reversed(pages) if section in ("", page.section)]
        values = {**frame(mirror, section), "links": links(mirror, chosen)}
        files[file_of(f"/{section}/" if section else "/")] = mirror.template("list").substitute(values)
    return files


def frame(mirror: Mirror, section: str) -> dict[str, str]:
    labels = mirror.theme["sections"]
    nav = "".join(f'<li><a href="/{slug}/">{label}</a></li>' for slug, label in labels.items())
    return {"nav": nav, "slug": section, "section": labels.get(section, mirror.theme["name"])}


def chrome(mirror: Mirror, pages: list[Page], i: int) -> dict[str, str]:
    """Return what surrounds page `i`: links to other pages, comments, its number of readers."""

    def others(step: int, count: int) -> str:
        return links(mirror, [pages[(i + step * n) % len(pages)] for n in range(1, count + 1)])

    said = mirror.theme["comments"]
    comments = [(*said[(i + n) % len(said)], (i * 5 + n * 3) % 17) for n in range(2)]
    shape = Template(mirror.theme["comment"])
    return {
        "comments": "\n".join(shape.substitute(who=who, said=text, votes=votes) for who, text, votes in comments),
        "previous": anchor(pages[i - 1]),
        "next": anchor(pages[(i + 1) % len(pages)]),
        "related": others(3, 4),
        "hot": others(7, 6),
        "picks": others(9, 3),
        "number": str(231 + i * 97),
    }


def content(mirror: Mirror, page: Page) -> dict[str, str]:
    """Return the story's own parts, as the theme writes them."""
    theme = mirror.theme
    paragraphs = [Template(theme["paragraph"]).substitute(text=escape(text, quote=False)) for text in page.body]
    notices = {f"notice_{n}": escape(text, quote=False) for n, text in enumerate(printed_notices(mirror, page)[1:], 1)}
    return {
        "title": escape(page.title),
        "summary": escape(page.body[0][:120]),
        "time": page.published.strftime(theme["time"]),
        "published": page.published.isoformat(),
        "url": mirror.origin + page.path,
        "source": escape(printed_notices(mirror, page)[0]),
        "figure": Template(theme["figure"]).substitute(caption=escape(page.image)) if page.image else "",
        "text_first": "\n".join(paragraphs[:3]),
        "text_rest": "\n".join(paragraphs[3:]),
        "json_ld": json_ld(mirror, page),
        **notices,
    }


def json_ld(mirror: Mirror, page: Page) -> str:
    return json.dumps(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": page.title,
            "datePublished": page.published.isoformat(),
            "mainEntityOfPage": mirror.origin + page.path,
            "publisher": {"@type": "Organization", "name": mirror.theme["name"]},
        },
        ensure_ascii=False,
    )


def printed_notices(mirror: Mirror, page: Page) -> list[str]:
    """Return the source line, then the theme's notices: what stands near the text and is none of it."""
    shape = mirror.theme["shapes"][page.shape]
    return [Template(line).substitute(source=page.source) for line in (shape["source"], *shape["notices"])]


def links(mirror: Mirror, pages: list[Page]) -> str:
    shape = Template(mirror.theme["link"])
    return "\n".join(shape.substitute(path=page.path, title=escape(page.title)) for page in pages)


def anchor(page: Page) -> str:
    return f'<a href="{page.path}">{escape(page.title)}</a>'


def sitemaps(mirror: Mirror, pages: list[Page]) -> dict[str, str]:
    """Return the sitemaps: numbered and bare, or, where the theme asks for it, an index with dates."""
    newest = sorted(pages, key=lambda page: page.published, reverse=True)
    entries = [*[(page.path, page.published) for page in newest], *[(path, None) for path in mirror.theme.get("listed", {})]]
    names, dated = mirror.theme["sitemaps"], "sitemap_index" in mirror.theme
    size = -(-len(entries) // len(names))
    parts = {name: entries[n * size : (n + 1) * size] for n, name in enumerate(names)}
    files = {name: sitemap(mirror, "urlset", "url", part, dated) for name, part in parts.items()}
    if dated:
        index = [(name, max(moment for _, moment in part if moment)) for name, part in parts.items()]
        files[mirror.theme["sitemap_index"]] = sitemap(mirror, "sitemapindex", "sitemap", index, dated)
    return files


def sitemap(mirror: Mirror, root: str, item: str, entries: Sequence[tuple[str, datetime | None]], dated: bool) -> str:
    lines = []
    for path, moment in entries:
        lastmod = f"<lastmod>{moment.isoformat()}</lastmod>" if dated and moment else ""
        lines.append(f"<{item}><loc>{mirror.origin}{path}</loc>{lastmod}</{item}>\n")
    return SITEMAP_HEAD.format(root) + "".join(lines) + f"</{root}>\n"


def page_truth(mirror: Mirror, page: Page) -> dict[str, object]:
    return {
        "site": mirror.name,
        "path": page.path,
        "kind": "article",
        "title": page.title,
        "published": page.published.isoformat(),
        "source": page.source,
        "body": page.body,
        "caption": page.image,
        "notices": printed_notices(mirror, page),
        "story": page.story,
    }


def other_truth(mirror: Mirror) -> Iterator[dict[str, object]]:
    """Yield what is listed and no article: kind `page` for one that is there, `missing` for one that is not."""
    for path, kind in mirror.theme.get("listed", {}).items():
        yield {"site": mirror.name, "path": path, "kind": kind}


def file_of(path: str) -> str:
    return path + "index.html" if path.endswith("/") else path


def on_disk() -> set[str]:
    made = [*(DEMO / "mirrors").rglob("*"), DEMO / "truth.jsonl"]
    return {path.relative_to(DEMO).as_posix() for path in made if path.is_file()}


def is_fresh(name: str, files: dict[str, str]) -> bool:
    """Say whether the file holds its text; how tightly a .gz is packed does not matter."""
    path = DEMO / name
    if name not in files or not path.is_file():
        return False
    data = path.read_bytes()
    return (gzip.decompress(data) if name.endswith(".gz") else data).decode("utf-8") == files[name]


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    data = text.encode("utf-8")
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)


if __name__ == "__main__":
    sys.exit(main())
