"""Pages that a site's guard sends instead of what was asked for: challenges, captchas, block pages.

In: a response's status, headers and the head of its body. Out: the guard's name, or None. Must not know: hosts, retries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

BODY_LIMIT = 65536
"""Bytes of the body that are looked at: guards' pages are smaller, articles' heads mention no guard's scripts as such."""

SHORT = 8192
"""A guard that answers 200 sends a bare script: the largest such page known (DataDome's) is under 8 KiB."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """One guard's marks. It is recognised by its header, or by a status of its list with one of its texts in the body."""

    name: str
    header: tuple[str, str] | None = None
    """Header name and the start of its value ("" for any)."""
    statuses: frozenset[int] = frozenset()
    texts: tuple[bytes, ...] = ()
    short: tuple[bytes, ...] = ()
    """Texts that tell a guard's page whatever its status, where the whole body is SHORT."""


REFUSING = frozenset({401, 403, 405, 406, 409, 412, 418, 429, 468, 493, 501, 503, 567})
"""Statuses that guards answer with; those above 450 are the Chinese guards' own."""

CHALLENGES = (
    Challenge("cloudflare", ("cf-mitigated", "challenge")),
    Challenge("cloudflare", None, REFUSING, (b"/cdn-cgi/challenge-platform/", b"<title>Just a moment...", b"cf-error-details")),
    Challenge("ddos-guard", None, REFUSING, (b"ddos-guard", b"DDoS-Guard")),
    Challenge("imperva", None, REFUSING, (b"_Incapsula_Resource",), (b"Incapsula incident ID",)),
    Challenge("datadome", None, REFUSING, (b"captcha-delivery.com",), (b"captcha-delivery.com",)),
    Challenge("perimeterx", None, REFUSING, (b"px-captcha", b"_pxAppId")),
    Challenge("akamai", None, REFUSING, (b"errors.edgesuite.net", b"/_sec/cp_challenge/"), (b"/_sec/cp_challenge/",)),
    Challenge("aws-waf", ("x-amzn-waf-action", ""), REFUSING, (b"awswaf.com",)),
    Challenge("sucuri", None, REFUSING, (b"Sucuri WebSite Firewall", b"sucuri_cloudproxy"), (b"sucuri_cloudproxy_js",)),
    Challenge("anubis", None, REFUSING, (b'id="anubis_challenge"',), (b'id="anubis_challenge"',)),
    Challenge("aliyun", None, REFUSING, (b"acw_sc__v2", b"aliyun_waf", b"errors.aliyun.com"), (b"acw_sc__v2", b"aliyun_waf_")),
    Challenge("jiasule", None, REFUSING | {512, 521}, (b"__jsl_clearance", b"jsluid"), (b"__jsl_clearance",)),
    Challenge("yunsuo", None, REFUSING, (b"yunsuo_session",), (b"yunsuo_session",)),
    Challenge("safedog", None, REFUSING, (b"safedog", "网站防火墙".encode())),
    Challenge("tencent", None, REFUSING, (b"TencentCaptcha", b"waf.tencent-cloud.com")),
    Challenge("baidu", None, REFUSING, (b"wappass.baidu.com",), ("百度安全验证".encode(),)),
    Challenge("captcha", None, REFUSING, (b"g-recaptcha", b"h-captcha", b"cf-turnstile", b"geetest", b"captcha")),
)
"""The guards that news sites use most; the general marks stand last. Marks that also stand in pages that a guard let through
(Imperva's script, captchas of comment forms) count with a refusing status only. Sources: the guards' manuals."""


def challenge_of(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """Return the name of the guard that answered, None if this is the site's own answer.

    headers: names in lower case. body: whole or its head; a short page must be given whole.
    """
    head = body[:BODY_LIMIT]
    return next((row.name for row in CHALLENGES if matches(row, status, headers, head)), None)


def matches(row: Challenge, status: int, headers: Mapping[str, str], head: bytes) -> bool:
    if row.header and row.header[0] in headers and headers[row.header[0]].startswith(row.header[1]):
        return True
    if status in row.statuses:
        return any(text in head for text in row.texts)
    return len(head) <= SHORT and any(text in head for text in row.short)
