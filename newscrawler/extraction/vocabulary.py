"""The words and tables that the finders of fields know, kept as JSON beside them.

In: a table's name. Out: its content, and words as a regular expression's alternation.
Must not know: what the words are for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from importlib import resources
from typing import Any


def read_table(name: str) -> dict[str, Any]:
    """Return the content of NAME.json of this package."""
    table: dict[str, Any] = json.loads(resources.files(__package__).joinpath(f"{name}.json").read_text("utf-8"))
    return table


def any_of(words: Iterable[str]) -> str:
    """Return an alternation of the words to the letter, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
