"""Extraction in many processes: the order of the files, flat memory, errors that arrive."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from newscrawler.archives.parallel import AHEAD, CHUNK, cores, map_ordered


def square(number: int) -> tuple[int, int]:
    return number * number, os.getpid()


def refuse(number: int) -> int:
    if number == 40:
        raise ValueError("forty")
    return number


@pytest.mark.parametrize("processes", [1, 2])
def test_results_come_in_order_from_several_processes(processes):
    results = list(map_ordered(square, range(200), processes))
    assert [number for number, _ in results] == [number * number for number in range(200)]
    pids = {pid for _, pid in results}
    assert pids == {os.getpid()} if processes == 1 else os.getpid() not in pids


def test_no_more_is_read_ahead_than_the_processes_have_in_hand():
    read = 0

    def numbers() -> Iterator[int]:
        nonlocal read
        for number in range(10_000):
            read += 1
            yield number

    results = map_ordered(square, numbers(), 2)
    next(results)
    assert read <= 2 * AHEAD * CHUNK
    results.close()


def test_what_a_process_raises_arrives():
    results = map_ordered(refuse, range(100), 2)
    with pytest.raises(ValueError, match="forty"):
        list(results)


def test_cores_are_those_the_process_may_use():
    assert 1 <= cores() <= (os.cpu_count() or 1)
