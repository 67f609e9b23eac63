"""Trains the two classifiers of extraction: which blocks are the article's (blocks), which pages are articles (kinds).

    python -m benchmarks.train_blocks FOLDER [--ship]

FOLDER holds truth.jsonl (id, url, set, is_article, body) and html/ID.html.gz. The figures printed are out of fold: five
folds by host, so that no page is judged by a model that has seen its site; the halves are by crc32 of the id. With --ship
models trained on all pages are written into the package. Needs lightgbm and scikit-learn.
"""

from __future__ import annotations

import argparse
import sys
import zlib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

import lightgbm
import numpy as np
from sklearn.model_selection import GroupKFold

from benchmarks.block_truth import label_blocks, saved_pages, shingles, words
from newscrawler.decoding import decode
from newscrawler.extraction import body as bodies
from newscrawler.extraction import kind as kinds
from newscrawler.extraction.features import read_columns
from newscrawler.extraction.forest import LEAVES
from newscrawler.extraction.metadata import read_metadata
from newscrawler.extraction.survey import Survey
from newscrawler.extraction.title import find_title
from newscrawler.extraction.walk import read_page
from newscrawler.urls import host_of

FOLDS = 5
BLOCKS = {"num_leaves": LEAVES, "learning_rate": 0.06, "min_data_in_leaf": 40, "feature_fraction": 0.25, "trees": 250}
KINDS = {"num_leaves": LEAVES, "learning_rate": 0.04, "min_data_in_leaf": 20, "feature_fraction": 0.4, "trees": 150}
PLAIN_WEIGHT = 0.5
"""Of a page of which only what is seen is told."""

SET_WEIGHTS = {"wcxb": 1.0}
"""A set of few pages counts for more than its number: 1.5 where none is given."""


@dataclass
class Example:
    """One saved page as the models see it."""

    truth: dict[str, Any]
    page: Any
    metadata: Any
    survey: Any
    candidates: list[int]
    rows: Any
    labels: Any
    weights: Any
    odds: Any = None


def read_example(truth: dict[str, Any], html: bytes) -> Example | None:
    page = read_page(decode(html).text, truth["url"])
    if not page.blocks:
        return None
    metadata = read_metadata(page)
    title = find_title(page, metadata)
    survey = Survey(page, title.value if title else page.title_tag or "")
    asked, columns = read_columns(survey)
    candidates, rows = asked.tolist(), columns.T
    shares = label_blocks([block.text for block in page.blocks], truth["body"]) if truth.get("body") else []
    labels = np.array([shares[at] >= 0.5 for at in candidates] if shares else [], dtype=int)
    sizes = np.array([len(words(page.blocks[at].text)) + 3.0 for at in candidates])
    total = float((sizes * labels).sum() if shares and labels.any() else sizes.sum()) or 1.0
    weights = sizes / total * SET_WEIGHTS.get(truth["set"], 1.5) if candidates else sizes
    return Example(truth, page, metadata, survey, candidates, rows, labels, weights)


def train(rows: Any, labels: Any, weights: Any, options: dict[str, Any]) -> Any:
    options = dict(options)
    trees = options.pop("trees")
    fixed = {"objective": "binary", "verbose": -1, "seed": 0, "deterministic": True, "num_threads": 1, "bagging_fraction": 0.8,
             "bagging_freq": 1, "lambda_l2": 1e-3, "min_sum_hessian_in_leaf": 1e-6, "max_bin": 63}  # fmt: skip
    data = lightgbm.Dataset(rows, labels, weight=weights / weights.mean())
    return lightgbm.train({**fixed, **options}, data, trees)


def train_blocks(examples: list[Example]) -> Any:
    known = [e for e in examples if e.truth.get("body") and len(e.rows)]
    stacked = (np.concatenate([getattr(e, name) for e in known]) for name in ("rows", "labels", "weights"))
    return train(*stacked, BLOCKS)


def choose(example: Example, odds: Any) -> bodies.Body:
    """Return the body that these odds give."""
    all_odds = [bodies.NEVER] * len(example.page.blocks)
    for at, odd in zip(example.candidates, odds, strict=True):
        all_odds[at] = float(odd)
    return bodies.make_body(example.survey, all_odds)


def overlap(truth: str, found: str) -> tuple[int, int, int]:
    from collections import Counter

    own, theirs = Counter(shingles(words(truth))), Counter(shingles(words(found)))
    both = sum((own & theirs).values())
    return both, sum(theirs.values()) - both, sum(own.values()) - both


def f1(rows: list[tuple[int, int, int]]) -> float:
    precision = fmean(tp / (tp + fp) for tp, fp, _ in rows if tp + fp)
    recall = fmean(tp / (tp + fn) for tp, _, fn in rows if tp + fn)
    return 2 * precision * recall / (precision + recall)


def half(truth: dict[str, Any]) -> str:
    return "half B" if zlib.crc32(truth["id"].encode()) & 1 else "half A"


def report_blocks(examples: list[Example]) -> None:
    groups: dict[tuple[str, str], list[tuple[int, int, int]]] = defaultdict(list)
    for e in examples:
        if e.truth.get("body"):
            body = choose(e, e.odds)
            text = "\n".join(e.page.blocks[at].text for at in (*body.standfirst, *body.chosen))
            for part in ("all", half(e.truth)):
                groups[e.truth["set"], part].append(overlap(e.truth["body"], text))
    for (name, part), rows in sorted(groups.items()):
        print(f"blocks {name:<12} {part:<7} F1 {f1(rows):.4f} ({len(rows)} pages, out of fold)")


def out_of_fold(examples: list[Example]) -> None:
    """Give every page the odds of a model that has not seen its host; print kinds by models trained likewise."""
    hosts = [host_of(e.truth["url"]) or e.truth["id"] for e in examples]
    folds = list(GroupKFold(FOLDS).split(examples, groups=hosts))
    for learn, test in folds:
        model = train_blocks([examples[i] for i in learn])
        for i in test:
            e = examples[i]
            e.odds = model.predict(e.rows, raw_score=True) if len(e.rows) else []
    report_blocks(examples)
    rows, labels = kind_data(examples)
    said = np.zeros(len(examples))
    for learn, test in folds:
        said[test] = train_kinds(rows[learn], labels[learn]).predict(rows[test], raw_score=True)
    chosen = np.array([bool(choose(e, e.odds).chosen) for e in examples])
    for part in ("all", "half A", "half B"):
        mask = np.array([e.truth["set"] == "wcxb" and part in ("all", half(e.truth)) for e in examples])
        yes = (said > kinds.FOUND) & chosen & mask
        both = (yes & (labels == 1)).sum()
        print(f"kinds  wcxb {part}: F1 {2 * both / (yes.sum() + (labels[mask] == 1).sum()):.4f} (out of fold)")


def kind_data(examples: list[Example]) -> tuple[Any, Any]:
    rows = np.array([kinds.describe(e.page, e.metadata, choose(e, e.odds)) for e in examples], dtype=np.float32)
    return rows, np.array([int(e.truth["is_article"]) for e in examples])


def train_kinds(rows: Any, labels: Any) -> Any:
    """Train on each page as it is, and once more as if its head declared nothing: a plain page is news none the less."""
    plain = rows.copy()
    plain[:, kinds.DECLARED] = 0
    weights = np.repeat([1.0, PLAIN_WEIGHT], len(rows))
    return train(np.concatenate([rows, plain]), np.concatenate([labels, labels]), weights, KINDS)


def export(model: Any, target: Path) -> None:
    """Write the model as forest.Forest reads it."""
    trees = [tree["tree_structure"] for tree in model.dump_model()["tree_info"]]
    shape = (LEAVES - 1, len(trees))
    features, thresholds = np.zeros(shape, np.uint8), np.full(shape, np.inf, np.float32)
    masks, leaves = np.full(shape, 0xFFFF, np.uint16), np.zeros((len(trees), LEAVES), np.float32)
    for number, tree in enumerate(trees):
        nodes: list[tuple[int, float, int]] = []
        flatten(tree, nodes, leaves[number], [0])
        for place, (feature, threshold, mask) in enumerate(nodes):
            features[place, number], thresholds[place, number], masks[place, number] = feature, np.float32(threshold), mask
    np.savez_compressed(target, features=features, thresholds=thresholds, masks=masks, leaves=leaves)
    print(f"{target.name}: {len(trees)} trees, {target.stat().st_size} bytes")


def flatten(node: dict[str, Any], nodes: list[tuple[int, float, int]], leaves: Any, count: list[int]) -> list[int]:
    """Number the leaves from left to right, note each node with the mask that strikes its left side; return its leaves."""
    if "leaf_value" in node:
        leaves[count[0]] = node["leaf_value"]
        count[0] += 1
        return [count[0] - 1]
    left = flatten(node["left_child"], nodes, leaves, count)
    right = flatten(node["right_child"], nodes, leaves, count)
    nodes.append((node["split_feature"], node["threshold"], 0xFFFF & ~sum(1 << leaf for leaf in left)))
    return left + right


def main(arguments: list[str]) -> None:
    cli = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    cli.add_argument("folder", type=Path)
    cli.add_argument("--ship", action="store_true")
    options = cli.parse_args(arguments)
    pages = [(truth, html) for truth, html in saved_pages(options.folder) if truth.get("url") is not None]
    examples = [example for truth, html in pages if (example := read_example(truth, html))]
    out_of_fold(examples)
    if options.ship:
        package = Path(kinds.__file__).parent
        export(train_blocks(examples), package / "blocks.npz")
        export(train_kinds(*kind_data(examples)), package / "kinds.npz")


if __name__ == "__main__":
    main(sys.argv[1:])
