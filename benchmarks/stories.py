"""Measure the index of stories as it grows: lookups a second, bytes an article, the cost of a popular story.

    python -m benchmarks.stories [--sizes 10000 100000 1000000] [--folder FOLDER]

The index is filled with fingerprints of random texts, each the first of its story: the case in which it is largest.
Lookups are whole: an article goes in, its text is fingerprinted, found, compared. A third of them are new, a third are
copies (cut, wrapped, or with another lead), a third are forms filled in with other figures. One process, one core.
"""

from __future__ import annotations

import argparse
import itertools
import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from time import process_time

import numpy as np

from newscrawler.copies import Copy, CopyWriter
from newscrawler.fingerprints import FULL, HEAD, KEYS, MARK, SKETCH, Fingerprint, Marks, fingerprint
from newscrawler.fingerprints import WORDS as SAMPLED
from newscrawler.items import Article, article_id
from newscrawler.ledger import Ledger
from newscrawler.runs import COMMIT_EVERY
from newscrawler.stories import Stories

KNOWN = 1000
"""Real texts in the index, of which some of the looked up ones are copies."""
LOOKUPS = 3000
ROUNDS = 5
"""Times that they are looked up; the fastest counts: another process on the machine costs up to a third."""
COPIES = 10_000
"""Copies of the one popular story."""
LENGTH = 600
"""Words of two characters a text: 1,200 characters and their punctuation, as news in Chinese has."""
SIZE = 2 * LENGTH
BATCH = 30_000
"""Articles a transaction while the index is filled."""

WORDS = [chr(0x4E00 + a) + chr(0x4E00 + b) for a, b in np.random.default_rng(1).integers(0, 3000, (8000, 2)).tolist()]


def text_of(seed: int) -> str:
    """Return a text of its own for each seed: sentences, paragraphs, a figure here and there."""
    rng = random.Random(seed)
    words = rng.choices(WORDS, k=LENGTH)
    words[::30] = [f"{word}{rng.randrange(10_000)}，" for word in words[::30]]
    words[::40] = [f"{word}。\n" for word in words[::40]]
    return "".join(words)


FORM = text_of(-1)[:400]


def looked_up(number: int) -> str:
    """Return the text of lookup `number`: new, a copy of a known one, or a form with figures of its own."""
    rng = random.Random(number)
    if number % 3 == 0:
        return text_of(10_000_000 + number)
    if number % 3 == 1:
        known = text_of(rng.randrange(KNOWN))
        return rng.choice((known[: len(known) // 3], text_of(number)[:100] + known, known + text_of(number)[:500]))
    return "".join(f"{FORM[at : at + 20]}{rng.randrange(100_000)}点，" for at in range(0, len(FORM), 20))


def article_of(text: str, address: object) -> Article:
    url = f"https://news.mirror.example/2026/11/24/section/{address}.html"
    source_url = f"https://www.publisher.example/a/{address}.html" if hash(address) % 4 == 0 else None
    return Article(
        id=article_id(url),
        url=url,
        canonical_url=url,
        site="news.mirror",
        timestamp="2026-11-24T08:00:00+08:00",
        source="示例日报",
        source_url=source_url,
        body=text,
    )


def filling(start: int, stop: int) -> Iterator[Copy]:
    """Yield copies with fingerprints as random texts of 1,200 characters have them."""
    rng, count = np.random.default_rng(start), stop - start
    columns = (
        map(tuple, rng.integers(0, SKETCH * FULL // SIZE, (count, SKETCH)).tolist()),
        itertools.repeat(SKETCH * FULL // SIZE, count),
        map(tuple, rng.integers(0, FULL // 8, (count, HEAD)).tolist()),
        marks(rng, count, LENGTH // 30),
        marks(rng, count, SAMPLED),
        map(tuple, rng.integers(-(1 << 31), 1 << 31, (count, KEYS)).tolist()),
    )
    texts = rng.integers(1 << 62, size=count).tolist()
    for number, text, *row in zip(range(start, stop), texts, *columns, strict=True):
        article = article_of("", number)
        known = article.id, article.id, article.url, article.site, article.timestamp, article.source, article.source_url
        yield Copy(*known, None, None, text, Fingerprint(text, 1, SIZE, *row))


def marks(rng: np.random.Generator, count: int, most: int) -> Iterator[Marks]:
    hashes, places = np.sort(rng.integers(0, MARK, (count, most))), rng.integers(0, SKETCH, (count, most))
    return (Marks(tuple(row), tuple(at)) for row, at in zip(hashes.tolist(), places.tolist(), strict=True))


def fill(ledger: Ledger, start: int, stop: int) -> None:
    for at in range(start, stop, BATCH):
        with ledger.begin() as connection:
            CopyWriter(connection).add(filling(at, min(at + BATCH, stop)))


def look_up(ledger: Ledger, texts: list[str], tag: str) -> float:
    """Return lookups a second of CPU; nothing is recorded, but each knows the last ones as in a batch of a crawl."""
    articles = [article_of(text, f"{tag}-{n}") for n, text in enumerate(texts)]
    spent = 0.0
    for at in range(0, len(articles), COMMIT_EVERY):
        stories = Stories(ledger.engine)
        start = process_time()
        for article in articles[at : at + COMMIT_EVERY]:
            stories.look_up(article)
        spent += process_time() - start
        stories.close()
    return len(texts) / spent


def record(ledger: Ledger, texts: list[str], tag: str) -> float:
    """Look up and record; return articles a second of CPU."""
    articles = [article_of(text, f"{tag}-{n}") for n, text in enumerate(texts)]
    stories = Stories(ledger.engine)
    start = process_time()
    for at in range(0, len(articles), COMMIT_EVERY):
        for article in articles[at : at + COMMIT_EVERY]:
            stories.look_up(article)
        with ledger.begin() as connection:
            stories.record(connection)
    spent = process_time() - start
    stories.close()
    return len(texts) / spent


def measure(ledger: Ledger, path: Path, size: int) -> None:
    with closing(ledger.engine.raw_connection()) as connection:  # a crawl's small commits leave no log of this length
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    texts = [looked_up(n) for n in range(LOOKUPS)]
    speed = max(look_up(ledger, texts, "lookup") for _ in range(ROUNDS))
    floor = max(take_fingerprints(texts) for _ in range(ROUNDS))
    used = path.stat().st_size
    print(
        f"{size:>9} articles: {speed:7.0f} lookups/s, of fingerprints alone {floor:.0f}; {used / size:6.0f} bytes an article",
        flush=True,
    )


def take_fingerprints(texts: list[str]) -> float:
    """Return fingerprints a second of CPU: what a lookup costs if nothing is looked up."""
    start = process_time()
    for text in texts:
        fingerprint(text)
    return len(texts) / (process_time() - start)


def popular(ledger: Ledger, tell: Callable[[str], None]) -> None:
    """Tell what a lookup of a story costs before and after it has thousands of copies."""
    story = text_of(0)
    wrapped = [story[: 500 + n % 700] + text_of(n)[:80] for n in range(500)]
    before = look_up(ledger, wrapped, "before")
    speed = record(ledger, [story[: 500 + n % 700] + text_of(5000 + n)[:80] for n in range(COPIES)], "copy")
    after = look_up(ledger, wrapped, "after")
    tell(f"a popular story: {before:.0f} lookups/s, with {COPIES} copies more {after:.0f}; {speed:.0f} recorded/s")


def main() -> None:
    cli = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    cli.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    cli.add_argument("--folder", type=Path)
    args = cli.parse_args()
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        path = Path(folder) / "ledger.db"
        ledger = Ledger(path)
        record(ledger, [text_of(n) for n in range(KNOWN)], "known")
        filled = KNOWN
        for size in args.sizes:
            fill(ledger, filled, size)
            filled = size
            measure(ledger, path, size)
        popular(ledger, print)
        ledger.close()


if __name__ == "__main__":
    main()
