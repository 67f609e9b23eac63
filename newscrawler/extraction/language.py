"""The language of an article's text: what the page declares, checked against the text itself.

In: a Page, what it declares, some of its text. Out: a primary subtag of BCP 47.
Must not know: sites.
"""

from __future__ import annotations

import re
from collections import Counter

from newscrawler.extraction.found import Found
from newscrawler.extraction.metadata import Metadata
from newscrawler.extraction.page import Page

SAMPLE = 600
"""Characters of the text that are looked at: enough for a dozen stop words."""

_SCRIPTS = (
    ("\u3040", "\u30ff", "kana"), ("\u3400", "\u9fff", "han"), ("\uac00", "\ud7a3", "hangul"), ("\u0400", "\u052f", "cyrillic"),
    ("\u0600", "\u06ff", "arabic"), ("\u0590", "\u05ff", "hebrew"), ("\u0370", "\u03ff", "greek"), ("\u0e00", "\u0e7f", "thai"),
    ("\u0900", "\u097f", "devanagari"), ("\u0980", "\u09ff", "bengali"), ("\u0a00", "\u0a7f", "gurmukhi"),
    ("\u0a80", "\u0aff", "gujarati"), ("\u0b80", "\u0bff", "tamil"), ("\u0c00", "\u0c7f", "telugu"), ("\u0c80", "\u0cff", "kannada"),
    ("\u0d00", "\u0d7f", "malayalam"), ("\u0d80", "\u0dff", "sinhala"), ("\u0e80", "\u0eff", "lao"), ("\u1000", "\u109f", "burmese"),
    ("\u10a0", "\u10ff", "georgian"), ("\u0530", "\u058f", "armenian"), ("\u1200", "\u137f", "ethiopic"), ("\u1780", "\u17ff", "khmer"),
)  # fmt: skip
"""Unicode blocks; everything else that is a letter counts as Latin."""

_LANGUAGES = {
    "kana": "ja", "han": "zh ja yue", "hangul": "ko", "cyrillic": "ru uk be bg mk sr kk ky mn tg uz bs", "arabic": "ar fa ur ps ckb ug sd",
    "hebrew": "he yi iw", "greek": "el", "thai": "th", "devanagari": "hi mr ne sa", "bengali": "bn as", "gurmukhi": "pa",
    "gujarati": "gu", "tamil": "ta", "telugu": "te", "kannada": "kn", "malayalam": "ml", "sinhala": "si", "lao": "lo",
    "burmese": "my", "georgian": "ka", "armenian": "hy", "ethiopic": "am ti", "khmer": "km",
}  # fmt: skip
"""Script -> languages written in it, the largest first."""

_MARKS = (
    ("uk", "їєґ"),
    ("be", "ўі"),
    ("sr", "ђћјњљ"),
    ("mk", "ѓќѕ"),
    ("kk", "қғұәү"),
    ("ru", "ыэё"),
    ("bg", "ъщ"),
    ("ur", "ٹڈڑے"),
    ("fa", "پچژگ"),
)
"""Letters that only one of a script's languages has."""

_STOP_WORDS = {
    "en": "the of and to in that is for with was", "de": "der die und das den von mit ist nicht auf",
    "fr": "les des est une dans pour que qui sur du", "es": "los las del que una para por con el se",
    "pt": "dos das que uma para com não em os ao", "it": "che di il della per una non con gli del",
    "nl": "het een van dat niet voor met op zijn de", "sv": "och att det som är för inte av på ett",
    "da": "og at det som er ikke af til en på", "nb": "og det som er ikke av til på å jeg",
    "fi": "ja on ei että oli mutta kun hän myös se", "pl": "się nie jest na że do z oraz to w",
    "cs": "se na že je to pro jako v s ale", "hu": "az hogy és nem egy is meg van volt a", "ro": "și în care pe este că la cu din nu",
    "tr": "ve bir bu için ile da de olarak çok daha", "id": "yang dan di dengan untuk dari ini itu pada tidak",
    "ms": "yang dan di dengan untuk daripada ini itu pada tidak", "vi": "của và là các cho được trong không một với",
    "ca": "que els les amb per una del al no és", "hr": "je se na da su za koji od i nije",
    "lt": "ir kad yra iš su tai buvo apie kaip bet",
}  # fmt: skip
_STOP_SETS = {language: frozenset(words.split()) for language, words in _STOP_WORDS.items()}
_UNLATIN = frozenset(" ".join(_LANGUAGES.values()).split()) - {"sr", "uz", "bs", "az", "mn"}
_ONE_IN = 12
"""A text has one of its language's ten commonest words in at least so many; other languages' prose has one in thirty."""
_WORD = re.compile(r"[^\W\d_]+")


def find_language(page: Page, metadata: Metadata, text: str) -> Found | None:
    """Return the primary subtag of the text's language, or None where nothing tells it.

    text: of the article; a declared language its script or stop words contradict is not believed.
    """
    text = text[:SAMPLE]
    script = "latin" if text.isascii() and text else _script(text)
    possible = _LANGUAGES.get(script or "", "").split()
    words = [] if possible else _WORD.findall(text.lower())
    declared = [(page.lang, "html lang"), *((stated.value, stated.evidence) for stated in metadata.of("language"))]
    for value, evidence in declared:
        tag = _primary(value)
        if tag and (tag in possible if possible else _is_believable(tag, words)):
            return Found(tag, value or "", evidence)
    if possible:
        return Found(_of_script(possible, text), "", f"{script} script of the text")
    best, count = _by_stop_words(words)
    return Found(best, "", "stop words of the text") if count > 2 else None


def _primary(value: str | None) -> str | None:
    tag = (value or "").strip().lower().replace("_", "-").partition("-")[0]
    return tag if tag.isascii() and tag.isalpha() and len(tag) in (2, 3) else None


def _is_believable(tag: str, words: list[str]) -> bool:
    """Whether a text in Latin script may be in the declared language; a text too short to tell may be in any."""
    if tag in _UNLATIN:
        return not words
    stops = _STOP_SETS.get(tag)
    own = sum(word in stops for word in words) if stops else 0
    if stops is None or own * _ONE_IN >= len(words):
        return True
<<<<<<< HEAD
    if (
        any(tag in languages.split() for name, languages in _LANGUAGES.items())
        and tag not in _STOP_SETS
        and tag not in ("sr", "uz", "az")
    ):
        return False
    best, count = words.most_common(1)[0] if words else (tag, 0)
    return tag not in _STOP_SETS or words[tag] * 3 >= count or count < 5
=======
    count = _by_stop_words(words)[1]
    return count < 5 or own * 3 >= count
>>>>>>> fields


def _script(text: str) -> str | None:
    """Return the script of most letters; kana weigh most, as Japanese mixes them with Han. None without letters."""
    counts: Counter[str] = Counter()
    for char in text:
        if char < "\u0370":
            counts["latin"] += char.isalpha()
        else:
            counts[next((name for low, high, name in _SCRIPTS if low <= char <= high), "")] += 1
    counts.pop("", None)
    if counts["kana"] * 10 > counts["han"] and counts["kana"] > 3:
        counts["kana"] += counts["han"]
    name, count = counts.most_common(1)[0] if counts else ("", 0)
    return name if count else None


def _of_script(possible: list[str], text: str) -> str:
    lower = text.lower()
    scores = {tag: sum(map(lower.count, letters)) for tag, letters in _MARKS if tag in possible}
    best = max(scores, key=lambda tag: scores[tag], default=None)
    return best if best and scores[best] else possible[0]


def _by_stop_words(words: list[str]) -> tuple[str, int]:
    """Return the language with most stop words among `words`, and how many."""
    counts = Counter(words)
    scores = {tag: sum(counts[word] for word in stops) for tag, stops in _STOP_SETS.items()}
    best = max(scores, key=lambda tag: scores[tag])
    return best, scores[best]
