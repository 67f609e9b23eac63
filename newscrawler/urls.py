"""The one address of a page, and which addresses are one site.

In: addresses as sitemaps, links and redirects give them. Out: an address fit to be an identity; hosts and sites to compare.
Must not know: the network (the public suffix list is the one tldextract ships), HTML, what a page says of itself.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import idna

if TYPE_CHECKING:
    from tldextract import TLDExtract

TRACKING_PREFIXES = ("utm_", "mtm_", "piwik_", "matomo_", "at_custom", "__hs", "hsa_", "aspsessionid")
"""Beginnings of query parameters that tell where a reader came from, never what is shown."""

TRACKING = frozenset((
    "_ga", "_gl", "_hsenc", "_hsmi", "_openstat", "at_campaign", "at_medium", "bd_vid", "cmpid", "dclid", "epik",
    "fb_action_ids", "fb_action_types", "fb_ref", "fb_source", "fbclid", "gad_source", "gbraid", "gclid", "gclsrc",
    "guccounter", "guce_referrer", "guce_referrer_sig", "hmci", "hmcu", "hmkw", "hmpl", "hmsr", "hsctatracking", "icid",
    "igsh", "igshid", "isappinstalled", "li_fat_id", "mc_cid", "mc_eid", "mkt_tok", "msclkid", "ncid", "nsukey", "ocid",
    "oly_anon_id", "oly_enc_id", "pk_campaign", "pk_kwd", "pk_medium", "pk_source", "rb_clickid", "ref_src", "ref_url",
    "s_kwcid", "smid", "spm", "srsltid", "sudaref", "tt_from", "ttclid", "twclid", "vero_conv", "vero_id", "wbraid",
    "wfr", "wickedid", "wt_mc", "xtor", "yclid", "ysclid", "zanpid",
))  # fmt: skip
"""Such parameters by their whole name, lower case: those of the advertising and statistics services, after their manuals."""

SESSION_NAMES = frozenset(("jsessionid", "phpsessid", "sessionid", "session_id", "sid", "osid", "oscsid", "zenid"))
"""Parameters that may hold a visitor's session; dropped only where the value looks like one (`SESSION_VALUE`)."""

SESSION_VALUE = re.compile(r"[0-9a-f]{32,64}|(?=[a-z]*\d)[0-9a-z]{26}|(?=[^_]*\d)[0-9a-z!._-]{40,128}", re.I)
"""Hash-like: what PHP, Tomcat and their like hand out. `sid=4711` is a story's number and stays."""

PATH_SESSION = re.compile(r";jsessionid=[^/;]{0,256}", re.I)
CANONICAL = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+/?", re.ASCII)
"""Addresses with nothing to normalise, most of any sitemap, told by one match."""

ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
UNSAFE = re.compile(r"%(?![0-9a-fA-F]{2})|[^!$%&'()*+,./0-9:;=?@A-Z_a-z~\-]")
UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
"""Characters that mean the same escaped or not. Source: RFC 3986 2.3"""

STRIPPED = re.compile(r"[\t\n\r]")
"""What browsers take out of an address wherever it stands. Source: https://url.spec.whatwg.org/#url-parsing"""

DEFAULT_PORTS = {"http": 80, "https": 443}


@cache
def _suffixes() -> TLDExtract:
    """Return the public suffix list; it takes a tenth of a second to load, and a site of one host needs none."""
    from tldextract import TLDExtract

    return TLDExtract(cache_dir=None, suffix_list_urls=(), include_psl_private_domains=True)


def canonicalise(url: str) -> str:
    """Return the address that is the page's identity: two addresses share it only if they must show the same.

    Gone: fragment (unless #!), default port, user name, dot segments, tracking parameters, session ids, empty query.
    One form: case of scheme and host, IDNA, percent-encoding. The query's order and everything else in it stays.
    Raises ValueError for what is no absolute http(s) address.
    """
    if CANONICAL.fullmatch(url):
        return url
    parts = urlsplit(STRIPPED.sub("", url.strip()))
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"no http(s) address: {url[:200]!r}")
    port = "" if parts.port in (None, DEFAULT_PORTS[scheme]) else f":{parts.port}"
    path = without_dot_segments(escape(PATH_SESSION.sub("", parts.path)))
    query = "&".join(escape(field) for field in parts.query.split("&") if field and not is_noise(field))
    fragment = f"#{escape(parts.fragment)}" if parts.fragment.startswith("!") else ""
    return f"{scheme}://{ascii_host(parts.hostname)}{port}{path or '/'}{'?' if query else ''}{query}{fragment}"


def is_noise(field: str) -> bool:
    """True for a field of a query that names the reader or the way here, not the page."""
    name, _, value = field.partition("=")
    name = name.lower()
    if name in SESSION_NAMES:
        return SESSION_VALUE.fullmatch(value) is not None
    return name in TRACKING or name.startswith(TRACKING_PREFIXES)


def escape(text: str) -> str:
    """Return `text` with one spelling of each octet: unreserved characters bare, escapes in upper case, the rest escaped."""
    return UNSAFE.sub(lambda match: escaped(match[0]), ESCAPE.sub(lambda match: unescaped(match[1]), text))


def unescaped(octet: str) -> str:
    character = chr(int(octet, 16))
    return character if character in UNRESERVED else f"%{octet.upper()}"


def escaped(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "replace"))


def without_dot_segments(path: str) -> str:
    """Return `path` with "." and ".." resolved. Source: RFC 3986 5.2.4"""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    return "/" + "/".join([*kept, ""] if segments[-1] in (".", "..") else kept)


@lru_cache(maxsize=4096)
def ascii_host(host: str) -> str:
    """Return `host` in lower-case ASCII, without a final dot. Raises ValueError for a name that IDNA cannot write."""
    host = host.lower().rstrip(".")
    if ":" in host:
        return f"[{host}]"
    return host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")


def host_of(url: str) -> str | None:
    """Return the host of `url` in lower-case ASCII, None where it has none."""
    try:
        return ascii_host(urlsplit(url).hostname or "") or None
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def registrable_domain(host: str) -> str | None:
    """Return what was registered of `host` (news.example.co.uk -> example.co.uk), None for an address or a bare name.

    The public suffix list counts, its private part too: two blogs of one blog host are two sites.
    """
    if host.rpartition(".")[2].isdigit() or host.startswith("["):
        return None
    return _suffixes()(host).top_domain_under_public_suffix or None


def same_site(a: str, b: str) -> bool:
    """True where one owner answers for both addresses: the same registrable domain, or, without one, host and port."""
    one, other = _origin(a), _origin(b)
    if one is None or other is None:
        return False
    return one == other or site_key(a) == site_key(b)


def site_key(url: str) -> str | None:
    """Return what addresses of one site share, None for what is no http(s) address."""
    if (origin := _origin(url)) is None:
        return None
    host, port = origin
    return registrable_domain(host) or f"{host}:{port}"


def _origin(url: str) -> tuple[str, int] | None:
    """Return host and port of an http(s) address."""
    return _read_origin("/".join(url.split("/", 3)[:3]))


@lru_cache(maxsize=4096)
def _read_origin(origin: str) -> tuple[str, int] | None:
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return None
    host = host_of(origin)
    if host is None or parts.scheme not in DEFAULT_PORTS:
        return None
    return host, port or DEFAULT_PORTS[parts.scheme]
