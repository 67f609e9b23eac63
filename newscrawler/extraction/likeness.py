"""How alike two short texts are, whatever their script.

In: titles and names. Out: keys to compare by, and a likeness from 0 to 1.
Must not know: pages.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from operator import add

_NOT_WORD = re.compile(r"[\W_]+")


def compact(text: str) -> str:
    """Return what is left of `text` when width, case, spaces and punctuation do not count."""
    return _NOT_WORD.sub("", (text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold())


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """Return the same of a site's name, remembered, since each of its pages gives it again."""
    return compact(name)


def pairs(key: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of a compact text."""
    return frozenset(map(add, key, key[1:])) or frozenset((key,))


def likeness(one: frozenset[str], two: frozenset[str]) -> float:
    """Return the share of pairs that two texts have in common (Dice)."""
    return 2 * len(one & two) / (len(one) + len(two))
