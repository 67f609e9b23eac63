"""Measure whether different news in the same words stays apart, and its copies are found, in eight languages.

    python -m benchmarks.forms [--reports 12] [--seed 1] [--wrong]

Every form of forms.toml is filled in as many times as asked; each report is a story of its own. Each also comes as copies
made by the edits below. All texts of a language go through the function that the crawl uses, in a shuffled order. Recall is
the share of copies that share their report's label; precision the share of pairs with one label that are one report.
"""

from __future__ import annotations

import argparse
import random
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from opencc import OpenCC

from newscrawler.stories import cluster

FORMS = Path(__file__).with_name("forms.toml")
WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
}
SLOT = re.compile(r"\{(\w)\}")


class Text(NamedTuple):
    report: str
    """Language, form and number: what it is a copy of."""
    edit: str
    """Empty for the report itself."""
    text: str


def filled(form: str, words: dict[str, Any], language: str, rng: random.Random) -> str:
    """Return the form with names of its own, one value a name, and a fresh number wherever one is asked for."""
    home, away = rng.sample(words["t"], 2)
    leading, lagging = rng.sample(words["s"], 2)
    names = {"p": rng.choice(words["p"]), "c": rng.choice(words["c"]), "n": rng.choice(words["n"])}
    names |= {"t": home, "u": away, "s": leading, "r": lagging, "m": str(rng.randint(1, 12)), "k": str(rng.randint(1, 28))}
    names["w"] = rng.choice(WEEKDAYS.get(language, "-").split())
    numbers: dict[str, Callable[[], str]] = {
        "i": lambda: str(rng.choice((rng.randint(1, 99), rng.randint(100, 9999)))),
        "f": lambda: f"{rng.choice((rng.uniform(1, 100), rng.uniform(1000, 20000))):.2f}",
        "h": lambda: f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}",
    }
    day = SLOT.sub(lambda slot: names[slot[1]], words["d"])
    return SLOT.sub(lambda slot: day if slot[1] == "d" else numbers[slot[1]]() if slot[1] in numbers else names[slot[1]], form)


def grouped(text: str) -> str:
    """Return the text with its figures printed another way: 1234.5 as 1,234.5, wide where the text is Chinese."""
    return re.sub(r"\d+", lambda figure: f"{int(figure[0]):,}" if figure[0][0] != "0" else figure[0], text)


EDITS: dict[str, Callable[[str, dict[str, Any]], str]] = {
    "truncated": lambda text, _: text[: len(text) * 3 // 5],
    "lead": lambda text, words: words["lead"] + text,
    "one paragraph": lambda text, _: text.replace("\n", " "),
    "paragraphs": lambda text, _: re.sub(r"([。.،] ?)(?!\d)", "\\1\n\n", text),
    "punctuation": lambda text, _: text.translate(str.maketrans("，。；：、“”「」,;", ",.;:,「」“”，；")),
    "full width": lambda text, _: text.translate({n: n + 0xFEE0 for n in range(0x21, 0x7F)}),
    "wrapped": lambda text, words: text.join(words["wrapping"]),
    "figures": lambda text, _: grouped(text),
    "traditional": lambda text, _: OpenCC("s2t").convert(text).upper(),
}


def texts_of(language: str, words: dict[str, Any], reports: int, rng: random.Random) -> list[Text]:
    """Return the reports of a language and their copies, shuffled."""
    found = []
    for name, form in words.items():
        if len(name) == 1 or name in ("lead", "wrapping"):
            continue
        for number in range(reports):
            text, report = filled(form, words, language, rng), f"{language} {name} {number}"
            found.append(Text(report, "", text))
            found += [Text(report, edit, change(text, words)) for edit, change in EDITS.items()]
    rng.shuffle(found)
    return found


class Score(NamedTuple):
    texts: int
    recall: float
    precision: float
    missed: Counter[str]
    """Edit -> copies that do not share their report's label."""
    joined: Counter[tuple[str, str]]
    """Pairs of forms -> pairs of texts wrongly put together."""


def score(texts: list[Text]) -> Score:
    labels = cluster([one.text for one in texts])
    of = {one.report: label for one, label in zip(texts, labels, strict=True) if not one.edit}
    missed = Counter(one.edit for one, label in zip(texts, labels, strict=True) if of[one.report] != label)
    together = defaultdict(list)
    for one, label in zip(texts, labels, strict=True):
        together[label].append(one.report)
    pairs = [pair for group in together.values() for pair in combinations(group, 2)]
    joined = Counter((a.rsplit(" ", 1)[0], b.rsplit(" ", 1)[0]) for a, b in pairs if a != b)
    copies = sum(1 for one in texts if one.edit)
    return Score(len(texts), 1 - missed.total() / copies, 1 - joined.total() / max(1, len(pairs)), missed, joined)


def main() -> None:
    cli = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    cli.add_argument("--reports", type=int, default=12)
    cli.add_argument("--seed", type=int, default=1)
    cli.add_argument("--wrong", action="store_true", help="also print what was missed, and what was wrongly joined")
    args = cli.parse_args()
    for language, words in tomllib.loads(FORMS.read_text("utf-8")).items():
        found = score(texts_of(language, words, args.reports, random.Random(args.seed)))
        print(f"{language}: recall {found.recall:.4f}, precision {found.precision:.4f} of {found.texts} texts")
        if args.wrong:
            print("  missed", dict(found.missed), "joined", dict(found.joined.most_common(8)))


if __name__ == "__main__":
    main()
