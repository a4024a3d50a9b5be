"""E036: policies that nothing puts in force, since of where their table lies or of another model of the same."""

from __future__ import annotations

from collections.abc import Iterator

from django.core import checks
from django.core.checks import CheckMessage
from django.db.models import Model

from freehold.checks.subjects import AppConfigs, check_of_owners, iter_models, split_table
from freehold.ownership import Ownership
from freehold.protected import find_declared


def is_ruled(schema: str, ownership: Ownership) -> bool:
    """Tell whether policies of tables in a schema are put in force: it is one of the map, and no other tool's."""
    found = ownership.find_schema(schema)
    return found is not None and not found.external


@check_of_owners
def _check_policies_in_force(app_configs: AppConfigs, ownership: Ownership) -> Iterator[CheckMessage]:
    """E036: a model with policies has its table, managed or not, in a schema whose policies `migrate` makes."""
    first: dict[str, type[Model]] = {}
    models = [model for model in iter_models(app_configs) if find_declared(model) is not None]
    for model in sorted(models, key=lambda each: not each._meta.managed):
        other = first.setdefault(model._meta.db_table, model)
        if not is_ruled(split_table(model, ownership)[0], ownership):
            yield _report_place(model, ownership)
        elif other is not model:
            what = f"those of {other._meta.label} are, which has the same table"
            yield _report(model, what, f"Declare all of them in {other._meta.label}, and none here.")


def _report_place(model: type[Model], ownership: Ownership) -> CheckMessage:
    schema, _ = split_table(model, ownership)
    if not schema:
        hint = "Name a schema of the ownership map in db_table, or take the policies away."
        return _report(model, "the table lies in no schema of the ownership map", hint)
    what = f"the schema {schema!r} is external, so that its own tool makes row security there"
    return _report(model, what, "Make the policies with that tool, and take them away here.")


def _report(model: type[Model], what: str, hint: str) -> CheckMessage:
    text = f"The policies of {model._meta.label} ({model._meta.db_table!r}) are not put in force: {what}."
    return checks.Error(text, hint=hint, obj=model, id="freehold.E036")
