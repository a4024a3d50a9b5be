"""What the definition of a trigger follows beside its table: a migration that renames it is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from types import SimpleNamespace

import psycopg
import pytest
from django.db.migrations import Migration, RunSQL

from freehold.history.changes import COUNTS, Changes, find_touched
from freehold.history.standing import SORTS
from tests.freehold.estates import Parameters
from tests.freehold.rights.estates import Estate
from tests.freehold.rights.test_structure import make_estate

pytestmark = pytest.mark.postgresql
OBJECTS = """
    DROP RULE kept ON field.hedge;
    DROP FUNCTION field.sum_up;
    CREATE TYPE field.state AS ENUM ('old', 'new');
    CREATE TYPE field.spot AS (row int, col int);
    CREATE FUNCTION field.is_far(int) RETURNS bool LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 3';
    CREATE TABLE field.fence (id int PRIMARY KEY, state field.state, spot field.spot);
    CREATE TRIGGER worn BEFORE UPDATE ON field.fence FOR EACH ROW WHEN (OLD.state = 'old')
        EXECUTE FUNCTION field.watch();
    CREATE TRIGGER moved BEFORE UPDATE ON field.fence FOR EACH ROW WHEN ((OLD.spot).row > 1)
        EXECUTE FUNCTION field.watch();
    CREATE TRIGGER far BEFORE UPDATE ON field.fence FOR EACH ROW WHEN (field.is_far(OLD.id))
        EXECUTE FUNCTION field.watch();
"""
BODY = "CREATE FUNCTION field.is_old(field.state) RETURNS bool LANGUAGE sql RETURN $1 = 'old'"
FOLLOWED = {
    "value": "ALTER TYPE field.state RENAME VALUE 'old' TO 'worn'",
    "attribute": "ALTER TYPE field.spot RENAME ATTRIBUTE row TO line",
    "type": "ALTER TYPE field.state RENAME TO condition",
    "function": "ALTER FUNCTION field.watch RENAME TO look",
    "function of the condition": "ALTER FUNCTION field.is_far RENAME TO is_away",
    "column": "ALTER TABLE field.fence RENAME id TO number",
}


@pytest.fixture(scope="module")
def followed(
    server: Parameters, module_patch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Estate]:
    with make_estate(server, module_patch, tmp_path_factory.mktemp("followed")) as estate:
        estate.execute(OBJECTS)
        yield estate


@pytest.mark.parametrize("others", ["", BODY], ids=["triggers", "a body beside"])
@pytest.mark.parametrize("what", FOLLOWED)
def test_definition_that_follows_another_name_is_read_again(what: str, others: str, followed: Estate) -> None:
    with followed.connect() as session, session.transaction(force_rollback=True):
        session.execute(others)  # type: ignore[call-overload]
        changes = watch(session, followed)
        changes.begin(has_record=False)
        standing = changes.standing
        assert standing is not None
        before = count(session)
        session.execute(FOLLOWED[what])  # type: ignore[call-overload]
        touched = find_touched(before, count(session), written_as(FOLLOWED[what]))

        assert changes.read_again(standing, touched)[0] == changes.read(SORTS)
        assert changes.read(SORTS) != standing


def watch(session: psycopg.Connection, estate: Estate) -> Changes:
    """Give the changes of a run over this session."""
    connection = SimpleNamespace(
        vendor="postgresql",
        connection=session,
        cursor=session.cursor,
        wrap_database_errors=nullcontext(),
        in_atomic_block=False,
        settings_dict={"OPTIONS": {"server_side_binding": True}},  # its cursors send values beside the text
    )
    return Changes(connection, estate.ownership.migrated_names)  # type: ignore[arg-type] # it speaks as Django's


def count(session: psycopg.Connection) -> str | None:
    row = session.execute(f"SELECT {COUNTS}").fetchone()  # type: ignore[call-overload]
    assert row
    return row[0]


def written_as(statement: str) -> Migration:
    migration = Migration("0001_all", "meadow")
    migration.operations = [RunSQL(statement)]
    return migration
