"""Zones that pages print or imply, and the language of a text."""

from datetime import datetime, timedelta

import pytest

from newscrawler.extraction.language import find_language
from newscrawler.extraction.metadata import read_metadata
from newscrawler.extraction.walk import read_page
from newscrawler.extraction.zones import zone_named, zone_of

SUMMER = datetime(2024, 7, 1)
IMPLIED = [
    ("zh", "news.example", 8), ("zh-TW", "a.com.tw", 8), ("ja", "news.example", 9), ("ko", "a.co.kr", 9),
    ("de", "news.example", 2),
    ("en", "a.co.uk", 1), ("en-GB", "news.example", 1), ("en-IN", "a.com", 5.5), ("en", "a.in", 5.5), ("es", "a.mx", -6),
    ("pt-BR", "a.com", -3), ("ru", "a.com", 3), ("en", "a.com", None), ("es", "a.com", None), (None, "", None),
]  # fmt: skip


@pytest.mark.parametrize(("language", "host", "hours"), IMPLIED)
def test_implied(language: str | None, host: str, hours: float | None) -> None:
    zone = zone_of(language, host)
    assert (zone.utcoffset(SUMMER) if zone else None) == (None if hours is None else timedelta(hours=hours))


@pytest.mark.parametrize(
    ("name", "language", "hours"),
    [
        ("ET", "en", -4),
        ("CEST", "de", 2),
        ("GMT", "en", 0),
        ("CST", "en", -6),
        ("CST", "zh", 8),
        ("мск", "ru", 3),
        ("XYZ", "en", None),
    ],
)
def test_named(name: str, language: str, hours: float | None) -> None:
    zone = zone_named(name, language)
    assert (zone.utcoffset(SUMMER) if zone else None) == (None if hours is None else timedelta(hours=hours))


TEXTS = [
    ("zh-cmn-Hans", "河水昨夜上涨两米，老桥已经关闭。", "zh"),
    ("en", "河水昨夜上涨两米，老桥已经关闭。", "zh"),
    ("en", "昨夜、川の水位が二メートル上がり、古い橋は閉鎖された。", "ja"),
    (None, "밤사이 강물이 2미터 불어나 옛 다리가 폐쇄됐다.", "ko"),
    (None, "Ночью река поднялась на два метра, и старый мост закрыли.", "ru"),
    (None, "Уночі річка піднялася на два метри, і старий міст закрили через її течію.", "uk"),
    (None, "ارتفع منسوب النهر مترين خلال الليل وأغلق الجسر القديم", "ar"),
    (None, "رودخانه پیش از چاشت گزارش ژرفی داد", "fa"),
    ("en-US", "The river rose by two metres in the night and the old bridge was closed to all cars.", "en"),
    (
        "en",
        "Der Fluss ist in der Nacht um zwei Meter gestiegen, und die alte Brücke ist für alle gesperrt, die nicht helfen.",
        "de",
    ),
    (None, "Le fleuve est monté de deux mètres dans la nuit et les ponts sont fermés pour une semaine.", "fr"),
    ("pt_BR", "O rio subiu dois metros.", "pt"),
    ("x", "Rio", None),
]


@pytest.mark.parametrize(("declared", "text", "expected"), TEXTS)
def test_language(declared: str | None, text: str, expected: str | None) -> None:
    attribute = f' lang="{declared}"' if declared else ""
    page = read_page(f"<html{attribute}><body><p>{text}</p></body></html>", "https://riverside.example/")
    found = find_language(page, read_metadata(page), text)
    assert (found.value if found else None) == expected
