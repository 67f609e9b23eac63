"""What is cut from a body, what stays, and that every cut can be undone."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawler.disclaimers import strip
from newscrawler.items import Removal
from newscrawler.removals import merge, restore

CASES = tomllib.loads((Path(__file__).parent / "disclaimers.toml").read_text(encoding="utf-8"))
TEXTS = [line for case in CASES["case"] for line in case["before"] + case.get("after", [])] + ["", " ", "a", "。", "標題"]
PARAGRAPHS = st.lists(st.one_of(st.sampled_from(TEXTS), st.text(max_size=20).map(lambda text: " ".join(text.split()))))


class InnerPart:
    """Knows of some texts that the first and the last character are the site's."""

    sure = False

    def __init__(self, texts):
        self.texts = texts

    def windows(self, paragraphs):
        return [(1, len(text) - 1, "x") if text in self.texts and len(text) > 2 else None for text in paragraphs]


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["name"])
def test_keeps_the_article_and_nothing_else(case):
    stripped = strip(case["before"], title=case.get("title"), taken=case.get("taken", ()))
    assert stripped.kept == case.get("after", case["before"])
    assert [removal.rule for removal in stripped.removed] == case.get("rules", [])


@given(PARAGRAPHS, st.sampled_from([None, *TEXTS]), st.sets(st.integers(0, 20)))
def test_putting_cuts_back_yields_the_body_before(paragraphs, title, lines):
    stripped = strip(paragraphs, title=title, lines={number: "line" for number in lines if number < len(paragraphs)})
    assert restore("\n".join(stripped.kept), stripped.removed) == "\n".join(paragraphs)


@given(PARAGRAPHS)
def test_a_stripped_article_has_nothing_left_to_strip(paragraphs):
    kept = strip(paragraphs).kept
    assert strip(kept).kept == kept


@given(PARAGRAPHS, st.sets(st.sampled_from(TEXTS)), st.sampled_from(TEXTS))
def test_two_steps_merge_into_one_account(paragraphs, known, title):
    first = strip(paragraphs, known=InnerPart(known))
    second = strip("\n".join(first.kept).split("\n"), title=title)
    removed = merge(first.removed, second.removed)
    assert restore("\n".join(second.kept), removed) == "\n".join(paragraphs)


def test_a_cut_around_an_earlier_cut_is_split():
    earlier = [Removal(rule="a", text="xx", position=2)]
    later = [Removal(rule="b", text="bcd", position=1)]
    removed = merge(earlier, later)
    assert [(one.text, one.position) for one in removed] == [("b", 1), ("xx", 1), ("cd", 1)]
    assert restore("ae", removed) == "abxxcde"
