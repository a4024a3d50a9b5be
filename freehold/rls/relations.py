"""Conditions on rows of another table. None of them is a join, which a policy can't have."""

from __future__ import annotations

from typing import Any, ClassVar

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Exists, Expression, F, Model, OuterRef, Q, QuerySet
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler


class Has(Expression):
    """There is a row of `model`, e.g. `Has("items.Item", Q(user_id=OuterRef("user_id"), is_active=True))`.

    PostgreSQL asks for each row, or makes a hash of them all, whichever is cheaper: for sets that may be large.
    """

    output_field: ClassVar[BooleanField[Any, Any]] = BooleanField()
    conditional = True

    def __init__(self, model: str, condition: Q) -> None:
        super().__init__()
        self.label = model
        self.condition = condition

    def get_model(self, outer: type[Model]) -> type[Model]:
        return apps.get_model(self.label)

    def get_condition(self, outer: type[Model]) -> Q:
        """Give what its rows must fulfil; OuterRef stands for columns of `outer`."""
        return self.condition

    def resolve_expression(self, query: Any = None, *args: Any, **options: Any) -> Any:
        """Give the EXISTS, which takes the place of this expression."""
        rows: QuerySet[Any] = QuerySet(self.get_model(query.model)).filter(self.get_condition(query.model))
        return Exists(rows).resolve_expression(query, *args, **options)


class Through(Has):
    """The row that `field` points at fulfils the condition: `Through("item", Q(is_active=True))`."""

    def __init__(self, field: str, condition: Q) -> None:
        super().__init__("", condition)
        self.name = field

    def get_model(self, outer: type[Model]) -> type[Model]:
        return _get_related(outer, self.name)

    def get_condition(self, outer: type[Model]) -> Q:
        """Add that it is the row pointed at."""
        return Q(pk=OuterRef(self.name)) & self.condition


class Within(Expression):
    """The row that `field` points at is one of those that fulfil the condition, of which there are few.

    PostgreSQL reads their keys once a statement, and an index on the field serves it.
    """

    output_field: ClassVar[BooleanField[Any, Any]] = BooleanField()
    conditional = True

    def __init__(self, field: str, condition: Q) -> None:
        super().__init__()
        self.name = field
        self.condition = condition
        self.column: Any = F(field)
        self.rows: Query | None = None

    def get_source_expressions(self) -> list[Any]:
        return [self.column]

    def set_source_expressions(self, exprs: Any) -> None:
        (self.column,) = exprs

    def resolve_expression(self, query: Any = None, *args: Any, **options: Any) -> Any:
        resolved: Within = super().resolve_expression(query, *args, **options)
        rows: QuerySet[Any] = QuerySet(_get_related(query.model, self.name)).filter(self.condition)
        resolved.rows = rows.order_by().values("pk").query
        return resolved

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> tuple[str, Any]:
        return self.write(compiler, connection, "{} IN ({})")

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> tuple[str, Any]:
        return self.write(compiler, connection, "{} = ANY (ARRAY({}))")

    def write(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, template: str) -> tuple[str, Any]:
        assert self.rows is not None, "compiled before it was resolved"  # noqa: S101
        column, params = compiler.compile(self.column)
        rows, found = self.rows.get_compiler(connection=connection).as_sql()
        return template.format(column, rows), [*params, *found]


def _get_related(model: type[Model], field: str) -> type[Model]:
    related: type[Model] = model._meta.get_field(field).remote_field.model  # type: ignore[union-attr]
    return related
