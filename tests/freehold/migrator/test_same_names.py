"""`IF NOT EXISTS` over something else of the name is refused, in a transaction or without; over the same it passes."""

from __future__ import annotations

import pytest

from tests.dialect import DIALECT
from tests.freehold.migrator.estates import Estate
from tests.freehold.migrator.test_executor import refuse

IS_POSTGRESQL = DIALECT == "postgresql"
MEADOW, GATE, INDEX = (
    ("app.meadow", "app.gate", "app.gate_name_idx")
    if IS_POSTGRESQL
    else ('"app.meadow"', '"app.gate"', "gate_name_idx")
)
HEDGE = "app.hedge" if IS_POSTGRESQL else "hedge"
MAKE = f"CREATE TABLE IF NOT EXISTS {GATE} (id integer PRIMARY KEY, name text NOT NULL DEFAULT 'a' UNIQUE)"
MAKE_INDEX = f"CREATE INDEX IF NOT EXISTS gate_name_idx ON {GATE} (name)"
COLUMNS = ("id integer primary key,", "name text unique not null", "default 'a'")
PARTED = "(id int) PARTITION BY LIST (id); CREATE TABLE {}app.gate_1 PARTITION OF app.gate DEFAULT"
WAY_OUT = ". Rename or drop the one, or give the other another name, and run migrate again"
TABLES = [  # what there is, and what is said of it and of the statement
    ("(id integer PRIMARY KEY, name integer NOT NULL DEFAULT 1 UNIQUE)", "column name integer", "column name text"),
    ("(id integer PRIMARY KEY, name text UNIQUE)", "column name text", "column name text NOT NULL"),
    ("(id integer PRIMARY KEY, name text NOT NULL DEFAULT 'a')", "nothing of that", "UNIQUE"),
    ("(name text NOT NULL DEFAULT 'a' UNIQUE)", "nothing of that", "column id integer"),
]
INDEXES = [
    f"CREATE INDEX gate_name_idx ON {GATE} (id)",
    f"CREATE UNIQUE INDEX gate_name_idx ON {GATE} (name)",
    f"CREATE INDEX gate_name_idx ON {GATE} (name DESC)",
    f"CREATE INDEX gate_name_idx ON {GATE} (name) WHERE id > 5",
    f"CREATE INDEX gate_name_idx ON {MEADOW} (name)",
]
SAME = [
    (f"CREATE TABLE {GATE} (name TEXT DEFAULT 'a' NOT NULL UNIQUE, id integer, PRIMARY KEY (id))", MAKE),
    (f"{MAKE}; ALTER TABLE {GATE} ADD COLUMN up integer REFERENCES {MEADOW}", MAKE),
    (MAKE, f"create /* a */ table if not exists {GATE} (-- b\n{' '.join(COLUMNS)})"),
    (f"{MAKE}; CREATE INDEX gate_name_idx ON {GATE} (name ASC)", MAKE_INDEX),
    (f"{MAKE}; {MAKE_INDEX}", MAKE_INDEX.replace("gate_name_idx", '"gate_name_idx"') + "; -- again"),
]  # fmt: skip
BODIES = [  # each made with a table that is there
    "(id integer PRIMARY KEY, tags text NOT NULL DEFAULT '{}')",
    "(id integer PRIMARY KEY, tags text NOT NULL DEFAULT '{\"a\": 1}')",
    "(id integer CONSTRAINT gate_pk PRIMARY KEY, tags text)",
    "(id integer PRIMARY KEY, tags text, CONSTRAINT gate_tags_key UNIQUE (tags))",
    "(id integer PRIMARY KEY, tags text CONSTRAINT c CHECK (tags <> ''))",
    f"(id integer PRIMARY KEY, up integer CONSTRAINT k REFERENCES {MEADOW} ON DELETE SET NULL, n integer)",
]
as_owner = "SET ROLE app_owner; " if IS_POSTGRESQL else ""
atomic_or_not = pytest.mark.parametrize("atomic", [True, False], ids=["atomic", "not_atomic"])


@pytest.fixture
def meadow(land: Estate) -> Estate:
    """The estate with table app.meadow, whose migration is applied."""
    land.write_table("meadow", "0001_meadow", "Meadow", "app.meadow")
    land.migrate("meadow")
    return land


def make(estate: Estate, script: str) -> None:
    """Run statements as the owner, past migrate."""
    for statement in [f"{as_owner}{script}"] if IS_POSTGRESQL else script.split("; "):
        estate.query(statement)


@atomic_or_not
@pytest.mark.parametrize(("columns", "found", "wanted"), TABLES)
def test_other_table_of_the_name_is_refused_each_time(
    columns: str, found: str, wanted: str, atomic: bool, meadow: Estate
) -> None:
    make(meadow, f"CREATE TABLE {GATE} {columns}")
    meadow.write_sql("meadow", "0002_gate", MAKE, atomic=atomic)

    messages = [refuse(meadow, "meadow") for _ in range(2)]

    assert len(set(messages)) == 1
    assert messages[0].startswith("app.gate is there already and is another: ")
    assert messages[0].endswith(WAY_OUT)
    ours, theirs = messages[0].split("; this migration makes ")
    assert (found in ours, wanted in theirs) == (True, True)
    assert meadow.applied == ["meadow.0001_meadow"]


@atomic_or_not
@pytest.mark.parametrize("statement", INDEXES)
def test_other_index_of_the_name_is_refused(statement: str, atomic: bool, meadow: Estate) -> None:
    make(meadow, f"{MAKE}; {statement}")
    meadow.write_sql("meadow", "0002_index", MAKE_INDEX, atomic=atomic)

    message = refuse(meadow, "meadow")

    assert message.startswith(f"{INDEX} is there already and is another: CREATE ")
    assert meadow.applied == ["meadow.0001_meadow"]


@atomic_or_not
@pytest.mark.parametrize(("there", "statement"), SAME)
def test_what_is_the_same_counts_as_made(there: str, statement: str, atomic: bool, meadow: Estate) -> None:
    make(meadow, there)
    meadow.write_sql("meadow", "0002_gate", statement, atomic=atomic)

    meadow.migrate("meadow")

    assert meadow.applied[-1] == "meadow.0002_gate"


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_statement_that_made_the_table_passes_again(body: str, meadow: Estate) -> None:
    make(meadow, f"CREATE TABLE {GATE} {body}")
    meadow.write_sql("meadow", "0002_gate", f"CREATE TABLE IF NOT EXISTS {GATE} {body}")

    meadow.migrate("meadow")

    assert meadow.applied[-1] == "meadow.0002_gate"


def test_column_is_told_apart_beside_braces_and_names(meadow: Estate) -> None:
    make(meadow, f"CREATE TABLE {GATE} (id integer CONSTRAINT gate_pk PRIMARY KEY, tags text DEFAULT '{{}}')")
    other = "(id integer CONSTRAINT gate_pk PRIMARY KEY, tags text DEFAULT '{0}')"
    meadow.write_sql("meadow", "0002_gate", f"CREATE TABLE IF NOT EXISTS {GATE} {other}")

    assert "is there already and is another" in refuse(meadow, "meadow")


@atomic_or_not
def test_every_statement_of_a_text_is_looked_at(atomic: bool, meadow: Estate) -> None:
    make(meadow, f"CREATE TABLE {GATE} (id integer, size integer)")
    meadow.write_sql(
        "meadow", "0002_gate", f"INSERT INTO {MEADOW} (name) VALUES ('; a'); {MAKE}; SELECT 1", atomic=atomic
    )

    assert refuse(meadow, "meadow").startswith("app.gate is there already and is another: ")


@atomic_or_not
def test_what_the_migration_drops_or_makes_itself_is_its_own(atomic: bool, meadow: Estate) -> None:
    make(meadow, f"CREATE TABLE {GATE} (id integer, size integer)")
    script = f"DROP TABLE {GATE}; {MAKE}; ALTER TABLE {GATE} ADD COLUMN size integer; {MAKE}; {MAKE_INDEX}"
    meadow.write_sql("meadow", "0002_gate", script, atomic=atomic)

    meadow.migrate("meadow")

    assert meadow.query(f"SELECT name, size FROM {GATE}") == []


def test_run_that_was_cut_off_finds_what_it_made(meadow: Estate) -> None:
    parts = [MAKE, MAKE_INDEX, f"SELECT * FROM {HEDGE}"]
    meadow.write("meadow", "0002_gate", f"migrations.RunSQL({parts!r}),", atomic=False)
    with pytest.raises(Exception, match="hedge"):
        meadow.migrate("meadow")
    make(meadow, f"CREATE TABLE {HEDGE} (id integer); ALTER TABLE {GATE} ADD COLUMN size integer")

    meadow.migrate("meadow")

    assert meadow.applied[-1] == "meadow.0002_gate"


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("there", "statement", "is_same"),
    [
        ("(id serial PRIMARY KEY)", "(id serial PRIMARY KEY)", True),
        ("(id bigint GENERATED ALWAYS AS IDENTITY)", "(id bigint GENERATED BY DEFAULT AS IDENTITY)", False),
        ("(id int, n int CHECK (n > 0))", "(id int, n int CHECK (n > 1))", False),
        ("(id int CHECK (id > 0))", "(id integer, CONSTRAINT c CHECK (id > 0))", True),
        ("(id int) PARTITION BY LIST (id)", "(id int)", False),
        ("(id int, up int REFERENCES app.meadow)", "(id int, up int REFERENCES app.meadow)", True),
        ("(LIKE app.meadow)", "(LIKE app.meadow INCLUDING ALL)", False),
        ("AS SELECT 1 AS id", "AS SELECT 2 AS id FROM generate_series(1, 3)", True),
        ("AS SELECT 1 AS id", "AS SELECT 'a'::text AS id", False),
        ("(id int)", "(id nothing)", True),  # nobody knows what it would make
        *[(body, body, True) for body in (
            "(id int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME app.gate_numbers))",
            "(id int, CHECK (gate.id > 0))",
            "(id int, CONSTRAINT gate_one EXCLUDE USING btree (id WITH =))",
            "(id int, up int, CONSTRAINT gate_up FOREIGN KEY (up) REFERENCES app.meadow (id))",
        )],
        (PARTED.format(""), PARTED.format("IF NOT EXISTS "), True),
    ],
)  # fmt: skip
def test_tables_of_postgresql_are_told_apart(there: str, statement: str, is_same: bool, meadow: Estate) -> None:
    make(meadow, f"CREATE TABLE app.gate {there}")
    meadow.write_sql("meadow", "0002_gate", f"CREATE TABLE IF NOT EXISTS app.gate {statement}")

    if is_same:
        meadow.migrate("meadow")
    else:
        assert "is there already and is another" in refuse(meadow, "meadow")
    assert meadow.query("SELECT count(*) FROM pg_class WHERE relname = 'freehold_empty_copy'") == [(0,)]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("there", "statement"),
    [
        ('CREATE VIEW "app.v" AS SELECT 1', 'CREATE VIEW IF NOT EXISTS "app.v" AS SELECT 2'),
        (
            'CREATE TRIGGER t AFTER INSERT ON "app.meadow" BEGIN SELECT 1; END',
            'CREATE TRIGGER IF NOT EXISTS t AFTER DELETE ON "app.meadow" BEGIN SELECT 1; END',
        ),
        ("CREATE VIEW gate AS SELECT 1", "CREATE TABLE IF NOT EXISTS gate (id integer)"),
        (
            'CREATE INDEX i ON "app.meadow" (id) WHERE name IS NULL',
            'CREATE INDEX IF NOT EXISTS i ON "app.meadow" (id) WHERE name IS NOT NULL',
        ),
        (
            "CREATE VIEW v AS SELECT NOT EXISTS (SELECT 1)",
            "CREATE VIEW IF NOT EXISTS v AS SELECT EXISTS (SELECT 1)",
        ),
    ],
)
def test_views_and_triggers_of_sqlite_are_told_apart(there: str, statement: str, meadow: Estate) -> None:
    meadow.query(there)
    meadow.write("meadow", "0002_other", f"migrations.RunSQL([{statement!r}]),")

    assert "is there already and is another" in refuse(meadow, "meadow")


@pytest.mark.sqlite
@pytest.mark.parametrize("is_there", [False, True])
def test_trigger_of_sqlite_may_be_named_like_a_table(is_there: bool, meadow: Estate) -> None:
    words = "hedge AFTER INSERT ON hedge BEGIN SELECT 1; END"
    meadow.query("CREATE TABLE hedge (id integer)")
    if is_there:
        meadow.query(f"CREATE TRIGGER {words}")
    statements = ["CREATE TABLE IF NOT EXISTS hedge (id integer)", f"CREATE TRIGGER IF NOT EXISTS {words}"]
    meadow.write("meadow", "0002_hedge", f"migrations.RunSQL({statements!r}),")

    meadow.migrate("meadow")

    assert meadow.applied[-1] == "meadow.0002_hedge"
