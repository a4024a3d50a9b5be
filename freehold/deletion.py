"""`models.DB_CASCADE`, `DB_SET_NULL` and `DB_SET_DEFAULT` under Django 5.2, as Django 6.1 has them.

The database carries out the ON DELETE, Django's collector leaves the related table alone, and a migration names
`django.db.models.deletion.DB_CASCADE`: the same migration files run on both. Where Django has them itself, nothing
here does anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import Any

from django.db import models
from django.db.models import deletion
from django.db.models.deletion import CASCADE, Collector

IS_BUILT_IN = hasattr(deletion, "DatabaseOnDelete")  # Django 6.1 and later

OnDelete = Any  # what a ForeignKey takes as on_delete: a function, and in 6.1 also an object


def db_cascade(collector: Collector, field: Any, sub_objs: Any, using: str) -> None:
    """Collect like CASCADE: reached only where a collector lists what a delete would take, as the admin site's does."""
    CASCADE(collector, field, sub_objs, using)


def db_set_null(collector: Collector, field: Any, sub_objs: Any, using: str) -> None:
    """Do nothing: the database does."""


def db_set_default(collector: Collector, field: Any, sub_objs: Any, using: str) -> None:
    """Do nothing: the database does."""


OPERATIONS: dict[OnDelete, str] = {db_cascade: "CASCADE", db_set_null: "SET NULL", db_set_default: "SET DEFAULT"}
LISTS_EVERYTHING: ContextVar[bool] = ContextVar("freehold_collector_lists_everything", default=False)


def get_on_delete_sql(field: Any) -> str:
    """Give the ON DELETE clause, with a space before it, that the shim adds for a relation; mostly an empty string."""
    operation = OPERATIONS.get(getattr(field.remote_field, "on_delete", None))
    return f" ON DELETE {operation}" if operation else ""


def install() -> None:
    """Register the three names in `django.db.models`. Must run before models are imported; twice is harmless."""
    if IS_BUILT_IN or hasattr(deletion, "DB_CASCADE"):
        return
    for function in OPERATIONS:
        register(function)
    _leave_database_relations_alone()


def register(function: OnDelete) -> None:
    """Put the function where 6.1 has its namesake, under the path that a migration then writes."""
    name = function.__name__.upper()
    function.__name__ = function.__qualname__ = name
    function.__module__ = deletion.__name__
    function.lazy_sub_objs = True  # the collector must not run the query to see whether there are related rows
    setattr(deletion, name, function)
    setattr(models, name, function)


def _leave_database_relations_alone() -> None:
    """Hide from the collector the relations that the database deletes along.

    A collector that overrides `can_fast_delete` wants to list every row a delete would take (the admin site's
    confirmation page, `remove_stale_contenttypes`); it is still shown what DB_CASCADE reaches. In 6.1 these two pass
    `force_collection=True`.
    """
    list_relations = deletion.get_candidate_relations_to_delete
    collect = Collector.collect
    can_fast_delete = Collector.can_fast_delete

    def get_candidate_relations_to_delete(opts: Any) -> Iterator[Any]:
        hidden = set(OPERATIONS) - ({db_cascade} if LISTS_EVERYTHING.get() else set())
        relations: Iterable[Any] = list_relations(opts)
        return (related for related in relations if related.field.remote_field.on_delete not in hidden)

    def collect_database_relations(self: Collector, *args: Any, **kwargs: Any) -> None:
        token = LISTS_EVERYTHING.set(type(self).can_fast_delete is not can_fast_delete)
        try:
            collect(self, *args, **kwargs)
        finally:
            LISTS_EVERYTHING.reset(token)

    deletion.get_candidate_relations_to_delete = get_candidate_relations_to_delete
    Collector.collect = collect_database_relations  # type: ignore[method-assign]  # 5.2 has no hook for it
