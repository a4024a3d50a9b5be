"""What a rollback takes back: the last so many migrations, those after one, or all."""

from __future__ import annotations

from django.db.migrations import Migration
from django.db.migrations.exceptions import AmbiguityError

from freehold.errors import MigrationError
from freehold.migrator.executor import OwnedExecutor, Plan
from freehold.migrator.scopes import MigrationScope
from freehold.migrator.ways_down import ENGINE, miss_file

_Key = tuple[str, str]


def plan_steps(executor: OwnedExecutor, steps: int, scope: MigrationScope | None) -> Plan:
    """Give the plan that takes back the last `steps` migrations, the newest first, whatever their apps.

    One that depends on them goes with them, even if it was applied before.

    Raises:
        MigrationError: there are not so many, or the newest has no file any more.
    """
    applied = [key for key in _list_applied(executor) if _is_meant(key, scope)]
    if steps < 1 or steps > len(applied):
        of = f" of {scope.option}" if scope else " beside the history's own"
        raise MigrationError(f"--steps {steps}: {len(applied)} migrations are applied{of}; give as many, or --all")
    return _plan_keys(executor, applied[:steps], scope)


def plan_to(executor: OwnedExecutor, app: str, name: str) -> Plan:
    """Give the plan that takes back what came after a migration of an app, in every app that depends on that; `zero`
    is before the first.

    Raises:
        MigrationError: there is no such migration, or it is not applied.
    """
    if app not in executor.loader.migrated_apps:
        raise MigrationError(f"--to {app}: no app of that label has migrations")
    if name == "zero":
        return executor.migration_plan([(app, None)])
    try:
        key = (app, executor.loader.get_migration_by_prefix(app, name).name)
    except (KeyError, AmbiguityError) as error:
        raise MigrationError(f"--to {app} {name}: no migration, or more than one, of {app} begins like that") from error
    if key not in executor.loader.applied_migrations:
        raise MigrationError(f"--to {app} {key[1]}: it is not applied, so that nothing comes after it")
    return executor.migration_plan([key])


def plan_all(executor: OwnedExecutor, scope: MigrationScope | None) -> Plan:
    """Give the plan that takes back everything but what the history itself is made of."""
    return _plan_keys(executor, [key for key in _list_applied(executor) if _is_meant(key, scope)], scope)


def _list_applied(executor: OwnedExecutor) -> list[_Key]:
    """Give what is applied, the last first. A squashed migration stands for those that it replaces."""
    loader = executor.loader
    replaced = {old: key for key, squash in loader.replacements.items() for old in squash.replaces}
    rows = executor.recorder.migration_qs.order_by("-id").values_list("app", "name")
    known = loader.graph.nodes
    return list(dict.fromkeys(key if key in known else replaced.get(key, key) for key in rows))


def _is_meant(key: _Key, scope: MigrationScope | None) -> bool:
    """Tell whether a rollback is about the migration's app."""
    return key[0] in scope.apps if scope else key[0] != ENGINE


def _plan_keys(executor: OwnedExecutor, keys: list[_Key], scope: MigrationScope | None) -> Plan:
    """Give the plan for migrations in the order given, each behind all that depends on it.

    Raises:
        MigrationError: one has no file, or something outside the scope depends on one.
    """
    graph, applied = executor.loader.graph, executor.loader.applied_migrations
    plan: dict[_Key, Migration] = {}
    for key in keys:
        if key not in graph.nodes:
            raise miss_file(executor.loader, key)
        for each in graph.backwards_plan(key):
            if each in applied:
                _check_scope(each, key, scope)
                plan.setdefault(each, graph.nodes[each])
    return [(migration, True) for migration in plan.values()]


def _check_scope(key: _Key, needed: _Key, scope: MigrationScope | None) -> None:
    if scope and key[0] not in scope.apps:
        raise MigrationError(
            f"{scope.option}: {key[0]}.{key[1]} depends on {needed[0]}.{needed[1]} and is not of that part; take it "
            f"back first"
        )
