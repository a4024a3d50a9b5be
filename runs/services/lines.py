"""Cuts what a client sends into lines as it comes: no more is held than a line, however large or packed it is."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator

CHUNK = 65_536  # bytes that are read at once
LONGEST = 1_048_576  # bytes of a line
MOST = 1_073_741_824  # bytes of all lines together, as they come and unpacked
_GZIP = zlib.MAX_WBITS | 16


class UploadError(ValueError):
    """What came can't be read on: too long, or not as compressed as it says."""


class TooLargeError(UploadError):
    """A line or the whole is larger than is taken."""


def iter_lines(read: Callable[[int], bytes], *, is_gzip: bool = False, longest: int = LONGEST) -> Iterator[bytes]:
    """Yield the lines, without what ends them.

    Args:
        read: gives up to so many bytes, and none at the end, as files do.

    Raises:
        TooLargeError: a line of more than `longest` bytes, or more than MOST all together.
        UploadError: it is no gzip, or ends before its end.
    """
    rest = bytearray()
    for chunk in _limit(_unpack(iter_raw(read))) if is_gzip else iter_raw(read):
        rest += chunk
        if b"\n" in chunk:  # else what is held would be looked through for every byte that comes
            *lines, last = bytes(rest).split(b"\n")
            yield from (_check(line, longest) for line in lines)
            rest = bytearray(last)
        _check_length(rest, longest)
    if rest:
        yield bytes(rest)


def iter_raw(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Yield what comes, as it comes: packed bytes count too, since they may unpack to nothing without an end.

    Raises:
        TooLargeError: more than MOST bytes.
    """
    return _limit(iter(lambda: read(CHUNK), b""))


def _check(line: bytes, longest: int) -> bytes:
    _check_length(line, longest)
    return line.rstrip(b"\r")


def _check_length(line: bytes | bytearray, longest: int) -> None:
    if len(line) > longest:
        raise TooLargeError(f"a line is longer than {longest} bytes")


def _limit(chunks: Iterator[bytes]) -> Iterator[bytes]:
    total = 0
    for chunk in chunks:
        total += len(chunk)
        if total > MOST:
            raise TooLargeError(f"all of it is longer than {MOST} bytes")
        yield chunk


def _unpack(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what gzip packed, never more at once than a chunk, however much it is of how little. Streams may follow one
    another, as `cat one.gz other.gz` gives them."""
    unpacker = zlib.decompressobj(_GZIP)
    try:
        for chunk in chunks:
            packed = chunk
            while packed:
                if unpacker.eof:
                    unpacker = zlib.decompressobj(_GZIP)
                yield unpacker.decompress(packed, CHUNK)
                packed = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    except zlib.error:
        raise UploadError("the body is not gzip") from None
    if not unpacker.eof:
        raise UploadError("the gzip stream breaks off")
