"""How each host is doing, and what an answer of its means for the URL that was asked for.

In: one Answer a request, with the clock. Out: a Verdict for the URL, and per host whether it may be asked now, from when,
or why no more in this run. Must not know: Scrapy, the ledger, sites. Nobody sleeps here: the frontier waits by not taking.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from math import ldexp
from random import Random
from typing import Literal

from newscrawler.challenges import challenge_of

ATTEMPTS = 5
"""Times a URL is asked for before its failure settles it; Scrapy asks three times within seconds, we over minutes."""

REFUSED_ATTEMPTS = 2
"""The same for a plain 403, which says no rather than not now."""

REFUSALS = 6
"""Refusals in a row that stop a host: with a third of the answers refused at random, one chance in 700."""

FAILURES = 8
"""Failures in a row that stop a host: about two minutes of waits, longer than a restart of a server."""

PAUSE_AFTER = 3
"""Failures in a row from which the whole host is given a rest, not only the URL."""

FIRST_WAIT, LONGEST_WAIT = 2.0, 900.0
"""Seconds of the first back-off, which doubles each time, and of the longest wait within a run."""

RETRY_AFTER_LIMIT = 7 * 86400.0
"""Seconds; a Retry-After beyond a week is a mistake and is read as a week."""

Failure = Literal[
    "dns", "unreachable", "refused", "reset", "timeout", "cut", "tls", "certificate", "robots_unavailable", "too_large",
    "bomb", "corrupt", "headers", "not_http", "redirects", "redirect_loop", "robots", "address", "paused",
    "crowded", "unknown",
]  # fmt: skip
"""What can go wrong short of an answer; the closed list."""

WORDS: Mapping[str, str] = {
    "dns": "its name is not known (DNS)",
    "unreachable": "it cannot be reached",
    "refused": "it refuses connections",
    "reset": "it breaks connections off",
    "timeout": "it does not answer in time",
    "tls": "no encrypted connection came about",
    "certificate": "its certificate does not verify",
    "robots_unavailable": "its robots.txt cannot be had, and until it can nothing may be asked for",
    "robots": "its robots.txt forbids it",
    "address": "its address is not public; if it is yours, name its network in NEWSCRAWLER_ALLOW_NETWORKS",
    "not_http": "it does not speak HTTP",
    "redirects": "it redirects without end",
    "redirect_loop": "it redirects in a circle",
}
"""What a person reads of the failures that concern a whole host; another one is shown by its name."""

STAYS = "; what it still lists stays pending"
"""What the sentence about a stopped host ends with."""

PASSING = frozenset(
    {"dns", "unreachable", "refused", "reset", "timeout", "cut", "tls", "robots_unavailable", "corrupt", "crowded", "unknown"}
)
"""Failures that another time may heal."""

PASSING_STATUSES = frozenset({408, 425, *range(500, 600)})
"""The same for statuses: RFC 9110 15.5.9, RFC 8470, and every server error."""

STATES = {"robots": "robots", "address": "filtered"}
"""Ledger states of failures that are no failures of the site; all others are "failed"."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request came to: a status with its headers (names in lower case) and body, or a failure."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    failure: Failure | None = None
    detail: str = ""
    """Says more of the failure: the guard's reason for an address, the certificate's fault."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of the URL. settle: `state` is final. retry: back to the frontier. stop: the same, and its host is done."""

    action: Literal["settle", "retry", "stop"]
    state: str
    reason: str
    not_before: float = 0.0


@dataclass(slots=True)
class Host:
    """One host's standing: refusals and failures in a row, when it may be asked again, and why it was stopped."""

    name: str
    random: Random
    not_before: float = 0.0
    refusals: int = 0
    failures: int = 0
    stopped: str | None = None
    """A sentence for the person; its URLs stay pending."""

    def ready(self, now: float) -> bool:
        """True if the host may be asked at `now`."""
        return self.stopped is None and now >= self.not_before

    def note(self, answer: Answer, attempts: int, now: float) -> Verdict | None:
        """Return what becomes of a URL after `answer` to its attempt number `attempts` (1 for the first).

        None: the answer is a page (2xx) to be read, or 304. "paused" is no attempt: nothing was sent.
        """
        if answer.failure:
            return self._note_failure(answer, attempts, now)
        if guard := challenge_of(answer.status, answer.headers, answer.body):
            return self._refused(f"challenge_{guard}", ATTEMPTS, attempts, retry_after(answer.headers, now), now)
        if answer.status in (403, 429):
            cap = REFUSED_ATTEMPTS if answer.status == 403 else ATTEMPTS
            return self._refused(f"http_{answer.status}", cap, attempts, retry_after(answer.headers, now), now)
        if answer.status in PASSING_STATUSES:
            return self._failed(f"http_{answer.status}", attempts, retry_after(answer.headers, now), now)
        self.refusals = self.failures = 0
        if 200 <= answer.status < 300 or answer.status == 304:
            return None
        return Verdict("settle", "gone" if answer.status in (404, 410) else "http_error", f"http_{answer.status}")

    def stop(self, why: str) -> None:
        """Ask this host no more in this run; the first `why` stays."""
        self.stopped = self.stopped or f"{self.name}: {why}{STAYS}"

    def _note_failure(self, answer: Answer, attempts: int, now: float) -> Verdict:
        failure = answer.failure or "unknown"
        if failure == "paused":
            return self._verdict(failure, "", False, self.not_before)
        if failure == "certificate":
            self.stop(f"its certificate was not accepted ({answer.detail or 'no detail'})")
            return Verdict("stop", "pending", failure, now)
        if failure in PASSING:
            return self._failed(failure, attempts, None, now)
        reason = f"{failure}_{answer.detail}" if failure == "address" else failure
        return Verdict("settle", STATES.get(failure, "failed"), reason)

    def _refused(self, reason: str, cap: int, attempts: int, wait: float | None, now: float) -> Verdict:
        if now < self.not_before:  # sent before the pause began: one refusal, counted already
            return Verdict("retry", "pending", reason, self.not_before)
        self.refusals += 1
        wait = self._backoff(self.refusals) if wait is None else wait
        self.not_before = now + wait
        if wait > LONGEST_WAIT:
            self.stop(f"it asks to be left alone for {wait:.0f} seconds ({reason})")
        elif self.refusals >= REFUSALS:
            self.stop(f"it refused {self.refusals} requests in a row ({reason})")
        return self._verdict(reason, "http_error", self.stopped is None and attempts >= cap, self.not_before)

    def _failed(self, reason: str, attempts: int, wait: float | None, now: float) -> Verdict:
        if now >= self.not_before:
            self.failures += 1
            if wait is not None or self.failures >= PAUSE_AFTER:
                self.not_before = now + (self._backoff(self.failures) if wait is None else wait)
        if wait is not None and wait > LONGEST_WAIT:
            self.stop(f"it asks to be left alone for {wait:.0f} seconds ({reason})")
        elif self.failures >= FAILURES:
            self.stop(f"{self.failures} requests in a row failed ({reason})")
        state = "http_error" if reason.startswith("http_") else "failed"
        not_before = max(self.not_before, now + self._backoff(attempts))
        return self._verdict(reason, state, self.stopped is None and attempts >= ATTEMPTS, not_before)

    def _verdict(self, reason: str, state: str, settled: bool, not_before: float) -> Verdict:
        if settled:
            return Verdict("settle", state, reason)
        return Verdict("stop" if self.stopped else "retry", "pending", reason, not_before)

    def _backoff(self, times: int) -> float:
        """Return seconds that double with `times`, up to half of them left to chance so that hosts do not come back in step."""
        return min(ldexp(FIRST_WAIT, min(times, 20) - 1), LONGEST_WAIT) * self.random.uniform(0.5, 1.0)


class Hosts:
    """All hosts of a run, each with its own standing."""

    def __init__(self, seed: int | None = None) -> None:
        self._random = Random(seed)
        self._hosts: dict[str, Host] = {}

    def __getitem__(self, name: str) -> Host:
        if name not in self._hosts:
            self._hosts[name] = Host(name, self._random)
        return self._hosts[name]

    def __iter__(self) -> Iterator[Host]:
        return iter(self._hosts.values())

    def stopped(self) -> list[str]:
        """Return the sentences of the hosts that were stopped."""
        return [host.stopped for host in self if host.stopped]

    def paused(self, now: float) -> list[str]:
        """Return the names of hosts that must not be asked at `now`."""
        return [host.name for host in self if not host.ready(now)]

    def next_ready(self, now: float) -> float | None:
        """Return when the first paused host may be asked again; None if none is only paused."""
        return min((host.not_before for host in self if not host.stopped and host.not_before > now), default=None)


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds that a Retry-After header asks to wait, None if there is none that can be read.

    now: seconds since the epoch. Source: RFC 9110 10.2.3 (seconds, or a date).
    """
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return min(float(value[:12]), RETRY_AFTER_LIMIT)
    try:
        moment = parsedate_to_datetime(value).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return min(max(moment - now, 0.0), RETRY_AFTER_LIMIT)


def words_of(failure: str, detail: str = "") -> str:
    """Return the failure as a sentence for people."""
    return WORDS.get(failure, failure) + (f" ({detail})" if detail else "")
