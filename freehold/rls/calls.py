"""Conditions that ask a function of the database, and what answers for it where there are no functions.

Such a function is SECURITY DEFINER: it sees the rows that a policy may not look at itself, since PostgreSQL would
apply the policies of that table again, for ever.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Expression, F
from django.db.models.expressions import BaseExpression
from django.db.models.sql.compiler import SQLCompiler
from psycopg import sql

from freehold.acting import Principal, acting
from freehold.errors import PolicyError
from freehold.ownership.spelling import SIGNATURE
from freehold.rls.expressions import get_principal

_StandIn = Callable[..., Any]

STAND_INS: dict[str, _StandIn] = {}


def stands_in_for(signature: str) -> Callable[[_StandIn], _StandIn]:
    """Decorate what answers for a function on SQLite, e.g. `@stands_in_for("app.list_tenants_of_user(text[])")`.

    It is called with the principal and the arguments, and gives a queryset of values for `OneOf`, a conditional
    expression for `Holds`. What it gives is not subject to policies, just as the function is not.
    """

    def register(answer: _StandIn) -> _StandIn:
        STAND_INS[signature] = answer
        return answer

    return register


def _get_stand_in(signature: str) -> _StandIn:
    """Give what answers for a function.

    Raises:
        PolicyError: nothing does.
    """
    if signature not in STAND_INS:
        raise PolicyError(f"nothing stands in for {signature} on SQLite: decorate it with stands_in_for({signature!r})")
    return STAND_INS[signature]


class Called(Expression):
    """A condition that calls a function. Arguments are constants, or F() of the row's own columns."""

    output_field: ClassVar[BooleanField[Any, Any]] = BooleanField()
    conditional = True

    def __init__(self, signature: str, *arguments: Any) -> None:
        super().__init__()
        self.signature = signature
        self.arguments = list(arguments)

    def get_source_expressions(self) -> list[Any]:
        return [each for each in self.arguments if isinstance(each, F | BaseExpression)]

    def set_source_expressions(self, exprs: Any) -> None:
        resolved = iter(exprs)
        self.arguments = [next(resolved) if isinstance(each, F | BaseExpression) else each for each in self.arguments]

    def write_call(self, compiler: SQLCompiler) -> tuple[str, list[Any]]:
        """Give the call, each argument with its type.

        Raises:
            PolicyError: the signature names no schema, or other arguments than are given.
        """
        schema, _, rest = self.signature.partition(".")
        match = SIGNATURE.fullmatch(rest)
        types = [part.strip() for part in match[2].split(",") if part.strip()] if match else []
        if not match or len(types) != len(self.arguments):
            raise PolicyError(
                f"{self.signature} is no function of {len(self.arguments)}: write it as app.exists_tenant(uuid)"
            )
        words: list[str] = []
        params: list[Any] = []
        for kind, argument in zip(types, self.arguments, strict=True):
            word, found = compiler.compile(argument) if hasattr(argument, "as_sql") else ("%s", [argument])
            words.append(f"{word}::{kind}")
            params.extend(found)
        return f"{sql.Identifier(schema, match[1]).as_string()}({', '.join(words)})", params

    def answer(self, principal: Principal) -> Any:
        return _get_stand_in(self.signature)(principal, *self.arguments)


class Holds(Called):
    """The function says yes: `~Q(Holds("app.exists_tenant(uuid)", F("tenant_id")))`. Called once a row."""

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> tuple[str, Any]:
        return self.write_call(compiler)

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> tuple[str, Any]:
        condition = self.answer(get_principal()).resolve_expression(compiler.query)
        with acting(None):
            return compiler.compile(condition)


class OneOf(Called):
    """The column holds one of the values that the function gives. Called once a statement.

    `OneOf("tenant_id", "app.list_tenants_of_user(text[])", ["owner"])`.
    """

    def __init__(self, column: str, signature: str, *arguments: Any) -> None:
        super().__init__(signature, *arguments)
        self.name = column
        self.column: Any = F(column)

    def get_source_expressions(self) -> list[Any]:
        return [self.column, *super().get_source_expressions()]

    def set_source_expressions(self, exprs: Any) -> None:
        self.column, *others = exprs
        super().set_source_expressions(others)

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> tuple[str, Any]:
        """Give a comparison with an array that is made once; an index on the column serves it."""
        column, params = compiler.compile(self.column)
        call, arguments = self.write_call(compiler)
        return f"{column} = ANY (ARRAY(SELECT {call}))", [*params, *arguments]

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> tuple[str, Any]:
        column, params = compiler.compile(self.column)
        query = self.answer(get_principal()).query.clone()
        with acting(None):
            rows, found = query.get_compiler(connection=connection).as_sql()
        return f"{column} IN ({rows})", [*params, *found]
