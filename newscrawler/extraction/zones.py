"""Which zone a clock on a page means when the page does not say.

In: a zone's printed name, or the language and host of a page. Out: a tzinfo or None.
Must not know: dates, pages.
"""

from __future__ import annotations

from datetime import UTC, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

_HOURS = {
    "utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2, "eet": 2, "eest": 3,
    "msk": 3, "мск": 3, "trt": 3, "sast": 2, "cat": 2, "wat": 1, "eat": 3, "pkt": 5, "ist": 5.5, "npt": 5.75, "wib": 7, "wita": 8,
    "wit": 9, "ict": 7, "sgt": 8, "hkt": 8, "myt": 8, "pht": 8, "awst": 8, "jst": 9, "kst": 9, "acst": 9.5, "aest": 10, "aedt": 11,
    "nzst": 12, "nzdt": 13, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9,
    "hst": -10, "ast": -4, "adt": -3, "nst": -3.5, "ndt": -2.5, "brt": -3, "art": -3, "clt": -4, "北京时间": 8,
}  # fmt: skip
"""Hours ahead of UTC of the abbreviations newsrooms print. Source: IANA tz database and the CLDR metazones."""

_WALL = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}
"""Names that follow the season."""

_ABROAD = {("cst", "zh"): 8, ("ist", "ga"): 1, ("ist", "he"): 2}
"""Abbreviations that mean another zone in a language."""

_OF_LANGUAGE = {
    "zh": "Asia/Shanghai", "ja": "Asia/Tokyo", "ko": "Asia/Seoul", "vi": "Asia/Ho_Chi_Minh", "th": "Asia/Bangkok",
    "id": "Asia/Jakarta", "ms": "Asia/Kuala_Lumpur", "fil": "Asia/Manila", "tl": "Asia/Manila", "my": "Asia/Yangon",
    "km": "Asia/Phnom_Penh", "lo": "Asia/Vientiane", "hi": "Asia/Kolkata", "mr": "Asia/Kolkata", "gu": "Asia/Kolkata",
    "pa": "Asia/Kolkata", "te": "Asia/Kolkata", "kn": "Asia/Kolkata", "ml": "Asia/Kolkata", "ta": "Asia/Kolkata",
    "bn": "Asia/Dhaka", "ne": "Asia/Kathmandu", "si": "Asia/Colombo", "ur": "Asia/Karachi", "fa": "Asia/Tehran",
    "he": "Asia/Jerusalem", "tr": "Europe/Istanbul", "az": "Asia/Baku", "ka": "Asia/Tbilisi", "hy": "Asia/Yerevan",
    "ru": "Europe/Moscow", "uk": "Europe/Kyiv", "be": "Europe/Minsk", "bg": "Europe/Sofia", "ro": "Europe/Bucharest",
    "el": "Europe/Athens", "pl": "Europe/Warsaw", "cs": "Europe/Prague", "sk": "Europe/Bratislava", "hu": "Europe/Budapest",
    "sl": "Europe/Ljubljana", "hr": "Europe/Zagreb", "bs": "Europe/Sarajevo", "sr": "Europe/Belgrade", "mk": "Europe/Skopje",
    "sq": "Europe/Tirane", "de": "Europe/Berlin", "fr": "Europe/Paris", "it": "Europe/Rome", "nl": "Europe/Amsterdam",
    "da": "Europe/Copenhagen", "sv": "Europe/Stockholm", "nb": "Europe/Oslo", "nn": "Europe/Oslo", "no": "Europe/Oslo",
    "fi": "Europe/Helsinki", "et": "Europe/Tallinn", "lv": "Europe/Riga", "lt": "Europe/Vilnius", "is": "Atlantic/Reykjavik",
    "ca": "Europe/Madrid", "gl": "Europe/Madrid", "eu": "Europe/Madrid", "af": "Africa/Johannesburg", "sw": "Africa/Nairobi",
    "am": "Africa/Addis_Ababa",
}  # fmt: skip
"""Where most newsrooms of a language sit; English, Spanish, Portuguese and Arabic have no such place."""

_OF_COUNTRY = {
    "cn": "Asia/Shanghai", "hk": "Asia/Hong_Kong", "mo": "Asia/Macau", "tw": "Asia/Taipei", "jp": "Asia/Tokyo", "kr": "Asia/Seoul",
    "sg": "Asia/Singapore", "my": "Asia/Kuala_Lumpur", "ph": "Asia/Manila", "vn": "Asia/Ho_Chi_Minh", "th": "Asia/Bangkok",
    "id": "Asia/Jakarta", "in": "Asia/Kolkata", "lk": "Asia/Colombo", "np": "Asia/Kathmandu", "bd": "Asia/Dhaka", "pk": "Asia/Karachi",
    "ir": "Asia/Tehran", "il": "Asia/Jerusalem", "tr": "Europe/Istanbul", "sa": "Asia/Riyadh", "ae": "Asia/Dubai", "qa": "Asia/Qatar",
    "kw": "Asia/Kuwait", "jo": "Asia/Amman", "lb": "Asia/Beirut", "iq": "Asia/Baghdad", "eg": "Africa/Cairo", "ma": "Africa/Casablanca",
    "dz": "Africa/Algiers", "tn": "Africa/Tunis", "ng": "Africa/Lagos", "ke": "Africa/Nairobi", "gh": "Africa/Accra",
    "za": "Africa/Johannesburg", "et": "Africa/Addis_Ababa", "uk": "Europe/London", "ie": "Europe/Dublin", "fr": "Europe/Paris",
    "de": "Europe/Berlin", "at": "Europe/Vienna", "ch": "Europe/Zurich", "li": "Europe/Vaduz", "it": "Europe/Rome",
    "es": "Europe/Madrid", "pt": "Europe/Lisbon", "nl": "Europe/Amsterdam", "be": "Europe/Brussels", "lu": "Europe/Luxembourg",
    "dk": "Europe/Copenhagen", "se": "Europe/Stockholm", "no": "Europe/Oslo", "fi": "Europe/Helsinki", "is": "Atlantic/Reykjavik",
    "pl": "Europe/Warsaw", "cz": "Europe/Prague", "sk": "Europe/Bratislava", "hu": "Europe/Budapest", "si": "Europe/Ljubljana",
    "hr": "Europe/Zagreb", "ba": "Europe/Sarajevo", "rs": "Europe/Belgrade", "mk": "Europe/Skopje", "al": "Europe/Tirane",
    "ro": "Europe/Bucharest", "bg": "Europe/Sofia", "gr": "Europe/Athens", "cy": "Asia/Nicosia", "mt": "Europe/Malta",
    "ua": "Europe/Kyiv", "by": "Europe/Minsk", "ru": "Europe/Moscow", "md": "Europe/Chisinau", "ee": "Europe/Tallinn",
    "lv": "Europe/Riga", "lt": "Europe/Vilnius", "ge": "Asia/Tbilisi", "am": "Asia/Yerevan", "az": "Asia/Baku", "kz": "Asia/Almaty",
    "uz": "Asia/Tashkent", "ar": "America/Argentina/Buenos_Aires", "br": "America/Sao_Paulo", "cl": "America/Santiago",
    "pe": "America/Lima", "uy": "America/Montevideo", "py": "America/Asuncion", "bo": "America/La_Paz", "ec": "America/Guayaquil",
    "ve": "America/Caracas", "mx": "America/Mexico_City", "gt": "America/Guatemala", "cr": "America/Costa_Rica",
    "pa": "America/Panama", "cu": "America/Havana", "do": "America/Santo_Domingo", "nz": "Pacific/Auckland", "au": "Australia/Sydney",
    "ca": "America/Toronto", "na": "Africa/Windhoek",
}  # fmt: skip
"""Zone of a country's largest newsrooms, by its top-level domain. Source: IANA zone1970.tab.
Domains sold as brands (.co, .me, .tv, .io) are left out."""


def zone_named(name: str, language: str | None) -> tzinfo | None:
    """Return the zone a page means by `name` ("CEST", "ET", "мск"), or None."""
    key = name.casefold()
    hours = _ABROAD.get((key, language or ""), _HOURS.get(key))
    if hours is not None:
        return UTC if hours == 0 else timezone(timedelta(hours=hours))
    return _zone(_WALL[key]) if key in _WALL else None


def zone_of(language: str | None, host: str) -> tzinfo | None:
    """Return the zone of most newsrooms that publish in this language at such a host, or None where there is none.

    language: BCP 47; a region in it ("en-GB") counts as a country.
    """
    tag = (language or "").casefold().replace("_", "-").split("-")
    country, region = host.rpartition(".")[2], tag[-1]
    key = _OF_COUNTRY.get(country) or _OF_LANGUAGE.get(tag[0])
    if key is None and len(tag) > 1:
        key = _OF_COUNTRY.get("uk" if region == "gb" else region)
    return _zone(key) if key else None


@cache
def _zone(key: str) -> ZoneInfo:
    return ZoneInfo(key)
