"""What is sent of reports: lines as they come, or an array, plain or with gzip."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import Final

import msgspec
from django.http import HttpRequest

from freehold.api import ProblemError, open_body
from runs.services.lines import iter_lines, iter_raw

LINES: Final = "application/x-ndjson"
MOST_IN_ARRAY: Final = 10_000
LARGEST_ARRAY: Final = 10_485_760  # bytes
Read = Callable[[int], bytes]


@contextmanager
def reading(request: HttpRequest, *, is_whole: bool) -> Iterator[Iterable[bytes]]:
    """Give the lines of the body as they come. `is_whole`: once all of it has come, lines from a file, so that no
    transaction waits for a client.

    Raises:
        ProblemError: 415 for another kind of content, 411 where nothing would tell lines from half of them, 413 and 400
            for an array that can't be taken, 400 for a body that breaks off.
        UploadError: lines can't be read on.
    """
    is_array, is_gzip = _read_kind(request)
    body = open_body(request)
    if is_array:
        yield read_array(body.read, is_gzip=is_gzip)
    elif not is_whole:
        yield iter_lines(body.read, is_gzip=is_gzip)
    elif body.length is None and not is_gzip:
        raise ProblemError(411, "Say by Content-Length how long lines are that are kept whole, or send them as gzip.")
    else:
        with _spooled(body.read) as read:
            yield iter_lines(read, is_gzip=is_gzip)


def _read_kind(request: HttpRequest) -> tuple[bool, bool]:
    """Give whether it is an array, and whether gzip packed it."""
    encoding, kind = request.headers.get("Content-Encoding", "identity").lower(), request.content_type
    if encoding not in ("identity", "gzip") or kind not in (LINES, "application/json"):
        raise ProblemError(415, f"Send {LINES} or application/json, plain or with Content-Encoding: gzip.")
    return kind == "application/json", encoding == "gzip"


@contextmanager
def _spooled(read: Read) -> Iterator[Read]:
    """Give what is read, from a file once all of it has come."""
    with TemporaryFile() as file:
        for chunk in iter_raw(read):
            file.write(chunk)
        file.seek(0)
        yield file.read


def read_array(read: Read, *, is_gzip: bool) -> list[bytes]:
    """Give the elements of an array, or the one report that it is.

    Raises:
        ProblemError: it is too large, or no JSON.
    """
    content = list(_iter_short(iter_lines(read, is_gzip=is_gzip, longest=LARGEST_ARRAY)))
    try:
        found = msgspec.json.decode(b"\n".join(content), type=list[msgspec.Raw] | dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ProblemError(400, "This is no JSON array, and no object.") from error
    if isinstance(found, dict):
        return [b" ".join(content)]
    if len(found) > MOST_IN_ARRAY:
        raise ProblemError(413, f"An array may have {MOST_IN_ARRAY} elements: send lines as {LINES}.")
    return [bytes(each) for each in found]


def _iter_short(lines: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for line in lines:
        size += len(line) + 1
        if size > LARGEST_ARRAY:
            raise ProblemError(413, f"An array may have {LARGEST_ARRAY} bytes: send lines as {LINES}.")
        yield line
