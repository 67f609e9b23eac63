"""Which zone a clock on a page means when the page does not say.

In: a zone's printed name, or the language and host of a page. Out: a tzinfo or None.
Must not know: dates, pages.
"""

from __future__ import annotations

from datetime import UTC, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from newscrawler.extraction.vocabulary import read_table

_TABLE = read_table("zones")
"""Languages without one home (English, Spanish, Portuguese, Arabic) and domains sold as brands (.co, .me, .tv) are left out."""


def zone_named(name: str, language: str | None) -> tzinfo | None:
    """Return the zone a page means by `name` ("CEST", "ET", "мск"), or None."""
    key = name.casefold()
    if key in _TABLE["seasonal"]:
        return _zone(_TABLE["seasonal"][key])
    hours = _TABLE["elsewhere"].get(language, {}).get(key, _TABLE["abbreviations"].get(key))
    return None if hours is None else timezone(timedelta(hours=hours)) if hours else UTC


def zone_of(language: str | None, host: str) -> tzinfo | None:
    """Return the zone of most newsrooms that publish in this language at such a host, or None where there is none.

    language: BCP 47; a region in it ("en-GB") counts as a country.
    """
    tag = (language or "").casefold().replace("_", "-").split("-")
    region = {"gb": "uk"}.get(tag[-1], tag[-1]) if len(tag) > 1 else ""
    countries, languages = _TABLE["countries"], _TABLE["languages"]
    key = countries.get(host.rpartition(".")[2]) or languages.get(tag[0]) or countries.get(region)
    return _zone(key) if key else None


@cache
def _zone(key: str) -> ZoneInfo:
    return ZoneInfo(key)
