"""Measure the decoding of pages: time a page beside lxml's parse and charset-normalizer, and how often it is right.

    python -m benchmarks.decoding [--pages FOLDER]

FOLDER holds pages as UTF-8 (.html or .html.gz): each is written again in the legacy encodings of its language, then read
without any label and under wrong ones. Without FOLDER only time is measured, on text made here.
"""

from __future__ import annotations

import argparse
import gzip
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time

from charset_normalizer import from_bytes
from lxml import html

from newscrawler.decoding import decode
from newscrawler.encodings import codecs_of

PARAGRAPH = (
    "<p>昨天下午，市图书馆的新馆向读者开放。馆长说，新馆有三层，比过去大了一倍，周末也照常开门，大家可以在这里看书。</p>\n"
)
FRAME = '<div class="row"><a href="/2026/11/24/story-1.html"><span class="title">Story</span></a></div>\n'
PAGE = "<html><head><title>新馆开放</title></head><body>" + FRAME * 900 + PARAGRAPH * 40 + "</body></html>"
"""100 KB, as pages have: much frame, some text."""

SCRIPTS = (
    ("ja", "[\u3041-\u30f6]", ("shift_jis", "euc-jp")),
    ("ko", "[가-힣]", ("euc-kr",)),
    ("ru", "[а-я]", ("windows-1251", "koi8-r")),
    ("ar", "[\u0620-\u064a]", ("windows-1256",)),
    ("zh", "[\u4e00-\u9fff]", ("gb18030", "big5")),
    ("pl", "[ąęłśżźć]", ("windows-1250", "iso-8859-2")),
    ("tr", "[ğışİ]", ("windows-1254",)),
    ("latin", "[à-ü]", ("windows-1252",)),
)
"""Language, the letters that show it (200 of them, or 20 for the rare Latin ones), the encodings to write it in."""

WRITABLE = 0.97
"""Share of a page's letters an encoding must have for a site to have used it: traditional text is not in GB 2312."""

LABELS = (None, "utf-8", "iso-8859-1", "gbk", "big5", "shift_jis", "windows-1251")


def microseconds(call: Callable[[], object]) -> float:
    """Return the CPU time of one call, the best of five rounds."""
    rounds = []
    for _ in range(5):
        start = process_time()
        for _ in range(10):
            call()
        rounds.append((process_time() - start) / 10)
    return min(rounds) * 1e6


def times() -> None:
    utf8, legacy = PAGE.encode(), PAGE.encode("gb18030")
    broken = utf8.replace("馆".encode(), b"\xff", 1)
    parse = microseconds(lambda: html.document_fromstring(utf8))
    print(f"{len(utf8) // 1000} KB page: lxml parses it in {parse:,.0f} us")
    for name, call in (
        ("UTF-8", lambda: decode(utf8)),
        ("UTF-8, one bad byte", lambda: decode(broken)),
        ("GBK, labelled", lambda: decode(legacy, header="gbk")),
        ("GBK, labelled UTF-8", lambda: decode(legacy, header="utf-8")),
        ("GBK, charset-normalizer", lambda: str(from_bytes(legacy).best())),
    ):
        cost = microseconds(call)
        print(f"  {name:<24} {cost:>9,.0f} us  {cost / parse:.3f} of the parse")


def language_of(text: str) -> tuple[str, tuple[str, ...]] | None:
    for language, letters, encodings in SCRIPTS:
        if len(re.findall(letters, text)) >= (20 if language in ("pl", "tr", "latin") else 200):
            return language, encodings
    return None


def rewritten(text: str) -> Iterator[tuple[str, str, bytes]]:
    """Yield (language, encoding, bytes) of a page, its own labels and language gone."""
    text = re.sub(r"(?i)charset|encoding|\slang=", " x", text)
    if (found := language_of(text)) is None:
        return
    foreign = [character for character in text if character > "\x7f"]
    for encoding in found[1]:
        codec = "gb2312" if encoding == "gb18030" else codecs_of(encoding)[0]
        if sum(bool(character.encode(codec, "ignore")) for character in foreign) >= WRITABLE * len(foreign):
            yield found[0], encoding, text.encode(codec, "ignore")


def accuracy(folder: Path) -> None:
    right: Counter[tuple[str, str]] = Counter()
    tried: Counter[tuple[str, str]] = Counter()
    losses = Counter[str]()
    for path in sorted((*folder.glob("*.html"), *folder.glob("*.html.gz"))):
        body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        read = decode(body)
        losses[read.encoding + (", characters lost" if read.replaced else "")] += 1
        for language, encoding, page in rewritten(read.text):
            text = page.decode(codecs_of(encoding)[0], "replace")
            for label in LABELS:
                tried[language, encoding] += 1
                right[language, encoding] += decode(page, header=label).text == text
    print("as saved:", dict(losses))
    for key, count in sorted(tried.items()):
        print(f"  {key[0]:<6} {key[1]:<13} {right[key]:>5} of {count:>5} texts right ({right[key] / count:.3f})")
    print(f"  all {sum(right.values())} of {tried.total()} ({right.total() / max(1, tried.total()):.4f}), labels: {LABELS}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--pages", type=Path)
    given = options.parse_args()
    times()
    if given.pages:
        accuracy(given.pages)


if __name__ == "__main__":
    main()
