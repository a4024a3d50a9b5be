"""What every resource of a JSON API shares: errors, authentication, ETags, limits, the OpenAPI document and its page.

Feature apps import from here and not from the framework below (docs/adr/0016-api-framework.md): django-modern-rest's
names that are used at all stand in these modules.
"""

from freehold.errors import needing_extra

with needing_extra("api"):
    import dmr as _dmr  # noqa: F401 - asked for here, where the error can name the extra
    import msgspec as _msgspec  # noqa: F401 - the same

from freehold.api.authentication import ANYBODY, KEYS_AND_USERS, USERS, Allowed, get_principal
from freehold.api.bodies import END, Bounded, Text, Words, open_body
from freehold.api.endpoints import Body, Endpoint, Headers, Path, Query, operation, route
from freehold.api.etags import IfMatch, IfNoneMatch, read_versions, write_etag
from freehold.api.openapi import Config, list_routes
from freehold.api.problems import Fault, Problem, ProblemError, answer_problem, describe, write_pointer

__all__ = [
    "ANYBODY",
    "END",
    "KEYS_AND_USERS",
    "USERS",
    "Allowed",
    "Body",
    "Bounded",
    "Config",
    "Endpoint",
    "Fault",
    "Headers",
    "IfMatch",
    "IfNoneMatch",
    "Path",
    "Problem",
    "ProblemError",
    "Query",
    "Text",
    "Words",
    "answer_problem",
    "describe",
    "get_principal",
    "list_routes",
    "open_body",
    "operation",
    "read_versions",
    "route",
    "write_etag",
    "write_pointer",
]
