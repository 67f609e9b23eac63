"""Bodies are decompressed whole, within DOWNLOAD_MAXSIZE, or not at all.

In: a response as it came. Out: the same with its body decoded; Refused as "bomb" when it grows beyond the bound, "cut" when the
compressed stream stops before its end, "corrupt" when it is none. Must not know: what the body is.

Differs from Scrapy 2.19's own: that reads the charset of a still compressed body, by guessing (about 5 ms a page), takes what
there is of a cut stream for the whole, and bounds neither the layers nor zstd's window.
"""

from __future__ import annotations

from scrapy import Request
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.http import Response, TextResponse

from newscrawler.codings import CodingError, decompress
from newscrawler.middlewares.answers import Refused

LAYERS = 2
"""Encodings of one body undone in turn; a server compresses once, and a proxy before it may again."""


class CompressionMiddleware(HttpCompressionMiddleware):
    """HttpCompressionMiddleware with the bounds and the care described above."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        if isinstance(response, TextResponse) and b"Content-Encoding" in response.headers:
            response = without_charset(response)
        return super().process_response(request, response)

    def _handle_encoding(self, body: bytes, content_encoding: list[bytes], max_size: int) -> tuple[bytes, list[bytes]]:
        to_decode, to_keep = self._split_encodings(content_encoding)
        if len(to_decode) > LAYERS:
            raise Refused("bomb", f"{len(to_decode)} encodings")
        try:
            for encoding in to_decode:
                body = decompress(body, encoding, max_size)
        except CodingError as error:
            raise Refused(error.fault, error.detail) from error
        return body, to_keep


def without_charset(response: Response) -> Response:
    """Return `response` as one whose body is bytes: copying it will not ask for the encoding of its text."""
    names = [name for name in Response.attributes if name != "encoding"]
    return Response(**{name: getattr(response, name) for name in names})
