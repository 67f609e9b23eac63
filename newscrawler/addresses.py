"""Which addresses may be spoken to.

In: a URL, or an IP address that a name resolved to, and the networks a person allowed. Out: None, or the reason of the
refusal. Must not know: Scrapy, the resolver, sites. Nothing is looked up here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Literal
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

Refusal = Literal[
    "length",
    "scheme",
    "malformed",
    "userinfo",
    "port",
    "metadata",
    "unspecified",
    "loopback",
    "link_local",
    "multicast",
    "shared",
    "private",
    "reserved",
]
"""Why an address is not spoken to; the closed list."""

LONGEST_URL = 8000
"""Characters; what RFC 9110 4.1 asks every server to take. Scrapy's URLLENGTH_LIMIT does not hold for redirects."""

BAD_PORTS = frozenset(
    map(
        int,
        re.findall(
            r"\d+",
            """1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119
            123 135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989
            990 993 995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080""",
        ),
    )
)
"""Ports of other protocols, which no browser fetches from. Source: https://fetch.spec.whatwg.org/#port-blocking"""

METADATA = frozenset(ip_address(text) for text in ("169.254.169.254", "100.100.100.200", "fd00:ec2::254", "192.0.0.192"))
"""Where clouds hand credentials to whoever asks: AWS, Azure, Google and most others; Alibaba; AWS by IPv6; Oracle."""

SHARED = ip_network("100.64.0.0/10")
"""Carrier-grade NAT, RFC 6598: neither private nor global to the ipaddress module."""

NAT64 = ip_network("64:ff9b::/96")
"""Addresses whose last 32 bits are an IPv4 address, RFC 6052."""

IPV4_COMPATIBLE = ip_network("::/96")
"""The same in its oldest form, RFC 4291 2.5.5.1."""

HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?", re.ASCII)
"""A host name once it is ASCII; an underscore is common in real names."""

NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+", re.ASCII)
"""One part of an IPv4 address as inet_aton reads it."""


def networks_of(texts: Iterable[str]) -> tuple[Network, ...]:
    """Return the networks that `texts` name as CIDR. Raises ValueError for one that is none."""
    return tuple(ip_network(text.strip()) for text in texts)


def check_url(url: str, allowed: Iterable[Network] = ()) -> Refusal | None:
    """Return why `url` must not be asked for, None if nothing in its text forbids it.

    A host that is an address in any spelling is checked here; a name only once it is resolved, by check_address.
    """
    if len(url) > LONGEST_URL:
        return "length"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "malformed"
    if parts.scheme not in ("http", "https"):
        return "scheme"
    if not host or re.search(r"[\s\\\x00-\x1f\x7f]", url):
        return "malformed"
    if "@" in parts.netloc:
        return "userinfo"
    if port == 0 or port in BAD_PORTS:
        return "port"
    return check_host(host, tuple(allowed), bracketed="[" in parts.netloc)


@lru_cache(maxsize=4096)  # a crawl asks the same hosts over and over
def check_host(host: str, allowed: tuple[Network, ...], *, bracketed: bool) -> Refusal | None:
    """Return why a URL's `host` is refused: badly formed, or an address that is not allowed."""
    if bracketed:
        try:
            return check_address(IPv6Address(host), allowed)
        except ValueError:
            return "malformed"
    try:
        ascii_host = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return "malformed"
    if not HOST.fullmatch(ascii_host):
        return "malformed"
    if not NUMBER.fullmatch(ascii_host.rstrip(".").rpartition(".")[2]):
        return None
    address = parse_ipv4(ascii_host.rstrip("."))
    return check_address(address, allowed) if address else "malformed"


def parse_ipv4(host: str) -> IPv4Address | None:
    """Return the address that `host` spells in inet_aton's manner: parts decimal, octal or hexadecimal, the last one long.

    Source: https://url.spec.whatwg.org/#concept-ipv4-parser
    """
    parts = host.split(".")
    if len(parts) > 4 or not all(NUMBER.fullmatch(part) and len(part) <= 16 for part in parts):
        return None
    try:
        *leading, last = (parse_number(part) for part in parts)
    except ValueError:
        return None
    if any(part > 255 for part in leading) or last >= 256 ** (4 - len(leading)):
        return None
    return IPv4Address(last + sum(part << (24 - 8 * place) for place, part in enumerate(leading)))


def parse_number(part: str) -> int:
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    return int(part, 8) if part.startswith("0") else int(part)


def check_address(address: Address, allowed: Iterable[Network] = ()) -> Refusal | None:
    """Return why `address` must not be connected to, None if it is public or in one of the `allowed` networks.

    An IPv6 address that carries an IPv4 one (mapped, compatible, NAT64, 6to4, Teredo) is judged by both.
    """
    allowed = tuple(allowed)
    carried = carried_ipv4(address)
    if any(one in network for one in (address, carried) if one is not None for network in allowed):
        return None
    if carried is not None and (reason := special_purpose(carried)):
        return reason
    return None if carried is not None and is_translation(address) else special_purpose(address)


def carried_ipv4(address: Address) -> IPv4Address | None:
    """Return the IPv4 address that packets to `address` end at."""
    if isinstance(address, IPv4Address):
        return None
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address.sixtofour:
        return address.sixtofour
    if address.teredo:
        return address.teredo[1]
    if address in NAT64 or (address in IPV4_COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return None


def is_translation(address: Address) -> bool:
    """True where `address` only spells the IPv4 address it carries, so that a public one makes it public."""
    return isinstance(address, IPv6Address) and (address.ipv4_mapped is not None or address in NAT64)


def special_purpose(address: Address) -> Refusal | None:
    """Return what keeps `address` off the public internet, the narrowest name first."""
    names: tuple[tuple[Refusal, bool], ...] = (
        ("metadata", address in METADATA),
        ("unspecified", address.is_unspecified or address in ip_network("0.0.0.0/8")),
        ("loopback", address.is_loopback),
        ("link_local", address.is_link_local),
        ("multicast", address.is_multicast),
        ("shared", address in SHARED),
        ("private", address.is_private and not address.is_reserved),
        ("reserved", address.is_reserved or not address.is_global),
    )
    return next((name for name, holds in names if holds), None)
