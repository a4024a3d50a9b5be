"""Which migrations of the code the database lacks, as each service learns it."""

from __future__ import annotations

import pytest

from freehold import acting_as, health
from freehold.health import list_pending

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("service", ["web", "api", "admin"])
def test_service_learns_what_is_missing(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with acting_as(service):
        assert list_pending() == []
    known = {"items.0001_item": (), "items.9999_next": (), "auth_app.9999_next": ()}
    monkeypatch.setattr(health, "_list_known", lambda: known)
    with acting_as(service):
        assert list_pending() == ["auth_app.9999_next", "items.9999_next"]


def test_database_ahead_of_the_code_lacks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_list_known", lambda: {"items.0001_item": ()})
    with acting_as("api"):
        assert list_pending() == []


@pytest.mark.parametrize(
    ("applied", "pending"),
    [
        ({"a.0001", "a.0002"}, []),
        ({"a.0001_squashed"}, []),
        ({"a.0001"}, ["a.0001_squashed", "a.0002"]),
        (set(), ["a.0001", "a.0001_squashed", "a.0002"]),
    ],
)
def test_squashed_migration_counts_as_those_that_it_replaces(
    applied: set[str], pending: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {"a.0001": (), "a.0002": (), "a.0001_squashed": ("a.0001", "a.0002")}
    monkeypatch.setattr(health, "_list_known", lambda: known)
    monkeypatch.setattr(health, "_list_missing", lambda connection, names: sorted(set(names) - applied))

    assert list_pending() == pending


def test_migrations_of_the_installed_apps_are_known_once() -> None:
    assert "items.0001_item" in health._list_known()
    assert health._list_known() is health._list_known()


@pytest.mark.postgresql
def test_database_without_the_function_lacks_the_migration_that_makes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_ASKS", "SELECT public.list_pending_of_another_release(%s)")
    with acting_as("api"):
        assert list_pending() == ["freehold.0008_list_pending"]
