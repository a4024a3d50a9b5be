"""Freehold's engine: several modules and services on one PostgreSQL, unable to hurt each other.

It knows no feature app: what lies where is told by the ownership map that `settings.OWNERSHIP` names.

This is its door: every name that a project uses (docs/api.md), each loaded when it is first asked for, so that a
process loads no more than it needs. The engine itself imports from the modules.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from freehold.acting import ANONYMOUS as ANONYMOUS, Principal as Principal, get_acting as get_acting
    from freehold.acting.principals import LazyPrincipal as LazyPrincipal
    from freehold.admin.base import ModelAdmin as ModelAdmin, TabularInline as TabularInline, labelled as labelled
    from freehold.admin.buttons import button as button, get_row as get_row, lead_back as lead_back
    from freehold.admin.deletes import ReadOnlyAdmin as ReadOnlyAdmin
    from freehold.admin.forms import CarefulForm as CarefulForm
    from freehold.admin.transfer import ExportAdmin as ExportAdmin, ImportAdmin as ImportAdmin
    from freehold.databases import parse_database_url as parse_database_url
    from freehold.documents import (
        is_array as is_array,
        is_object as is_object,
        is_short as is_short,
        measure_json as measure_json,
        validate_object as validate_object,
        validate_text_array as validate_text_array,
    )
    from freehold.errors import (
        DatabaseURLError as DatabaseURLError,
        EmbeddedError as EmbeddedError,
        FreeholdError as FreeholdError,
        MigrationError as MigrationError,
        OwnershipError as OwnershipError,
        PolicyError as PolicyError,
        SeedError as SeedError,
        ServiceError as ServiceError,
        StartError as StartError,
    )
    from freehold.functions import RandomUUID as RandomUUID
    from freehold.logs import (
        JSONFormatter as JSONFormatter,
        PlainReporter as PlainReporter,
        TextFormatter as TextFormatter,
        WithoutValues as WithoutValues,
    )
    from freehold.models import (
        MigrationHistory as MigrationHistory,
        Record as Record,
        Updated as Updated,
        Versioned as Versioned,
    )
    from freehold.operations import (
        AddCheck as AddCheck,
        AddForeignKey as AddForeignKey,
        ChangeColumnType as ChangeColumnType,
        FillMirror as FillMirror,
        MirrorTable as MirrorTable,
        MoveTable as MoveTable,
        RemoveOldName as RemoveOldName,
        RenameColumn as RenameColumn,
        RunPostgreSQL as RunPostgreSQL,
        RunSQLFiles as RunSQLFiles,
        RunSQLite as RunSQLite,
        SetNotNull as SetNotNull,
        StopMirror as StopMirror,
    )
    from freehold.ownership import (
        Contract as Contract,
        Group as Group,
        Move as Move,
        Ownership as Ownership,
        Proof as Proof,
        Right as Right,
        Schema as Schema,
        Service as Service,
        Withheld as Withheld,
        get_ownership as get_ownership,
    )
    from freehold.printable import validate_printable as validate_printable
    from freehold.rls import (
        CurrentTenant as CurrentTenant,
        CurrentUser as CurrentUser,
        Has as Has,
        Holds as Holds,
        OneOf as OneOf,
        Policy as Policy,
        Through as Through,
        Within as Within,
        stands_in_for as stands_in_for,
    )
    from freehold.seeds import Rows as Rows, Seed as Seed
    from freehold.services import acting_as as acting_as, delegate as delegate, get_process as get_process
    from freehold.services.accesslog import AccessLogMiddleware as AccessLogMiddleware
    from freehold.services.middleware import ServiceMiddleware as ServiceMiddleware
    from freehold.services.router import OwnershipRouter as OwnershipRouter
    from freehold.services.routes import EVERY as EVERY, served_by as served_by
    from freehold.slugs import validate_slug as validate_slug
    from freehold.testing import refusing_crossings as refusing_crossings
    from freehold.versions import (
        CountedVersion as CountedVersion,
        StaleRecordError as StaleRecordError,
        is_stale as is_stale,
    )

__version__ = "0.1.0"

_ROOMS = {
    "acting": "ANONYMOUS Principal get_acting",
    "acting.principals": "LazyPrincipal",
    "admin.base": "ModelAdmin TabularInline labelled",
    "admin.buttons": "button get_row lead_back",
    "admin.deletes": "ReadOnlyAdmin",
    "admin.forms": "CarefulForm",
    "admin.transfer": "ExportAdmin ImportAdmin",
    "databases": "parse_database_url",
    "documents": "is_array is_object is_short measure_json validate_object validate_text_array",
    "errors": (
        "DatabaseURLError EmbeddedError FreeholdError MigrationError OwnershipError PolicyError SeedError "
        "ServiceError StartError"
    ),
    "functions": "RandomUUID",
    "logs": "JSONFormatter PlainReporter TextFormatter WithoutValues",
    "models": "MigrationHistory Record Updated Versioned",
    "operations": (
        "AddCheck AddForeignKey ChangeColumnType FillMirror MirrorTable MoveTable RemoveOldName RenameColumn "
        "RunPostgreSQL RunSQLFiles RunSQLite SetNotNull StopMirror"
    ),
    "ownership": "Contract Group Move Ownership Proof Right Schema Service Withheld get_ownership",
    "printable": "validate_printable",
    "rls": "CurrentTenant CurrentUser Has Holds OneOf Policy Through Within stands_in_for",
    "seeds": "Rows Seed",
    "services": "acting_as delegate get_process",
    "services.accesslog": "AccessLogMiddleware",
    "services.middleware": "ServiceMiddleware",
    "services.router": "OwnershipRouter",
    "services.routes": "EVERY served_by",
    "slugs": "validate_slug",
    "testing": "refusing_crossings",
    "versions": "CountedVersion StaleRecordError is_stale",
}
_PLACES = {name: f"{__name__}.{room}" for room, names in _ROOMS.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(_PLACES[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_PLACES})
