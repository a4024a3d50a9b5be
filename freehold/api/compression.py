"""Answers of the API as gzip (RFC 1952), for whoever takes it.

The compressed answer is another representation (RFC 9110, section 8.8.3.3), and has an ETag of its own: that of the
plain one with `-gzip` at its end, as strong as that. It comes back in If-None-Match, where it is put back to the plain
one, and in If-Match, which looks at the version before it. Django's middleware makes ETags weak, which no If-Match may
match.

BREACH guesses a secret by the length of answers that have the guess beside it. No answer of JSON has a secret that its
reader did not send; and lengths are blurred as Django does it, by a name in the header, whose length follows from the
content here: the same answer is the same bytes, and asking often tells no more.
"""

from __future__ import annotations

import gzip
import hmac
import io
import re
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from freehold.api.middleware import PREFIX

LEAST: Final = 1024  # bytes: less fits into a packet as it is
LEVEL: Final = 3  # of nine: two thirds of the time of six, for five per cent more bytes
MARK: Final = "-gzip"
_GZIP: Final = re.compile(r"(?:x-)?gzip\s*(?:;\s*q\s*=\s*(?P<weight>[0-9.]+)\s*)?", re.IGNORECASE)
_KINDS: Final = ("application/json", "application/problem+json")


class GzipMiddleware:
    """Compresses answers of JSON below PREFIX. It stands before whatever makes them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        is_taken = takes_gzip(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        had: str = request.META.get("HTTP_IF_NONE_MATCH", "")
        if is_taken and had:
            request.META["HTTP_IF_NONE_MATCH"] = had.replace(f'{MARK}"', '"')
        response = self.get_response(request)
        etag = mark(response.headers.get("ETag", ""))
        if response.status_code == 304:
            if is_taken and etag and etag in had:
                response.headers["ETag"] = etag
            patch_vary_headers(response, ("Accept-Encoding",))
        elif is_worth_it(response):
            patch_vary_headers(response, ("Accept-Encoding",))
            if is_taken:
                pack(response, etag)
        return response


def takes_gzip(accepted: str) -> bool:
    """Tell whether an Accept-Encoding has gzip, and not at the weight of nothing."""
    for each in accepted.split(","):
        if match := _GZIP.fullmatch(each.strip()):
            return (match["weight"] or "1").strip("0.") != ""
    return False


def is_worth_it(response: HttpResponse) -> bool:
    """Tell whether it is JSON, of some size, and plain still."""
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    is_plain = not response.streaming and "Content-Encoding" not in response.headers
    return is_plain and kind in _KINDS and len(response.content) >= LEAST


def pack(response: HttpResponse, etag: str) -> None:
    """Compress the content."""
    response.content = compress(response.content)
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(response.content))
    if etag:
        response.headers["ETag"] = etag


def mark(etag: str) -> str:
    """Give the ETag of the compressed answer."""
    return f'{etag[:-1]}{MARK}"' if etag.endswith('"') else ""


def compress(content: bytes) -> bytes:
    """Give the same bytes for the same content, and up to 99 more than are needed."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), content, "sha256")
    buffer = io.BytesIO()
    with gzip.GzipFile(
        "x" * (int.from_bytes(digest[:4], "big") % 100), "wb", compresslevel=LEVEL, fileobj=buffer, mtime=0
    ) as file:
        file.write(content)
    return buffer.getvalue()
