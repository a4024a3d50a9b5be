"""What a rollback may lose, it asks about: it goes on by itself only where it is known that nothing is lost."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.dialect import DIALECT
from tests.freehold.migrator.estates import Estate
from tests.freehold.migrator.test_rollback import fail, roll_back

IS_POSTGRESQL = DIALECT == "postgresql"
MEADOW = "app.meadow" if IS_POSTGRESQL else '"app.meadow"'
NOTE = 'migrations.AddField("meadow", "note", models.TextField(null=True))'
ADD = f"migrations.RunSQL('ALTER TABLE {MEADOW} ADD note text', 'ALTER TABLE {MEADOW} DROP note'"
REAL = "double precision" if IS_POSTGRESQL else "real"
SEPARATE = "migrations.SeparateDatabaseAndState"


@pytest.fixture
def meadow(land: Estate) -> Estate:
    """An estate with table app.meadow."""
    land.write_table("meadow", "0001_meadow", "Meadow", "app.meadow")
    land.migrate("meadow")
    return land


def plan(*arguments: str) -> list[str]:
    """Give what would be lost."""
    return [line.strip() for line in roll_back(*arguments, "--plan") if line.startswith("    ")]


def plan_back(meadow: Estate, *statements: str) -> list[str]:
    """Give what is said about statements on a way back, which are not run."""
    for number, statement in enumerate(statements):
        meadow.write_sql("meadow", f"0002_part_{number:02}", "SELECT 1", back=statement)
    meadow.migrate("meadow")
    return plan("--steps", str(len(statements)))


# --- Statements --------------------------------------------------------------------------------------------------
UNKNOWN = [
    "DO $$ BEGIN EXECUTE 'TRUNCATE app.meadow'; END $$",
    "SELECT app.zz_wipe()",
    "SELECT count(*) FROM app.zz_wiping_view",
    "CALL app.zz_wipe()",
    "WITH gone AS (DELETE FROM app.meadow RETURNING 1) SELECT 1",
    "INSERT INTO app.meadow (name) VALUES ('a') ON CONFLICT (id) DO UPDATE SET name = 'b'",
    "DROP TYPE app.zz CASCADE",
    "DROP SCHEMA app CASCADE",
    "DROP FUNCTION app.zz() CASCADE",
    "DROP TABLE app.meadow CASCADE",
    "DROP SEQUENCE app.zz",
    "DROP MATERIALIZED VIEW app.zz",
    "DROP OWNED BY app_owner",
    "ALTER TYPE app.zz DROP ATTRIBUTE note",
    "ALTER TABLE app.meadow ALTER name TYPE varchar(2) USING left(name, 2)",
    "ALTER TABLE app.meadow ADD wiped boolean DEFAULT app.zz_wipe()",
    "ALTER TABLE app.meadow ADD CHECK (app.zz_wipe())",
    "CREATE TABLE app.zz AS SELECT app.zz_wipe()",
    "REFRESH MATERIALIZED VIEW app.zz",
    "COPY app.meadow FROM PROGRAM 'true'",
    "MERGE INTO app.meadow AS m USING app.meadow AS n ON m.id = n.id WHEN MATCHED THEN DELETE",
    "tRuNcAtE /* a comment */ app.meadow",
    "PRAGMA writable_schema = 1",
]
HARMLESS = [
    "SELECT 2",
    "DROP INDEX CONCURRENTLY IF EXISTS app.zz_idx",
    "DROP VIEW app.zz, app.zz_more",
    "DROP FUNCTION IF EXISTS app.zz(integer)",
    "DROP TYPE app.zz",
    "CREATE OR REPLACE FUNCTION app.zz() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DELETE FROM app.meadow; END $$",
    "CREATE TABLE app.zz (id bigint GENERATED ALWAYS AS IDENTITY, note text DEFAULT 'CASCADE')",
    "CREATE UNIQUE INDEX zz_idx ON app.meadow (lower(name))",
    "ALTER TABLE app.meadow ADD COLUMN size numeric(10, 2) NOT NULL DEFAULT 0, ADD UNIQUE (name)",
    "ALTER TABLE app.meadow ADD CONSTRAINT zz FOREIGN KEY (id) REFERENCES app.field (id) ON DELETE CASCADE",
    "ALTER TABLE IF EXISTS ONLY app.meadow DROP CONSTRAINT IF EXISTS zz, ALTER COLUMN name SET DEFAULT ''",
    "COMMENT ON TABLE app.meadow IS 'DROP TABLE app.meadow CASCADE'",
    "REVOKE ALL ON app.meadow FROM web_rw CASCADE",
    "SET LOCAL lock_timeout = '1s'; DROP TRIGGER zz ON app.meadow",
]


def test_statement_that_is_not_known_to_lose_nothing_is_named(meadow: Estate) -> None:
    assert plan_back(meadow, *UNKNOWN) == [f"runs SQL: {each}"[:109] for each in reversed(UNKNOWN)]
    assert fail("--steps", "1").startswith(
        "the rollback may lose data (meadow.0002_part_22: runs SQL: PRAGMA writable_schema = 1); nothing was changed."
    )


def test_statement_that_is_known_to_lose_nothing_is_not_asked_about(meadow: Estate) -> None:
    assert plan_back(meadow, *HARMLESS) == []


@pytest.mark.parametrize(
    "drop",
    [
        "DROP name",
        "DROP COLUMN IF EXISTS name RESTRICT",
        'ADD more integer, DROP "name"',
        "dRoP -- COLUMN\nname",
    ],
    ids=["short", "long", "among others", "with comments"],
)
def test_values_that_sql_drops_are_counted_though_the_models_know_nothing_of_it(drop: str, meadow: Estate) -> None:
    assert plan_back(meadow, f"ALTER TABLE {MEADOW} {drop}") == []
    meadow.query(f"INSERT INTO {MEADOW} (name) VALUES ('a')")

    assert plan("--steps", "1") == ["loses 1 value of app.meadow name"]


def test_rows_of_tables_that_sql_drops_are_counted(meadow: Estate) -> None:
    meadow.query(f"INSERT INTO {MEADOW} (name) VALUES ('a')")

    assert plan_back(meadow, f"DROP TABLE IF EXISTS {MEADOW}", f"DROP TABLE {MEADOW}, {MEADOW}") == [
        "loses 1 row of app.meadow",
        "loses 1 row of app.meadow",
    ]


def test_statement_beside_a_drop_that_the_models_know_is_named_too(meadow: Estate) -> None:
    back = f"ALTER TABLE {MEADOW} DROP note; DELETE FROM {MEADOW}"
    meadow.write("meadow", "0002_note", ADD.replace(f"ALTER TABLE {MEADOW} DROP note", back) + f", [{NOTE}]),")
    meadow.migrate("meadow")

    assert plan("--steps", "1") == [f"runs SQL: DELETE FROM {MEADOW}"]


def test_names_that_are_not_ascii_are_counted_as_the_server_has_them(meadow: Estate) -> None:
    meadow.query(f'ALTER TABLE {MEADOW} ADD "Ärger" text')
    assert plan_back(meadow, f"ALTER TABLE {MEADOW} DROP Ärger") == []
    meadow.query(f"INSERT INTO {MEADOW} (name, \"Ärger\") VALUES ('a', 'b')")

    assert plan("--steps", "1") == ["loses 1 value of app.meadow Ärger"]


def test_what_sql_drops_after_a_name_changed_can_not_be_counted(meadow: Estate) -> None:
    meadow.write_sql("meadow", "0002_part", "SELECT 1", back=f"DROP TABLE IF EXISTS {MEADOW}")
    meadow.write("meadow", "0003_field", 'migrations.AlterModelTable("meadow", "app.field"),')
    meadow.migrate("meadow")

    assert plan("--steps", "2") == [
        "may lose rows of app.meadow, which can't be counted: another migration renames something before"
    ]


# --- State operations --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "operations",
    [
        f"{ADD}, state_operations=[{NOTE}]),",
        f"{SEPARATE}([{ADD})], [{NOTE}]),",
        f"{SEPARATE}([{SEPARATE}([{SEPARATE}([{ADD})], [])], [])], [{NOTE}]),",
        f"{SEPARATE}([{ADD})], [{SEPARATE}([], [{SEPARATE}([], [{NOTE}])])]),",
        f"{ADD}), {SEPARATE}(state_operations=[{NOTE}]),",
        f"{SEPARATE}([{SEPARATE}([{NOTE}], [])], [{NOTE}]),",
    ],
    ids=["of RunSQL", "separate", "database three deep", "state three deep", "beside", "Django's two deep"],
)
def test_what_state_operations_take_away_is_counted(operations: str, meadow: Estate) -> None:
    meadow.write("meadow", "0002_note", operations)
    meadow.migrate("meadow")
    meadow.query(f"INSERT INTO {MEADOW} (name, note) VALUES ('a', 'b')")

    message = fail("--steps", "1")
    kept = meadow.query(f"SELECT note FROM {MEADOW}")

    assert message.startswith(
        "the rollback would lose data (meadow.0002_note: 1 value of app.meadow note); nothing was"
    )
    assert kept == [("b",)]


@pytest.mark.parametrize(
    ("operation", "lost"),
    [
        ('migrations.RemoveField("meadow", "note")', "1 value of app.meadow note"),
        ('migrations.DeleteModel("meadow")', "1 row of app.meadow"),
    ],
    ids=["column", "table"],
)
def test_what_state_operations_alone_took_from_the_models_is_counted(operation: str, lost: str, meadow: Estate) -> None:
    meadow.write("meadow", "0002_note", f"{NOTE},")
    meadow.write("meadow", "0003_forget", f"{SEPARATE}(state_operations=[{operation}]),")
    meadow.migrate("meadow")
    meadow.query(f"INSERT INTO {MEADOW} (name, note) VALUES ('a', 'b')")

    assert f"loses {lost}" in plan("--to", "meadow", "zero")


def test_column_that_is_gone_and_comes_back_empty_is_not_asked_about(meadow: Estate) -> None:
    meadow.write("meadow", "0002_note", f"{NOTE},")
    meadow.write("meadow", "0003_forget", 'migrations.RemoveField("meadow", "note"),')
    meadow.migrate("meadow")
    meadow.query(f"INSERT INTO {MEADOW} (name) VALUES ('a')")

    roll_back("--steps", "2")

    assert meadow.applied == ["meadow.0001_meadow"]


@pytest.mark.parametrize(
    ("before", "after", "types"),
    [
        ("CharField(max_length=2, null=True)", "TextField(null=True)", ("varchar(2)", "text")),
        (
            "IntegerField(null=True)",
            "FloatField(null=True)",
            ("integer", REAL),
        ),
        ("DateField(null=True)", "TextField(null=True)", ("date", "text")),
        ("SlugField(max_length=2, null=True)", "CharField(max_length=9, null=True)", ("varchar(2)", "varchar(9)")),
        ("CharField(max_length=2, null=True)", "CharField(max_length=9, null=True)", None),
        ("PositiveIntegerField(null=True)", "IntegerField(null=True)", None),
        ("IntegerField(null=True)", "BigIntegerField(null=True)", None),
        ("TextField(null=True)", "TextField(null=True, db_index=True)", None),
    ],
    ids=["cut", "rounded", "read", "cast", "longer", "signed", "larger", "same"],
)
def test_values_that_get_a_type_back_which_may_not_hold_them_are_counted(
    before: str, after: str, types: tuple[str, str] | None, meadow: Estate
) -> None:
    meadow.write("meadow", "0002_part", f'migrations.AddField("meadow", "part", models.{before}),')
    meadow.write("meadow", "0003_part", f'migrations.AlterField("meadow", "part", models.{after}),')
    meadow.migrate("meadow")
    empty = plan("--steps", "1")
    meadow.query(f"INSERT INTO {MEADOW} (name, part) VALUES ('a', {'2' if 'Integer' in before else repr('2')})")

    assert empty == []
    lines = [f"may change 1 value of app.meadow part ({types[1]} to {types[0]})"] if types else []
    assert plan("--steps", "1") == lines


OWN = """
    type("Wipe", (migrations.operations.base.Operation,), {
        "state_forwards": lambda *a: None, "database_forwards": lambda *a: None,
        "database_backwards": lambda *a: None, "describe": lambda self: "Wipe",
    })(),
"""


@pytest.mark.parametrize(
    ("operations", "line"),
    [(OWN, "runs code: Wipe"), (f"{SEPARATE}([{SEPARATE}([{OWN}], [])], []),", "runs code: Wipe")],
    ids=["own", "two deep"],
)
def test_operation_of_unknown_making_is_named(operations: str, line: str, meadow: Estate) -> None:
    meadow.write("meadow", "0002_own", operations)
    meadow.migrate("meadow")

    assert plan("--steps", "1") == [line]


# --- What can't be counted ---------------------------------------------------------------------------------------
@pytest.mark.sqlite
@pytest.mark.skipif(IS_POSTGRESQL, reason="its words are SQLite's")
def test_table_that_is_not_there_can_not_be_counted(meadow: Estate) -> None:
    meadow.query(f"ALTER TABLE {MEADOW} RENAME TO hidden")

    assert plan("--steps", "1") == ["may lose rows of app.meadow, which can't be counted: no such table: app.meadow"]


@pytest.mark.postgresql
@pytest.mark.skipif(not IS_POSTGRESQL, reason="locks and rights are PostgreSQL's")
class TestOnPostgreSQL:
    def test_table_that_is_locked_can_not_be_counted(self, meadow: Estate, settings: Any) -> None:
        settings.MIGRATION_LOCK_TIMEOUT = "200ms"
        meadow.query("INSERT INTO app.meadow (name) VALUES ('a')")
        with psycopg.connect(**meadow.server) as other:
            other.execute("LOCK TABLE app.meadow IN ACCESS EXCLUSIVE MODE")
            message = fail("--steps", "1")

        assert message.startswith(
            "the rollback may lose data (meadow.0001_meadow: may lose rows of app.meadow, which can't be counted: "
            "canceling statement due to lock timeout); nothing was changed."
        )
        assert meadow.query("SELECT name FROM app.meadow") == [("a",)]

    @pytest.mark.parametrize(
        ("statement", "why"),
        [
            ("REVOKE SELECT ON app.meadow FROM app_owner", "permission denied for table meadow"),
            (
                "ALTER TABLE app.meadow ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
                "row-level security hides rows from their owner",
            ),
            ("ALTER TABLE app.meadow RENAME TO zz_meadow", 'relation "app.meadow" does not exist'),
        ],
        ids=["no right", "hidden rows", "no table"],
    )
    def test_what_the_owner_does_not_see_can_not_be_counted(self, statement: str, why: str, meadow: Estate) -> None:
        meadow.query("INSERT INTO app.meadow (name) VALUES ('a')")
        meadow.query(statement)

        assert plan("--steps", "1") == [f"may lose rows of app.meadow, which can't be counted: {why}"]

    def test_rows_that_the_owners_policy_shows_are_counted(self, meadow: Estate) -> None:
        meadow.query("INSERT INTO app.meadow (name) VALUES ('a')")
        meadow.query("ALTER TABLE app.meadow ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        meadow.query("CREATE POLICY owner ON app.meadow TO app_owner USING (true)")

        assert plan("--steps", "1") == ["loses 1 row of app.meadow"]
