"""The state of models across a move: a model goes from one app to another, and every relation to it follows."""

from __future__ import annotations

from typing import Any

from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.utils import get_references

from freehold.errors import MigrationError


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
    _drop_relations(state, here)
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
    found = any(isinstance(base, str) and base.lower() == here for base in model.bases)
    if found:
        model.bases = tuple(target if isinstance(base, str) and base.lower() == here else base for base in model.bases)
    return found


def _drop_relations(state: ProjectState, here: tuple[str, str]) -> None:
    """Forget which relations there are: they are found anew where they are asked for."""
    state._relations = None  # type: ignore[attr-defined]
