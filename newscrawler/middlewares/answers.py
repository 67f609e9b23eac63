"""Scrapy's responses and exceptions as Answers.

In: a response or what a download raised. Out: an Answer, for Host.note. Must not know: what is done about it.
"""

from __future__ import annotations

from collections.abc import Iterator

from OpenSSL.SSL import Error as TLSError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    NotSupported,
    ResponseDataLossError,
    StopDownload,
    UnsupportedURLSchemeError,
)
from scrapy.http import Response
from service_identity.exceptions import VerificationError
from twisted.internet.error import ConnectError, ConnectionClosed
from twisted.web._newclient import ParseError
from twisted.web.client import ResponseFailed

from newscrawler.hosts import Answer, Failure


class Refused(IgnoreRequest):
    """Our own refusal of a request or of its response: a failure of the closed list, and its detail."""

    def __init__(self, failure: Failure, detail: str = "") -> None:
        super().__init__(f"{failure} {detail}".rstrip())
        self.failure = failure
        self.detail = detail


class HeadTooLarge(Exception):
    """A response's head grew beyond its bound."""


FAILURES: tuple[tuple[type[BaseException], Failure], ...] = (
    (CannotResolveHostError, "dns"),
    (DownloadConnectionRefusedError, "refused"),
    (DownloadTimeoutError, "timeout"),
    (ResponseDataLossError, "cut"),
    (DownloadCancelledError, "too_large"),
    (NotSupported, "address"),
    (UnsupportedURLSchemeError, "address"),
    (StopDownload, "crowded"),
    (HeadTooLarge, "headers"),
    (ParseError, "not_http"),
    (VerificationError, "certificate"),
    (TLSError, "tls"),
    (ConnectError, "unreachable"),
    (ConnectionClosed, "reset"),
    (OSError, "reset"),
    (ValueError, "not_http"),
)
"""First match wins, over an exception and all that caused it; DownloadCancelledError is what an exceeded size ends in."""

DOWNLOAD_ERRORS: tuple[type[BaseException], ...] = (IgnoreRequest, DownloadFailedError, *(kind for kind, _ in FAILURES))
"""What a download may raise, to be caught by whoever awaits one."""


def answer_of_response(response: Response) -> Answer:
    """Return what the server answered."""
    headers = {
        name.decode("latin-1").lower(): values[0].decode("latin-1") for name, values in response.headers.items() if values
    }
    return Answer(response.status, headers, response.body)


def answer_of_exception(exception: BaseException) -> Answer:
    """Return the failure that `exception` is, "unknown" with its type's name where no row fits."""
    if isinstance(exception, Refused):
        return Answer(failure=exception.failure, detail=exception.detail)
    if isinstance(exception, IgnoreRequest) and "redirect" in str(exception):
        return Answer(failure="redirects")
    if isinstance(exception, ValueError):  # from building a request: an address, mostly a redirect's, that is none
        return Answer(failure="address", detail="malformed")
    for cause in causes(exception):
        for kind, failure in FAILURES:
            if isinstance(cause, kind):
                return tls_answer(cause) if failure == "tls" else Answer(failure=failure, detail=detail_of(cause, failure))
    return Answer(failure="unknown", detail=type(exception).__name__)


def causes(exception: BaseException) -> Iterator[BaseException]:
    """Yield `exception` and what caused it, Twisted's lists of reasons included, the outermost first."""
    waiting: list[BaseException | None] = [exception]
    while waiting:
        if (cause := waiting.pop(0)) is None:
            continue
        yield cause
        waiting.append(cause.__cause__)
        if isinstance(cause, ResponseFailed):
            waiting.extend(reason.value for reason in cause.reasons)


def tls_answer(error: BaseException) -> Answer:
    """Return "certificate" with OpenSSL's words where verification failed, "tls" for any other trouble."""
    words = "; ".join(str(entry[-1]) for entry in error.args[0]) if error.args and isinstance(error.args[0], list) else ""
    return Answer(failure="certificate" if "certificate" in words else "tls", detail=words)


def detail_of(cause: BaseException, failure: Failure) -> str:
    if failure == "address":
        return "scheme"
    return type(cause).__name__ if failure == "certificate" else ""
