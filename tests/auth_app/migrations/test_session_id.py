"""The migrations that take digests out of every service's reach, while the release before goes on running."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connections
from django.db.migrations.loader import MigrationLoader
from django.db.models import Value
from django.utils import timezone
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from auth_app.models import Session
from auth_app.proofs import get_proof, get_row_key
from auth_app.session_rows import FindSession
from config.ownership import OWNERSHIP, SESSION_OPENING
from freehold.services import acting_as
from tests.dialect import DIALECT
from tests.emptied import empty_database

ALIAS = "sessionids"
BEFORE, AFTER = "0013_tickets", "0015_session_functions"
pytestmark = [pytest.mark.once] if DIALECT == "postgresql" else []
KEYS = [f"key{number:029}" for number in range(3)]
FIRST = replace(  # the map of the first of the two releases
    OWNERSHIP,
    schemas=tuple(replace(schema, withheld=()) for schema in OWNERSHIP.schemas),
    contracts=tuple(each for each in OWNERSHIP.contracts if each.call != SESSION_OPENING),
)


@pytest.fixture
def old(django_db_blocker: DjangoDbBlocker, tmp_path: Path, settings: Settings) -> Iterator[Any]:
    """The sessions as the release before sees them, three of one user, before the first release's migrations."""
    settings.OWNERSHIP = f"{__name__}.FIRST"
    with empty_database(ALIAS, django_db_blocker, tmp_path):
        migrate(BEFORE)
        apps = MigrationLoader(None).project_state([("auth_app", BEFORE)]).apps
        rows = apps.get_model("auth_app", "Session").objects.using(ALIAS)
        with acting_as("web"):
            user = apps.get_model("auth_app", "User").objects.using(ALIAS).create(email="ann@example.org")
            for key in KEYS:
                make_old(rows, key, user)
        yield rows


def migrate(name: str) -> None:
    call_command("migrate", "auth_app", name, database=ALIAS, verbosity=0)


def make_old(rows: Any, key: str, user: Any = None) -> Any:
    """Insert a row as the release before does."""
    expires = timezone.now() + timedelta(days=1)
    return rows.create(pk=get_row_key(get_proof(key)), session_data="x", expire_date=expires, user=user)


def count_found(*keys: str) -> int:
    """Give how many of the sessions the new release finds by the keys in their cookies."""
    rows = Session.objects.using(ALIAS)
    if DIALECT == "sqlite":
        return rows.filter(session_key__in=[get_row_key(get_proof(key)) for key in keys]).count()
    return sum(rows.filter(id=FindSession(Value(get_proof(key)))).count() for key in keys)


def test_sessions_stay_and_each_gets_an_id(old: Any) -> None:
    migrate(AFTER)

    with acting_as("web"):
        assert len(set(Session.objects.using(ALIAS).values_list("pk", flat=True))) == 3
        assert count_found(*KEYS, "nobodyssession") == 3


def test_release_before_goes_on_beside_the_first_of_the_two(old: Any) -> None:
    migrate(AFTER)

    with acting_as("web"):
        row = make_old(old, "another")
        assert count_found("another") == 1
        row.session_data = "y"
        row.save(force_update=True)
        assert old.filter(pk=row.pk, expire_date__gt=timezone.now()).get().session_data == "y"
        row.delete()
        assert count_found("another") == 0


def test_way_back_keeps_the_sessions(old: Any) -> None:
    migrate(AFTER)
    call_command("rollback", "--steps", "2", "--yes", database=ALIAS, stdout=StringIO())

    with acting_as("web"):
        assert {each.pk for each in old.all()} == {get_row_key(get_proof(key)) for key in KEYS}
        make_old(old, "another")


@pytest.mark.postgresql
def test_map_of_the_second_release_shuts_the_release_before_out_and_not_the_first(old: Any, settings: Settings) -> None:
    migrate(AFTER)
    settings.OWNERSHIP = "config.ownership.OWNERSHIP"
    call_command("ownership", "apply", database=ALIAS, stdout=StringIO())

    with acting_as("web"):
        assert count_found(*KEYS) == 3
        with pytest.raises(DatabaseError):
            make_old(old, "another")
        with pytest.raises(DatabaseError):
            old.get(pk=get_row_key(get_proof(KEYS[0])))
        with connections[ALIAS].cursor() as cursor:
            cursor.execute("SELECT auth.end_session(%s) IS NOT NULL", [get_proof(KEYS[0])])
            assert cursor.fetchone() == (True,)
