"""Which texts are copies: each row is an edit that a mirror makes, or two texts that are different news."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from opencc import OpenCC
from story_texts import BRIDGE, LIBRARY, LINES, RIVER, appointment, buyback, market, match, quake, rules

from newscrawler.fingerprints import (
    FIGURES,
    HEAD,
    MARK,
    SKETCH,
    STEP,
    WORDS,
    fingerprint,
    hashes_of,
    pack,
    steps_of,
    unpack,
)
from newscrawler.letters import LONGEST
from newscrawler.likeness import is_copy

EDITS: dict[str, Callable[[str], str]] = {
    "cut to a third": lambda text: text[: len(text) // 3],
    "cut to a half, with a lead": lambda text: LINES[0] + text[: len(text) // 2],
    "wrapped": lambda text: text.join(LINES),
    "one paragraph": lambda text: text.replace("\n", " "),
    "other paragraphs": lambda text: re.sub("([。.])", r"\1\n\n　　", text),
    "a paragraph left out": lambda text: "\n".join(line for n, line in enumerate(text.split("\n")) if n != 2),
    "an advertisement in the middle": lambda text: text.replace("\n", "\n点击关注，每天收取最新消息>>\n", 3),
    "one figure corrected": lambda text: text.replace("2400", "2500").replace("412", "421"),
}

SAME: dict[str, Callable[[str], str]] = {
    "corner quotes": lambda text: text.replace("“", "「").replace("”", "」"),
    "narrow punctuation": lambda text: text.replace("，", ",").replace("。", ". ").replace("“", '"').replace("”", '"'),
    "full width": lambda text: text.translate({n: n + 0xFEE0 for n in range(0x21, 0x7F)}),
    "traditional": lambda text: OpenCC("s2t").convert(text),
    "capitals": str.upper,
    "grouped figures": lambda text: re.sub(r"\d{4,}", lambda figure: f"{int(figure[0]):,}", text),
    "spaces": lambda text: text.replace("\n", "\r\n \u3000\u200b"),
}

DIFFERENT = {
    "two stories": (BRIDGE, RIVER),
    "two days' market": (market(1, 3018.68, 8520, "光伏"), market(2, 2970.54, 9413, "光伏")),
    "two days' market, other words too": (market(1, 3018.68, 8520, "光伏"), market(9, 3301.02, 7711, "白酒")),
    "market, cut": (market(1, 3018.68, 8520, "光伏"), market(2, 2970.54, 9413, "光伏")[:90]),
    "two earthquakes": (
        quake("04:12", "off the northern coast", 38.21, 142.9, 5.6, 40),
        quake("16:47", "off the northern coast", 38.36, 142.11, 4.9, 52),
    ),
    "a form with other names": (match("Alderby", "Coltsea", "Wenmoor"), match("Thornwick", "Brackley", "Ostend")),
    "two appointments": (appointment("北浜市", "3月4日", "田中健一"), appointment("三原市", "6月21日", "高橋由美")),
    "two appointments, one wrapped": (
        appointment("北浜市", "3月4日", "田中健一"),
        appointment("三原市", "6月21日", "高橋由美").join(LINES),
    ),
    "two announcements of a company": (
        buyback("Halden Foods", "Monday 3/2", 40, 12.5),
        buyback("Halden Foods", "Friday 14/8", 65, 17.25),
    ),
    "two companies": (buyback("Halden Foods", "Monday 3/2", 40, 12.5), buyback("Marlowe Pharma", "Monday 3/2", 25, 31.4)),
    "two near-equal pages, their figures out of step": (
        rules("", 45, 8247102),
        rules("All wardens read this aloud. ", 56, 8288046),
    ),
    "one tail under two stories": (RIVER + LIBRARY, BRIDGE[:300] + LIBRARY),
    "a later item of a digest": (RIVER, f"{BRIDGE}\n{LIBRARY}\n{RIVER}"),
    "a shared statement": (
        BRIDGE[:80] + RIVER,
        LIBRARY[:600] + BRIDGE[:80],
    ),
}


@pytest.mark.parametrize("text", [BRIDGE, LIBRARY], ids=["zh", "en"])
@pytest.mark.parametrize("edit", EDITS)
def test_a_copy_is_found(text: str, edit: str) -> None:
    a, b = fingerprint(text), fingerprint(EDITS[edit](text))
    assert is_copy(a, b) == is_copy(b, a)
    assert (is_copy(a, b) or 0) > 0.7  # a lead is a quarter of the cut text


@pytest.mark.parametrize("text", [BRIDGE, LIBRARY], ids=["zh", "en"])
@pytest.mark.parametrize("dress", SAME)
def test_dress_does_not_change_the_hash(text: str, dress: str) -> None:
    other = SAME[dress](text)
    assert fingerprint(other).text == fingerprint(text).text


@pytest.mark.parametrize("name", DIFFERENT)
def test_different_news_stays_apart(name: str) -> None:
    a, b = (fingerprint(text) for text in DIFFERENT[name])
    assert is_copy(a, b) is None
    assert is_copy(b, a) is None


@pytest.mark.parametrize("opening", [120, 300])
def test_a_teaser_of_a_long_text_is_found(opening: int) -> None:
    whole = "\n".join([BRIDGE, LIBRARY, RIVER, *(LIBRARY[::-1][n:] + BRIDGE[::-1][n:] for n in range(3))])
    teaser, long = fingerprint(whole[:opening]), fingerprint(whole)
    assert is_copy(teaser, long)
    assert set(teaser.keys) & set(long.keys)


def test_the_first_story_of_a_digest_has_another_title() -> None:
    digest = fingerprint(f"{RIVER}\n{BRIDGE}\n{LIBRARY}", "今日要闻")
    assert is_copy(fingerprint(RIVER, "柳河放流鱼苗"), digest) is None


@pytest.mark.parametrize("texts", [("", ""), ("", BRIDGE), ("视频", "图片"), ("!!!", "???"), ("\ud800", BRIDGE)])
def test_texts_that_say_little_are_no_copies(texts: tuple[str, str]) -> None:
    assert is_copy(*map(fingerprint, texts)) is None


@pytest.mark.parametrize(("titles", "same"), [(("桥通车", "桥通车"), True), (("桥通车", "鱼放流"), False)])
def test_a_short_body_counts_with_its_title(titles: tuple[str, str], same: bool) -> None:
    a, b = (fingerprint("点击观看视频", title) for title in titles)
    assert (a.text == b.text) is same


@pytest.mark.parametrize("text", ["", "短", BRIDGE, LIBRARY, LIBRARY * 5, market(1, 3018.68, 8520, "光伏"), "word " * 90_000])
def test_packing_keeps_the_fingerprint(text: str) -> None:
    found = fingerprint(text, "题")
    assert unpack(pack(found), found.text) == found._replace(keys=())
    assert len(pack(found)) <= 13 + 3 * (SKETCH + HEAD) + 2 * (FIGURES + WORDS + MARK // STEP)


def test_only_so_much_of_a_text_is_read() -> None:
    book = "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(LONGEST))
    assert fingerprint(book + BRIDGE) == fingerprint(book)
    assert fingerprint("\ufb2c7 " * LONGEST).size <= LONGEST  # three characters in composed form


@pytest.mark.parametrize("hashes", [(), (0,), (255,), (0, MARK - 1), (254, 509, 764, 1019), (255, 510, 765, 1020), (1, 2, 900)])
def test_marks_far_apart_are_packed_too(hashes: tuple[int, ...]) -> None:
    assert hashes_of(bytes(steps_of(hashes))) == hashes
