"""What dumpdata and loaddata leave out, refuse, and put right."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.core import serializers
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from pytest_django.fixtures import Settings

from auth_app.models import PhoneVerification
from freehold.errors import FreeholdError, ServiceError
from freehold.management.fixtures import FixtureError
from freehold.models import MigrationHistory
from freehold.services import acting_as
from master.models import Category
from tests.auth_app.factories import make_phone_verification, make_session

pytestmark = pytest.mark.django_db
OLD = {"model": "freehold.migrationhistory", "pk": 1, "fields": {"app": "x", "name": "0001_x", "login": "ann"}}
WHY = "it is about the database that it lies in, and not true of another"


def dump(*labels: str, **options: Any) -> list[dict[str, Any]]:
    output = StringIO()
    call_command("dumpdata", *labels, stdout=output, **options)
    found: list[dict[str, Any]] = json.loads(output.getvalue())
    return found


def load(tmp_path: Path, *rows: dict[str, Any]) -> str:
    """Load rows; give what is printed."""
    path, output = tmp_path / "rows.json", StringIO()
    path.write_text(json.dumps(rows))
    call_command("loaddata", str(path), stdout=output)
    return output.getvalue()


def make_group(key: int, name: str) -> dict[str, Any]:
    return {"model": "auth.group", "pk": key, "fields": {"name": name, "permissions": []}}


# --- What is no fixture ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("labels", "named"),
    [
        (["freehold"], "freehold.MigrationHistory"),
        (["freehold.MigrationHistory"], "freehold.MigrationHistory"),
        (["auth", "freehold.MigrationHistory"], "freehold.MigrationHistory"),
    ],
)
def test_dump_of_what_is_no_fixture_is_refused(labels: list[str], named: str) -> None:
    with pytest.raises(FixtureError) as caught:
        dump(*labels)

    assert str(caught.value) == f"{named} is no fixture: {WHY}; leave it out"


def test_unknown_app_is_refused_as_django_does() -> None:
    with pytest.raises(CommandError) as caught:
        dump("shop")

    assert str(caught.value) == "No installed app with label 'shop'."


def test_history_in_an_older_dump_is_left_out_and_said(tmp_path: Path) -> None:
    count = MigrationHistory.objects.count()

    printed = load(tmp_path, OLD, make_group(900, "made"), {**OLD, "pk": 2})

    assert printed == (
        f"Installed 1 object(s) (of 3) from 1 fixture(s)\nLeft out 2 object(s) of freehold.MigrationHistory: {WHY}\n"
    )
    assert (MigrationHistory.objects.count(), Group.objects.get(pk=900).name) == (count, "made")


# --- Whole dumps -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("service", "labels", "refusal"),
    [
        (
            "api",
            ["items"],
            "service api does not see every row of app.favorites, so that a dump would lack some: dump other apps, or "
            "as a service with a policy for everything there",
        ),
        (
            "api",
            ["auth_app.User"],
            "service api can't read column created_at of auth.user, which belongs to auth_owner (service web); add the "
            "column to the contract of auth with api, which shares only display_name, email, id, is_active, or call a "
            "function of its owner",
        ),
        (
            "web",
            ["master"],
            "service web can't read master.categories, which belongs to master_owner (service admin); share its "
            "columns with web in a contract, or call a function of its owner",
        ),
    ],
)
def test_dump_that_would_be_a_part_is_refused_before_anything_is_written(
    service: str, labels: list[str], refusal: str
) -> None:
    output = StringIO()
    with pytest.raises(ServiceError) as caught, acting_as(service):
        call_command("dumpdata", *labels, stdout=output)

    assert (str(caught.value), output.getvalue()) == (refusal, "")


def test_service_dumps_what_it_sees_whole() -> None:
    Category.objects.create(name="Cups", slug="cups", path="cups")

    with acting_as("api"):
        (row,) = dump("master.Category")

    assert row["fields"]["slug"] == "cups"


@pytest.mark.parametrize("style", ["json", "jsonl", "xml"])
def test_times_come_back_with_their_microseconds(style: str, tmp_path: Path) -> None:
    moment = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
    make_phone_verification(expires_at=moment, created_at=moment - timedelta(minutes=1))
    path = tmp_path / f"rows.{style}"

    call_command("dumpdata", "auth_app.PhoneVerification", output=str(path), format=style)
    PhoneVerification.objects.all().delete()
    call_command("loaddata", str(path), verbosity=0)

    assert PhoneVerification.objects.get().expires_at == moment


def test_serializer_of_the_project_stays_what_it_is(settings: Settings) -> None:
    settings.SERIALIZATION_MODULES = {"json": "django.core.serializers.json"}
    moment = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
    make_phone_verification(expires_at=moment, created_at=moment - timedelta(minutes=1))

    assert dump("auth_app.PhoneVerification")[0]["fields"]["expires_at"] == "2026-03-01T12:00:00.123Z"


def test_json_of_other_code_stays_as_django_writes_it() -> None:
    dump("auth_app.PhoneVerification")

    assert serializers.get_serializer("json").__module__ == "django.core.serializers.json"


def test_what_no_service_gets_whole_is_no_fixture(tmp_path: Path) -> None:
    make_session()
    old = {"model": "auth_app.session", "pk": str(uuid4()), "fields": {"session_key": "x", "session_data": "y"}}
    old["fields"]["expire_date"] = "2026-03-01T12:00:00Z"  # type: ignore[index]

    with pytest.raises(FixtureError) as caught:
        dump("auth_app.Session")
    why = "the ownership map withholds from every service what a fixture would hold of it"
    assert str(caught.value) == f"auth_app.Session is no fixture: {why}; leave it out"
    assert "auth_app.session" not in {row["model"] for row in dump("auth_app")}
    assert f"Left out 1 object(s) of auth_app.Session: {why}" in load(tmp_path, old)


# --- Loading ---------------------------------------------------------------------------------------------------------
def test_next_row_gets_a_key_behind_those_that_were_loaded(tmp_path: Path) -> None:
    load(tmp_path, make_group(5000, "far"), make_group(12, "near"))

    assert Group.objects.create(name="next").pk == 5001


def test_sequence_that_is_far_enough_stays(tmp_path: Path) -> None:
    first = Group.objects.create(name="first").pk

    load(tmp_path, make_group(first, "again"))

    assert Group.objects.create(name="next").pk == first + 1


@pytest.mark.postgresql
def test_sequence_that_is_too_far_behind_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(FixtureError) as caught:
        load(tmp_path, make_group(2_000_000_000, "far"))

    assert "numbers behind the keys of auth.auth_group, and no service may set it: let its owner run SELECT " in str(
        caught.value
    )
    assert not Group.objects.filter(name="far").exists()


def test_row_that_is_there_under_another_key_is_one_line_and_nothing_is_loaded(tmp_path: Path) -> None:
    Group.objects.create(pk=40, name="twice")

    with pytest.raises(IntegrityError) as caught:
        load(tmp_path, make_group(50, "new"), make_group(41, "twice"))

    assert isinstance(caught.value, FreeholdError)
    assert "Could not load auth.Group(pk=41): " in str(caught.value)
    assert str(caught.value).endswith(
        ". Nothing was loaded; rows with the same values may be there under other keys, such as the content types and "
        "permissions that migrate makes: dump with --natural-foreign --exclude contenttypes --exclude auth.permission"
    )
    assert "\n" not in str(caught.value)
    assert not Group.objects.filter(name="new").exists()


def test_key_that_leads_nowhere_is_one_line(tmp_path: Path) -> None:
    row = {"model": "master.category", "pk": "00000000-0000-4000-8000-000000000001"}
    fields = {"name": "Cups", "slug": "cups", "path": "x/cups", "parent": "00000000-0000-4000-8000-000000000002"}

    with pytest.raises(FixtureError) as caught:
        load(tmp_path, {**row, "fields": fields})

    assert "foreign key" in str(caught.value)
    assert str(caught.value).endswith(". Nothing was loaded")
    assert "\n" not in str(caught.value)
    assert not Category.objects.exists()


def test_service_that_may_not_write_the_table_is_one_line(tmp_path: Path) -> None:
    row = {"model": "master.category", "pk": "00000000-0000-4000-8000-000000000001"}

    with pytest.raises(ServiceError) as caught, acting_as("api"):
        load(tmp_path, {**row, "fields": {"name": "Cups", "slug": "cups", "path": "cups"}})

    assert "master" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_natural_keys_lead_to_what_migrate_made_under_other_numbers(tmp_path: Path) -> None:
    group = Group.objects.get(name="auditors")
    path = tmp_path / "groups.json"
    held = set(group.permissions.values_list("codename", flat=True))
    call_command("dumpdata", "auth.Group", output=str(path), use_natural_foreign_keys=True)
    group.permissions.clear()

    call_command("loaddata", str(path), verbosity=0)

    assert set(group.permissions.values_list("codename", flat=True)) == held != set()


def test_tests_of_this_page_run_as_a_service() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == ("admin_rw",)
