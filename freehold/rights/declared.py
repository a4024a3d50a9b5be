"""All that is declared: the ownership map, and the row security beside the models."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.apps import apps

from freehold import history, ownership, rights, services
from freehold.ownership.comparable import DatabasePolicy, RowSecurity
from freehold.ownership.compilation import Declared, compile_map
from freehold.ownership.map import Ownership
from freehold.ownership.moves import end_moves, get_today
from freehold.rls import list_policies, list_row_security

Rules = tuple[list[RowSecurity], list[DatabasePolicy]]
_kept: dict[object, tuple[Ownership, Rules]] = {}  # at most one; the map is kept so that its id is no other's


def declare(ownership: Ownership, database: str, *, with_models: bool = True) -> Declared:
    """Give what `database` must hold today; without models, what the map alone says."""
    rules = _list_row_rules(ownership) if with_models else ()
    return compile_map(end_moves(ownership, get_today()), database, *rules)


def _list_row_rules(ownership: Ownership) -> Rules:
    # Writing policies as SQL takes longer than a migrate that finds nothing to do, so that the last outcome is kept.
    key = (id(ownership), tuple(apps.get_models()), list_row_security, list_policies)
    if key not in _kept:
        _kept.clear()
        _kept[key] = ownership, (list_row_security(ownership), list_policies(ownership))
    return _kept[key][1]


def make_declared_digest(declared: Declared) -> str:
    """Give a digest of what is declared, and of the code that compares it."""
    rows = [sorted(declared.row_security.items()), sorted(declared.policies.items())]
    parts = [repr(each) for each in (declared.ownership, *rows)]
    return hashlib.sha256("\n".join([*parts, _get_code_digest()]).encode()).hexdigest()


@cache
def _get_code_digest() -> str:
    """Give a digest of what compiles, reads and compares: modules and queries of these rooms. A mark holds no other."""
    digest = hashlib.sha256()
    for room in (history, ownership, rights, services):
        for file in sorted(Path(str(room.__file__)).parent.rglob("*")):
            if file.suffix in (".py", ".sql"):
                digest.update(file.read_bytes())
    return digest.hexdigest()
