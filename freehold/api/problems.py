"""Errors as `application/problem+json` (RFC 9457), whatever went wrong, with every fault by its field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Final

import msgspec
from django.core.exceptions import (
    NON_FIELD_ERRORS,
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.log import log_response

from freehold.backends.errors import is_read_only, is_table_missing
from freehold.errors import FreeholdError, PolicyError, ServiceError
from freehold.logs import log_fault, mark_logged
from freehold.printable import UNPRINTABLE
from freehold.queries import CursorError, ParameterError, QueryError
from freehold.versions import is_stale

CONTENT_TYPE: Final = "application/problem+json"
FIRST_ERROR: Final = 400
RETRY_SECONDS: Final = "5"
_LONGEST: Final = 300  # characters of what was sent
_NAMES: Final = {413: "Content Too Large", 422: "Unprocessable Content"}  # Python's before 3.13 are those of RFC 7231
STALE: Final = "Somebody changed it meanwhile: read it again."


class Fault(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that is wrong: in the body, at a JSON pointer (RFC 6901); or in a parameter of the address."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an error says. `type` is always `about:blank`: the status says what kind it is."""

    title: str
    status: int
    type: str = "about:blank"
    detail: str = ""
    faults: list[Fault] = []


class ProblemError(Exception):
    """Raised anywhere below an endpoint: is answered as it is."""

    def __init__(self, status: int, detail: str = "", faults: Iterable[Fault] = ()) -> None:
        super().__init__(detail)
        self.status, self.detail, self.faults = HTTPStatus(status), detail, list(faults)


def answer_problem(
    status: int, detail: str = "", faults: Iterable[Fault] = (), headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """Give the answer."""
    known = HTTPStatus(status)
    problem = Problem(title=name_status(known), status=known, detail=detail, faults=list(faults))
    content = msgspec.json.encode(problem)
    if known == HTTPStatus.SERVICE_UNAVAILABLE:
        headers = {"Retry-After": RETRY_SECONDS, **(headers or {})}
    return HttpResponse(content, status=known, content_type=CONTENT_TYPE, headers=headers)


def name_status(status: int) -> str:
    """Give its name in RFC 9110, whatever Python calls it."""
    return _NAMES.get(status) or HTTPStatus(status).phrase


def describe(error: Exception, request: HttpRequest) -> HttpResponse:
    """Give the answer for an exception. What is a fault of ours is logged with its traceback, and answered by 500."""
    if isinstance(error, ProblemError):
        return answer_problem(error.status, error.detail, error.faults)
    return _describe_request(error) or _describe_rules(error) or _describe_server(error, request)


def _describe_request(error: Exception) -> HttpResponse | None:
    """Answer what is wrong with the request before anybody looked at rows."""
    if isinstance(error, Http404):
        return answer_problem(404)
    if isinstance(error, RequestDataTooBig):
        return answer_problem(413, "The body is larger than this server takes.")
    if isinstance(error, (BadRequest, SuspiciousOperation, UnreadablePostError, MultiPartParserError)):
        return answer_problem(400, "The request can't be read.")
    if isinstance(error, CursorError):
        return answer_problem(422, faults=[Fault("This is no cursor of this list.", parameter="after")])
    if isinstance(error, ParameterError):
        return answer_problem(422, "A value does not fit: a number out of range, or a character that text can't hold.")
    return None


def _describe_rules(error: Exception) -> HttpResponse | None:
    """Answer what rules refuse: those of a service, of the models, of the database."""
    if isinstance(error, (PermissionDenied, PolicyError)):
        return answer_problem(403, "This is not yours to change.")
    if isinstance(error, IntegrityError) and is_stale(error):
        return answer_problem(412, STALE)
    if isinstance(error, ValidationError):
        return answer_problem(422, faults=list_model_faults(error))
    if isinstance(error, IntegrityError):
        return answer_problem(409, "The database refuses it beside what is there already.")
    return None


def _describe_server(error: Exception, request: HttpRequest) -> HttpResponse:
    is_away = isinstance(error, (OperationalError, InterfaceError, FreeholdError)) or is_table_missing(error)
    is_away = is_away or is_read_only(error)
    if is_away and not isinstance(error, (ServiceError, QueryError)):
        log_fault("answered by 503", error)
        return mark_logged(answer_problem(503, "The database can't be reached."))
    response = answer_problem(500)
    log_response("%s: %s", response.reason_phrase, request.path, response=response, request=request, exception=error)
    return response


def list_model_faults(error: ValidationError) -> list[Fault]:
    """Give each fault of a service's validation, by the field's name; `images.0.url` is a field of a field."""
    if not hasattr(error, "error_dict"):
        return [Fault(message) for message in error.messages]
    return [
        Fault(message, pointer=None if field == NON_FIELD_ERRORS else write_pointer(field.split(".")))
        for field, messages in error.message_dict.items()
        for message in messages
    ]


def write_pointer(path: Iterable[str | int]) -> str:
    """Give the JSON pointer of RFC 6901 as a fragment: `#/images/0/url`."""
    return "#" + "".join(f"/{clean(str(step)).replace('~', '~0').replace('/', '~1')}" for step in path)


def clean(text: str) -> str:
    """Give the beginning of what was sent, in characters that a page can hold."""
    return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text[:_LONGEST])
