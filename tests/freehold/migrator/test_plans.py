"""What the engine asks by statements that are planned once, and migrations that deal with such statements too."""

from __future__ import annotations

import pytest
from django.db import DataError, connections, transaction

from freehold import plans
from freehold.acting import acting
from tests.freehold.migrator.estates import ALIAS, Estate
from tests.freehold.migrator.test_boundaries import HIDDEN, manor, write, write_manor
from tests.freehold.migrator.test_executor import refuse

__all__ = ["manor", "write_manor"]
pytestmark = pytest.mark.postgresql

# Words that are put together at run time, so that no text has them.
DROP = "DO $$ BEGIN EXECUTE 'DEAL' || 'LOCATE ALL'; END $$"
SPOIL = """DO $$
DECLARE found record;
BEGIN
    FOR found IN SELECT name, parameter_types FROM pg_catalog.pg_prepared_statements WHERE name LIKE 'freehold%' LOOP
        EXECUTE 'DEAL' || 'LOCATE ' || found.name;
        EXECUTE 'PRE' || 'PARE ' || found.name
            || coalesce(' (' || nullif(pg_catalog.array_to_string(found.parameter_types, ','), '') || ')', '')
            || ' AS SELECT NULL, NULL, NULL WHERE false';
    END LOOP;
END $$"""


@pytest.mark.parametrize("statement", ["DEALLOCATE ALL", "DISCARD PLANS; DEALLOCATE ALL", DROP])
def test_migration_that_drops_what_is_planned_is_applied(statement: str, manor: Estate) -> None:
    write(manor, statement, "CREATE TABLE app.pond ()")

    manor.migrate("meadow")

    assert {"app.meadow", "app.pond"} <= set(manor.tables)
    assert manor.history[-1][3] == "ok"


@pytest.mark.parametrize("spoil", [DROP, SPOIL], ids=["dropped", "made anew"])
def test_migration_that_spoils_what_is_planned_is_seen_by_what_it_did(spoil: str, manor: Estate) -> None:
    write(manor, spoil, HIDDEN.format(role="auth_owner", act="ALTER TABLE auth.manor ADD x int"), spoil)

    assert "changed auth.manor by another role" in refuse(manor, "meadow")
    assert "app.meadow" not in manor.tables
    assert "meadow.0001_meadow" not in manor.applied


def test_migrations_without_a_transaction_drop_what_is_planned_and_are_applied(manor: Estate) -> None:
    manor.write_sql("meadow", "0001_meadow", "CREATE TABLE app.meadow ()", DROP, atomic=False)
    manor.write_sql("meadow", "0002_pond", "CREATE TABLE app.pond ()")

    manor.migrate("meadow")

    assert {"app.meadow", "app.pond"} <= set(manor.tables)


def test_migration_without_a_transaction_drops_what_others_planned_and_is_applied_once(manor: Estate) -> None:
    manor.write_sql("meadow", "0001_meadow", "CREATE TABLE app.meadow ()")
    manor.write_sql("meadow", "0002_pond", "CREATE TABLE app.pond ()", DROP, "CREATE TABLE app.reed ()", atomic=False)

    manor.migrate("meadow")

    assert {"app.meadow", "app.pond", "app.reed"} <= set(manor.tables)
    assert manor.history[-1][3] == "ok"


WHEN_COMMITTED = (
    "CREATE TABLE app.meadow (id int)",
    "CREATE CONSTRAINT TRIGGER spoil AFTER INSERT ON app.meadow DEFERRABLE INITIALLY DEFERRED "
    "FOR EACH ROW EXECUTE FUNCTION app.spoil()",
    "INSERT INTO app.meadow VALUES (1)",
)
TRESPASS = HIDDEN.format(role="auth_owner", act="ALTER TABLE auth.manor ADD x int")


@pytest.mark.parametrize("spoil", [DROP, SPOIL], ids=["dropped", "made anew"])
def test_what_is_planned_and_spoiled_as_a_migration_is_committed_hides_nothing_of_the_next(
    spoil: str, manor: Estate
) -> None:
    body = spoil.removeprefix("DO $$").removesuffix("END $$") + "RETURN NULL; END"
    function = f"CREATE FUNCTION app.spoil() RETURNS trigger LANGUAGE plpgsql AS $body${body}$body$"
    manor.write_sql("meadow", "0001_meadow", function, *WHEN_COMMITTED)
    manor.write_table("meadow", "0002_pond", "Pond", "app.pond")  # Django's own: nothing it does could spoil any
    manor.write_sql("meadow", "0003_reed", TRESPASS)

    assert "changed auth.manor by another role" in refuse(manor, "meadow")
    assert manor.applied[-1] == "meadow.0002_pond"
    assert manor.query("SELECT tableowner FROM pg_tables WHERE tablename = 'pond'") == [("app_owner",)]
    manor.query("DROP FUNCTION app.spoil() CASCADE")


@pytest.mark.parametrize("spoil", [DROP, SPOIL], ids=["dropped", "made anew"])
def test_what_is_planned_and_spoiled_without_a_transaction_hides_nothing(spoil: str, manor: Estate) -> None:
    manor.write_sql("meadow", "0001_meadow", "CREATE TABLE app.meadow ()")
    manor.write_sql("meadow", "0002_pond", "CREATE TABLE app.pond ()", spoil, "CREATE TABLE app.reed ()", atomic=False)
    manor.write_sql("meadow", "0003_reed", TRESPASS)

    assert "changed auth.manor by another role" in refuse(manor, "meadow")
    assert manor.applied[-1] == "meadow.0002_pond"
    assert [each[3] for each in manor.history if each[0] == "meadow.0002_pond"][-1] == "ok"


@pytest.mark.parametrize("spoil", [DROP, SPOIL], ids=["dropped", "made anew"])
def test_failure_without_a_transaction_is_written_down_whatever_was_spoiled(spoil: str, manor: Estate) -> None:
    manor.write_sql("meadow", "0001_meadow", "CREATE TABLE app.meadow ()")
    manor.write_sql("meadow", "0002_pond", f"{spoil}; SELECT 1/0", atomic=False)

    with pytest.raises(DataError, match="division by zero"):
        manor.migrate("meadow")
    assert manor.history[-1][3] == "failed"


def test_what_was_planned_is_used_again_once_it_is_seen_to_stand(manor: Estate) -> None:
    connection, text = connections[ALIAS], "SELECT %(word)s::text"
    with acting(None), transaction.atomic(using=ALIAS):
        planned = plans.find_plan(connection, text)
        plans.doubt(connection)
        again = plans.find_plan(connection, text)
        plans.doubt(connection)
        with connection.cursor() as cursor:
            name = planned.removeprefix("EXECUTE ").partition("(")[0]
            cursor.execute(f"DEALLOCATE {name}; PREPARE {name} AS SELECT 'other'")
        spoiled = plans.find_plan(connection, text)

    assert planned.startswith("EXECUTE freehold_plan_")
    assert (again, spoiled) == (planned, "")


def test_name_that_was_taken_before_anything_is_planned_is_seen(manor: Estate) -> None:
    connection = connections[ALIAS]
    with acting(None), transaction.atomic(using=ALIAS), connection.cursor() as cursor:
        cursor.execute("PREPARE freehold_plan_0001 AS SELECT 1")
        plans.doubt(connection)

        assert plans.find_plan(connection, "SELECT 2") == ""


def test_statement_is_planned_once_in_a_session_and_none_outside_of_a_transaction(manor: Estate) -> None:
    connection = connections[ALIAS]
    text = "SELECT %(word)s::text || '%%'"

    outside = plans.fetch_planned(connection, text, word="a")
    with acting(None), transaction.atomic(using=ALIAS), connection.cursor() as cursor:
        rows = [plans.fetch_planned(connection, text, word=word) for word in ("a", "it's")]
        cursor.execute(
            "SELECT generic_plans FROM pg_prepared_statements WHERE strpos(statement, %s) > 0", ["$1::text ||"]
        )
        found = cursor.fetchall()

    assert (outside, rows, found) == ([("a%",)], [[("a%",)], [("it's%",)]], [(2,)])
