"""What a move does to the state of models, and on SQLite to the tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import OperationWriter

from freehold.acting import acting
from freehold.errors import MigrationError
from freehold.operations import MoveTable

KEY = ("id", models.BigAutoField(primary_key=True))
MAKE = [
    migrations.CreateModel("Tag", [KEY], options={"db_table": "app.zz_tags"}),
    migrations.CreateModel(
        "Errand",
        [
            KEY,
            ("name", models.TextField()),
            ("above", models.ForeignKey("items.Errand", models.CASCADE, null=True)),
            ("tags", models.ManyToManyField("items.Tag")),
        ],
        options={"db_table": "auth.zz_runs"},
    ),
    migrations.CreateModel(
        "Step", [KEY, ("run", models.ForeignKey("items.Errand", models.CASCADE))], options={"db_table": "app.zz_steps"}
    ),
]
MOVE = MoveTable("auth.zz_runs", "app.zz_jobs", model="items.Errand")


@pytest.fixture
def as_owner() -> Iterator[None]:
    """Act as no service: it is the owner's work."""
    with acting(None):
        yield


def make_states() -> tuple[ProjectState, ProjectState]:
    """Give the state before and after the move."""
    before = ProjectState()
    for operation in MAKE:
        operation.state_forwards("items", before)
    after = before.clone()
    MOVE.state_forwards("runs", after)
    return before, after


def test_relations_follow_the_model() -> None:
    _, after = make_states()

    run = after.apps.get_model("runs", "Errand")

    assert ("items", "errand") not in after.models
    assert run._meta.db_table == "app.zz_jobs"
    assert run._meta.get_field("above").related_model is run
    assert after.apps.get_model("items", "Step")._meta.get_field("run").related_model is run
    assert run._meta.get_field("tags").remote_field.through._meta.db_table == "app.zz_jobs_tags"


def test_model_that_no_migration_makes_is_refused() -> None:
    with pytest.raises(MigrationError) as caught:
        MoveTable("a.b", "c.d", model="items.Gone").state_forwards("runs", ProjectState())

    assert str(caught.value) == "MoveTable names the model items.Gone, which no migration before it makes"


def test_model_of_that_name_in_the_other_app_is_refused() -> None:
    before, _ = make_states()
    migrations.CreateModel("Errand", [KEY]).state_forwards("runs", before)

    with pytest.raises(MigrationError) as caught:
        MOVE.state_forwards("runs", before)

    assert str(caught.value) == "MoveTable moves items.Errand into the app runs, which has a model of that name"


def test_operation_is_written_as_it_was_made() -> None:
    text, imports = OperationWriter(MoveTable("a.b", "c.d", model="e.F", view=False)).serialize()

    assert "".join(text.split()) == "freehold.operations.tables.MoveTable(old='a.b',new='c.d',model='e.F',view=False,),"
    assert imports == {"import freehold.operations.tables"}


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("as_owner")
def test_sqlite_renames_tables_and_foreign_keys_follow_there_and_back() -> None:
    before, after = make_states()
    ContentType.objects.create(app_label="items", model="errand", pk=7777)
    act(*MAKE)
    try:
        with connection.cursor() as cursor:
            cursor.execute("""INSERT INTO "auth.zz_runs" (id, name) VALUES (1, 'a')""")
            cursor.execute("""INSERT INTO "app.zz_steps" (id, run_id) VALUES (1, 1)""")
        with connection.schema_editor() as editor:
            MOVE.database_forwards("runs", editor, before, after)
        there, types = list_tables(), ContentType.objects.get(pk=7777).app_label
        steps = after.apps.get_model("items", "Step").objects.values_list("run__name", flat=True)
        assert list(steps) == ["a"]
        with connection.schema_editor() as editor:
            MOVE.database_backwards("runs", editor, after, before)

        assert there == ["app.zz_jobs", "app.zz_jobs_tags", "app.zz_steps", "app.zz_tags"]
        assert types == "runs"
        assert list_tables() == ["app.zz_steps", "app.zz_tags", "auth.zz_runs", "auth.zz_runs_tags"]
        assert ContentType.objects.get(pk=7777).app_label == "items"
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys = OFF")
            for name in list_tables():
                cursor.execute(f'DROP TABLE "{name}"')
            cursor.execute("PRAGMA foreign_keys = ON")


def act(*operations: Any) -> None:
    """Run operations of items."""
    state = ProjectState()
    for operation in operations:
        following = state.clone()
        operation.state_forwards("items", following)
        with connection.schema_editor() as editor:
            operation.database_forwards("items", editor, state, following)
        state = following


def list_tables() -> list[str]:
    """Give the tables that a test made."""
    return sorted(name for name in connection.introspection.table_names() if ".zz_" in name)
