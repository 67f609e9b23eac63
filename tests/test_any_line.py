"""Whatever a line holds, reading it raises nothing and invents nothing."""

from hypothesis import given
from hypothesis import strategies as st

from newscrawler.extraction.attribution import read_attribution
from newscrawler.extraction.dates import read_declared, read_moments
from newscrawler.extraction.person_names import split_names

PIECES = [
    "2024",
    "03",
    "27",
    "-",
    "/",
    ".",
    "年",
    "月",
    "日",
    ":",
    "：",
    " ",
    "Mar",
    "来源",
    "作者",
    "Source",
    "by",
    "T",
    "Z",
    "+08:00",
    "（",
    "）",
    "20240327",
]
LINES = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=60).map("".join))


@given(LINES)
def test_a_moment_stands_in_its_line(line: str) -> None:
    for moment in read_moments(line):
        assert moment.raw == line[moment.start : moment.end].strip()
    read_declared(line)


@given(LINES)
def test_a_name_stands_in_its_line(line: str) -> None:
    found = read_attribution(line)
    assert found is None or (found.name in line and found.raw.endswith(found.name))


@given(LINES)
def test_names_are_never_empty(line: str) -> None:
    assert all(split_names(line))
