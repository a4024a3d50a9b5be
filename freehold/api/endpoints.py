"""What an endpoint is: a controller of django-modern-rest that answers as docs/api-v1.md says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import wraps
from http import HTTPStatus
from typing import Any, ClassVar, Final, TypeVar, cast
from uuid import UUID

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from dmr import Controller, Headers, HeaderSpec, Path, Query, ResponseSpec, validate
from dmr.errors import global_error_handler
from dmr.exceptions import RequestSerializationError, ResponseSchemaError, ValidationError
from dmr.negotiation import request_parser
from dmr.plugins.msgspec import BodyMsgspec as Body, MsgspecJsonRenderer
from dmr.routing import path as route

from freehold.api.authentication import ANYBODY, Allowed, get_principal
from freehold.api.bodies import Parser, Serializer
from freehold.api.etags import write_etag
from freehold.api.faults import MOST_FAULTS, UNKNOWN
from freehold.api.idempotency import REPLAYED, Keeps, done_once
from freehold.api.problems import (
    CONTENT_TYPE,
    Fault,
    Problem,
    ProblemError,
    answer_problem,
    clean,
    describe,
    name_status,
    write_pointer,
)

__all__ = ["Body", "Endpoint", "Headers", "Path", "Query", "operation", "route"]

JSON: Final = "application/json"
PRIVATE: Final = "private, no-cache"  # may be kept by the browser, and is asked for with If-None-Match
_Function = TypeVar("_Function", bound=Callable[..., HttpResponse])
_AWAY: Final = {"Retry-After": HeaderSpec(description="Seconds to wait")}
_REPLAYED: Final = {REPLAYED: HeaderSpec(description="`true`: said before, to the same key", required=False)}
_IN_USE: Final = {
    "Retry-After": HeaderSpec(description="Seconds to wait, where the key is in use", required=False),
    "Location": HeaderSpec(description="Where it is, if it was done and its answer is not kept", required=False),
}
_TOO_MANY: Final = {
    **_AWAY,
    "RateLimit-Policy": HeaderSpec(description='Of whom, how many requests in how many seconds: "user";q=3000;w=60'),
    "RateLimit": HeaderSpec(description='How many are left, and for how many seconds: "user";r=0;t=17'),
}
# What parsed parts of a request are called in a problem: the body has pointers, all else parameters.
_PARTS: Final = ("parsed_query", "parsed_path", "parsed_headers")


def operation(
    gives: Any = None,
    *,
    status: int = 200,
    errors: Iterable[int] = (),
    headers: Mapping[str, str] | None = None,
    is_conditional: bool = False,
    is_silent: bool = False,
    name: str,
    tag: str,
    auth: Allowed = ANYBODY,
    keeps: Keeps = "answer",
) -> Callable[[_Function], _Function]:
    """Describe an endpoint's function: the type of its answer, its headers with what they say, and the statuses of its
    errors beside those that each has. `is_conditional`: it answers 304 too. `is_silent`: it answers 204 too, to who
    may change what they may not read. `auth` says who may ask, `keeps` what is kept of a POST with Idempotency-Key."""
    described = {each: HeaderSpec(description=words) for each, words in (headers or {}).items()}
    refused = [403, 422]  # a kind of principal, or a key without the scope; an unknown parameter
    if status != HTTPStatus.OK or not {412, 415}.isdisjoint(errors):  # it writes, and rows may go meanwhile
        refused.append(409)
    specs = [_describe_problem(each) for each in sorted({*errors, *refused, 500})]
    specs.append(_describe_problem(429, _TOO_MANY))
    specs.append(_describe_problem(503, _AWAY))
    if is_conditional:
        specs.append(ResponseSpec(None, status_code=HTTPStatus.NOT_MODIFIED, headers=described))
    if is_silent:
        specs.append(ResponseSpec(None, status_code=HTTPStatus.NO_CONTENT))
    usual = ResponseSpec(gives, status_code=HTTPStatus(status), headers=described)

    def describe_function(function: _Function) -> _Function:
        is_post = function.__name__ == "post"
        found = _describe_repeats(usual, specs, keeps) if is_post else [usual, *specs]
        described_by: Any = validate(*found, operation_id=name, tags=[tag], auth=(auth,))
        once = done_once(function, name=name, keeps=keeps) if is_post else function
        return cast(_Function, described_by(_refusing_query(once)))

    return describe_function


def _describe_problem(status: int, headers: Mapping[str, HeaderSpec] | None = None) -> ResponseSpec:
    return ResponseSpec(Problem, status_code=HTTPStatus(status), description=name_status(status), headers=headers)


def _describe_repeats(usual: ResponseSpec, specs: list[ResponseSpec], keeps: Keeps) -> list[ResponseSpec]:
    """Give the answers with what a key adds to them."""
    if keeps == "nothing":
        return [usual, *specs]
    others = [each for each in specs if each.status_code not in (409, 422)]
    added = _REPLAYED if keeps == "answer" else {}
    answered = replace(usual, headers={**(usual.headers or {}), **added})
    return [answered, *others, _describe_problem(409, _IN_USE), _describe_problem(422)]


def _refusing_query(function: _Function) -> _Function:
    """Give the function; one that takes no query refuses every parameter, as one that takes some the others."""
    if "parsed_query" in function.__annotations__:
        return function

    @wraps(function)
    def run(endpoint: Endpoint, *args: Any, **parsed: Any) -> HttpResponse:
        if endpoint.request.META.get("QUERY_STRING"):
            unknown = [Fault(UNKNOWN, parameter=clean(name)) for name in endpoint.request.GET]
            if unknown:
                raise ProblemError(422, faults=unknown[:MOST_FAULTS])
        return function(endpoint, *args, **parsed)

    return cast(_Function, run)


class Endpoint(Controller[Serializer]):
    """A controller whose errors are problems, and whose answers are bytes or structs of msgspec.

    A function that is described by `operation` gives `self.answer(…)`. `cache` is the header Cache-Control of what it
    gives, unless it says another; errors are never kept.
    """

    cache: ClassVar[str] = PRIVATE
    counted_as: ClassVar[Mapping[str, str]] = {}  # methods that count for a limit of their own (docs/limits.md)

    is_abstract = True
    parsers = (Parser(),)
    renderers = (MsgspecJsonRenderer(), MsgspecJsonRenderer(CONTENT_TYPE))
    error_model = Problem
    validate_responses = settings.DEBUG
    validate_negotiation = False
    exclude_semantic_responses = frozenset({HTTPStatus.UNPROCESSABLE_ENTITY})

    def answer(
        self,
        content: Any = None,
        *,
        status: int = 200,
        etag: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> HttpResponse:
        """Give the answer; 304 without content to whoever has the same `etag`. Bytes are JSON already."""
        body = content if isinstance(content, bytes) else b"" if content is None else msgspec.json.encode(content)
        response = HttpResponse(body, status=status, content_type=JSON, headers=headers)
        if etag:
            response.headers["ETag"] = etag
            if self.request.method in ("GET", "HEAD"):
                kept = get_conditional_response(self.request, etag=etag, response=response)
                if kept and kept.status_code == HTTPStatus.NOT_MODIFIED:  # conditions for changes are none of reading's
                    response = kept
                response.headers["Content-Type"] = JSON  # the framework wants one, even of 304
        return response

    def answer_version(self, content: Any, version: int, *, status: int = 200, **kept: Any) -> HttpResponse:
        """Give the answer with the ETag of a row's version, by which a change is sent."""
        body = msgspec.json.encode(content)
        return self.answer(body, status=status, etag=write_etag(body, version), **kept)

    @property
    def user_id(self) -> UUID | None:
        """The user who asks, None for everybody else. Nobody is looked for where nothing shows anybody."""
        found = get_principal(self.request).user_id
        return UUID(found) if found else None

    def get_user_id(self) -> UUID:
        """Give the user who asks, where `auth` lets only users pass."""
        return UUID(get_principal(self.request).user_id)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer HEAD as GET, since the server leaves the content out; and say how long the answer may be kept."""
        get = self.api_endpoints.get("GET") if request.method == "HEAD" else None
        response = get.func(self, *args, **kwargs) if get else super().dispatch(request, *args, **kwargs)
        if response.status_code in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
            del response.headers["Content-Type"]
        response.headers.setdefault("Cache-Control", self.cache)  # of an error, ProblemMiddleware says another
        if self.cache == PRIVATE:
            patch_vary_headers(response, ("Cookie", "Authorization"))
        return response

    def handle_method_not_allowed(self, method: str) -> HttpResponse:
        """Answer 405, with what is allowed."""
        allowed = [*self.api_endpoints, *(["HEAD"] if "GET" in self.api_endpoints else [])]
        return answer_problem(405, headers={"Allow": ", ".join(sorted(allowed))})

    def handle_error(self, endpoint: Any, controller: Any, exc: Exception) -> HttpResponse:
        """Give the problem for an exception."""
        if isinstance(exc, ValidationError):
            return answer_problem(422, faults=[_read_fault(each) for each in exc.payload])
        if isinstance(exc, RequestSerializationError):
            is_typed = request_parser(self.request) is not None
            return answer_problem(400, str(exc)) if is_typed else answer_problem(415, f"Send {JSON}.")
        if type(exc).__module__.startswith("dmr."):
            return global_error_handler(endpoint, controller, exc)
        return describe(exc, self.request)

    def format_error(self, error: str | Exception, *, loc: Any = None, error_type: Any = None) -> str:
        """Give the sentence that `to_error` puts into a problem.

        Raises:
            Exception: an answer is not what `operation` says: a fault of the endpoint's, found while DEBUG is on.
        """
        if isinstance(error, (ResponseSchemaError, ValidationError)):
            raise error
        return str(error)

    def to_error(self, raw_data: Any, *, status_code: HTTPStatus, headers: Any = None, **kept: Any) -> HttpResponse:
        """Give what the framework itself refuses (401, 403 of CSRF, 406) as a problem."""
        detail = (
            f"This gives {JSON}." if status_code == HTTPStatus.NOT_ACCEPTABLE else str(raw_data)
        )  # no header's words
        return answer_problem(status_code, detail, headers=headers)


def _read_fault(fault: Any) -> Fault:
    """Give a fault from its place: `["parsed_query", "limit"]`, or a path into the body."""
    where, sentence = list(fault["loc"]), clean(fault["msg"])
    if where and where[0] in _PARTS:
        return Fault(sentence, parameter=clean(".".join(map(str, where[1:]))) or None)
    if where and where[0] == "parsed_body":
        where = where[1:]
    return Fault(sentence, pointer=write_pointer(where))
