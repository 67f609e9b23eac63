"""Names in bylines, and what in a byline is no name. All names are invented."""

import json

import pytest

from newscrawler.extraction.authors import find_authors
from newscrawler.extraction.editors import find_editor
from newscrawler.extraction.metadata import read_metadata
from newscrawler.extraction.person_names import is_person, split_names
from newscrawler.extraction.surroundings import surround
from newscrawler.extraction.title import find_title
from newscrawler.extraction.walk import read_page

SPLIT = [
    ("By Jane Doe", ["Jane Doe"]),
    ("By Jane Doe and Anna-Lena Long", ["Jane Doe", "Anna-Lena Long"]),
    ("By JANE DOE | Staff Writer", ["JANE DOE"]),
    ("Jane Doe, Senior Reporter", ["Jane Doe"]),
    ("Jane Doe, PhD, RD", ["Jane Doe"]),
    ("Von Max Müller und Eva Groß", ["Max Müller", "Eva Groß"]),
    ("Par Marie Curvers et Jean Petit", ["Marie Curvers", "Jean Petit"]),
    ("Por María Río y José Monte", ["María Río", "José Monte"]),
    ("作者：李四", ["李四"]),
    ("采写：江城报记者 李四 王五", ["李四", "王五"]),
    ("李四、王五", ["李四", "王五"]),
    ("홍길동 기자", ["홍길동"]),
]
BYLINES = [
    ("By Jane Doe", ["Jane Doe"]),
    ("By Jane Doe and Anna Long, Riverside", ["Jane Doe", "Anna Long"]),
    ("By Jane Doe on Monday, March 25", ["Jane Doe"]),
    ("Von Max Müller, Flussufer", ["Max Müller"]),
    ("江城晚报记者 李四", ["李四"]),
    ("文丨江风特约评论员 李四", ["李四"]),
    ("作者︱李四", ["李四"]),
    ("《江风》作者 李四", ["李四"]),
    ("发表于2024-03-27 20:33| 11次阅读| 作者李四", ["李四"]),
    ("2024-03-27 20:33 来源：江城网 作者：李四", ["李四"]),
    ("2024-03-27 20:33 来源：江城网 作者：", []),
    ("Автор: Иван Реков", ["Иван Реков"]),
    ("2024-03-27 20:33", []),
    ("Published March 27, 2024 by Jane Doe", ["Jane Doe"]),
    ("Written by:Jane Doe", ["Jane Doe"]),
    ("By Jane Doe ● March 27, 2024 ● 6 min read", ["Jane Doe"]),
    ("By<a href='/jd'>Jane Doe</a><span>March 27, 2024</span>", ["Jane Doe"]),
    ("By Jane Doe Former Deputy Director", ["Jane Doe"]),
    ("By Jane Doe, MD. Reviewed by Anna Long, MD", ["Jane Doe"]),
    ("Reviewed by Jane Doe", []),
    ("By Riverside Staff", ["Riverside Staff"]),
    ("By Staff", []),
    ("<a href='/authors/jane-doe'>Jane Doe</a>", ["Jane Doe"]),
    ("<a rel='author' href='/jane'>Jane Doe</a> | March 27, 2024", ["Jane Doe"]),
    ("<address>Jane Doe</address>", ["Jane Doe"]),
    ("<a href='/topics/river-trade'>River Trade</a>", []),
    ("<a href='/authors/jane-doe'>Follow</a>", []),
    ("<div class=reporterrbox>Report an Error</div>", []),
    ("Jane Doe | 27.03.2024 - Update: 28.03.2024", ["Jane Doe"]),
    ("<p>Jane Doe</p><p>March 27, 2024</p>", ["Jane Doe"]),
    ("<p>Jane Doe</p>", []),
    ("<a href='/river-trade'>River Trade</a> | March 27, 2024", []),
    ("Weather | March 27, 2024", []),
    ("<p>Written By</p><p>March 27, 2024</p>", []),
    ("<p class=author>von Max Müller, RIVERSIDE NORD</p>", ["Max Müller"]),
    ("<p class=author>Riverside Team</p>", ["Riverside Team"]),
]
DECLARED = [
    ({"@type": "Person", "name": "Jane Doe"}, "", "", ["Jane Doe"]),
    ({"@type": "Person", "givenName": "Jane", "familyName": "Doe"}, "", "", ["Jane Doe"]),
    ({"@type": "Organization", "name": "Tidewire"}, "", "", []),
    ([{"@type": "Organization", "name": "Tidewire"}, {"name": "Jane Doe"}], "", "", ["Tidewire", "Jane Doe"]),
    ("Jane Doe", "By Anna Long", "", ["Anna Long"]),
    ("Jane Doe", "By Anna Long", "Text: Jane Doe", ["Jane Doe"]),
    ("Jane Doe", "By Anna Doe", "", ["Jane Doe"]),
    ("Jane Doe", "<p class=author>Anna Long</p>", "Editor: Jane Doe", ["Anna Long"]),
    ("Jane Doe", "", "Editor: Jane Doe", ["Jane Doe"]),
]
EDITORS = [
    ("责任编辑：李四", "李四"),
    ("编辑：王五 责任编辑：李四", "李四"),
    ("【编辑:李四】", "李四"),
    ("（责编：李四）", "李四"),
    ("[ 责编：李四 ]", "李四"),
    ("责任编辑：", None),
    ("Edited by: Jane Doe", "Jane Doe"),
    ("Редактор: Иван Реков", "Иван Реков"),
    ("Best editor of the year", None),
]
PARAGRAPH = (
    "The river rose by two metres in the night, and the town's old bridge was closed to all but the fire brigade's own cars."
)


OWN = {"riverside"}


def page_with(above: str, below: str, author: object = None):
    text = f"<div><p>{PARAGRAPH}</p><p>{PARAGRAPH}</p></div>"
    graph = json.dumps({"@type": "NewsArticle", "author": author} if author else {})
    head = f"<title>River rises</title><script type=application/ld+json>{graph}</script>"
    html = f"{head}<h1>River rises</h1><div class=meta>{above}</div>{text}<div>{below}</div>"
    page = read_page(html, "https://riverside.example/1")
    metadata = read_metadata(page)
    return page, metadata, surround(page, find_title(page, metadata))


@pytest.mark.parametrize(("text", "names"), SPLIT)
def test_split(text: str, names: list[str]) -> None:
    assert list(split_names(text)) == names


@pytest.mark.parametrize(("line", "names"), BYLINES)
def test_byline(line: str, names: list[str]) -> None:
    assert [found.value for found in find_authors(*page_with(line, ""), OWN)] == names


@pytest.mark.parametrize(("author", "above", "below", "names"), DECLARED)
def test_declared_and_printed(author: object, above: str, below: str, names: list[str]) -> None:
    page, metadata, place = page_with(above, below, author)
    editor = find_editor(metadata, place)
    found = find_authors(page, metadata, place, OWN, editor=editor.value if editor else None)
    assert [one.value for one in found] == names


@pytest.mark.parametrize(("line", "name"), EDITORS)
def test_editor(line: str, name: str | None) -> None:
    found = find_editor(*page_with("2024-03-27", line)[1:])
    assert (found.value if found else None) == name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Jane Doe", True), ("李四", True), ("Riverside Herald", False), ("https://social.example/jane", False),
        ("jane@riverside.example", False), ("Editorial Team", False), ("江城日报", False), ("Redaktion", False),
        ("摄影", False),
    ],
)  # fmt: skip
def test_persons(name: str, expected: bool) -> None:
    assert is_person(name, {"riversideherald"}) is expected
