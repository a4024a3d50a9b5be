"""Content that is made while it is sent, after the response went through the middleware."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any, cast

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase

_Enter = Callable[[], AbstractContextManager[None]]


def keep_inside(response: HttpResponseBase, enter: _Enter) -> None:
    """Let each part of a streaming response be made inside the block that `enter` gives. In between, whatever else the
    thread does is outside."""
    if not isinstance(response, StreamingHttpResponse):
        return
    if response.is_async:
        response.streaming_content = _stream_async(cast(AsyncIterator[Any], response.streaming_content), enter)
    else:
        response.streaming_content = _stream(iter(cast(Iterator[Any], response.streaming_content)), enter)


def _stream(content: Iterator[Any], enter: _Enter) -> Iterator[Any]:
    while True:
        with enter():
            try:
                part = next(content)
            except StopIteration:
                return
        yield part


async def _stream_async(content: AsyncIterator[Any], enter: _Enter) -> AsyncIterator[Any]:
    content = aiter(content)
    while True:
        with enter():
            try:
                part = await anext(content)
            except StopAsyncIteration:
                return
        yield part
