"""Which language a text is in, how sure that is, and which of its two scripts Chinese is written in.

In: a text. Out: a Told. Must not know: articles, what a page declares.
The script tells the language where it has only one, as kana, hangul and Thai do; elsewhere py3langid chooses among the
languages written in it, which makes it surer, and far better at headlines in Chinese.
"""

from __future__ import annotations

from copy import copy
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from opencc import OpenCC
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from newscrawler.extraction.vocabulary import read_table

SAMPLE = 100
"""Characters that are looked at: title and first words. Of 1,052 news pages 60 of them tell eight otherwise than 1,500 do,
100 tell two."""

LATIN = "latin"
LATIN_LETTERS = ((0x41, 0x5A), (0x61, 0x7A), (0xC0, 0x24F), (0x1E00, 0x1EFF))
"""The blocks Basic Latin to Extended-B, letters only, and Extended Additional."""

BOTH = frozenset(("az", "bs", "mn", "sr", "uz"))
"""Languages written in Latin letters too."""

UNSPACED, WEIGHT = ("kana", "han", "hangul"), 3
"""A sign of these scripts says as much as three letters: `OpenAI` is no longer than the four signs beside it."""

KANA = 0.1
"""Share of kana among kana and Han from which a text is Japanese; plain Japanese has over a half, headlines a quarter."""

HAN = (0x3400, 0x9FFF)


class Told(NamedTuple):
    """What a text tells."""

    language: str | None
    confidence: float
    script: str | None


NOTHING = Told(None, 0.0, None)


def tell(text: str) -> Told:
    """Return the primary subtag; the share of the letters that are in its script, times the detector's probability; and
    Hans or Hant for Chinese that shows it. A text without letters tells nothing."""
    sample = text[:SAMPLE]
    codes = np.frombuffer(sample.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    names, blocks = scripts()
    counts = np.bincount(blocks[codes], minlength=len(names)).tolist()
    found = {name: count * weight_of(name) for name, count in zip(names, counts, strict=True) if name and count}
    if not found:
        return NOTHING
    letters = sum(found.values())
    if (kana := found.get("kana", 0)) > KANA * (japanese := kana + found.get("han", 0)):
        found |= {"kana": japanese, "han": 0}
    script = max(found, key=lambda name: found[name])
    language, probability = choose(script, sample)
    return Told(language, round(probability * found[script] / letters, 4), chinese_script(codes) if language == "zh" else None)


def weight_of(script: str) -> int:
    return WEIGHT if script in UNSPACED else 1


def choose(script: str, sample: str) -> tuple[str, float]:
    """Return the language and how probable it is among those of the script."""
    known = languages()[script]
    if len(known) == 1 or script == "han":
        return known[0], 1.0
    language, probability = identifier(script).classify(sample)
    return str(language), min(1.0, float(probability))


def chinese_script(codes: NDArray[np.uint32]) -> str | None:
    """Return Hant or Hans by which of the two has more of its own characters in the text; None where neither has more."""
    balance = int(variants()[codes].sum())
    return None if not balance else "Hant" if balance > 0 else "Hans"


@cache
def scripts() -> tuple[list[str], NDArray[np.uint8]]:
    """Return the names of the scripts, nothing first, and for each code point the place of its script's name."""
    blocks = np.zeros(0x110000, np.uint8)
    for low, high in LATIN_LETTERS:
        blocks[low : high + 1] = 1
    names = ["", LATIN]
    for name, spans in read_table("languages")["scripts"].items():
        low, high = (int(code, 16) for code in spans.partition(" ")[0].split("-"))
        blocks[low : high + 1] = len(names)
        names.append(name)
    return names, blocks


@cache
def languages() -> dict[str, list[str]]:
    """Return the languages written in each script, the commonest first, as far as the detector knows them."""
    known = set(detector().labels)
    found = {name: spans.split()[1:] for name, spans in read_table("languages")["scripts"].items()}
    other = {tag for tags in found.values() for tag in tags} - BOTH
    found[LATIN] = sorted(tag for tag in known - other if len(tag) == 2)
    return {name: [tag for tag in tags if tag in known] or tags[:1] for name, tags in found.items()}


@cache
def identifier(script: str) -> LanguageIdentifier:
    """Return the detector of the languages written in the script."""
    found = copy(detector())
    found.set_languages(languages()[script])
    found.nb_ptc = found.nb_ptc.astype(np.float32)  # numpy multiplies the model's half floats ten times slower
    return found


@cache
def detector() -> LanguageIdentifier:
    """Return the detector of all its languages; its model is read once."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@cache
def variants() -> NDArray[np.int8]:
    """Return for each code point 1 where only traditional Chinese has it, -1 where only simplified has it, else 0."""
    han = [chr(code) for code in range(HAN[0], HAN[1] + 1)]
    signs = np.zeros(0x110000, np.int8)
    for config, sign in (("s2t", -1), ("t2s", 1)):
        converted = OpenCC(config).convert("\n".join(han)).split("\n")
        changed = [ord(char) for char, other in zip(han, converted, strict=True) if char != other]
        signs[changed] += np.int8(sign)
    return signs
