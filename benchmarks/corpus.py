"""Measure a release of a million generated articles: lines a second of CPU time, and memory every hundred thousand.

    python -m benchmarks.corpus [--count 1000000] [--dedup story|page|none] [--folder DIR]

Articles are Chinese, Japanese, English and German, 3 KB of JSON each, four pages a story, in sealed runs of 50,000. With
--folder they are kept, and made only once. One process measures, so that its CPU time is all of it.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from resource import RUSAGE_SELF, getpagesize, getrusage
from tempfile import TemporaryDirectory
from time import process_time

from newscrawler.corpus import writing
from newscrawler.corpus.options import Options
from newscrawler.corpus.release import build
from newscrawler.corpus.statistics import Statistics
from newscrawler.corpus.store import Store
from newscrawler.items import Article, article_id, encode_line
from newscrawler.shards import seal

RUN, STEP = 50_000, 100_000
STORY = 4
"""Pages of a story."""

WORDS = {
    "zh": "海川储能发布公告拟向不超过名特定投资者发行股票募集资金总额用于扩建产线及补充流动资金选址望潮港经济区",
    "ja": "東京で地震がありました気象庁によると震度は三でした津波の心配はありませんと発表し関係者が明らかにした",
    "en": "the council of harbour met on monday and decided that a new pier will be built before winter".split(),
    "de": "der Rat der Stadt hat am Montag beschlossen dass ein neuer Hafen gebaut wird und die Arbeiter".split(),
}


def paragraph(language: str, chance: random.Random) -> str:
    return ("" if language in ("zh", "ja") else " ").join(chance.choices(WORDS[language], k=100)) + "."


def articles(first: int, count: int, chance: random.Random) -> Iterator[bytes]:
    for number in range(first, first + count):
        language = list(WORDS)[number % 4]
        url = f"https://mirror.example/{language}/{number}.html"
        moment = f"20{10 + number % 15}-{1 + number % 12:02}-{1 + number % 28:02}T{number % 24:02}:00:00+08:00"
        article = Article(id=article_id(url), url=url, canonical_url=url, site="mirror", language=language, timestamp=moment)
        article.body = "\n".join(paragraph(language, chance) for _ in range(chance.randint(2, 10)))
        article.title, article.source = article.body[:40], f"Publisher {number % 997}"
        article.cluster = article_id(f"https://mirror.example/story/{number // STORY}")
        yield encode_line(article)


def make_runs(output: Path, count: int) -> None:
    """Seal runs of articles, as a crawl does."""
    chance = random.Random(0)
    for first in range(0, count, RUN):
        run = f"run-{first:09}"
        sealed = seal(output / "mirror" / f"{run}.jsonl.zst", articles(first, min(RUN, count - first), chance))
        files = [{"path": sealed.path.name, "lines": sealed.lines, "sha256": sealed.sha256}]
        report = {"site": "mirror", "run": run, "discovery": {}, "files": files}
        (output / "mirror" / f"{run}.json").write_text(json.dumps(report))


def say(what: str) -> None:
    now, most = int(Path("/proc/self/statm").read_text().split()[1]) * getpagesize(), getrusage(RUSAGE_SELF).ru_maxrss * 1024
    print(f"{what:<20} {process_time():>8.1f} s CPU {now / 1e6:>6.0f} MB, at most {most / 1e6:.0f} MB", flush=True)


class TalkingStore(Store):
    """Says what it has taken and chosen."""

    def add(self, pages: object) -> None:
        before = self._taken
        super().add(pages)  # type: ignore[arg-type]
        if self._taken // STEP != before // STEP:
            say(f"taken {self._taken:,}")

    def choose(self, dedup: object) -> None:
        super().choose(dedup)  # type: ignore[arg-type]
        say(f"chosen {self.chosen:,}")


class TalkingStatistics(Statistics):
    def add(self, other: Statistics) -> None:
        before = self.lines
        super().add(other)
        if self.lines // STEP != before // STEP:
            say(f"written {self.lines:,}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--dedup", default="page")
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        if not (folder / "articles").exists():
            make_runs(folder / "articles", given.count)
        measure(folder, Options(dedup=given.dedup))


def measure(folder: Path, options: Options) -> None:
    from newscrawler.corpus import release

    shutil.rmtree(folder / "release", ignore_errors=True)
    writing.FEW = 10**12
    writing.Statistics, release.Store = TalkingStatistics, TalkingStore  # type: ignore[misc]
    start = process_time()
    made = build(folder / "articles", folder / "release", options)
    say("done")
    print(f"{made.stats['lines'] / (process_time() - start):,.0f} lines a second, {made.stats['released']:,} released")


if __name__ == "__main__":
    main()
