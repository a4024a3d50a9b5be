"""The history's rows: who, which code, and what a migration on either dialect leaves there."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from freehold.acting.logins import using_login
from freehold.history.recording import get_code_version, get_login, read_commit, record
from freehold.models import MigrationHistory
from freehold.ownership import get_ownership
from tests.dialect import DIALECT

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.django_db
def test_every_applied_migration_has_its_row() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT app, name FROM django_migrations"
            if DIALECT == "sqlite"
            else "SELECT app, name FROM public.django_migrations"
        )
        applied = set(cursor.fetchall())

    found = MigrationHistory.objects.filter(kind="migrate")

    assert set(found.values_list("app", "name")) == applied
    whole = found.exclude(
        outcome="part"
    )  # those of a migration that is no transaction have a row for each of its parts
    assert set(whole.values_list("app", "name")) == applied
    assert set(whole.values_list("direction", "outcome")) == {("up", "ok")}
    assert all(len(checksum) == 64 for checksum in found.values_list("checksum", flat=True))


@pytest.mark.django_db
def test_row_names_the_role_that_each_migration_ran_as() -> None:
    for row in MigrationHistory.objects.filter(kind="migrate"):
        schema = get_ownership().find_schema_of_app(row.app)
        assert schema is not None
        assert row.owner_role == (schema.owner if DIALECT == "postgresql" else "")
        assert row.login == ("migrator" if DIALECT == "postgresql" else get_login(connection))


def test_row_without_a_known_kind_is_refused_by_the_database(django_db_setup: None, django_db_blocker: object) -> None:
    entry = {"direction": "up", "app": "x", "name": "y", "started_at": timezone.now(), "duration": timedelta()}

    with django_db_blocker.unblock(), using_login(connection, "migrator"):  # type: ignore[attr-defined]
        before = MigrationHistory.objects.count()
        with pytest.raises(IntegrityError):
            record(kind="rumour", **entry)  # type: ignore[arg-type]
        assert MigrationHistory.objects.count() == before
        connection.close()


# --- The code's version ----------------------------------------------------------------------------------------------
@pytest.fixture
def git(tmp_path: Path) -> Path:
    """A checkout's .git on branch main, which has no commit yet."""
    (tmp_path / "refs" / "heads").mkdir(parents=True)
    (tmp_path / "HEAD").write_text("ref: refs/heads/main\n")
    return tmp_path


def test_commit_of_a_branch_is_read_from_its_file(git: Path) -> None:
    (git / "refs" / "heads" / "main").write_text(f"{COMMIT}\n")

    assert read_commit(git) == COMMIT[:12]


def test_commit_of_a_packed_branch_is_read_from_the_packed_ones(git: Path) -> None:
    (git / "packed-refs").write_text(f"# pack-refs\n{'f' * 40} refs/heads/other/main\n{COMMIT} refs/heads/main\n")

    assert read_commit(git) == COMMIT[:12]


def test_commit_without_a_branch_is_the_head(git: Path) -> None:
    (git / "HEAD").write_text(f"{COMMIT}\n")

    assert read_commit(git) == COMMIT[:12]


def test_commit_is_empty_where_none_is_known(git: Path) -> None:
    assert read_commit(git) == ""
    assert read_commit(git / "nowhere") == ""


def test_version_in_the_settings_is_taken_as_it_is(settings: object) -> None:
    settings.CODE_VERSION = "v1.2"  # type: ignore[attr-defined]
    get_code_version.cache_clear()

    assert get_code_version() == "v1.2"
    get_code_version.cache_clear()
