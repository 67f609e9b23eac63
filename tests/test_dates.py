"""Dates as pages of many languages print them, and as machines write them."""

from datetime import date, datetime

import pytest

from newscrawler.extraction.dates import read_declared, read_moments

PRINTED = [
    ("2024-03-27 20:33:00", "2024-03-27 20:33:00"),
    ("2024年03月27日 20:33　来源:某某晚报", "2024-03-27 20:33:00"),
    ("2024年3月27日下午8时33分", "2024-03-27 20:33:00"),
    ("2024年3月27日 20時33分", "2024-03-27 20:33:00"),
    ("2024. 3. 27. 오후 8:33", "2024-03-27 20:33:00"),
    ("2024년 3월 27일 20시 33분", "2024-03-27 20:33:00"),
    ("March 27, 2024 8:33 PM ET", "2024-03-27 20:33:00-04:00"),
    ("January 27, 2024 8:33 p.m. ET", "2024-01-27 20:33:00-05:00"),
    ("11:48, Thu, Jul 18, 2024", "2024-07-18 11:48:00"),
    ("12:00 a.m., March 27, 2024", "2024-03-27 00:00:00"),
    ("Mar 27 Wed 2024 20:33", "2024-03-27 20:33:00"),
    ("27th of March 2024", "2024-03-27"),
    ("27. März 2024, 20:33 Uhr", "2024-03-27 20:33:00"),
    ("27. Jänner 2024", "2024-01-27"),
    ("27 de marzo de 2024 a las 20:33 h", "2024-03-27 20:33:00"),
    ("27 de março de 2024 às 20h33", "2024-03-27 20:33:00"),
    ("27 mars 2024 à 20h33", "2024-03-27 20:33:00"),
    ("27 Marzo 2024 Aggiornato alle 16:01", "2024-03-27"),
    ("27.03.2024 | 20.33", "2024-03-27 20:33:00"),
    ("27-Mar-2024 20:33 IST", "2024-03-27 20:33:00+05:30"),
    ("27 мар. 2024 г., 20:33", "2024-03-27 20:33:00"),
    ("27 березня 2024, 20:33", "2024-03-27 20:33:00"),
    ("27 marca 2024, 20:33", "2024-03-27 20:33:00"),
    ("27 Mart 2024 20:33", "2024-03-27 20:33:00"),
    ("27 Μαρτίου 2024, 20:33", "2024-03-27 20:33:00"),
    ("2024. március 27. 20:33", "2024-03-27 20:33:00"),
    ("27 tháng 3 năm 2024", "2024-03-27"),
    ("Thứ tư, 27/03/2024 - 20:33 (GMT+7)", "2024-03-27 20:33:00+07:00"),
    ("27 มีนาคม 2567 20:33 น.", "2024-03-27 20:33:00"),
    ("27 Maret 2024 20:33 WIB", "2024-03-27 20:33:00+07:00"),
    ("٢٧ مارس ٢٠٢٤ - 20:33", "2024-03-27 20:33:00"),
    ("27 आذار 2024", None),
    ("२७ मार्च 2024", "2024-03-27"),
    ("২৭ মার্চ ২০২৪", "2024-03-27"),
    ("Published 12:00 BST, 27 March 2024 | Updated 13:00 BST, 28 March 2024", "2024-03-27 12:00:00+01:00"),
    ("2024-03-27 - 5 min read", "2024-03-27"),
    ("version 10.1.2.2024, 192.168.1.2024", None),
    ("March 2024", None),
    ("30 February 2024", None),
    ("2024-03-27 25:61", "2024-03-27"),
    ("27 people 2024", None),
]


@pytest.mark.parametrize(("text", "expected"), PRINTED)
def test_printed(text: str, expected: str | None) -> None:
    first = next(read_moments(text), None)
    assert (str(first.value) if first else None) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [("20 listopada 2023", "pl", 11), ("20 listopada 2023", "hr", 10), ("5 srpnja 2023", "hr", 7)],
)
def test_a_month_s_name_may_depend_on_the_language(text: str, language: str, expected: int) -> None:
    assert next(read_moments(text, language)).value.month == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [("24-03-27", "zh", date(2024, 3, 27)), ("24/03/27", "ja", date(2024, 3, 27)), ("24-03-27", "en", date(2027, 3, 24)),
     ("27-03-24", "zh", date(2027, 3, 24)), ("32-13-24", "zh", None)],
)  # fmt: skip
def test_two_figures_of_a_year_stand_first_in_chinese_and_its_neighbours(
    text: str, language: str, expected: date | None
) -> None:
    assert next((moment.value for moment in read_moments(text, language)), None) == expected


def test_day_and_month_that_may_be_exchanged() -> None:
    british, american = next(read_moments("03/04/2024 10:00")), next(read_moments("03/04/2024 10:00", month_first=True))
    assert (british.value, british.swapped) == (datetime(2024, 4, 3, 10), datetime(2024, 3, 4, 10))
    assert (american.value, american.swapped) == (british.swapped, british.value)
    assert next(read_moments("27/03/2024", month_first=True)).swapped is None


def test_the_text_and_its_place() -> None:
    text = "By Anna Long, 27 March 2024 at 20:33 GMT, London"
    moment = next(read_moments(text))
    assert moment.raw == text[moment.start : moment.end] == "27 March 2024 at 20:33 GMT"


DECLARED = [
    ("2024-03-27", date(2024, 3, 27)),
    ("20240327", date(2024, 3, 27)),
    ("2024-03-27T20:33:00Z", "2024-03-27 20:33:00+00:00"),
    ("2024-03-27T20:33:00.123+0800", "2024-03-27 20:33:00+08:00"),
    ("2026-01-06 13:55:27 +01:00", "2026-01-06 13:55:27+01:00"),
    ("20240327203300", "2024-03-27 20:33:00"),
    ("1711542780", "2024-03-27 12:33:00+00:00"),
    ("1711542780000", "2024-03-27 12:33:00+00:00"),
    ("Wed, 27 Mar 2024 20:33:00 GMT", "2024-03-27 20:33:00+00:00"),
    ("Wed Mar 27 2024 20:33:00 GMT+0800 (China Standard Time)", "2024-03-27 20:33:00+08:00"),
    ("Wed Mar 27 20:33:00 EST 2024", "2024-03-27 20:33:00-05:00"),
    ("2024-03-27T24:00:00Z", "2024-03-28 00:00:00+00:00"),
    ("0000-00-00", None),
    ("0001-01-01T00:00:00Z", None),
    ("9999-12-31T23:59:59-12:00", None),
    ("2024-03", None),
    ("PT1M48S", None),
    ("", None),
    ("yesterday", None),
]


@pytest.mark.parametrize(("value", "expected"), DECLARED)
def test_declared(value: str, expected: date | str | None) -> None:
    moment = read_declared(value)
    assert (str(moment) if isinstance(expected, str) else moment) == expected
