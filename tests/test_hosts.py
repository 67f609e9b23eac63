"""What each answer does to its URL and to its host, on a clock of the test's own."""

from email.utils import formatdate

import pytest

from newscrawler.hosts import ATTEMPTS, FAILURES, LONGEST_WAIT, REFUSALS, RETRY_AFTER_LIMIT, Answer, Host, Hosts, retry_after
from newscrawler.redirects import meta_refresh

NOW = 1_700_000_000.0
CLOUDFLARE = b"<title>Just a moment...</title>"

VERDICTS = [
    (Answer(200), 1, None),
    (Answer(206), 1, None),
    (Answer(304), 1, None),
    (Answer(404), 1, ("settle", "gone", "http_404")),
    (Answer(410), 1, ("settle", "gone", "http_410")),
    (Answer(401), 1, ("settle", "http_error", "http_401")),
    (Answer(302), 1, ("settle", "http_error", "http_302")),
    (Answer(451), 1, ("settle", "http_error", "http_451")),
    (Answer(403), 1, ("retry", "pending", "http_403")),
    (Answer(403), 2, ("settle", "http_error", "http_403")),
    (Answer(429), 2, ("retry", "pending", "http_429")),
    (Answer(429), ATTEMPTS, ("settle", "http_error", "http_429")),
    (Answer(500), 1, ("retry", "pending", "http_500")),
    (Answer(500), ATTEMPTS, ("settle", "http_error", "http_500")),
    (Answer(503), 1, ("retry", "pending", "http_503")),
    (Answer(599), 1, ("retry", "pending", "http_599")),
    (Answer(403, {"cf-mitigated": "challenge"}), 2, ("retry", "pending", "challenge_cloudflare")),
    (Answer(503, {}, CLOUDFLARE), 1, ("retry", "pending", "challenge_cloudflare")),
    (Answer(200, {}, CLOUDFLARE), 1, None),
    (Answer(200, {}, b"<script>document.cookie='acw_sc__v2='</script>"), 1, ("retry", "pending", "challenge_aliyun")),
    (Answer(200, {}, b"acw_sc__v2" + b" " * 9000), 1, None),
    (Answer(200, {"x-datadome": "protected"}, b"<p>A page.</p>"), 1, None),
    (Answer(200, {}, b'<script src="/_Incapsula_Resource?SWJIYLWA=1"></script><p>A page.</p>'), 1, None),
    (Answer(202, {"x-amzn-waf-action": "challenge"}), 1, ("retry", "pending", "challenge_aws-waf")),
    (Answer(521, {}, b"<script>document.cookie='__jsl_clearance_s='</script>"), 1, ("retry", "pending", "challenge_jiasule")),
    (Answer(521, {}, b"<div id=cf-error-details>Web server is down</div>"), 1, ("retry", "pending", "http_521")),
    (Answer(200, {}, b"<form><div class=g-recaptcha></div></form>"), 1, None),
    (Answer(429, {}, b"<div class=g-recaptcha>"), 1, ("retry", "pending", "challenge_captcha")),
    (Answer(failure="timeout"), 1, ("retry", "pending", "timeout")),
    (Answer(failure="timeout"), ATTEMPTS, ("settle", "failed", "timeout")),
    (Answer(failure="cut"), 1, ("retry", "pending", "cut")),
    (Answer(failure="cut"), ATTEMPTS, ("settle", "failed", "cut")),
    (Answer(failure="bomb"), 1, ("settle", "failed", "bomb")),
    (Answer(failure="paused"), ATTEMPTS, ("retry", "pending", "paused")),
    (Answer(failure="robots"), 1, ("settle", "robots", "robots")),
    (Answer(failure="robots_unavailable"), 1, ("retry", "pending", "robots_unavailable")),
    (Answer(failure="address", detail="loopback"), 1, ("settle", "filtered", "address_loopback")),
    (Answer(failure="certificate", detail="expired"), 1, ("stop", "pending", "certificate")),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "attempts", "expected"), VERDICTS)
def test_verdict(answer: Answer, attempts: int, expected: tuple[str, str, str] | None) -> None:
    verdict = Hosts(1)["mirror.example"].note(answer, attempts, NOW)
    assert (verdict and (verdict.action, verdict.state, verdict.reason)) == expected


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        (formatdate(NOW + 90, usegmt=True), 90),
        (formatdate(NOW - 90, usegmt=True), 0),
        ("9" * 400, RETRY_AFTER_LIMIT),
        ("Fri, 31 Dec 9999 23:59:59 GMT", RETRY_AFTER_LIMIT),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("Fri, 99 Foo 2023 10:00:00 GMT", None),
        ("１２", None),
    ],
)
def test_retry_after(value: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": value}, NOW) == seconds


def repeat(host: Host, answer: Answer, times: int) -> float:
    """Give `answer` to different URLs, each as soon as the host may be asked; return when the last was asked."""
    now = NOW
    for _ in range(times):
        now = max(now, host.not_before)
        host.note(answer, 1, now)
    return now


@pytest.mark.parametrize(
    ("answer", "times", "sentence"),
    [
        (Answer(403), REFUSALS, "mirror.example: it refused 6 requests in a row (http_403); what it still lists stays pending"),
        (Answer(429), REFUSALS, "(http_429)"),
        (Answer(503, {}, CLOUDFLARE), REFUSALS, "(challenge_cloudflare)"),
        (Answer(failure="dns"), FAILURES, "8 requests in a row failed (dns)"),
        (Answer(500), FAILURES, "8 requests in a row failed (http_500)"),
        (Answer(failure="certificate", detail="expired"), 1, "its certificate was not accepted (expired)"),
        (Answer(503, {"retry-after": "86400"}), 1, "left alone for 86400 seconds (http_503)"),
    ],
)
def test_a_host_is_stopped_and_says_why(answer: Answer, times: int, sentence: str) -> None:
    hosts = Hosts(1)
    host = hosts["mirror.example"]
    repeat(host, answer, times - 1)
    assert host.stopped is None
    now = max(NOW, host.not_before)
    verdict = host.note(answer, 1, now)
    assert verdict is not None and (verdict.action, verdict.state) == ("stop", "pending")
    assert sentence in hosts.stopped()[0] and not host.ready(now + 10 * RETRY_AFTER_LIMIT)
    assert hosts.next_ready(now) is None


@pytest.mark.parametrize("status", [403, 429, 503])
def test_retry_after_pauses_this_host_alone(status: int) -> None:
    hosts = Hosts(1)
    verdict = hosts["slow.example"].note(Answer(status, {"retry-after": "120"}), 1, NOW)
    assert verdict is not None and verdict.not_before == NOW + 120
    assert hosts.paused(NOW + 119) == ["slow.example"] and hosts.paused(NOW + 120) == []
    assert hosts["other.example"].ready(NOW) and hosts.next_ready(NOW) == NOW + 120


def test_refusals_of_requests_sent_before_the_pause_count_once() -> None:
    host = Hosts(1)["mirror.example"]
    for _ in range(3 * REFUSALS):
        host.note(Answer(429, {"retry-after": "60"}), 1, NOW)
    assert (host.refusals, host.stopped, host.not_before) == (1, None, NOW + 60)


def test_a_page_in_between_forgives() -> None:
    host = Hosts(1)["mirror.example"]
    for _ in range(5):
        last = repeat(host, Answer(429), REFUSALS - 1)
        host.note(Answer(404), 1, last)
    assert host.stopped is None


def test_waits_grow_with_attempts_and_stay_within_the_longest() -> None:
    host = Hosts(1)["mirror.example"]
    waits = []
    for attempts in range(1, ATTEMPTS):
        verdict = host.note(Answer(failure="reset"), attempts, NOW)
        host.note(Answer(200), 1, NOW)
        assert verdict is not None
        waits.append(verdict.not_before - NOW)
    assert waits == sorted(waits) and waits[0] >= 1 and waits[-1] <= LONGEST_WAIT


def test_chance_is_the_seeds() -> None:
    first, again, other = (repeat(Hosts(seed)["mirror.example"], Answer(429), 3) for seed in (1, 1, 2))
    assert first == again != other


HERE = "https://mirror.example/a"


@pytest.mark.parametrize(
    ("html", "target"),
    [
        ('<meta http-equiv="refresh" content="0; url=/b">', "https://mirror.example/b"),
        ("<META content='0;URL=\"https://other.example/?a=1&amp;b=2\"' HTTP-EQUIV=Refresh>", "https://other.example/?a=1&b=2"),
        ("<meta http-equiv=refresh content=0;b>", "https://mirror.example/b"),
        ('<meta http-equiv="refresh" content="300">', None),
        ('<meta http-equiv="refresh" content="300; url=/b">', None),
        ('<meta http-equiv="refresh" content="1; url=/a#top">', None),
        ('<meta http-equiv="refresh" content="0; url=javascript:x()">', None),
        ('<meta http-equiv="refresh" content="0; url=http://[">', None),
        ('<!-- <meta http-equiv="refresh" content="0; url=/b"> -->', None),
        ('<noscript><meta http-equiv="refresh" content="0; url=/b"></noscript>', None),
        ('<meta name="refresh" content="0; url=/b">', None),
        ("<meta " * 100_000, None),
    ],
)
def test_meta_refresh(html: str, target: str | None) -> None:
    assert meta_refresh(html, HERE) == target
