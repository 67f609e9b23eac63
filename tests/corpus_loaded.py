"""Loads what releases need: processes that are forked from one that imported this start at once."""

import newscrawler.corpus.release  # noqa: F401
from newscrawler.corpus.language import tell

LOADED = [tell(text) for text in ("loaded", "加载")]
