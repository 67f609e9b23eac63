"""Saved pages with a truth: in, a folder with truth.jsonl and html/; out, each page's blocks with a label.

A block is the article's own when its word shingles stand in the true body; a word that the truth spends
once is not spent twice, so of a paragraph and its teaser only the one among other true blocks counts.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

WORD = re.compile(r"\w+")
UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1780-\u17ff\u1000-\u109f]")
"""Scripts written without spaces: each character is a word."""


def saved_pages(folder: Path) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Yield (truth, bytes) of each saved page."""
    with (folder / "truth.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            truth = json.loads(line)
            yield truth, gzip.decompress((folder / "html" / f"{truth['id']}.html.gz").read_bytes())


def words(text: str) -> list[str]:
    """Return the words of `text`, as the scorer counts them."""
    return WORD.findall(UNSPACED.sub(lambda m: f" {m.group()} ", text))


def shingles(tokens: list[str], size: int = 4) -> list[tuple[str, ...]]:
    """Return every run of `size` tokens; a shorter text is one shingle."""
    return [tuple(tokens[i : i + size]) for i in range(max(1, len(tokens) - size + 1))] if tokens else []


def label_blocks(texts: list[str], body: str) -> list[float]:
    """Return, for each block's text, the share of it that the true body contains: 0 to 1."""
    tokens = [words(text) for text in texts]
    left = Counter(shingles(words(body)))
    lines = Counter(" ".join(words(line)) for line in body.split("\n"))
    flat = f" {' '.join(words(body))} "
    shares: list[float] = [0.0] * len(texts)
    # Long blocks first: a short one ("Image") is believed only between or beside long ones that are true.
    long = [i for i, t in enumerate(tokens) if len(t) >= 8]
    for i in long:
        own = shingles(tokens[i])
        shares[i] = sum(1 for s in own if s in left) / len(own)
    _drop_repeats(long, tokens, shares, flat)
    believed = [i for i in long if shares[i] >= 0.5]
    first, last = (believed[0], believed[-1]) if believed else (0, len(texts))
    for i, own_words in enumerate(tokens):
        if i in set(long) or not own_words:
            continue
        line = " ".join(own_words)
        near = first - 12 <= i <= last + 12
        shares[i] = float(near and (lines[line] > 0 or (first <= i <= last and f" {line} " in flat)))
    return shares


def _drop_repeats(long: list[int], tokens: list[list[str]], shares: list[float], flat: str) -> None:
    """Keep, of equal true blocks, as many as the truth has: those with the most true words around them."""
    places: dict[str, list[int]] = {}
    for i in long:
        if shares[i] >= 0.5:
            places.setdefault(" ".join(tokens[i]), []).append(i)
    for line, equal in places.items():
        allowed = max(1, flat.count(f" {line} "))
        if len(equal) > allowed:
            weight = {i: sum(shares[k] * len(tokens[k]) for k in range(max(0, i - 8), min(len(shares), i + 9))) for i in equal}
            for i in sorted(equal, key=lambda i: -weight[i])[allowed:]:
                shares[i] = 0.0
