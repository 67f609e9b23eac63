"""Patterns: what a text is an instance of, and which pattern several texts are instances of."""

import pytest

from newscrawler.extraction.found import Found
from newscrawler.extraction.walk import read_page
from newscrawler.profiles import Repeat, Sample
from newscrawler.profiles.alignment import align
from newscrawler.profiles.clocks import find_order, find_zone
from newscrawler.profiles.patterns import Index
from newscrawler.profiles.units import Unit

INSTANCES = [
    ("浏览次数:{n}", "浏览次数:1,208", None),
    ("浏览次数:{n}", "浏览次数:很多", False),
    ("Source: {x}", "Source: Harbour Post", "Harbour Post"),
    ("Taken from {x}. Rights stay there.", "Taken from Harbour Post. Rights stay there.", "Harbour Post"),
    ("Taken from {x}. Rights stay there.", "Taken from Harbour Post. Rights end there.", False),
    ("First at {x} on {time}", "First at Harbour Post on 3 May 2024, 08:41", "Harbour Post"),
    ("First at {x} on {time}", "First at Harbour Post on demand", False),
    ("{time}", "2024-05-03 08:41", None),
    ("{time}", "In 2024 all was well", False),
    ("Address: {url}", "Address: https://mirror.example/a/1?b=2", None),
    ("{title}: read on", "A long headline: read on", None),
    ("Source: {x}", "Source: " + "very " * 40 + "long", False),
]


@pytest.mark.parametrize(("pattern", "text", "gap"), INSTANCES)
def test_instances(pattern, text, gap):
    found = Index([Repeat(pattern=pattern)]).match(text, "A long headline")
    assert (found is not None) == (gap is not False)
    assert not found or found.gap == gap


ALIGNED = [
    (["Source: Harbour Post", "Source: Northwire", "Source: Isle Herald"], "Source: {x}"),
    (["来源丨新华社", "来源丨新京报", "来源丨新民晚报"], "来源丨{x}"),
    (["(稿源：海岸日报)", "(稿源：江湾日报)", "(稿源：北岭日报)"], "(稿源：{x})"),
    (["写于 {time} 由 甲 整理", "写于 {time} 由 乙 整理", "写于 {time} 由 丙 整理"], "写于 {time} 由 {x} 整理"),
    (["The ferry is late.", "The bridge is open.", "The harbour is busy."], None),
    (["Source: Harbour Post", "Source: Harbour Post", "Source: Harbour Post"], None),
    (["来源：一。二", "来源：三。四", "来源：五。六"], None),
]


@pytest.mark.parametrize(("texts", "pattern"), ALIGNED)
def test_alignment(texts, pattern):
    units = [Unit(text, text, at, at, "tail", heading=False, linked=False, within=True) for at, text in enumerate(texts)]
    assert [aligned.pattern for aligned in align(units, 3)] == ([pattern] if pattern else [])


def sample(raw: str, lastmod: str | None = None) -> Sample:
    page = read_page(f"<p>{raw}</p>", "https://mirror.example/")
    return Sample(page=page, body=(0,), timestamp=Found(raw, raw, "line"), language="en", lastmod=lastmod)


CLOCKS = [
    ([("2024-05-03 20:33", "2024-05-03T12:33:10Z")] * 3, "+08:00"),
    ([("2024-05-03 20:33", "2024-05-03T17:18:00+02:00")] * 3, "+05:15"),
    ([("2024-05-03 20:33", "2024-05-03T12:33:10Z")] * 2, None),
    ([("2024-05-03 20:33", "2024-05-03")] * 4, None),
    ([("2024-05-03 20:33", "2024-05-09T01:02:03Z"), ("2024-05-04 10:00", "2024-05-09T01:02:03Z")] * 2, None),
    ([("2024-05-03", "2024-05-03T12:33:10Z")] * 4, None),
]


@pytest.mark.parametrize(("printed", "zone"), CLOCKS)
def test_zone_by_lastmod(printed, zone):
    assert find_zone([sample(raw, lastmod) for raw, lastmod in printed]) == zone


@pytest.mark.parametrize(
    ("printed", "month_first"),
    [
        (["03/04/2024", "25/04/2024"], False),
        (["03/04/2024", "04/25/2024"], True),
        (["03/04/2024", "05/06/2024"], None),
        (["25/04/2024", "04/25/2024"], None),
        (["2024-04-25"], None),
    ],
)
def test_order_by_days_after_the_twelfth(printed, month_first):
    assert find_order([sample(raw) for raw in printed]) == month_first
