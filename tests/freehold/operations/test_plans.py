"""Operations are written, planned and shown as Django's are."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import migrations, models
from django.db.migrations.writer import OperationWriter

from freehold.operations import AddCheck, AddForeignKey, ChangeColumnType, RenameColumn, SetNotNull
from tests.freehold.migrator.estates import ALIAS, Estate
from tests.freehold.operations.shops import CONTRACT, EXPAND, open_shop, write_steps

OPERATIONS = [
    RenameColumn("ware", "name", "title", "contract", batch_size=9),
    ChangeColumnType("ware", "size", models.IntegerField(), models.TextField(db_column="x"), forward={"sqlite": "1"}),
    SetNotNull("ware", "note", value="''"),
    AddCheck("ware", models.CheckConstraint(condition=models.Q(size__gt=1), name="large")),
    AddForeignKey("ware", "shelf", models.ForeignKey("meadow.shelf", models.CASCADE, null=True)),
]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: type(each).__name__)
def test_operation_is_written_as_it_was_given(operation: migrations.operations.base.Operation) -> None:
    text, imports = OperationWriter(operation, indentation=0).serialize()

    scope: dict[str, object] = {}
    exec("\n".join({*imports, "import freehold.operations", "from django.db import models"}), scope)  # our own text
    again = eval(text.strip().rstrip(","), scope)

    assert type(again) is type(operation)
    assert OperationWriter(again, indentation=0).serialize() == (text, imports)


@pytest.mark.postgresql
def test_plan_says_what_a_step_does(estate: Estate) -> None:
    open_shop(estate)
    write_steps(estate, EXPAND, CONTRACT)

    plan = estate.migrate("meadow", plan=True)

    assert "Expand: ware.name becomes title" in plan
    assert "Contract: ware.name becomes title" in plan


@pytest.mark.postgresql
def test_sqlmigrate_shows_no_sql_since_the_catalogue_decides_and_changes_nothing(estate: Estate) -> None:
    open_shop(estate)
    write_steps(estate, EXPAND, 'SetNotNull("ware", "note"),')
    output = StringIO()

    for name in ("0002_step", "0003_step"):
        call_command("sqlmigrate", "meadow", name, database=ALIAS, stdout=output, no_color=True)

    assert output.getvalue().count("-- THIS OPERATION CANNOT BE WRITTEN AS SQL") == 2
    assert estate.query("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'zz%'") == [(0,)]
