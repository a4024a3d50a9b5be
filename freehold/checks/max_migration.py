"""E040 to E044: an app's migrations follow one another, and `max_migration.txt` names the last."""

from __future__ import annotations

from collections.abc import Iterator

from django.core.checks import CheckMessage, Error

from freehold.authoring.order import CONFLICT, NAME, Chain, iter_chains
from freehold.checks.subjects import AppConfigs, check_of_owners
from freehold.ownership import Ownership

_Fault = tuple[str, str, str]  # the check's id, message and hint


@check_of_owners
def check_order(app_configs: AppConfigs, ownership: Ownership) -> Iterator[CheckMessage]:
    """E040 to E044, for the apps that the map lists under `apps`."""
    labels = None if app_configs is None else {config.label for config in app_configs}
    for chain in iter_chains(ownership):
        for number, message, hint in _iter_faults(chain) if labels is None or chain.app in labels else ():
            yield Error(message, hint=hint, obj=chain.app, id=number)


def _iter_faults(chain: Chain) -> Iterator[_Fault]:
    """Yield what is wrong with the order of an app's migrations, or with its file."""
    app, leaves = chain.app, chain.leaves
    if len(leaves) > 1:
        message = f"The migrations of the app {app!r} end in {len(leaves)}: {' and '.join(leaves)}."
        hint = f"Run manage.py rebasemigration {app} NAME with the newer one, which puts it behind the other."
        yield "freehold.E044", message, hint
    lines = chain.read_lines()
    if lines is None:
        hint = "Run manage.py makemigrations, which writes it, and check it in."
        yield "freehold.E040", f"The app {app!r} has migrations and no {NAME} beside them.", hint
    elif len(lines) != 1:
        message = f"{chain.shown} has {len(lines)} lines, and the name of one migration is expected."
        hint = "Write the last migration's name into it, without .py."
        if any(line.startswith(CONFLICT) for line in lines):
            hint = f"Two branches added a migration: manage.py rebasemigration {app} puts yours behind the other."
        yield "freehold.E041", message, hint
    elif len(leaves) == 1:
        yield from _iter_name_faults(chain, chain.replaced.get(lines[0], lines[0]), leaves[0])


def _iter_name_faults(chain: Chain, named: str, last: str) -> Iterator[_Fault]:
    """Yield E042 or E043 where the file does not name the last migration."""
    place, hint = chain.shown, f"Write {last} into it; if that is an older one, put back the file of the other."
    if named not in chain.parents:
        yield "freehold.E042", f"{place} names {named}, and the app {chain.app!r} has no such migration.", hint
    elif named != last:
        yield "freehold.E043", f"{place} names {named}, and the last migration is {last}.", hint
