"""What is sent of reports: lines as they come, or an array, plain or with gzip."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO, Any, Final

import msgspec

from freehold.api import ProblemError
from runs.services.lines import iter_lines

LINES: Final = "application/x-ndjson"
MOST_IN_ARRAY: Final = 10_000
LARGEST_ARRAY: Final = 10_485_760  # bytes


@contextmanager
def reading(request: Any, *, is_spooled: bool) -> Iterator[Iterable[bytes]]:
    """Give the lines of the body as they come. `is_spooled`: from a file, once all of it has come, so that no
    transaction waits for a client.

    Raises:
        ProblemError: 415 for another kind of content, 413 and 400 for an array that can't be taken.
    """
    encoding, kind = request.headers.get("Content-Encoding", "identity").lower(), request.content_type
    if encoding not in ("identity", "gzip") or kind not in (LINES, "application/json"):
        raise ProblemError(415, f"Send {LINES} or application/json, plain or with Content-Encoding: gzip.")
    is_gzip = encoding == "gzip"
    if kind == "application/json":
        yield read_array(request, is_gzip=is_gzip)
    elif is_spooled:
        with TemporaryFile() as file:
            shutil.copyfileobj(request, file)
            file.seek(0)
            yield iter_lines(file.read, is_gzip=is_gzip)
    else:
        yield iter_lines(request.read, is_gzip=is_gzip)


def read_array(request: IO[bytes], *, is_gzip: bool) -> list[bytes]:
    """Give the elements of an array, or the one report that it is.

    Raises:
        ProblemError: it is too large, or no JSON.
    """
    lines = iter_lines(request.read, is_gzip=is_gzip, longest=LARGEST_ARRAY)
    content, size = [], 0
    for line in lines:
        size += len(line) + 1
        if size > LARGEST_ARRAY:
            raise ProblemError(413, f"An array may have {LARGEST_ARRAY} bytes: send lines as {LINES}.")
        content.append(line)
    try:
        found = msgspec.json.decode(b"\n".join(content), type=list[msgspec.Raw] | dict[str, msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ProblemError(400, "This is no JSON array, and no object.") from error
    if isinstance(found, dict):
        return [b" ".join(content)]
    if len(found) > MOST_IN_ARRAY:
        raise ProblemError(413, f"An array may have {MOST_IN_ARRAY} elements: send lines as {LINES}.")
    return [bytes(each) for each in found]
