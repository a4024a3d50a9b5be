"""Functions, triggers and rules that were changed by hand: each is named, on each version, and silent once put back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from django.db.migrations import Migration, RunSQL

from freehold.history import standing
from freehold.history.changes import COUNTS, find_touched
from freehold.history.standing import read_rows, write_statement
from freehold.history.structure import Marks, write
from freehold.rights import look
from freehold.rights.inspection import pinned_path
from freehold.sqlfiles import fetch_rows
from tests.freehold.estates import Parameters, make_tag, open_database
from tests.freehold.rights.estates import Estate

pytestmark = pytest.mark.postgresql
OBJECTS = """
    ALTER TABLE public.migration_history ADD app text, ADD name text, ADD structure jsonb;
    SET ROLE field@;
    CREATE TABLE field.beet (id int PRIMARY KEY, weight int, plot int REFERENCES field.plot) PARTITION BY RANGE (id);
    CREATE TABLE field.beet_low PARTITION OF field.beet FOR VALUES FROM (0) TO (10);
    CREATE FUNCTION field.weigh(int) RETURNS int LANGUAGE sql STABLE STRICT SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp AS 'SELECT $1 + 1';
    CREATE FUNCTION field.weigh(text) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2';
    CREATE FUNCTION field.sum_up(a int, b int DEFAULT 3) RETURNS int LANGUAGE sql RETURN a + b;
    CREATE PROCEDURE field.plough() LANGUAGE plpgsql AS 'BEGIN NULL; END';
    CREATE FUNCTION field.watch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE AGGREGATE field.total(int) (SFUNC = int4pl, STYPE = int);
    CREATE TRIGGER watched BEFORE UPDATE ON field.plot FOR EACH ROW WHEN (OLD.keeper IS DISTINCT FROM NEW.keeper)
        EXECUTE FUNCTION field.watch();
    CREATE TRIGGER weighed AFTER INSERT ON field.beet FOR EACH ROW EXECUTE FUNCTION field.watch('a', 'b');
    CREATE CONSTRAINT TRIGGER late AFTER INSERT ON field.hedge DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION field.watch();
    CREATE TRIGGER tall INSTEAD OF INSERT ON field.tall FOR EACH ROW EXECUTE FUNCTION field.watch();
    CREATE RULE kept AS ON DELETE TO field.hedge DO INSTEAD NOTHING;
    REVOKE ALL ON FUNCTION field.weigh(int), field.weigh(text), field.sum_up, field.watch, field.total FROM PUBLIC;
    REVOKE ALL ON PROCEDURE field.plough FROM PUBLIC;
    CREATE FUNCTION field.listen() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
    REVOKE ALL ON FUNCTION field.listen() FROM PUBLIC;
    RESET ROLE;
"""
LEFT = "as meadow.0001_all left it"
WEIGH = (
    "CREATE OR REPLACE FUNCTION field.weigh(int) RETURNS int LANGUAGE sql STABLE STRICT SECURITY DEFINER "
    "SET search_path = pg_catalog, pg_temp AS 'SELECT $1 + 1'"
)
WATCH = "CREATE OR REPLACE FUNCTION field.watch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
BODY = "D032 function field.{}: another body, signature or setting; declared: " + LEFT
TRIGGER = "D032 trigger field.{}: another definition; declared: " + LEFT
STATE = "D032 trigger field.{}: {}; declared: on, " + LEFT
# What was done by hand, what is found, and what puts it back.
DAMAGES = [
    # Functions
    (WEIGH.replace("+ 1", "+ 2"), BODY.format("weigh(integer)"), WEIGH),
    (
        "ALTER FUNCTION field.weigh(int) VOLATILE",
        f"D032 function field.weigh(integer): sql volatile definer; declared: sql stable definer, {LEFT}",
        "ALTER FUNCTION field.weigh(int) STABLE",
    ),
    (
        "ALTER FUNCTION field.weigh(int) SECURITY INVOKER",
        f"D032 function field.weigh(integer): sql stable invoker; declared: sql stable definer, {LEFT}",
        "ALTER FUNCTION field.weigh(int) SECURITY DEFINER",
    ),
    *(
        (
            f"ALTER FUNCTION field.weigh(int) {damage}",
            BODY.format("weigh(integer)"),
            f"ALTER FUNCTION field.weigh(int) {back}",
        )
        for damage, back in [
            ("SET search_path = field", "SET search_path = pg_catalog, pg_temp"),
            ("RESET search_path", "SET search_path = pg_catalog, pg_temp"),
            ("SET row_security = off", "RESET row_security"),
            ("SET role = 'field@'", "RESET role"),
            ("CALLED ON NULL INPUT", "STRICT"),
            ("LEAKPROOF", "NOT LEAKPROOF"),
            ("PARALLEL SAFE", "PARALLEL UNSAFE"),
            ("COST 0.001", "COST 100"),
        ]
    ),
    (
        "CREATE OR REPLACE FUNCTION field.sum_up(a int, b int DEFAULT 3) RETURNS int LANGUAGE sql RETURN a - b",
        BODY.format("sum_up(integer, integer)"),
        "CREATE OR REPLACE FUNCTION field.sum_up(a int, b int DEFAULT 3) RETURNS int LANGUAGE sql RETURN a + b",
    ),
    (
        "CREATE OR REPLACE FUNCTION field.sum_up(a int, b int DEFAULT 4) RETURNS int LANGUAGE sql RETURN a + b",
        BODY.format("sum_up(integer, integer)"),
        "CREATE OR REPLACE FUNCTION field.sum_up(a int, b int DEFAULT 3) RETURNS int LANGUAGE sql RETURN a + b",
    ),
    (
        "CREATE OR REPLACE PROCEDURE field.plough() LANGUAGE plpgsql AS 'BEGIN RETURN; END'",
        BODY.format("plough()"),
        "CREATE OR REPLACE PROCEDURE field.plough() LANGUAGE plpgsql AS 'BEGIN NULL; END'",
    ),
    (
        "CREATE OR REPLACE AGGREGATE field.total(int) (SFUNC = int4mi, STYPE = int)",
        BODY.format("total(integer)"),
        "CREATE OR REPLACE AGGREGATE field.total(int) (SFUNC = int4pl, STYPE = int)",
    ),
    (
        "CREATE OR REPLACE FUNCTION field.weigh(text) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN 2; END'",
        f"D032 function field.weigh(text): plpgsql immutable invoker; declared: sql immutable invoker, {LEFT}",
        "CREATE OR REPLACE FUNCTION field.weigh(text) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2'",
    ),
    (
        "DROP PROCEDURE field.plough()",
        f"D033 function field.plough(): no such function; declared: plpgsql volatile invoker, {LEFT}",
        "CREATE PROCEDURE field.plough() LANGUAGE plpgsql AS 'BEGIN NULL; END'; "
        "REVOKE ALL ON PROCEDURE field.plough FROM PUBLIC",
    ),
    (
        "CREATE FUNCTION field.weigh(bigint) RETURNS int LANGUAGE sql AS 'SELECT 3'; "
        "REVOKE ALL ON FUNCTION field.weigh(bigint) FROM PUBLIC",
        "D034 function field.weigh(bigint): sql volatile invoker; declared: no such function",
        "DROP FUNCTION field.weigh(bigint)",
    ),
    # Triggers
    *(
        (f"ALTER TABLE field.{table} {word} TRIGGER {name}", STATE.format(f"{table}.{name}", found), back)
        for table, name in (("plot", "watched"), ("hedge", "late"))
        for word, found in (("DISABLE", "off"), ("ENABLE ALWAYS", "always"), ("ENABLE REPLICA", "replica"))
        for back in [f"ALTER TABLE field.{table} ENABLE TRIGGER {name}"]
    ),
    (
        "CREATE OR REPLACE TRIGGER watched BEFORE UPDATE ON field.plot FOR EACH ROW EXECUTE FUNCTION field.watch()",
        TRIGGER.format("plot.watched"),
        "CREATE OR REPLACE TRIGGER watched BEFORE UPDATE ON field.plot FOR EACH ROW "
        "WHEN (OLD.keeper IS DISTINCT FROM NEW.keeper) EXECUTE FUNCTION field.watch()",
    ),
    (
        "CREATE OR REPLACE TRIGGER weighed AFTER INSERT ON field.beet FOR EACH ROW EXECUTE FUNCTION field.watch('a')",
        TRIGGER.format("beet.weighed"),
        "CREATE OR REPLACE TRIGGER weighed AFTER INSERT ON field.beet FOR EACH ROW "
        "EXECUTE FUNCTION field.watch('a', 'b')",
    ),
    (
        "ALTER TABLE field.beet_low DISABLE TRIGGER weighed",
        "D034 trigger field.beet_low.weighed: off; declared: no such trigger",
        "ALTER TABLE field.beet_low ENABLE TRIGGER weighed",
    ),
    (
        "DROP TRIGGER tall ON field.tall",
        f"D033 trigger field.tall.tall: no such trigger; declared: on, {LEFT}",
        "CREATE TRIGGER tall INSTEAD OF INSERT ON field.tall FOR EACH ROW EXECUTE FUNCTION field.watch()",
    ),
    (
        "CREATE TRIGGER spy BEFORE INSERT ON wood.tree "
        "FOR EACH ROW EXECUTE FUNCTION pg_catalog.suppress_redundant_updates_trigger()",
        "D034 trigger wood.tree.spy: on; declared: no such trigger",
        "DROP TRIGGER spy ON wood.tree",
    ),
    (
        "RESET ROLE; CREATE EVENT TRIGGER spying ON ddl_command_end EXECUTE FUNCTION field.listen()",
        "D034 event trigger field.spying: on; declared: no such event trigger",
        "RESET ROLE; DROP EVENT TRIGGER spying",
    ),
    # Rules
    (
        "CREATE OR REPLACE RULE kept AS ON DELETE TO field.hedge DO ALSO NOTHING",
        f"D032 rule field.hedge.kept: another definition; declared: {LEFT}",
        "CREATE OR REPLACE RULE kept AS ON DELETE TO field.hedge DO INSTEAD NOTHING",
    ),
    (
        "ALTER TABLE field.hedge DISABLE RULE kept",
        f"D032 rule field.hedge.kept: off; declared: on, {LEFT}",
        "ALTER TABLE field.hedge ENABLE RULE kept",
    ),
    (
        "CREATE RULE swallow AS ON INSERT TO wood.tree DO INSTEAD NOTHING",
        "D034 rule wood.tree.swallow: on; declared: no such rule",
        "DROP RULE swallow ON wood.tree",
    ),
]


def read_marks(estate: Estate) -> Marks:
    """Give what stands in the schemas of the map."""
    recorded = list(estate.ownership.migrated_names)
    with (
        estate.connect() as session,
        session.transaction(),
        psycopg.ClientCursor(session) as cursor,
        pinned_path(cursor),
    ):
        cursor.execute(write_statement(), {"recorded": recorded})  # type: ignore[arg-type]
        return read_rows(cursor.fetchall())[0]


def record(estate: Estate, marks: Marks, schemas: tuple[str, ...], name: str = "0001_all") -> None:
    """Write a row of the history."""
    structure = json.dumps(write(marks.items(), schemas))
    with estate.connect() as session:
        session.execute(
            "INSERT INTO public.migration_history (id, app, name, structure) "
            "SELECT count(*), 'meadow', %s, %s::jsonb FROM public.migration_history",
            [name, structure],
        )


def tell(estate: Estate) -> list[str]:
    """Give what is not as recorded, a line each."""
    return [each for each in estate.tell() if "D032" <= each[:4] <= "D035"]


@pytest.fixture(scope="module")
def recorded(
    server: Parameters, module_patch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Estate]:
    """An estate whose history knows all that stands there, shared by tests that leave it so."""
    with make_estate(server, module_patch, tmp_path_factory.mktemp("recorded")) as estate:
        record(estate, read_marks(estate), estate.ownership.migrated_names)
        yield estate


@contextmanager
def make_estate(server: Parameters, patch: pytest.MonkeyPatch, directory: Path) -> Iterator[Estate]:
    """Give an estate with functions, triggers and rules, in line with what is declared, and without a record."""
    tag = make_tag()
    with open_database(server, tag) as database:
        estate = Estate(database, tag, directory / "pgpass")
        schemas = estate.ownership.schemas  # what its triggers run is none of these tests' business
        let = [replace(each, lets_run=("watch()",)) if each.name == "field" else each for each in schemas]
        estate.ownership = replace(estate.ownership, schemas=tuple(let))
        estate.declare(patch)
        estate.make()
        estate.execute(OBJECTS)
        estate.apply()
        yield estate


@pytest.mark.parametrize(("damage", "finding", "back"), DAMAGES, ids=[damage[0] for damage in DAMAGES])
def test_change_by_hand_is_named_and_no_statement_mends_it(
    damage: str, finding: str, back: str, recorded: Estate
) -> None:
    role = "wood@" if "wood.tree" in damage else "field@"
    role = "postgres" if "LEAKPROOF" in damage or "SET role" in damage else role
    recorded.execute(f"SET ROLE {role}; {damage}")
    found, applied = tell(recorded), recorded.apply()
    after = tell(recorded)
    recorded.execute(f"SET ROLE {role}; {back}")
    recorded.apply()

    assert found == after == [finding]
    assert [each.rule for each in applied.by_hand] == [finding[:4]]
    assert recorded.tell() == []


def test_foreign_keys_that_are_switched_off_are_named(recorded: Estate) -> None:
    recorded.execute("ALTER TABLE field.beet DISABLE TRIGGER ALL")
    found = recorded.tell()
    recorded.execute("ALTER TABLE field.beet ENABLE TRIGGER ALL")

    assert "D034 trigger field.beet.beet_plot_fkey: off; declared: no such trigger" in found
    assert any(each.startswith("D032 trigger field.beet.weighed: off") for each in found)
    assert recorded.tell() == []


def test_way_out_names_the_command(recorded: Estate) -> None:
    recorded.execute("SET ROLE field@; DROP FUNCTION field.weigh(text)")
    (found,) = (each for each in recorded.check() if each.rule == "D033")
    recorded.execute(
        "SET ROLE field@; CREATE FUNCTION field.weigh(text) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2'; "
        "REVOKE ALL ON FUNCTION field.weigh(text) FROM PUBLIC"
    )
    recorded.apply()

    assert found.hint == (
        "Put it back by hand or by a migration, or keep what stands there: "
        "manage.py history adopt 'field.weigh(text)' --reason …"
    )


def test_partition_that_a_job_makes_at_night_is_no_finding(recorded: Estate) -> None:
    recorded.execute(
        "SET ROLE field@; CREATE TABLE field.beet_high PARTITION OF field.beet FOR VALUES FROM (10) TO (20)"
    )
    found = tell(recorded)
    recorded.execute("DROP TABLE field.beet_high")

    assert found == []


def test_extension_and_external_schema_are_not_looked_at(recorded: Estate) -> None:
    recorded.execute(
        "CREATE FUNCTION wood.rustle() RETURNS int LANGUAGE sql AS 'SELECT 1'; "
        "ALTER EXTENSION plpgsql ADD FUNCTION wood.rustle(); "
        "CREATE FUNCTION sea.tide() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION sea.tide() OWNER TO sea@"
    )
    found = tell(recorded)
    recorded.execute(
        "ALTER EXTENSION plpgsql DROP FUNCTION wood.rustle(); DROP FUNCTION wood.rustle(); DROP FUNCTION sea.tide()"
    )

    assert found == []


def test_row_that_is_added_changes_what_a_look_remembers(recorded: Estate) -> None:
    nothing = "suppress_redundant_updates_trigger()"
    spy = f"CREATE TRIGGER spy BEFORE DELETE ON wood.tree FOR EACH ROW EXECUTE FUNCTION {nothing}"
    assert recorded.check(anew=False) == []
    recorded.execute(f"SET ROLE wood@; {spy}")
    before = recorded.check(anew=False)
    marks = {name: mark for name, mark in read_marks(recorded).items() if name[1] == "wood.tree.spy"}
    record(recorded, marks, (), "0002_spy")
    after = recorded.check(anew=False)
    recorded.execute("DROP TRIGGER spy ON wood.tree")
    gone = recorded.tell()
    record(recorded, dict.fromkeys(marks, None), (), "0003_no_spy")  # type: ignore[arg-type]

    assert ([each.rule for each in before], after) == (["D034"], [])
    assert gone == ["D033 trigger wood.tree.spy: no such trigger; declared: on, as meadow.0002_spy left it"]
    assert recorded.tell() == []


def test_schema_without_a_record_is_one_finding_and_what_is_recorded_there_counts(
    server: Parameters, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with make_estate(server, monkeypatch, tmp_path) as estate:
        nothing = [each for each in estate.check() if each.rule == "D035"]
        marks = {name: mark for name, mark in read_marks(estate).items() if name[1] == "field.plough()"}
        record(estate, marks, ())
        estate.execute(
            "SET ROLE field@; CREATE OR REPLACE PROCEDURE field.plough() LANGUAGE plpgsql AS 'BEGIN RETURN; END'"
        )
        some = tell(estate)

    assert [(each.object, each.message, each.level, each.hint) for each in nothing] == [
        (
            "schema field",
            "8 functions, 4 triggers, 1 rule without a record; declared: a record of what migrations left",
            "warning",
            "Look at what stands there; manage.py history adopt field --reason … makes that the record",
        )
    ]
    assert some == [
        "D035 schema field: 7 functions, 4 triggers, 1 rule without a record; "
        "declared: a record of what migrations left",
        BODY.format("plough()"),
    ]


def test_login_that_may_not_read_the_history_compares_nothing_of_it(recorded: Estate) -> None:
    with recorded.connect("farm") as session:
        found = look.find_drift(session, recorded.ownership, anew=True)

    assert found == []


DIGESTS = {
    "field.area(integer)": "sql volatile invoker deebb2590d9f0b8dcbcc40ccc9cb9d44",
    "field.beet.weighed": "on 48974b1149b6376b16a041a41e13f706",
    "field.hedge.kept": "on ccb746f8ad7cfd849d237a780e5cb532",
    "field.hedge.late": "on 1473fe6ea8759c1ac2f753535ba063b1",
    "field.listen()": "plpgsql volatile invoker 8711b0e6889bd4ac82c532841a70b86a",
    "field.plot.watched": "on 713784cc25de8a76464a3cc940f3ca51",
    "field.plough()": "plpgsql volatile invoker f2d917eca1f25696b977f67cd5e5c2e5",
    "field.sum_up(integer, integer)": "sql volatile invoker ba7daad9622c71bf8120065f5e676fcf",
    "field.tall.tall": "on 528989326e5e4d6e563ad59067a2f1a0",
    "field.total(integer)": "internal immutable invoker 519555b3fc5129a84a749c919575bb71",
    "field.watch()": "plpgsql volatile invoker b5bb21418badc43a0a7842fc73dddc9a",
    "field.weigh(integer)": "sql stable definer 8ed154f6b2f7ff77fb0bce438be72c59",
    "field.weigh(text)": "sql immutable invoker e873d9754fa453cbf8956096bf3ffd81",
}


# A new version that writes a definition otherwise has to be told of in docs/drift.md.
def test_digests_are_the_same_on_every_version(recorded: Estate) -> None:
    marks = read_marks(recorded)

    assert {name: mark for (_, name), mark in marks.items()} == DIGESTS


@pytest.mark.parametrize(
    ("statement", "touched"),
    [
        ("CREATE FUNCTION field.new() RETURNS int LANGUAGE sql AS 'SELECT 1'", {"functions"}),
        ("ALTER FUNCTION field.area(int) STABLE", {"functions"}),
        ("DROP FUNCTION field.weigh(text)", {"functions"}),
        ("CREATE OR REPLACE AGGREGATE field.total(int) (SFUNC = int4mi, STYPE = int)", {"functions"}),
        ("ALTER TYPE field.crop RENAME TO corn", {"functions"}),
        ("ALTER TABLE field.plot DISABLE TRIGGER watched", {"triggers"}),
        ("DROP TRIGGER watched ON field.plot", {"triggers"}),
        ("ALTER TABLE field.plot RENAME TO lot", {"", "functions"}),
        ("ALTER TABLE field.plot RENAME keeper TO warden", {""}),
        ("SAVEPOINT one; ALTER FUNCTION field.area(int) STABLE; RELEASE one", {"functions"}),
        ("ALTER TABLE field.hedge DISABLE RULE kept", {"rules"}),
        ("CREATE TABLE field.new (id int)", set()),
        ("INSERT INTO field.hedge VALUES (1)", set()),
    ],
)
def test_session_counts_what_a_transaction_changes(statement: str, touched: set[str], recorded: Estate) -> None:
    with recorded.connect() as session, session.transaction(force_rollback=True):
        before = session.execute(f"SELECT {COUNTS}").fetchone()  # type: ignore[call-overload]
        session.execute(statement)  # type: ignore[call-overload]
        after = session.execute(f"SELECT {COUNTS}").fetchone()  # type: ignore[call-overload]

    assert before
    assert after
    migration = Migration("0001_all", "meadow")
    migration.operations = [RunSQL(statement)]
    found = find_touched(before[0], after[0], migration)
    assert found is not None
    assert touched <= found
    assert touched or not found


# In each the rule goes first: beside one there is no outline.
@pytest.mark.parametrize(
    ("statement", "is_same"),
    [
        ("CREATE TABLE field.furrow (id int PRIMARY KEY, plot int REFERENCES field.plot, next int)", True),
        ("ALTER TABLE field.plot ALTER COLUMN keeper SET NOT NULL", True),
        ("ALTER TABLE field.hedge RENAME id TO number", True),
        ("ALTER TABLE field.plot RENAME keeper TO warden", False),
        ("ALTER TABLE field.hedge RENAME TO bush", False),
        ("ALTER TABLE field.hedge DISABLE TRIGGER late", False),
        ("ALTER TRIGGER late ON field.hedge RENAME TO later", False),
        ("ALTER TABLE field.beet_low DISABLE TRIGGER weighed", False),
        ("ALTER TABLE field.beet DISABLE TRIGGER ALL", False),
        ("DROP TRIGGER watched ON field.plot", False),
        ("CREATE EVENT TRIGGER spying ON ddl_command_end EXECUTE FUNCTION field.listen()", False),
    ],
)
def test_outline_changes_with_what_triggers_are(statement: str, is_same: bool, recorded: Estate) -> None:
    with recorded.connect() as session, session.transaction(force_rollback=True):
        session.execute("DROP RULE kept ON field.hedge")
        before, marks = read_both(session, recorded)
        session.execute(statement)  # type: ignore[call-overload]
        after, marks_after = read_both(session, recorded)

    assert before is not None
    assert (before == after, marks == marks_after) == (is_same, is_same)


def test_beside_a_rule_there_is_no_outline(recorded: Estate) -> None:
    with recorded.connect() as session:
        assert read_both(session, recorded)[0] is None


def read_both(session: psycopg.Connection, estate: Estate) -> tuple[str | None, Marks]:
    """Give the outline, and the marks of triggers and rules."""
    with psycopg.ClientCursor(session) as cursor, pinned_path(cursor):
        cursor.execute(write_statement(("triggers", "rules")), {"recorded": list(estate.ownership.migrated_names)})  # type: ignore[arg-type]
        marks = read_rows(cursor.fetchall())[0]
        ((outline,),) = fetch_rows(cursor, standing.__file__, "outline")
        return outline, marks
