"""Who is asking, as an expression: on PostgreSQL what the map's proofs show, or a setting where it has none, looked for
once a statement; elsewhere the principal's id."""

from __future__ import annotations

from typing import Any, Literal

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, UUIDField
from django.db.models.sql.compiler import SQLCompiler

from freehold.acting import ANONYMOUS, PRINCIPAL, TENANT, USER, Principal, get_acting
from freehold.ownership import find_ownership
from freehold.ownership.proofs import write_asking


def get_principal() -> Principal:
    """Give who is asking; nobody where no service acts."""
    found = get_acting()
    return found.principal if found else ANONYMOUS


class CurrentId(Expression):
    """An id of whoever asks, NULL for nobody. `output_field` is the type of the column to compare with."""

    what: Literal["user", "tenant"]
    setting = ""

    def __init__(self, output_field: Field[Any, Any] | None = None) -> None:
        super().__init__(output_field=output_field or UUIDField())

    def get_id(self, principal: Principal) -> str:
        raise NotImplementedError

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> tuple[str, Any]:
        """Give a sub-select, which PostgreSQL runs once a statement and not once a row."""
        ownership = find_ownership()
        proven = (write_asking(ownership, self.what) or "NULL") if ownership and ownership.proofs else ""
        return f"(SELECT {proven or self.read_setting()}::{self.output_field.db_type(connection)})", ()

    def read_setting(self) -> str:
        """Give the setting's value: outside of the transaction that set it, it is an empty text and not NULL."""
        return f"nullif(pg_catalog.current_setting('{self.setting}', true), '')"

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> tuple[str, Any]:
        found = self.get_id(get_principal())
        return "%s", (self.output_field.get_db_prep_value(found, connection) if found else None,)


class CurrentUser(CurrentId):
    what = "user"
    setting = USER

    def get_id(self, principal: Principal) -> str:
        return principal.user_id


class CurrentTenant(CurrentId):
    """The tenant of whoever asks, if that is a principal of `kind`; with proofs in the map, the one that a proof shows.

    A user may choose a tenant and need not belong to it: only of an API key the tenant alone says what it may see.
    """

    what = "tenant"
    setting = TENANT

    def __init__(self, kind: str = "api_key", output_field: Field[Any, Any] | None = None) -> None:
        super().__init__(output_field)
        self.kind = kind

    def get_id(self, principal: Principal) -> str:
        return principal.tenant_id if principal.kind == self.kind else ""

    def read_setting(self) -> str:
        """Give the setting's value where the principal is of the kind, else NULL."""
        kind = f"pg_catalog.current_setting('{PRINCIPAL}', true)"
        return f"CASE WHEN {kind} = '{self.kind}' THEN {super().read_setting()} END"
