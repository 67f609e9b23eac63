"""The page that a user showed: every part of it in its place, with and without what its site taught."""

from __future__ import annotations

import json

import pytest
from servers import MIRRORS

from newscrawler.extraction import extract
from newscrawler.profiles import Profile, learn, sample_page

PATH = "business/20240327/10564.html"
ADDRESS = f"https://mirror.example/{PATH}"
TRUTH = [json.loads(line) for line in (MIRRORS.parent / "truth.jsonl").read_text("utf-8").splitlines()]


def learned() -> Profile:
    pages = [row["path"] for row in TRUTH if row["site"] == "huiwen" and row["kind"] == "article"]
    samples = [
        sample_page((MIRRORS / "huiwen" / path[1:]).read_text("utf-8"), f"https://mirror.example{path}") for path in pages
    ]
    profile = learn([sample for sample in samples if sample], site="mirror.example")
    assert profile is not None
    return profile


@pytest.mark.parametrize("with_profile", [False, True], ids=["rules alone", "with a profile"])
def test_the_page_the_user_showed(with_profile: bool) -> None:
    truth = next(row for row in TRUTH if row["path"] == f"/{PATH}")
    html = (MIRRORS / "huiwen" / PATH).read_bytes()
    article = extract(html, ADDRESS, profile=learned() if with_profile else None)
    assert article is not None
    assert article.title == truth["title"]
    assert article.timestamp == "2024-03-27T20:33:00+08:00"
    assert article.source == "界面新闻"
    assert article.body == "\n".join(truth["body"])
    cut = "\n".join(removal.text for removal in article.removed)
    assert "文章来源:界面新闻" in cut
    assert "免责申明: 本站部分内容转载自国内知名媒体,如有侵权请联系客服删除。" in cut
