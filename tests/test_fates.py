"""The choice among copies does not depend on the order of arrival, and its memory not on how many pages there are."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from newscrawler.choice import Candidate
from newscrawler.fates import Fates


def candidate(number: int, story: int, *, of: str | None = None) -> Candidate:
    return Candidate(
        id=f"{number:032x}",
        url=f"http://a.example/{number}",
        cluster=f"{story:032x}",
        when=float("inf") if number % 5 == 0 else 1000.0 - number,
        length=100 + number,
        reason="copy" if of else None,
        of=of,
        similarity=0.9 if of else None,
        place=(number * 1000, 1000),
        site="a.example" if number % 2 else "b.example",
    )


def pages(count: int) -> Iterator[Candidate]:
    """Yield three pages a story."""
    return (candidate(number, number - number % 3, of="x" if number % 3 else None) for number in range(count))


def decided(folder: Path, found: list[Candidate]) -> list[tuple[str, str, str | None, str | None]]:
    with closing(Fates(folder)) as fates:
        fates.add(found, lambda ids: [one.cluster for one in found if one.id in set(ids)])
        fates.decide()
        assert not list(folder.iterdir())
        both = [fate for site in ("a.example", "b.example") for fate in fates.of(site)]
        return [(fate.candidate.url, fate.cluster, fate.of, fate.reason) for fate in both]


def test_any_order_gives_the_same_fates(tmp_path: Path) -> None:
    found = list(pages(60))
    first = decided(tmp_path, found)
    assert sum(of is None for _, _, of, _ in first) == 20
    assert [url for url, _, _, _ in first[:30]] == sorted(url for url, _, _, _ in first[:30])
    for seed in range(3):
        random.Random(seed).shuffle(found)
        assert decided(tmp_path, found) == first


def test_each_story_of_a_site_is_named_once(tmp_path: Path) -> None:
    with closing(Fates(tmp_path)) as fates:
        fates.add(pages(9), lambda ids: [f"{int(one, 16) - int(one, 16) % 3:032x}" for one in ids])
        fates.decide()
        for site in ("a.example", "b.example"):
            assert list(fates.stories(site)) == sorted({fate.cluster for fate in fates.of(site)})


def test_a_page_read_twice_counts_as_it_was_read_last(tmp_path: Path) -> None:
    again = candidate(0, 0)
    again.length = 7
    with closing(Fates(tmp_path)) as fates:
        fates.add([candidate(0, 0), again], lambda ids: list(ids))
        fates.decide()
        assert [fate.candidate.length for fate in fates.of("b.example")] == [7]


def peak(folder: Path, count: int) -> int:
    """Return the most bytes that Python held while so many pages were decided on and looked at."""
    tracemalloc.start()
    with closing(Fates(folder)) as fates:
        fates.add(pages(count), lambda ids: [f"{int(one, 16) - int(one, 16) % 3:032x}" for one in ids])
        fates.decide()
        assert sum(1 for site in ("a.example", "b.example") for _ in fates.of(site)) == count
        assert sum(1 for site in ("a.example", "b.example") for _ in fates.stories(site)) <= count
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def test_memory_is_flat(tmp_path: Path) -> None:
    peak(tmp_path, 10)  # what is imported and cached once
    assert peak(tmp_path, 4000) < 1.5 * peak(tmp_path, 1000)  # held in memory it would be four times as much
