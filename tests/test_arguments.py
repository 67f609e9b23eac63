"""What a person may ask of a crawl, and the one line that answers a mistake."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newscrawler.arguments import parse_arguments

URL = "https://mirror.example/"

MISTAKES = [
    ({}, "site, url or sitemap: one is needed"),
    ({"site": "nosuch"}, "site=nosuch: there is no"),
    ({"site": "../sites/good"}, "site=../sites/good: there is no"),
    ({"url": "mirror.example"}, "url: 'mirror.example' is not an http(s) address"),
    ({"url": "ftp://mirror.example/"}, "url: 'ftp://mirror.example/' is not"),
    ({"url": "http://[::1"}, "url: 'http://[::1' is not"),
    ({"url": "http://mirror.example/\nx"}, "url: "),
    ({"sitemap": "file:///etc/passwd"}, "sitemap: 'file:///etc/passwd' is not"),
    ({"url": URL, "limit": "0"}, "limit=0: must be a whole number from 1"),
    ({"url": URL, "limit": "-3"}, "limit=-3: "),
    ({"url": URL, "limit": "ten"}, "limit=ten: "),
    ({"url": URL, "since": "yesterday"}, "since=yesterday: must be a date"),
    ({"url": URL, "until": "2024-13-01"}, "until=2024-13-01: must be a date"),
    ({"url": URL, "since": "2024-03-02", "until": "2024-03-01"}, "since=2024-03-02: is after until=2024-03-01"),
    ({"url": URL, "duplicates": "maybe"}, "duplicates=maybe: must be one of drop, keep"),
    ({"url": URL, "archive": "1"}, "archive=1: must be one of yes, no"),
    ({"url": URL, "sinse": "2024-03-01"}, "sinse: no such argument"),
]

TOML_MISTAKES = [
    ("", "missing required field `url`"),
    ("url = 3", "Expected `str`, got `int` - at `$.url`"),
    ('url = "mirror.example"', "url: 'mirror.example' is not"),
    ('url = "https://m.example/"\nurls = 1', "unknown field `urls`"),
    ('url = "https://m.example/"\ninclude = ["(a"]', "include: '(a' is no RE2 expression"),
    ('url = "https://m.example/"\ninclude = ["(a)\\\\1"]', "include: "),
    ('url = "https://m.example/"\ntimezone = "Mars/Base"', "timezone: 'Mars/Base' is no IANA zone"),
    ('url = "https://m.example/"\ndelay = -1', "at `$.delay`"),
    ('url = "https://m.example/"\nallow_networks = ["127.0.0.1/8"]', "allow_networks: "),
    ('url = "https://m.example/"\nname = "../x"', "name: '../x' must be"),
    ('url = "https://m.example/', "(at end"),
]


@pytest.fixture
def sites(tmp_path: Path) -> Path:
    (tmp_path / "good.toml").write_text('url = "https://good.example/"\ntimezone = "Asia/Shanghai"\n')
    return tmp_path


@pytest.mark.parametrize(("given", "sentence"), MISTAKES, ids=lambda value: str(value)[:40])
def test_a_mistake_names_its_key(given: dict[str, str], sentence: str, sites: Path) -> None:
    with pytest.raises(ValueError, match=r"\S") as caught:
        parse_arguments(given, sites)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("toml", "sentence"), TOML_MISTAKES, ids=lambda value: str(value)[:40])
def test_a_bad_site_names_file_and_key(toml: str, sentence: str, sites: Path) -> None:
    (sites / "bad.toml").write_text(toml)
    with pytest.raises(ValueError, match=r"bad\.toml: ") as caught:
        parse_arguments({"site": "bad"}, sites)
    assert sentence in str(caught.value)


def test_sites_come_from_names_addresses_and_sitemaps(sites: Path) -> None:
    asked = parse_arguments(
        {"site": "good", "url": f"{URL}, https://other.example:8443/", "sitemap": "https://third.example/a.xml"}, sites
    )
    assert [site.name for site in asked.sites] == ["good", "mirror.example", "other.example-8443", "third.example"]
    assert asked.sites[3].sitemaps == ("https://third.example/a.xml",)


def test_all_means_every_toml(sites: Path) -> None:
    assert [site.name for site in parse_arguments({"site": "all"}, sites).sites] == ["good"]


def test_until_takes_its_whole_day(sites: Path) -> None:
    window = parse_arguments({"url": URL, "since": "2024-03-01", "until": "2024-03-01"}, sites).window
    assert window is not None
    assert datetime.fromtimestamp(window[0], UTC).isoformat() == "2024-03-01T00:00:00+00:00"
    assert 86399 < window[1] - window[0] < 86400


def test_a_literal_private_address_allows_itself_alone(sites: Path) -> None:
    assert parse_arguments({"url": "http://127.0.0.11:8011/"}, sites).sites[0].allow_networks == ("127.0.0.11/32",)
    assert parse_arguments({"url": "http://localhost/"}, sites).sites[0].allow_networks == ()
