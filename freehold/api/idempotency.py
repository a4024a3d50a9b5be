"""A POST that is sent twice is done once: `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07).

What was done and what was said of it are kept by the project's store, in the transaction of the change: neither is
there without the other. Errors are not kept, since nothing was done. The project names its store in
`settings.IDEMPOTENCY_STORE`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, Final, Literal, Protocol, cast

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from freehold.acting import Principal
from freehold.api.authentication import get_principal
from freehold.api.bodies import END
from freehold.api.problems import Fault, ProblemError, answer_problem
from freehold.backends.errors import is_busy

Keeps = Literal["answer", "place", "nothing"]
"""What is kept of an operation: its answer; only where it led, for one that shows a secret; or nothing, where the
body is read as it comes, and the header is refused."""

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotent-Replayed"
KEPT_HEADERS: Final = ("Location", "ETag")
MOST_WAITING: Final = "2s"  # for the same key, before it is 409
RETRY_SECONDS: Final = "1"
SUCCESS: Final = 2  # hundreds
# A string of RFC 9651, which the draft asks for, or the same without quotes, as most clients send it.
PATTERN: Final = r'^(?:[A-Za-z0-9._~+/:=@-]{1,255}|"(?:[ !#-\[\]-~]|\\["\\]){1,255}")' + END
_KEY: Final = re.compile(PATTERN)
_WAIT: Final = "SELECT current_setting('lock_timeout'), set_config('lock_timeout', %s, true)"  # from left to right
_IN_USE: Final = "A request with this key is being answered: send it again in a moment."
_DONE: Final = "This was done already, and what was answered is not kept."
_OTHER: Final = "This key was sent with another request."
_operations: set[str] = set()  # those that take keys, by their names: the framework's document can't be told


class Kept(Protocol):
    """What was asked under a key, and said. `status` is None where only the headers were kept."""

    fingerprint: str
    status: int | None
    headers: Mapping[str, str]
    body: str | None


class Store(Protocol):
    """Where the keys of whoever asks lie: theirs alone, by what the database finds. Made for each request, with its
    principal. `longest` is of a body, in characters.

    Raises, whatever is called:
        PermissionDenied: whoever asks can own no key.
    """

    longest: int

    def sweep(self, key: str) -> None:
        """Delete some of what has expired, this key first, in a transaction of its own."""

    def claim(self, key: str, fingerprint: str) -> Kept | None:
        """Take the key, None; or give what it was used for. Another transaction that has it at hand is waited for."""

    def keep(self, key: str, *, status: int | None, headers: Mapping[str, str], body: str | None) -> None:
        """Keep what was said, in the transaction that took the key."""


@dataclass(frozen=True)
class Asked:
    """The name that whoever asks gave the request, and a SHA-256 of what it is, in hexadecimal."""

    key: str
    fingerprint: str


class InUseError(Exception):
    """Another request with the key is not through yet."""


def find_store(principal: Principal) -> Store | None:
    """Give the project's store for whoever asks, None where it has none."""
    path = getattr(settings, "IDEMPOTENCY_STORE", "")
    return cast(Store, import_string(path)(principal)) if path else None


def takes_key(operation: str) -> bool:
    """Tell whether an operation may be sent with a key."""
    return operation in _operations


def done_once(function: Callable[..., HttpResponse], *, name: str, keeps: Keeps) -> Callable[..., HttpResponse]:
    """Give an endpoint's function for POST, done once for all requests with the same key."""
    if keeps != "nothing":
        _operations.add(name)

    @wraps(function)
    def post(endpoint: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        text = endpoint.request.headers.get(HEADER)
        if text is None:
            return function(endpoint, *args, **kwargs)
        store = find_store(get_principal(endpoint.request)) if keeps != "nothing" else None
        if store is None:
            raise _fault("This can't be sent with a key.")
        asked = Asked(read_key(text), write_fingerprint(endpoint.request))
        store.sweep(asked.key)
        return answer_once(store, asked, lambda: function(endpoint, *args, **kwargs), keeps=keeps)

    return post


def answer_once(store: Store, asked: Asked, do: Callable[[], HttpResponse], *, keeps: Keeps) -> HttpResponse:
    """Do it and keep what it says; or give what it said. What goes wrong is taken back as a whole."""
    try:
        with transaction.atomic():
            with _waiting_briefly():
                found = store.claim(asked.key, asked.fingerprint)
            if found:
                return answer_again(found, asked)
            response = do()
            if response.status_code // 100 == SUCCESS:
                keep_answer(store, asked.key, response, keeps=keeps)
            else:
                transaction.set_rollback(True)
            return response
    except InUseError:
        return answer_problem(HTTPStatus.CONFLICT, _IN_USE, headers={"Retry-After": RETRY_SECONDS})


def answer_again(found: Kept, asked: Asked) -> HttpResponse:
    """Give the answer that was kept; 409 with the place where it was not.

    Raises:
        ProblemError: 422 for another request.
    """
    if found.fingerprint != asked.fingerprint:
        raise _fault(_OTHER)
    if found.status is None:
        return answer_problem(HTTPStatus.CONFLICT, _DONE, headers=found.headers)
    headers = {**found.headers, REPLAYED: "true"}
    return HttpResponse(found.body or "", status=found.status, content_type="application/json", headers=headers)


def keep_answer(store: Store, key: str, response: HttpResponse, *, keeps: Keeps) -> None:
    """Keep what a repeat gets."""
    headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    body = response.content.decode()
    if keeps == "answer" and len(body) <= store.longest:
        store.keep(key, status=response.status_code, headers=headers, body=body)
    else:
        place = {name: each for name, each in headers.items() if name == "Location"}
        store.keep(key, status=None, headers=place, body=None)


def read_key(text: str) -> str:
    """Give the key that the header says.

    Raises:
        ProblemError: 422 where it is none.
    """
    if not _KEY.fullmatch(text):
        raise _fault("A key is 1 to 255 letters, digits and . _ ~ + / : = @ -, or a text of ASCII in quotes.")
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if text[0] == '"' else text


def write_fingerprint(request: HttpRequest) -> str:
    """Give a digest of method, path, query and body: each stands behind its length."""
    parts = [str(request.method), request.path, request.META.get("QUERY_STRING", "")]
    digest = hashlib.sha256("".join(f"{len(part)}:{part}" for part in parts).encode())
    digest.update(hashlib.sha256(request.body).digest())
    return digest.hexdigest()


@contextmanager
def _waiting_briefly() -> Iterator[None]:
    """Wait no longer than MOST_WAITING for another transaction inside the block; SQLite waits as the connection says.

    Raises:
        InUseError: it was not through by then.
    """
    before = _set_timeout(MOST_WAITING)
    try:
        yield
    except OperationalError as error:
        if is_busy(error):
            raise InUseError from error
        raise
    _set_timeout(before)  # an error ends the transaction, and with it the limit


def _set_timeout(value: str) -> str:
    if connection.vendor != "postgresql":
        return value
    with connection.cursor() as cursor:
        cursor.execute(_WAIT, [value])
        return str(cursor.fetchone()[0])


def _fault(detail: str) -> ProblemError:
    return ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, faults=[Fault(detail, parameter=HEADER)])
