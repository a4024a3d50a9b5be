"""A pair of files in a transaction of its own, in a migration that has none: all of it or nothing."""

from __future__ import annotations

import pytest

from tests.dialect import DIALECT
from tests.freehold.operations.test_files import NO_TABLE, TABLE, fail
from tests.freehold.operations.yards import Yard


@pytest.mark.parametrize("count", [2, 300])
def test_file_in_a_transaction_of_its_own_is_whole_or_nothing(yard: Yard, count: int) -> None:
    yard.write_pair("meadow", "table", TABLE, NO_TABLE)
    table = "app.meadow" if DIALECT == "postgresql" else '"app.meadow"'
    rows = "".join(f"INSERT INTO app.meadow (id, note) VALUES ({number}, 'x');\n" for number in range(count))
    yard.write_pair("meadow", "rows", rows + "SELECT * FROM nowhere;", options=", atomic=True", atomic=False)

    fail(yard, "meadow")

    assert yard.query(f"SELECT count(*) FROM {table}") == [(0,)]
    (yard.directory / yard.package / "meadow" / "sql" / "20260301120000_rows.up.sql").write_text(rows)
    yard.migrate("meadow")
    assert yard.query(f"SELECT count(*) FROM {table}") == [(count,)]
