"""E014 and E015: each is broken, reported, mended and silent."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from django.apps import apps
from django.core import checks
from django.core.checks import CheckMessage
from django.core.management import call_command
from django.test import override_settings

from auth_app.models import User
from config.ownership import OWNERSHIP
from freehold.checks import TAG, locks
from freehold.errors import OwnershipError
from freehold.ownership import Ownership
from freehold.ownership.lookup import load_ownership

RunCheck = Callable[[str], list[CheckMessage]]
ROOT = Path(__file__).resolve().parents[3]
MAP: Ownership = replace(
    OWNERSHIP,
    contracts=tuple(
        replace(each, read={"user": ("id", "email")}) if each.consumer == "api" and each.schema == "auth" else each
        for each in OWNERSHIP.contracts
    ),
)


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of its own, with what the project's contracts share."""
    path = tmp_path / locks.NAME
    monkeypatch.setattr(locks, "get_lock_path", lambda: path)
    call_command("lockcontracts", verbosity=0)
    return path


def test_lock_of_the_project_is_what_the_command_writes(lock: Path) -> None:
    assert lock.read_text() == (ROOT / "config" / locks.NAME).read_text()


def test_lock_has_both_dialects_and_the_consumers(lock: Path) -> None:
    entry = json.loads(lock.read_text())["auth.user"]["id"]

    assert entry == {"postgresql": "uuid NOT NULL", "sqlite": "char(32) NOT NULL", "consumers": ["api", "app"]}


# --- E014 ----------------------------------------------------------------------------------------------------
def test_shared_column_of_another_type_is_reported(lock: Path, run: RunCheck, monkeypatch: pytest.MonkeyPatch) -> None:
    field = User._meta.get_field("display_name")
    monkeypatch.setattr(field, "max_length", 80)
    monkeypatch.setattr(field, "null", True)

    (message,) = run("freehold.E014")
    monkeypatch.setattr(field, "max_length", 150)
    monkeypatch.setattr(field, "null", False)

    assert str(message) == (
        "auth.user: (freehold.E014) The column auth.user (display_name) changed from varchar(150) NOT NULL to "
        "varchar(80) (postgresql) and varchar(150) NOT NULL to varchar(80) (sqlite), and api relies on it by contract."
        "\n"
        "\tHINT: Keep it as it was and add another beside it; or, once api can do without it, change the contract and "
        "run manage.py lockcontracts."
    )
    assert run("freehold.E014") == []


def test_shared_column_that_is_renamed_is_reported(lock: Path, run: RunCheck, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(User._meta.get_field("display_name"), "column", "displayed_name")

    (message,) = run("freehold.E014")

    assert message.msg == (
        "The column auth.user (display_name) is gone, and api relies on it by contract. Was it renamed to "
        "'displayed_name'?"
    )


def test_shared_table_that_is_gone_is_reported(lock: Path, run: RunCheck) -> None:
    locked = json.loads(lock.read_text())
    locked["auth.person"] = {"id": {**locked["auth.user"]["id"]}}
    lock.write_text(json.dumps(locked))

    (message,) = run("freehold.E014")

    assert message.msg == "The column auth.person (id) is gone, and api and app rely on it by contract."


@pytest.mark.parametrize(("app", "count"), [("auth_app", 1), ("items", 0)])
def test_provider_alone_is_asked(app: str, count: int, lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(User._meta.get_field("email"), "max_length", 80)
    messages = checks.run_checks([apps.get_app_config(app)], tags=[TAG], databases=[])

    assert [message.id for message in messages].count("freehold.E014") == count


@pytest.mark.parametrize(("app", "count"), [("auth_app", 1), ("items", 0)])
def test_column_in_a_contract_is_missed_when_its_provider_is_checked(
    app: str, count: int, lock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(User._meta.get_field("email"), "column", "mail")
    messages = checks.run_checks([apps.get_app_config(app)], tags=[TAG], databases=[])

    assert [message.id for message in messages].count("freehold.E011") == count


# --- E015 ----------------------------------------------------------------------------------------------------
def test_contract_that_shares_less_is_reported(lock: Path, run: RunCheck) -> None:
    with override_settings(OWNERSHIP=f"{__name__}.MAP"):
        messages = run("freehold.E015")
        call_command("lockcontracts", verbosity=0)
        mended = run("freehold.E015")
    load_ownership.cache_clear()

    assert [str(message.msg).partition(",")[0] for message in messages] == [
        "contracts.lock.json says that auth.user (display_name) is shared with api",
        "contracts.lock.json says that auth.user (is_active) is shared with api",
    ]
    assert messages[0].msg.endswith("and the contracts share it with nobody.")
    assert messages[0].hint == "Run manage.py lockcontracts once api agreed, and check the file in."
    assert mended == []


def test_nothing_is_said_where_nothing_is_locked(lock: Path, run: RunCheck) -> None:
    lock.unlink()

    assert [*run("freehold.E014"), *run("freehold.E015")] == []


def test_lock_that_is_no_json_is_one_line(lock: Path, run: RunCheck) -> None:
    lock.write_text("{")

    with pytest.raises(OwnershipError) as caught:
        run("freehold.E014")

    assert str(caught.value).startswith(f"{lock} is no JSON: ")
    assert str(caught.value).endswith("; write it again with manage.py lockcontracts")
