"""What the resources of tenancy share: types of fields, pages, and how a row is answered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Final, Literal, TypeVar
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.urls import reverse
from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import asdict

from freehold.api import END, Bounded, Endpoint, ProblemError, Text, Words
from tenancy.services.membership import LastOwnerError
from tenancy.services.rows import TakenError

Name = Annotated[Words, Meta(min_length=1, max_length=150)]
SLUG: Final = "^[a-z0-9]+(-[a-z0-9]+)*" + END
Slug = Annotated[str, Meta(pattern=SLUG, max_length=80, description="Small letters, digits, -")]
Email = Annotated[Text, Meta(min_length=3, max_length=254)]
Role = Literal["owner", "admin", "member", "viewer"]
After = Annotated[str, Meta(max_length=8192, description="`next` of the page before")]
Limit = Annotated[int, Meta(ge=1, le=200, description="How many at most")]
Of = Annotated[UUID, Meta(description="Those of this tenant")]
CHANGES: Final = (404, 412, 413, 415, 422, 428)
DELETES: Final = (404, 412, 422, 428)
ETAG: Final = {"ETag": "Of the row as it is now; send it as If-Match to change it"}
MADE: Final = {**ETAG, "Location": "Where it is"}
_Row = TypeVar("_Row")


class PageQuery(Bounded):
    """Which page."""

    after: After = ""
    limit: Limit = 50


class InTenantQuery(PageQuery):
    """Of which tenant, by default of all that one sees; and which page."""

    tenant: Of | UnsetType = UNSET


@contextmanager
def seeking() -> Iterator[None]:
    """Answer 404 for a row that whoever asks may not see, and 409 for the last owner and what is taken."""
    try:
        yield
    except ObjectDoesNotExist as error:
        raise Http404 from error
    except (LastOwnerError, TakenError) as error:
        raise ProblemError(409, str(error)) from error


def list_changes(body: Any) -> dict[str, Any]:
    """Give what the body brings."""
    return {name: value for name, value in asdict(body).items() if value is not UNSET}


def place(name: str, row_id: UUID) -> dict[str, str]:
    """Give the header of what was made."""
    return {"Location": reverse(f"api:{name}", args=[row_id])}


def answer_found(endpoint: Endpoint, row: Any, **kept: Any) -> HttpResponse:
    """Give a row with its version.

    Raises:
        Http404: there is none.
    """
    found = get_found(row)
    return endpoint.answer_version(found, found.version, **kept)


def get_found(row: _Row | None) -> _Row:
    """Give the row that whoever asks may see.

    Raises:
        Http404: there is none.
    """
    if row is None:
        raise Http404
    return row
