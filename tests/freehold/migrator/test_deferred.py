"""What a migration puts off to its end is in its transaction as well: where it fails, nothing is left."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from tests.freehold.migrator.estates import Estate

pytestmark = pytest.mark.postgresql
TABLE = """
    migrations.CreateModel("Gate", [
        ("id", models.BigAutoField(primary_key=True)),
        ("meadow", models.ForeignKey("meadow.Meadow", models.CASCADE, db_column="meadow_id")),
    ], options={"db_table": "app.gate"}),
    migrations.RunSQL("INSERT INTO app.gate (meadow_id) VALUES (4711)", migrations.RunSQL.noop),
"""


@pytest.mark.parametrize("atomic", [True, False])
def test_foreign_key_that_rows_contradict_leaves_nothing(atomic: bool, estate: Estate) -> None:
    estate.write_table("meadow", "0001_meadow", "Meadow", "app.meadow")
    estate.write("meadow", "0002_gate", TABLE if atomic else TABLE.replace("4711)", "4712)"), atomic=atomic)

    with pytest.raises(IntegrityError, match="meadow_id"):
        estate.migrate("meadow")

    assert estate.applied == ["meadow.0001_meadow"]
    assert estate.history[-1][3] == "failed"
    assert ("app.gate" in estate.tables) is not atomic
    assert estate.query("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND NOT convalidated") == [(0,)]
