"""Each migration runs as the owner of its app's schema, and PostgreSQL refuses what belongs to another."""

from __future__ import annotations

from hashlib import sha256

import pytest
from django.db import DatabaseError, connections

from freehold.errors import MigrationError
from freehold.history.recording import get_code_version
from tests.freehold.migrator.estates import ALIAS, Estate

pytestmark = pytest.mark.postgresql

MANOR = ("manor", "0001_manor")
COLUMNS = "SELECT attname FROM pg_catalog.pg_attribute WHERE attrelid = 'auth.manor'::regclass AND attnum > 0"


def refuse(estate: Estate, *arguments: str) -> str:
    """Migrate, which must be refused; give the message."""
    with pytest.raises(MigrationError) as caught:
        estate.migrate(*arguments)
    return str(caught.value)


@pytest.fixture
def manor(estate: Estate) -> Estate:
    """The estate with table auth.manor, applied."""
    estate.write_table("manor", "0001_manor", "Manor", "auth.manor")
    estate.migrate("manor")
    return estate


# --- Whose it is -------------------------------------------------------------------------------------------------
def test_tables_belong_to_the_owner_of_their_apps_schema(estate: Estate) -> None:
    estate.write_table("manor", "0001_manor", "Manor", "auth.manor")
    estate.write_table("meadow", "0001_meadow", "Meadow", "app.meadow")

    estate.migrate("manor")
    estate.migrate("meadow")

    assert estate.tables == {"auth.manor": "auth_owner", "app.meadow": "app_owner"}
    assert estate.query("SELECT DISTINCT relowner::regrole::text FROM pg_class WHERE relname ~ '^meadow_(id_seq|pkey)'")
    assert estate.history == [
        ("manor.0001_manor", "up", "auth_owner", "ok", ""),
        ("meadow.0001_meadow", "up", "app_owner", "ok", ""),
    ]


def test_migrate_to_zero_and_forth_leaves_the_same(manor: Estate) -> None:
    catalogue = "SELECT relname, relowner::regrole::text, relacl::text FROM pg_class WHERE relname ~ 'manor'"
    before = set(manor.query(catalogue))

    manor.migrate("manor", "zero")
    gone = manor.tables, manor.applied, manor.query(catalogue)
    manor.migrate("manor")

    assert gone == ({}, [], [])
    assert set(manor.query(catalogue)) == before
    assert [row[:4] for row in manor.history] == [
        ("manor.0001_manor", "up", "auth_owner", "ok"),
        ("manor.0001_manor", "down", "auth_owner", "ok"),
        ("manor.0001_manor", "up", "auth_owner", "ok"),
    ]


def test_statements_of_a_migration_run_as_the_owner(estate: Estate) -> None:
    estate.write_sql("manor", "0001_manor", "CREATE TABLE auth.manor AS SELECT current_user::text, session_user::text")

    estate.migrate("manor")

    assert estate.query("TABLE auth.manor") == [("auth_owner", "migrator")]


def test_migrations_run_where_the_server_binds_values(estate: Estate) -> None:
    estate.write_table("manor", "0001_manor", "Manor", "auth.manor")
    connection = connections[ALIAS]
    connection.close()
    before = connection.settings_dict
    connection.settings_dict = {**before, "OPTIONS": {**before["OPTIONS"], "server_side_binding": True}}

    estate.migrate("manor")
    estate.migrate("manor", "zero")
    connection.close()
    connection.settings_dict = before

    assert [row[1:4] for row in estate.history] == [("up", "auth_owner", "ok"), ("down", "auth_owner", "ok")]


def test_services_get_their_rows_of_a_table_that_is_made_later(manor: Estate) -> None:
    words = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
    found = manor.query(
        "SELECT r, p FROM unnest('{web_rw,api_rw,admin_rw}'::text[]) r, unnest(%s::text[]) p "
        "WHERE has_table_privilege(r, 'auth.manor', p)",
        list(words),
    )

    assert set(found) == {(role, word) for role in ("web_rw", "admin_rw") for word in words[:4]}


def test_history_row_says_who_ran_what_when(manor: Estate) -> None:
    (row,) = manor.query(
        "SELECT kind, login, checksum, duration > interval '0', started_at <= now(), code_version "
        "FROM public.migration_history WHERE app = 'manor'"
    )

    file = manor.directory / manor.package / "manor" / "0001_manor.py"
    assert row == ("migrate", "migrator", sha256(file.read_bytes()).hexdigest(), True, True, get_code_version())


# --- Reaching into another's schema ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("statement", "target"),
    [
        ("ALTER TABLE auth.manor ADD COLUMN x int", "auth.manor (must be owner of table manor)"),
        ("DROP TABLE auth.manor", "auth.manor (must be owner of table manor)"),
        ("CREATE INDEX ON auth.manor (name)", "auth.manor (must be owner of table manor)"),
        ('ALTER TABLE "auth"."manor" DROP COLUMN name', "auth.manor (must be owner of table manor)"),
        ("CREATE TABLE auth.other ()", "auth.other (permission denied for schema auth)"),
        ("DELETE FROM auth.manor", "auth.manor (permission denied for table manor)"),
        ("TABLE auth.manor", "auth.manor (permission denied for table manor)"),
        ("TRUNCATE auth.manor", "auth.manor (permission denied for table manor)"),
        ("DROP TABLE master.locations", "master.locations (permission denied for schema master)"),
    ],
)
def test_migration_that_reaches_into_another_schema_is_refused_with_nothing_done(
    statement: str, target: str, manor: Estate
) -> None:
    manor.query("CREATE TABLE master.locations ()")
    manor.write_sql("meadow", "0001_meadow", "CREATE TABLE app.meadow (id bigint)", statement)
    before = (manor.tables, manor.applied, manor.query(COLUMNS))
    schema, reason = target.partition(".")[0], target.partition("(")[2].rstrip(")")

    assert refuse(manor, "meadow") == (
        f"migration meadow.0001_meadow, run as app_owner, may not touch {target}; nothing of it was applied. "
        f"Do it in a migration of an app of {schema}, or let a contract of {schema} allow it"
    )
    assert manor.output.splitlines()[-1] == "  Applying meadow.0001_meadow... FAILED"
    assert (manor.tables, manor.applied, manor.query(COLUMNS)) == before
    (failure,) = manor.history[1:]
    assert failure[:4] == ("meadow.0001_meadow", "up", "app_owner", "failed")
    assert failure[4].startswith(f"ProgrammingError: {reason}")


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("CREATE TABLE public.zz ()", "public.zz (permission denied for schema public)"),
        (
            "DELETE FROM public.django_migrations",
            "public.django_migrations (permission denied for table django_migrations)",
        ),
        (
            "DELETE FROM public.migration_history",
            "public.migration_history (permission denied for table migration_history)",
        ),
        ("DROP SCHEMA auth CASCADE", "that: must be owner of schema auth"),
        ("ALTER SCHEMA auth OWNER TO app_owner", "that: must be owner of schema auth"),
        ("CREATE ROLE zz", "that: permission denied to create role"),
        ("ALTER ROLE app_owner LOGIN", "that: permission denied"),  # from PostgreSQL 16 on: to alter role
    ],
)
def test_migration_that_touches_what_no_app_owns_is_refused(statement: str, reason: str, manor: Estate) -> None:
    manor.write_sql("meadow", "0001_meadow", statement)

    message = refuse(manor, "meadow")

    assert message.startswith(f"migration meadow.0001_meadow, run as app_owner, may not touch {reason}")
    assert "; nothing of it was applied. " in message
    assert (manor.tables, manor.applied) == ({"auth.manor": "auth_owner"}, ["manor.0001_manor"])


STOLEN = """
migrations.SeparateDatabaseAndState(state_operations=[
    migrations.CreateModel("Stolen", [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())],
        options={"db_table": "auth.manor"})]),
"""


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        ('migrations.AlterField("stolen", "name", models.CharField(max_length=9))', "must be owner of table manor"),
        ('migrations.AddField("stolen", "x", models.IntegerField(null=True))', "must be owner of table manor"),
        ('migrations.RemoveField("stolen", "name")', "must be owner of table manor"),
        ('migrations.AlterModelTable("stolen", "app.stolen")', "must be owner of table manor"),
        ('migrations.DeleteModel("stolen")', "must be owner of table manor"),
        (
            'migrations.RunPython(lambda apps, editor: apps.get_model("meadow", "Stolen")'
            '.objects.using("estate").create(name=""))',
            "permission denied for table manor",
        ),
    ],
)
def test_operation_on_a_table_of_another_schema_is_refused(operation: str, reason: str, manor: Estate) -> None:
    manor.write("meadow", "0001_meadow", f"{STOLEN}{operation}")

    message = refuse(manor, "meadow")

    assert message.startswith(f"migration meadow.0001_meadow, run as app_owner, may not touch auth.manor ({reason})")
    assert (manor.tables, manor.applied) == ({"auth.manor": "auth_owner"}, ["manor.0001_manor"])


@pytest.mark.parametrize(
    ("statement", "role"),
    [("SET ROLE auth_owner", "auth_owner"), ("SET LOCAL ROLE auth_owner", "auth_owner"), ("RESET ROLE", "migrator")],
)
def test_migration_that_takes_another_role_is_refused_with_nothing_done(
    statement: str, role: str, manor: Estate
) -> None:
    manor.write_sql("meadow", "0001_meadow", "CREATE TABLE app.meadow ()", statement)

    assert refuse(manor, "meadow") == (
        f"migration meadow.0001_meadow began as app_owner and ended as {role}: it sets or resets its role, and may "
        f"not; take that out of it"
    )
    assert (manor.tables, manor.applied) == ({"auth.manor": "auth_owner"}, ["manor.0001_manor"])
    assert [row[3] for row in manor.history] == ["ok", "failed"]


def test_refused_migration_leaves_those_before_it_applied(manor: Estate) -> None:
    manor.write_table("meadow", "0001_meadow", "Meadow", "app.meadow")
    manor.write_sql("meadow", "0002_reach", "DROP TABLE auth.manor")
    manor.write_table("meadow", "0003_more", "More", "app.more")

    refuse(manor, "meadow")

    assert manor.applied == ["manor.0001_manor", "meadow.0001_meadow"]
    assert manor.tables == {"auth.manor": "auth_owner", "app.meadow": "app_owner"}


def test_refused_way_down_leaves_the_migration_applied(manor: Estate) -> None:
    manor.write_sql("meadow", "0001_meadow", "CREATE TABLE app.meadow ()", back="DROP TABLE auth.manor")
    manor.migrate("meadow")

    assert refuse(manor, "meadow", "zero").startswith("migration meadow.0001_meadow, run as app_owner, may not touch")
    assert manor.applied == ["manor.0001_manor", "meadow.0001_meadow"]
    assert manor.history[-1][1:4] == ("down", "app_owner", "failed")


def test_broken_migration_is_written_down_with_its_error(manor: Estate) -> None:
    manor.write_sql("meadow", "0001_meadow", "CREATE TABLE app.meadow ()", "SELECT 1/0")

    with pytest.raises(DatabaseError):
        manor.migrate("meadow")

    assert manor.tables == {"auth.manor": "auth_owner"}
    assert manor.history[-1] == ("meadow.0001_meadow", "up", "app_owner", "failed", "DataError: division by zero")


def test_connection_is_the_migrators_again_after_a_refusal(manor: Estate) -> None:
    manor.write_sql("meadow", "0001_meadow", "DROP TABLE auth.manor")
    refuse(manor, "meadow")
    manor.write_table("manor", "0002_more", "More", "auth.more")

    manor.migrate("manor")

    assert manor.tables == {"auth.manor": "auth_owner", "auth.more": "auth_owner"}


# --- Contracts -----------------------------------------------------------------------------------------------------
FOREIGN_KEY = """
migrations.CreateModel("Meadow", [
    ("id", models.BigAutoField(primary_key=True)),
    ("manor", models.ForeignKey("manor.Manor", models.DB_CASCADE)),
], options={"db_table": "app.meadow"})
"""


def test_foreign_key_that_a_contract_allows_is_made_in_one_run(estate: Estate) -> None:
    estate.write_table("manor", "0001_manor", "Manor", "auth.manor")
    estate.write("meadow", "0001_meadow", FOREIGN_KEY, after=(MANOR,))

    estate.migrate("meadow")

    assert estate.applied == ["manor.0001_manor", "meadow.0001_meadow"]
    assert estate.query(
        "SELECT confrelid::regclass::text FROM pg_constraint WHERE conrelid = 'app.meadow'::regclass AND contype = 'f'"
    ) == [("auth.manor",)]


def test_foreign_key_to_a_column_without_a_contract_is_refused_with_nothing_done(manor: Estate) -> None:
    manor.query("ALTER TABLE auth.manor ADD UNIQUE (name)")
    manor.write_sql(
        "meadow", "0001_meadow", "CREATE TABLE app.meadow (name text REFERENCES auth.manor (name))", after=(MANOR,)
    )

    assert refuse(manor, "meadow") == (
        "migration meadow.0001_meadow, run as app_owner, may not touch auth.manor (permission denied for table manor); "
        "nothing of it was applied. Do it in a migration of an app of auth, or let a contract of auth allow it"
    )
    assert manor.tables == {"auth.manor": "auth_owner"}


def test_contract_lets_reference_and_not_read(manor: Estate) -> None:
    manor.write_sql("meadow", "0001_meadow", "CREATE TABLE app.meadow AS SELECT id FROM auth.manor")

    assert "may not touch auth.manor (permission denied for table manor)" in refuse(manor, "meadow")


def test_contract_is_granted_again_on_a_table_that_was_made_anew(manor: Estate) -> None:
    granted = "SELECT has_column_privilege('app_owner', 'auth.manor', 'id', 'REFERENCES')"
    first = manor.query(granted)

    output = manor.migrate("manor", "zero")
    assert "  Contracts wait for what does not exist yet: auth.manor (id)" in output.splitlines()
    output = manor.migrate("manor")
    assert "  Grant REFERENCES on auth.manor (id) to app_owner" in output.splitlines()

    assert (first, manor.query(granted)) == ([(True,)], [(True,)])


# --- Without a transaction -----------------------------------------------------------------------------------------
def test_index_is_made_concurrently_as_the_owner(manor: Estate) -> None:
    operation = 'AddIndexConcurrently("manor", models.Index(fields=["name"], name="manor_name_idx"))'
    manor.write("manor", "0002_index", operation, atomic=False)

    manor.migrate("manor")
    owner = manor.query("SELECT relowner::regrole::text FROM pg_class WHERE relname = 'manor_name_idx'")
    manor.migrate("manor", "0001")

    assert owner == [("auth_owner",)]
    assert manor.query("SELECT FROM pg_class WHERE relname = 'manor_name_idx'") == []
    rows = [row[1:4] for row in manor.history[1:] if row[3] != "part"]
    assert rows == [("up", "auth_owner", "ok"), ("down", "auth_owner", "ok")]


def test_refused_migration_without_a_transaction_says_that_it_may_have_left_something(manor: Estate) -> None:
    manor.write_sql("meadow", "0001_meadow", "CREATE TABLE app.meadow ()", "DROP TABLE auth.manor", atomic=False)

    assert refuse(manor, "meadow") == (
        "migration meadow.0001_meadow, run as app_owner, may not touch auth.manor (must be owner of table manor); it "
        "runs without a transaction: see what it left behind. Do it in a migration of an app of auth, or let a "
        "contract of auth allow it"
    )
    assert manor.tables == {"auth.manor": "auth_owner", "app.meadow": "app_owner"}
    assert manor.history[-1][3] == "failed"


# --- The map -------------------------------------------------------------------------------------------------------
def test_app_that_no_schema_names_is_refused_before_anything_runs(estate: Estate) -> None:
    estate.write_table("manor", "0001_manor", "Manor", "auth.manor")
    estate.write("stray", "0001_stray", 'migrations.RunSQL("SELECT 1"),', after=(MANOR,))

    assert refuse(estate, "stray") == (
        "app stray has migrations (0001_stray) and lies in no schema of the ownership map, so that nobody owns its "
        "tables: add it to a schema's apps, or to its places where it is not yours, or say managed = False in "
        "models that describe another's tables; nothing was applied"
    )
    assert (estate.tables, estate.history) == ({}, [])
