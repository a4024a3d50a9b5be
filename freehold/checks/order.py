"""E040 to E044: an app's migrations follow one another, and `max_migration.txt` names the last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error

from freehold.authoring.order import CONFLICT, NAME, Chain, iter_chains
from freehold.checks.subjects import AppConfigs, find_governing
from freehold.scripts.pairs import shorten

_WRITE = "Run manage.py makemigrations, which writes it, and check it in."


def check_order(app_configs: AppConfigs, **kwargs: Any) -> list[CheckMessage]:
    """E040 to E044, for the apps that the map lists under `apps`."""
    ownership = find_governing()
    if ownership is None:
        return []
    labels = None if app_configs is None else {config.label for config in app_configs}
    return [
        message
        for chain in iter_chains(ownership)
        if labels is None or chain.app in labels
        for message in _iter_faults(chain)
    ]


def _iter_faults(chain: Chain) -> Iterator[CheckMessage]:
    """Yield what is wrong with the order of an app's migrations, or with its file."""
    if len(chain.leaves) > 1:
        yield _report_leaves(chain)
    lines = chain.read_lines()
    if lines is None:
        yield report(chain, "freehold.E040", f"The app {chain.app!r} has migrations and no {NAME} beside them.", _WRITE)
    elif len(lines) != 1:
        yield _report_lines(chain, lines)
    elif len(chain.leaves) == 1:
        yield from _iter_name_faults(chain, chain.replaced.get(lines[0], lines[0]), chain.leaves[0])


def _iter_name_faults(chain: Chain, named: str, last: str) -> Iterator[CheckMessage]:
    """Yield E042 or E043 where the file does not name the last migration."""
    place, hint = shorten(chain.path), f"Write {last} into it; if that is an older one, put back the file of the other."
    if named not in chain.parents:
        yield report(
            chain, "freehold.E042", f"{place} names {named}, and the app {chain.app!r} has no such migration.", hint
        )
    elif named != last:
        yield report(chain, "freehold.E043", f"{place} names {named}, and the last migration is {last}.", hint)


def _report_leaves(chain: Chain) -> CheckMessage:
    names = " and ".join(chain.leaves)
    message = f"The migrations of the app {chain.app!r} end in {len(chain.leaves)}: {names}."
    hint = f"Run manage.py rebasemigration {chain.app} NAME with the newer one, which puts it behind the other."
    return report(chain, "freehold.E044", message, hint)


def _report_lines(chain: Chain, lines: list[str]) -> CheckMessage:
    message = f"{shorten(chain.path)} has {len(lines)} lines, and the name of one migration is expected."
    if any(line.startswith(CONFLICT) for line in lines):
        hint = f"Two branches added a migration: manage.py rebasemigration {chain.app} puts yours behind the other."
    else:
        hint = "Write the last migration's name into it, without .py."
    return report(chain, "freehold.E041", message, hint)


def report(chain: Chain, check_id: str, message: str, hint: str) -> CheckMessage:
    return Error(message, hint=hint, obj=chain.app, id=check_id)
