"""Words, sentences and headlines that nobody wrote, in many scripts."""

from __future__ import annotations

import random

LATIN = "ba ce di fo gu la me ni po ru sa te vi lo ka en or is ul tra".split()
CYRILLIC = ("ба", "ве", "го", "ду", "ла", "ме", "ни", "по", "ру", "са", "те", "ви", "ло", "ка", "ен", "ор", "ис", "ул", "тра")
ARABIC = ("بيت", "سما", "ورق", "نهر", "جبل", "طير", "شمس", "قمر", "بحر", "زهر", "حجر", "كتب", "علم", "سفر", "وقت")
HAN = [chr(code) for code in range(0x4E00, 0x5200)]
KANA = [chr(code) for code in range(0x3042, 0x308F)]
HANGUL = [chr(code) for code in range(0xAC00, 0xD400, 28)]
"""Letters and syllables of which stories are made: with so many of them, no two stories share a phrase by chance."""


def word(rng: random.Random, language: str) -> str:
    """Return an invented word."""
    syllables = {"ru": CYRILLIC, "ar": ARABIC}.get(language, LATIN)
    return "".join(rng.choices(syllables, k=1 if language == "ar" else rng.randint(2, 4)))


def sentence(rng: random.Random, language: str, length: int | None = None) -> str:
    """Return an invented sentence."""
    size = length or rng.randint(8, 22)
    if language in ("zh", "ja"):
        letters = HAN if language == "zh" else KANA + HAN[:60]
        text = "".join(rng.choices(letters, k=size * 2))
        return f"{text[: size // 2]}，{text[size // 2 :]}。" if language == "zh" else f"{text}。"
    words = [
        "".join(rng.choices(HANGUL, k=rng.randint(2, 4))) if language == "ko" else word(rng, language) for _ in range(size)
    ]
    return " ".join(words).capitalize() + "."


def headline(rng: random.Random, language: str) -> str:
    """Return an invented headline."""
    return sentence(rng, language, rng.randint(6, 10)).rstrip("。.")
