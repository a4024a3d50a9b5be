"""Whether the log says anything that a request carried in confidence, or that an answer gave: watched in every test.

Each request that this process answers is looked at, whoever sends it, and what visitors send to processes that a test
started; each record is written as in production, and what those processes printed is heard when they end.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core import mail
from django.core.handlers.base import BaseHandler

from auth_app.proofs import get_proof, get_row_key
from freehold import JSONFormatter, WithoutValues

SHORTEST = 8  # characters: what is shorter stands in a log by accident
_NAMED = re.compile(r"password|passwd|secret|token|csrf|proof|(^|_)key$|uidb64", re.IGNORECASE)
_PLACES = ("HTTP_AUTHORIZATION", "HTTP_COOKIE", "HTTP_X_API_KEY", "HTTP_X_CSRFTOKEN")
_SHOWN = re.compile(rb'\bfhs?_[A-Za-z0-9_-]{16,}|(?<=name="csrfmiddlewaretoken" value=")[A-Za-z0-9]+')
_LINK = re.compile(r"https?://\S+")
_MOST = 1_000_000  # bytes of an answer that are looked through


class Watch(logging.Handler):
    """The lines of a test, and what must not be in them."""

    def __init__(self) -> None:
        super().__init__()
        self.addFilter(WithoutValues())
        self.setFormatter(JSONFormatter())
        self.lines: list[str] = []
        self.secrets: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    def add(self, *texts: object) -> None:
        """Take texts for secrets."""
        self.secrets |= {text for text in map(str, texts) if len(text) >= SHORTEST}

    def add_keys(self, *keys: str) -> None:
        """Take a session's key or a bearer's text, and what is made of it, for secrets."""
        for key in keys:
            self.add(key, proof := get_proof(key), get_row_key(proof))

    def add_named(self, document: Any) -> None:
        """Take from a form or a document, however deep, what has a secret's name."""
        left: list[tuple[str, Any]] = [("", document)]
        while left:
            name, value = left.pop()
            if isinstance(value, Mapping):
                left += [(str(each), inner) for each, inner in value.items()]
            elif isinstance(value, list | tuple):
                left += [(name, inner) for inner in value]
            elif isinstance(value, str) and _NAMED.search(name):
                self.add(value)

    def note_request(self, request: Any) -> None:
        """Take what a request carried, once it is answered: nothing is read that the view did not read."""
        self.add_keys(*request.COOKIES.values())
        for place in _PLACES:
            self.add_keys(*request.META.get(place, "").split(" ")[-1:])
        known = vars(request)
        self.add_named(dict(known["_post"].lists()) if known.get("_post") else {})
        self.add_named(read_json(known.get("_body", b"")))
        self.add_named(getattr(request.resolver_match, "kwargs", {}))

    def note_answer(self, response: Any) -> None:
        """Take what an answer gave."""
        self.add_keys(*(cookie.value for cookie in response.cookies.values()))
        if not response.streaming and len(response.content) <= _MOST:
            self.add(*(each.decode() for each in _SHOWN.findall(response.content)))
            if b"secret" in response.content or b"token" in response.content or b'key"' in response.content:
                self.add_named(read_json(response.content))

    def list_leaks(self) -> list[str]:
        """Give the lines with a secret."""
        self.add_links(mail.outbox if hasattr(mail, "outbox") else ())
        said = "\n".join(self.lines)
        written = {each for secret in self.secrets for each in (secret, json.dumps(secret)[1:-1])}
        found = [each for each in written if each in said]
        return [line for line in self.lines if any(each in line for each in found)]

    def add_links(self, letters: Iterable[Any]) -> None:
        """Take the secrets in links of letters."""
        for link in _LINK.findall("\n".join(str(each.body) for each in letters)):
            self.add(*(part for part in re.split(r"[/?#=&]", link) if len(part) >= 20))

    def clear(self) -> None:
        self.lines.clear()
        self.secrets.clear()


WATCH = Watch()
_get_response = BaseHandler.get_response


def _watched(handler: BaseHandler, request: Any) -> Any:
    response = _get_response(handler, request)
    WATCH.note_request(request)
    WATCH.note_answer(response)
    return response


def read_json(content: bytes) -> Any:
    """Give the document, or nothing where it is none."""
    try:
        return json.loads(content) if content[:1] in (b"{", b"[") else None
    except (ValueError, RecursionError):
        return None


def watching() -> Iterator[None]:
    """Watch a test.

    Raises:
        AssertionError: a line of its log has a secret.
    """
    WATCH.clear()
    logging.getLogger().addHandler(WATCH)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(WATCH)
    leaks = WATCH.list_leaks()
    WATCH.clear()
    assert not leaks, f"secrets are in the log: {leaks}"


def install() -> None:
    """Look at every request of this process from now on."""
    BaseHandler.get_response = _watched  # type: ignore[method-assign]
