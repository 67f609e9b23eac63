"""An address's identity: what must be equal is, and what may differ never is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscrawler.urls import canonicalise, host_of, registrable_domain, same_site

HEX = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("url", "identity"),
    [
        ("https://news.example.com/2026/11/24/story.html", "https://news.example.com/2026/11/24/story.html"),
        ("HTTPS://News.Example.COM", "https://news.example.com/"),
        ("  https://example.com/a\n ", "https://example.com/a"),
        ("https://example.com/a\tb", "https://example.com/ab"),
        ("https://example.com./a", "https://example.com/a"),
        ("http://example.com:80/a", "http://example.com/a"),
        ("https://example.com:443/a", "https://example.com/a"),
        ("https://example.com:80/a", "https://example.com:80/a"),
        ("https://reader:secret@example.com/a", "https://example.com/a"),
        ("https://例子.中国/新闻", "https://xn--fsqu00a.xn--fiqs8s/%E6%96%B0%E9%97%BB"),
        ("https://example.com/%7Ewriter/%e6%96%b0", "https://example.com/~writer/%E6%96%B0"),
        ("https://example.com/100%/a b", "https://example.com/100%25/a%20b"),
        ("https://example.com/a%2Fb", "https://example.com/a%2Fb"),
        ("https://example.com/a/./b/../c", "https://example.com/a/c"),
        ("https://example.com/a/%2E%2E/b/..", "https://example.com/"),
        ("https://example.com/../../a", "https://example.com/a"),
        ("https://example.com/a//b", "https://example.com/a//b"),
        ("https://example.com/a?", "https://example.com/a"),
        ("https://example.com/a#top", "https://example.com/a"),
        ("https://example.com/a#!/story/7", "https://example.com/a#!/story/7"),
        ("https://example.com/story?sid=4711", "https://example.com/story?sid=4711"),
        ("https://example.com/story?b=2&a=1", "https://example.com/story?b=2&a=1"),
        ("https://example.com/?20261124", "https://example.com/?20261124"),
        ("https://example.com/a?id=7&utm_source=feed&UTM_Medium=rss", "https://example.com/a?id=7"),
        ("https://example.com/a?fbclid=x&gclid=y&spm=1.2.3", "https://example.com/a"),
        ("https://example.com/a?ref=home&from=list", "https://example.com/a?ref=home&from=list"),
        ("https://example.com/a?q=新闻", "https://example.com/a?q=%E6%96%B0%E9%97%BB"),
        ("https://example.com/a?q=%D0%C2&p=a+b", "https://example.com/a?q=%D0%C2&p=a+b"),
        (f"https://example.com/a;jsessionid={HEX}?id=7", "https://example.com/a?id=7"),
        (f"https://example.com/a?PHPSESSID={HEX}&id=7", "https://example.com/a?id=7"),
        (f"https://example.com/a?sid={HEX}", "https://example.com/a"),
        ("https://example.com/a?PHPSESSID=7&id=1", "https://example.com/a?PHPSESSID=7&id=1"),
        (
            "https://example.com/story?sid=550e8400-e29b-41d4-a716-446655440000",
            "https://example.com/story?sid=550e8400-e29b-41d4-a716-446655440000",
        ),
        (f"https://example.com/story?sid=7&phpsessid={HEX}", "https://example.com/story?sid=7"),
        ("https://example.com/a?utm_source=x#!/story/7", "https://example.com/a#!/story/7"),
        ("https://example.com/a?id=7&id=8", "https://example.com/a?id=7&id=8"),
        (f"https://example.com/a?id={HEX}", f"https://example.com/a?id={HEX}"),
        ("http://[2001:DB8::1]:8080/a", "http://[2001:db8::1]:8080/a"),
    ],
)
def test_identity(url: str, identity: str) -> None:
    assert canonicalise(url) == identity
    assert canonicalise(identity) == identity


@pytest.mark.parametrize(
    "url", ["", "a", "/a", "//example.com/a", "ftp://example.com/", "javascript:1", "http://", "http://[::1", "http://a:b/"]
)
def test_what_is_no_address_is_a_value_error(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        canonicalise(url)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("https://example.com/a", "http://www.example.com/b", True),
        ("https://news.example.co.uk/", "https://m.example.co.uk/", True),
        ("https://one.co.uk/", "https://two.co.uk/", False),
        ("https://one.github.io/", "https://two.github.io/", False),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/a", True),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8001/", False),
        ("http://localhost/", "http://localhost:80/a", True),
        ("https://例子.中国/", "https://www.xn--fsqu00a.xn--fiqs8s/", True),
        ("https://example.com/", "ftp://example.com/", False),
        ("", "", False),
        ("http://[", "http://[", False),
    ],
)
def test_same_site(a: str, b: str, same: bool) -> None:
    assert same_site(a, b) is same
    assert same_site(b, a) is same


def test_hosts() -> None:
    assert host_of("https://User@News.Example.com:8080/a") == "news.example.com"
    assert host_of("no address") is None
    assert registrable_domain("a.b.example.com") == "example.com"
    assert registrable_domain("127.0.0.1") is None


PIECES = st.sampled_from(
    ["/", ".", "..", "%", "%2e", "a", "新", "?", "&", "=", ";jsessionid=1", "#", "#!", ":", "@", "utm_a=1", "\ud800", "\n"]
)


@given(st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=30))
def test_identity_is_its_own(rest: str) -> None:
    try:
        identity = canonicalise(f"http://example.com/{rest}")
    except ValueError:
        return
    assert identity.isascii()
    assert canonicalise(identity) == identity
