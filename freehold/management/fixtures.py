"""What may stand in a fixture, and what a service must see and may write for one to be whole."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from django.apps import apps
from django.core.management.utils import parse_apps_and_model_labels
from django.db import DatabaseError, IntegrityError, ProgrammingError, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import AutoField, Model

from freehold.acting import Acting
from freehold.acting.refusals import refuse_read
from freehold.backends.creation import list_kept_models
from freehold.backends.errors import is_table_missing
from freehold.errors import FreeholdError, ServiceError
from freehold.ownership import Withheld, find_ownership
from freehold.ownership.withholding import list_withheld
from freehold.rls.filters import sees_every_row

_REFUSED: Final = "42501"  # insufficient_privilege (manual, appendix A)
_MOST: Final = 10_000_000  # numbers that a sequence is moved on by: some seconds
_ABOUT_DATABASE: Final = "it is about the database that it lies in, and not true of another"
_WITHHELD: Final = "the ownership map withholds from every service what a fixture would hold of it"
_DERIVED: Final = "triggers make its rows of others: those are what a fixture holds"
_OTHER_KEYS: Final = (
    "rows with the same values may be there under other keys, such as the content types and permissions that migrate "
    "makes: dump with --natural-foreign --exclude contenttypes --exclude auth.permission"
)


class FixtureError(FreeholdError):
    """A fixture can't be made or loaded."""


class _FixtureRowError(FixtureError, IntegrityError):
    """A row of a fixture breaks a rule of the database. An IntegrityError too, as Django raises it."""


# --- What is no fixture: what a flush leaves alone, and what no service reads and writes --------------------------
def find_unfit() -> dict[type[Model], str]:
    """Give the models of which no fixture is made, each with the reason."""
    ownership = find_ownership()
    entries = list_withheld(ownership) if ownership else {}
    tables = {f"{there.schema}.{there.name}" for there, each in entries.items() if is_unfit(each)}
    withheld = {model: _WITHHELD for model in apps.get_models() if model._meta.db_table in tables}
    derived = {model: _DERIVED for model in apps.get_models() if getattr(model, "is_derived", False)}
    return {**withheld, **derived, **dict.fromkeys(list_kept_models(), _ABOUT_DATABASE)}


def is_unfit(withheld: Withheld) -> bool:
    """Tell whether what is withheld of a table keeps services from dumping or loading it."""
    needed = {"SELECT", "INSERT", "UPDATE"}
    return withheld.is_whole or bool(withheld.columns) or not needed.isdisjoint(withheld.verbs)


def check_named(labels: Sequence[str]) -> None:
    """Refuse labels that ask for nothing else.

    Raises:
        FixtureError: a model is named, or an app that has no other.
    """
    models, configs = parse_apps_and_model_labels(labels)
    unfit = find_unfit()
    for model, why in unfit.items():
        config = apps.get_app_config(model._meta.app_label)
        if model in models or (config in configs and not set(config.get_models()) - unfit.keys()):
            raise FixtureError(f"{model._meta.label} is no fixture: {why}; leave it out")


# --- Whether a dump is whole -------------------------------------------------------------------------------------
def list_models(labels: Sequence[str], excluded: Sequence[str], using: str) -> list[type[Model]]:
    """Give the models that `dumpdata` writes, and the tables between many-to-many fields that it writes with them."""
    models, configs = parse_apps_and_model_labels(labels)
    left_out, left_out_configs = parse_apps_and_model_labels(excluded)
    found = [
        model
        for config in apps.get_app_configs()
        for model in config.get_models()
        if not labels or config in configs or model in models
        if config not in left_out_configs and model not in left_out and not model._meta.proxy
        if router.allow_migrate_model(using, model)
    ]
    between: list[Any] = [field.remote_field.through for model in found for field in model._meta.local_many_to_many]
    return [*found, *(model for model in between if model._meta.auto_created)]


def check_whole(models: Iterable[type[Model]], acting: Acting) -> None:
    """Refuse a dump that the service can only make a part of.

    Raises:
        ServiceError: it may not read a table, or policies hide rows of one.
    """
    for model in models:
        table = model._meta.db_table
        columns = [str(field.column) for field in model._meta.local_concrete_fields]
        if hidden := [column for column in columns if not acting.rights.may_read(table, column)]:
            raise ServiceError(refuse_read(acting, table, hidden[0] if acting.rights.may_read(table) else ""))
        if not sees_every_row(table, acting.service):
            raise ServiceError(
                f"service {acting.service} does not see every row of {table}, so that a dump would lack some: dump "
                f"other apps, or as a service with a policy for everything there"
            )


# --- Loading -----------------------------------------------------------------------------------------------------
def explain(error: DatabaseError) -> FreeholdError | None:
    """Give what a person can act on; None for what is no matter of the fixture."""
    if isinstance(error, FreeholdError):
        return error
    text = " ".join(str(error).split())
    if is_table_missing(error):
        return FixtureError(f"{text}: run `manage.py migrate` first")
    if isinstance(error, IntegrityError):
        hint = f"; {_OTHER_KEYS}" if "unique" in text.lower() else ""  # the one word that both dialects have
        return _FixtureRowError(f"{text}. Nothing was loaded{hint}")
    if isinstance(error, ProgrammingError) and getattr(error.__cause__, "sqlstate", None) == _REFUSED:
        return ServiceError(f"{text}. Nothing was loaded; load it as a service that may write the table")
    return None


# --- Sequences ---------------------------------------------------------------------------------------------------
_FIND: Final = """
    SELECT s.seqrelid::pg_catalog.regclass::text, s.seqincrement FROM pg_catalog.pg_sequence s
    WHERE s.seqrelid = pg_catalog.pg_get_serial_sequence(%s, %s)::pg_catalog.regclass
"""
_BEHIND: Final = """
    SELECT next, top, (top - next) / %(step)s + 1 FROM
        (SELECT CASE WHEN is_called THEN last_value + %(step)s ELSE last_value END AS next FROM {sequence}) s,
        (SELECT max({column}) AS top FROM {table}) t
    WHERE top >= next
"""
_ADVANCE: Final = "SELECT count(pg_catalog.nextval(%s)) FROM pg_catalog.generate_series(%s::bigint, %s::bigint, %s)"


def advance_sequences(connection: BaseDatabaseWrapper, models: Collection[type[Model]]) -> None:
    """Move each model's sequence past the largest key in its table, by taking numbers from it: no service may set one.

    Raises:
        FixtureError: one is too far behind.
    """
    with connection.cursor() as cursor:
        for model in models:
            for field in model._meta.local_fields:
                if isinstance(field, AutoField):
                    _advance(cursor, connection.ops, model._meta.db_table, str(field.column))


def _advance(cursor: Any, operations: Any, table: str, column: str) -> None:
    quoted = operations.quote_name(table)
    cursor.execute(_FIND, [quoted, column])
    if not (found := cursor.fetchone()):
        return
    sequence, step = found
    names = {"sequence": sequence, "table": quoted, "column": operations.quote_name(column)}
    cursor.execute(_BEHIND.format(**names), {"step": step})
    if not (row := cursor.fetchone()):
        return
    start, top, count = row
    if count > _MOST:
        raise FixtureError(
            f"the sequence {sequence} is {count:,} numbers behind the keys of {table}, and no service may set it: let "
            f"its owner run SELECT setval('{sequence}', {top}), then load the fixture again"
        )
    cursor.execute(_ADVANCE, [sequence, start, top, step])
