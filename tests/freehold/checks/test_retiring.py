"""A column that is kept for the release before may stay in a contract, and in what is locked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import CheckMessage
from django.test import override_settings

from config.ownership import OWNERSHIP
from freehold.checks import locks
from freehold.checks.locks import build_lock
from freehold.ownership import Contract
from freehold.ownership.lookup import load_ownership

TEXT = """
from django.db import migrations, models
from freehold.operations import ChangeColumnType, RenameColumn

class Migration(migrations.Migration):
    operations = [{operation}]
"""
OPERATIONS = [
    ('RenameColumn("User", "shown_name", "display_name", "{step}")', "shown_name"),
    ('RenameColumn("User", "boss", "manager", "{step}")', "boss_id"),
    (
        'ChangeColumnType("User", "rank", models.TextField(db_column="grade"), models.IntegerField(), "{step}")',
        "grade",
    ),
]
MAP = OWNERSHIP


@pytest.fixture
def write(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Give a function that writes the migrations of auth_app anew."""
    monkeypatch.syspath_prepend(str(tmp_path))
    folder = tmp_path / f"steps_{abs(hash(tmp_path))}"
    settings.MIGRATION_MODULES = {"auth_app": folder.name}

    def put(*operations: str) -> None:
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").touch()
        for number, operation in enumerate(operations):
            (folder / f"{number:04}_step.py").write_text(TEXT.format(operation=operation))
        for name in [name for name in sys.modules if name.startswith(folder.name)]:
            del sys.modules[name]

    return put


@pytest.fixture
def share(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Give a function that shares a column of auth.user, as the map does its others."""
    with override_settings(OWNERSHIP=f"{__name__}.MAP"):

        def put(column: str) -> None:
            contract = Contract("auth", consumer="api", read={"user": ("id", column)})
            monkeypatch.setitem(globals(), "MAP", replace(OWNERSHIP, contracts=(contract,)))
            load_ownership.cache_clear()

        yield put
    load_ownership.cache_clear()


@pytest.mark.parametrize(("operation", "column"), OPERATIONS)
def test_column_may_stay_in_a_contract_between_expansion_and_contraction(
    operation: str,
    column: str,
    write: Callable[..., None],
    share: Callable[[str], None],
    run: Callable[[str], list[CheckMessage]],
) -> None:
    share(column)

    write(operation.format(step="expand"))
    between = run("freehold.E011")
    write(operation.format(step="expand"), operation.format(step="contract"))
    (after,) = run("freehold.E011")

    assert between == []
    assert f"has no column '{column}'" in str(after)


def test_column_stays_locked_as_it_was(
    write: Callable[..., None],
    share: Callable[[str], None],
    run: Callable[[str], list[CheckMessage]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    share("shown_name")
    entry = {"postgresql": "varchar(9)", "sqlite": "varchar(9)", "consumers": ["api"]}
    lock = {"auth.user": {"id": build_lock(MAP)["auth.user"]["id"], "shown_name": entry}}
    monkeypatch.setattr(locks, "read_lock", lambda: lock)

    write(OPERATIONS[0][0].format(step="expand"))
    between = run("freehold.E014"), run("freehold.E015"), build_lock(MAP)
    write(OPERATIONS[0][0].format(step="expand"), OPERATIONS[0][0].format(step="contract"))
    (after,) = run("freehold.E014")

    assert between == ([], [], lock)
    assert "is gone" in str(after)
