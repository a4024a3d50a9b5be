"""A model that goes from one app to another: in the state every relation to it follows, and its content type's row
stays, with what points at it."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.utils import get_references

from freehold.acting.roles import using_role
from freehold.errors import MigrationError
from freehold.ownership.lookup import find_ownership


def find_model(state: ProjectState, app: str, name: str) -> Any:
    """Give the model as it is in a state, or None where no name is given."""
    return state.apps.get_model(app, name) if app and name else None


def move_model(state: ProjectState, label: tuple[str, str], app: str, table: str) -> None:
    """Put the model into `app`, with its rows in `table`.

    Raises:
        MigrationError: there is no such model, or one of its name lies in the app.
    """
    here, there = (label[0], label[1].lower()), (app, label[1].lower())
    if here not in state.models:
        raise MigrationError(f"MoveTable names the model {'.'.join(label)}, which no migration before it makes")
    if here != there and there in state.models:
        raise MigrationError(f"MoveTable moves {'.'.join(label)} into the app {app}, which has a model of that name")
    model = state.models[here].clone()
    model.options["db_table"] = table
    if here == there:
        state.models[here] = model
        state.reload_model(*here, delay=True)
        return
    model.app_label = app
    state.models[there] = model
    concerned = _retarget(state, here, f"{app}.{model.name}")
    state._relations = None  # type: ignore[attr-defined]  # found anew where they are asked for
    state.reload_models(list(concerned), delay=True)
    state.remove_model(*here)
    state.reload_model(*there, delay=True)


def _retarget(state: ProjectState, here: tuple[str, str], target: str) -> set[tuple[str, str]]:
    """Let all fields and children of a model have `target` in its place; give the models concerned."""
    concerned = set()
    for model, name, field, reference in list(get_references(state, here)):
        changed: Any = field.clone()
        if reference.to:
            changed.remote_field.model = target
        if reference.through:
            changed.remote_field.through = target
        model.fields[name] = changed
        concerned.add((model.app_label, model.name_lower))
    for model in state.models.values():
        if _replace_base(model, ".".join(here), target):
            concerned.add((model.app_label, model.name_lower))
    return concerned - {here}


def _replace_base(model: ModelState, here: str, target: str) -> bool:
    """Let a child have the model as its parent where it is now; tell whether it is one."""
    before = model.bases
    model.bases = tuple(target if isinstance(base, str) and base.lower() == here else base for base in before)
    return model.bases != before


def rename_content_type(connection: BaseDatabaseWrapper, here: Any, there: Any) -> None:
    """Let the content type of a model have the app of another; both are models' `_meta`.

    Permissions, groups and the admin's log point at its key, and stay as they are.

    Raises:
        MigrationError: the other app has a content type of that name, so that two would be one.
    """
    if here.app_label == there.app_label or not apps.is_installed("django.contrib.contenttypes"):
        return
    from django.contrib.contenttypes.models import ContentType

    types = ContentType.objects.db_manager(connection.alias)
    ownership = find_ownership()
    schema = ownership.find_schema_of_app("contenttypes") if ownership and ownership.has_roles else None
    with using_role(connection, schema.owner) if schema else nullcontext():
        if ContentType._meta.db_table not in connection.introspection.table_names():
            return
        mine = types.filter(app_label=here.app_label, model=here.model_name)
        if mine.exists() and types.filter(app_label=there.app_label, model=there.model_name).exists():
            raise MigrationError(
                f"there are content types of {here.label} and of {there.label}, and the permissions of one would be "
                f"lost: remove the one of {there.label} (manage.py remove_stale_contenttypes), then migrate again"
            )
        mine.update(app_label=there.app_label)
    types.clear_cache()
