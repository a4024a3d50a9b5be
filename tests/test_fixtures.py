"""The demo data through dumpdata and loaddata, from one dialect to the other and back: the same rows."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from copy import deepcopy
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connections
from django.db.models import Model
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from auth_app.models import OAuthAccount, User
from freehold.management.fixtures import find_unfit
from items.models import Item
from tests.dialect import DIALECT
from tests.seeded import execute_as_superuser

STEPS = {"there": "sqlite", "back": DIALECT, "again": "sqlite"}


@pytest.fixture
def databases(django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[None]:
    """Databases of both dialects, freshly migrated, under the names of the steps."""
    default = deepcopy(connections.settings["default"])
    with django_db_blocker.unblock():
        for alias, dialect in STEPS.items():
            connections.settings[alias] = {**deepcopy(default), "NAME": f"fixtures_{alias}_{os.getpid()}"}
            if dialect == "sqlite":
                connections.settings[alias] |= {
                    "ENGINE": "freehold.backends.sqlite3",
                    "NAME": str(tmp_path / f"{alias}.db"),
                    "OPTIONS": {"schemas": default["OPTIONS"]["schemas"]},
                }
            else:
                execute_as_superuser(f"CREATE DATABASE {connections.settings[alias]['NAME']}")
            call_command("migrate", database=alias, verbosity=0)
        yield
        for alias, dialect in STEPS.items():
            connections[alias].close()
            del connections[alias]
            entry = connections.settings.pop(alias)
            if dialect == "postgresql":
                execute_as_superuser(f"DROP DATABASE {entry['NAME']} WITH (FORCE)")


def carry(path: Path, source: str, target: str, *labels: str, **options: Any) -> None:
    """Dump one database and load it into another."""
    call_command("dumpdata", *labels, database=source, output=str(path), verbosity=0, **options)
    call_command("loaddata", str(path), database=target, verbosity=0)


def read_rows(alias: str) -> dict[str, list[str]]:
    """Give every row of every table of the apps', column by column."""
    found: dict[str, list[str]] = {}
    for model in apps.get_models(include_auto_created=True):
        is_fixture = model._meta.app_label != "freehold" and model not in find_unfit()
        if not model._meta.proxy and model._meta.managed and is_fixture:
            rows = model._base_manager.using(alias).values(*list_columns(model))
            found[model._meta.label] = sorted(json.dumps(row, sort_keys=True, default=repr) for row in rows)
    return found


def list_columns(model: type[Model]) -> list[str]:
    """Give the columns, but for the number that a pair of keys lies under: no fixture has it."""
    fields = model._meta.local_concrete_fields
    return [field.attname for field in fields if not (model._meta.auto_created and field.primary_key)]


def add_what_no_seed_has(alias: str) -> None:
    """Add rows with numbers as keys, with microseconds, and between two tables."""
    user = User.objects.using(alias).order_by("email")[0]
    account = OAuthAccount(user=user, provider="github", subject="1", data={"name": "Ann"})
    account.last_login_at = timezone.now()
    account.save(using=alias)
    kind = ContentType.objects.using(alias).get(app_label="items", model="item")
    for number in range(3):
        entry = LogEntry(user=user, content_type=kind, action_flag=ADDITION, object_repr=f"item {number}")
        entry.save(using=alias)
    user.user_permissions.add(Permission.objects.using(alias).order_by("pk")[0])


def test_demo_data_come_through_both_dialects_and_back(seeded: str, databases: None, tmp_path: Path) -> None:
    """Each step has another format. Of the locations only those that items name: the others would take minutes."""
    places = set(Item.objects.using(seeded).exclude(location=None).values_list("location_id", flat=True))
    carry(tmp_path / "places.json", seeded, "there", "master.Location", primary_keys=",".join(map(str, places)))
    carry(tmp_path / "rest.json", seeded, "there", exclude=["master.Location"])
    before, there = read_rows(seeded), read_rows("there")
    assert len(there.pop("master.Location")) == len(places)
    del before["master.Location"]
    assert there == before
    assert all(there[name] for name in ("auth_app.User", "items.Item", "runs.Run", "auth.Group_permissions"))

    add_what_no_seed_has("there")
    carry(tmp_path / "there.xml", "there", "back", format="xml")
    assert read_rows("back") == read_rows("there")
    carry(tmp_path / "back.jsonl", "back", "again", format="jsonl")
    assert read_rows("again") == read_rows("there")

    for alias in ("back", "again"):  # numbers go on where the rows that were loaded end
        Group(name="made by hand").save(using=alias)
        ContentType(app_label="made", model="by hand").save(using=alias)
        LogEntry(user=User.objects.using(alias)[0], action_flag=ADDITION).save(using=alias)
        assert LogEntry.objects.using(alias).count() == 4


def test_fixture_of_everything_holds_nothing_of_the_engine(databases: None) -> None:
    output = StringIO()

    call_command("dumpdata", database="back", stdout=output)

    assert {row["model"].partition(".")[0] for row in json.loads(output.getvalue())} == {"auth", "contenttypes"}
