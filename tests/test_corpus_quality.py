"""What is measured of each article, the language told from its text, and personal data masked."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from kept import article

pytest.importorskip("pyarrow", reason="needs newscrawler[corpus]")
pytest.importorskip("py3langid", reason="needs newscrawler[corpus]")

from newscrawler.corpus.language import NOTHING, tell
from newscrawler.corpus.masking import mask, mask_text
from newscrawler.corpus.quality import measure
from newscrawler.items import Removal
from newscrawler.removals import restore


@pytest.mark.parametrize(
    ("body", "measures"),
    [
        ("", {"characters": 0, "lines": 0, "digits": 0.0}),
        ("海川储能拟募资18亿元", {"language": "zh", "digits": 0.1818}),
        ("東京で地震がありました", {"language": "ja", "lines": 1}),
        ("한국 경제 뉴스", {"language": "ko"}),
        ("same\nsame\nother", {"repeated_lines": 0.2667, "lines": 3}),
        ("see https://a.example/x now", {"links": 0.7037}),
        ("cafÃ© and \ufffd", {"encoding_trouble": 2}),
    ],
)
def test_measures(body: str, measures: dict[str, Any]) -> None:
    quality = measure(article("x", title=None, body=body))
    assert {name: getattr(quality, name) for name in measures} == measures


HEADLINES = tomllib.loads((Path(__file__).parent / "headlines.toml").read_text("utf-8"))

MAY_MISS = {"pt": 1, "nl": 1, "ru": 1, "uk": 1, "sv": 1, "id": 3, "hi": 1}
"""Headlines that are taken for a close relative's: Galician, Afrikaans, Macedonian, Bulgarian, Norwegian, Malay, Marathi."""


@pytest.mark.parametrize("tag", HEADLINES)
def test_headlines_tell_their_language(tag: str) -> None:
    language, _, script = tag.partition("-")
    told = [tell(headline) for headline in HEADLINES[tag]]
    assert sum(one.language != language for one in told) <= MAY_MISS.get(language, 0)
    assert {one.script for one in told} == {script or None}


@pytest.mark.parametrize("text", ["", " 1234 !?", "\ud800", "\U0010ffff"])
def test_texts_without_letters_tell_nothing(text: str) -> None:
    assert tell(text) == NOTHING


def test_the_cut_share() -> None:
    cut = [Removal(rule="notice", text="1234567890", position=0)]
    assert measure(article("x", body="123456789 and twenty more ...."[:30], removed=cut)).cut == 0.25


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("write to a.b@mail.example.com.", "write to <EMAIL>."),
        ("邮箱：news@example.cn，电话：010-12345678。", "邮箱：<EMAIL>，电话：<PHONE>。"),
        ("手机13812345678联系邮箱a@b.example谢谢", "手机<PHONE>联系邮箱<EMAIL>谢谢"),
        ("手机 138 1234 5678", "手机 <PHONE>"),
        ("call +49 30 1234 5678 or (212) 555-0123", "call <PHONE> or <PHONE>"),
        ("2024-03-27 20:33, 1,234,567 yuan, 600519, 3.14159", "2024-03-27 20:33, 1,234,567 yuan, 600519, 3.14159"),
        ("from 2019 to 2024 and @handle", "from 2019 to 2024 and @handle"),
    ],
)
def test_masks(text: str, masked: str) -> None:
    assert mask_text(text)[0] == masked


def test_masking_is_accounted_for_and_cuts_still_go_back() -> None:
    given = article(
        "x", body="Ask a@b.example now.\nMore.", removed=[Removal(rule="r", text="\nCall 010-12345678.", position=20)]
    )
    done, counts = mask(given)
    assert counts == {"email": 1, "phone": 1}
    assert restore(done.body, done.removed) == "Ask <EMAIL> now.\nCall <PHONE>.\nMore."
    assert done.content_hash != given.content_hash
