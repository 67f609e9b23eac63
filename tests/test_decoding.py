"""Whatever the labels say, the bytes of a page give its text, and every lost character is counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawler.decoding import decode
from newscrawler.encodings import encoding_named

SENTENCES = json.loads((Path(__file__).parent / "decoding" / "sentences.json").read_text("utf-8"))
ENCODINGS = [
    ("zh-Hans", "gb18030", "gb2312"),
    ("zh-Hant", "big5", "big5hkscs"),
    ("ja", "shift_jis", "cp932"),
    ("ja", "euc-jp", "euc_jp"),
    ("ja", "iso-2022-jp", "iso2022_jp"),
    ("ko", "euc-kr", "cp949"),
    ("ru", "windows-1251", "cp1251"),
    ("ru", "koi8-r", "koi8-r"),
    ("uk", "windows-1251", "cp1251"),
    ("uk", "koi8-u", "koi8-u"),
    ("el", "windows-1253", "cp1253"),
    ("he", "windows-1255", "cp1255"),
    ("ar", "windows-1256", "cp1256"),
    ("th", "windows-874", "cp874"),
    ("tr", "windows-1254", "cp1254"),
    ("pl", "windows-1250", "cp1250"),
    ("cs", "windows-1250", "cp1250"),
    ("de", "windows-1252", "cp1252"),
    ("fr", "windows-1252", "cp1252"),
    ("zh-Hans", "utf-16le", "utf-16-le"),
    ("zh-Hans", "utf-16be", "utf-16-be"),
    ("zh-Hans", "utf-8", "utf-8"),
]
CASES = pytest.mark.parametrize(
    ("language", "encoding", "codec"), ENCODINGS, ids=[f"{case[0]}-{case[1]}" for case in ENCODINGS]
)
WRONG = {"gb18030": "euc-kr", "big5": "gbk", "shift_jis": "iso-8859-1", "utf-8": "gbk"}


def page(language: str, meta: str | None = None) -> str:
    label = f'<meta charset="{meta}">' if meta else ""
    return (
        f"<html><head>{label}<title>{SENTENCES[language][:12]}</title></head><body><p>{SENTENCES[language]}</p></body></html>"
    )


@CASES
@pytest.mark.parametrize("trust", ["header right", "meta right", "header wrong", "meta wrong", "both wrong", "nothing"])
def test_labels(language: str, encoding: str, codec: str, trust: str) -> None:
    wrong = WRONG.get(encoding, "utf-8")
    meta = {"meta right": encoding, "meta wrong": wrong, "both wrong": wrong}.get(trust)
    header = {"header right": encoding, "header wrong": wrong, "both wrong": wrong}.get(trust)
    text = page(language, meta)
    read = decode(text.encode(codec), header=header)
    assert (read.text, read.encoding, read.replaced) == (text, encoding, 0)


@CASES
def test_truncated_inside_a_character(language: str, encoding: str, codec: str) -> None:
    whole, cut = SENTENCES[language], page(language)[: page(language).rindex("<p>") + 60]
    body = cut.encode(codec) + whole[0].encode(codec)[:-1]
    read = decode(body, header=encoding)
    assert read.encoding == encoding
    assert read.text.startswith(cut)
    assert read.replaced == read.text.count("\ufffd") <= 1


GARDEN = "旁边还有一个安静的小花园。"
SEVEN_BIT_OR_WHOLE = {"iso-2022-jp", "utf-8"}
"""Beside UTF-8, what is written in seven bits is taken for ASCII; and UTF-8 beside itself is whole."""


@pytest.mark.parametrize(
    ("language", "encoding", "codec"),
    [case for case in ENCODINGS if case[1] not in SEVEN_BIT_OR_WHOLE],
    ids=[f"{case[0]}-{case[1]}" for case in ENCODINGS if case[1] not in SEVEN_BIT_OR_WHOLE],
)
def test_a_paragraph_in_another_encoding(language: str, encoding: str, codec: str) -> None:
    """The page's own text is read to the letter, or the reading says that it lost something."""
    own = page(language) + f"<p>{SENTENCES[language]}</p>"
    read = decode(own.encode(codec) + f"<p>{GARDEN}</p>".encode(), header=encoding)
    assert read.replaced or own in read.text


@given(
    st.lists(st.sampled_from([*[SENTENCES[case[0]][:20].encode(case[2]) for case in ENCODINGS], b"<p>", b"\xff", b"\x80\xfe"])),
    st.sampled_from([None, *[case[1] for case in ENCODINGS]]),
)
def test_no_character_is_lost_in_silence(pieces: list[bytes], header: str | None) -> None:
    body = b"".join(pieces)
    read = decode(body, header=header)
    assert read.replaced == read.text.count("\ufffd")


@pytest.mark.parametrize(
    ("body", "encoding", "text", "replaced"),
    [
        pytest.param(b"", "utf-8", "", 0, id="empty"),
        pytest.param(b"plain", "utf-8", "plain", 0, id="ascii"),
        pytest.param("\ufeff图书馆".encode(), "utf-8", "图书馆", 0, id="utf-8 mark"),
        pytest.param(b"\xff\xfe" + "图书馆".encode("utf-16-le"), "utf-16le", "图书馆", 0, id="utf-16le mark"),
        pytest.param(b"\xfe\xff" + "图书馆".encode("utf-16-be"), "utf-16be", "图书馆", 0, id="utf-16be mark"),
        pytest.param("图书馆".encode() + b"\xe9" + "开放".encode(), "utf-8", "图书馆\ufffd开放", 1, id="one bad byte in utf-8"),
        pytest.param("图书馆\ufffd".encode(), "utf-8", "图书馆\ufffd", 0, id="the publisher's own U+FFFD is no loss"),
        pytest.param("图\ufffd".encode() + b"\xff", "utf-8", "图\ufffd\ufffd", 1, id="only ours are counted"),
        pytest.param("图书馆".encode() + b"\xed\xa0\xbd", "utf-8", "图书馆\ufffd\ufffd\ufffd", 3, id="half a surrogate pair"),
        pytest.param(b"caf\xe9", "windows-1252", "café", 0, id="one letter, no label"),
        pytest.param(b"\x93quoted\x94 \x97 text", "windows-1252", "“quoted” — text", 0, id="signs alone"),
        pytest.param(b"<meta charset=hz-gb-2312>~{<:Ky2;~}", "hz-gb-2312", "<meta charset=hz-gb-2312>己所不", 0, id="hz"),
        pytest.param(b"<meta charset=utf-7>+VP5OZg-", "utf-7", "<meta charset=utf-7>哾书", 0, id="utf-7, declared"),
        pytest.param(b"a+b-c", "utf-8", "a+b-c", 0, id="utf-7 is never guessed"),
    ],
)
def test_bytes(body: bytes, encoding: str, text: str, replaced: int) -> None:
    read = decode(body)
    assert (read.encoding, read.text, read.replaced) == (encoding, text, replaced)


@pytest.mark.parametrize(
    ("label", "encoding"),
    [
        ("UTF8", "utf-8"),
        (" 'GB2312' ", "gb18030"),
        ("gbk", "gb18030"),
        ("x-gbk", "gb18030"),
        ("Big5-HKSCS", "big5"),
        ("x-sjis", "shift_jis"),
        ("ks_c_5601-1987", "euc-kr"),
        ("ISO-8859-1", "windows-1252"),
        ("latin1", "windows-1252"),
        ("us-ascii", "windows-1252"),
        ("iso-8859-2", "iso-8859-2"),
        ("cp1251", "windows-1251"),
        ("tis-620", "windows-874"),
        ("unicode", None),
        ("rot13", None),
        ("hex", None),
        ("a\0b", None),
        ("", None),
        (None, None),
    ],
)
def test_labels_name_encodings(label: str | None, encoding: str | None) -> None:
    assert encoding_named(label) == encoding


@given(
    st.binary(max_size=400), st.sampled_from([None, "gbk", "utf-7", "utf-16", "big5", "shift_jis", "hz", "nonsense", "é\ud800"])
)
def test_any_bytes_give_text_that_can_be_written(body: bytes, header: str | None) -> None:
    read = decode(body, header=header)
    read.text.encode()
    assert read.replaced <= read.text.count("\ufffd")
