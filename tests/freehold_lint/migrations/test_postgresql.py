"""What the rules say of locks, scans and rewrites is what PostgreSQL does: each is asked of a server with rows."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connections, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from psycopg import sql as composed

from freehold_lint.migrations.conversions import is_narrowing, is_rewriting
from tests.freehold.estates import get_server, make_tag, open_database
from tests.freehold_lint.migrations.cases import CASES, add
from tests.freehold_lint.migrations.conditions import CONDITIONS
from tests.freehold_lint.oracle import list_missed
from tests.freehold_lint.workshop import Workshop

pytestmark = [pytest.mark.postgresql, pytest.mark.once]
ALIAS = "quarry"
ROWS = """
    INSERT INTO app.walls (place) VALUES ('north');
    INSERT INTO app.stones (name, size, wall_number) VALUES ('a', 1, 1), ('a', NULL, 1), ('b', 2, NULL);
"""
SCAN, REWRITE, BUILD, LOOK_UP = "verifying table", "rewriting table", "building index", "validating foreign key"
DDL = (SCAN, REWRITE, BUILD, LOOK_UP)
ALL = "AccessExclusiveLock"


class Quarry:
    """A database with the workshop's tables and some rows, changed in transactions that are rolled back."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop, self.connection = workshop, connections[ALIAS]
        self.heard: list[str] = []

    def start(self) -> None:
        """Make the tables, with rows that the cases are about."""
        with self.connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA IF EXISTS app CASCADE")
            cursor.execute("CREATE SCHEMA app")
        self.apply("0001_start")
        with self.connection.cursor() as cursor:
            cursor.execute(ROWS)
        self.connection.connection.add_notice_handler(lambda notice: self.heard.append(notice.message_primary or ""))

    def apply(self, name: str) -> None:
        """Run one migration, deferred statements too."""
        loader = MigrationLoader(None)
        state = loader.project_state(("runs", "0001_start")) if name != "0001_start" else ProjectState()
        with self.connection.schema_editor(atomic=False) as editor:
            loader.get_migration("runs", name).apply(state, editor)

    def collect(self, name: str) -> str:
        """Give the SQL that Django makes of a migration, without its comments."""
        loader = MigrationLoader(None)
        with self.connection.schema_editor(collect_sql=True, atomic=False) as editor:
            loader.get_migration("runs", name).apply(
                loader.project_state(("runs", "0001_start")), editor, collect_sql=True
            )
        return "\n".join(line for line in editor.collected_sql if not line.startswith("--"))

    def watch(self, operations: str) -> tuple[set[str], set[str]]:
        """Run operations in a transaction; give the locks held on app.stones at its end, and what was done to rows."""
        self.workshop.write("0002_change", operations)
        with transaction.atomic(using=ALIAS), self.connection.cursor() as cursor:
            cursor.execute("SET LOCAL client_min_messages = debug1")
            self.heard.clear()
            self.apply("0002_change")
            cursor.execute("SET LOCAL client_min_messages = notice")
            done = {word for word in DDL if any(line.startswith(word) and "stones" in line for line in self.heard)}
            done |= {LOOK_UP} if any(line.startswith(LOOK_UP) for line in self.heard) else set()
            cursor.execute(
                "SELECT mode FROM pg_locks WHERE relation = 'app.stones'::regclass AND pid = pg_backend_pid()"
            )
            held = {mode for (mode,) in cursor.fetchall()}
            transaction.set_rollback(True, using=ALIAS)
        return held, done


@pytest.fixture(scope="module")
def server(django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """A database of its own, under the alias `quarry`, as the superuser."""
    tag = make_tag()
    with django_db_blocker.unblock(), open_database(get_server(), tag) as parameters:
        rest = {key: value for key, value in parameters.items() if key not in ("dbname", "user", "host", "port")}
        connections.settings[ALIAS] = {
            **deepcopy(connections.settings["default"]),
            "NAME": parameters["dbname"],
            "USER": parameters["user"],
            "HOST": parameters["host"],
            "PORT": parameters["port"],
            "OPTIONS": {**rest, "schemas": ["app", "auth", "public"]},
        }
        yield parameters
        connections[ALIAS].close()
        del connections[ALIAS]
        del connections.settings[ALIAS]


@pytest.fixture
def quarry(server: dict[str, Any], workshop: Workshop, django_db_blocker: Any) -> Iterator[Quarry]:
    """The database with rows in it."""
    with django_db_blocker.unblock():
        found = Quarry(workshop)
        found.start()
        yield found
        connections[ALIAS].close()


@pytest.mark.parametrize(
    ("rule", "lock", "done"),
    [
        ("M301", "ShareLock", BUILD),
        ("M304", "ShareRowExclusiveLock", LOOK_UP),
        ("M305", ALL, SCAN),
        ("M306", ALL, REWRITE),
        ("M307", ALL, REWRITE),
        ("M308", ALL, SCAN),
    ],
)
def test_blocking_change_takes_its_lock_and_what_mends_it_spares_rows(
    rule: str, lock: str, done: str, quarry: Quarry
) -> None:
    held, broken = quarry.watch(CASES[rule].broken)

    assert lock in held
    assert done in broken
    if rule not in ("M301", "M308"):  # CONCURRENTLY is refused in a transaction; the other is tested by itself
        assert quarry.watch(CASES[rule].mended)[1] == set()


def test_unique_constraint_builds_its_index_under_the_strongest_lock(quarry: Quarry) -> None:
    made = 'migrations.AddConstraint("Stone", models.UniqueConstraint(fields=["id", "name"], name="u")),'

    held, done = quarry.watch(made)

    assert (ALL in held, done) == (True, {BUILD})


def test_dropped_index_takes_the_strongest_lock(quarry: Quarry) -> None:
    assert ALL in quarry.watch(CASES["M302"].broken)[0]


def test_new_column_with_a_foreign_key_and_null_is_not_looked_up(quarry: Quarry) -> None:
    _, done = quarry.watch(add('models.ForeignKey("runs.Wall", models.CASCADE, null=True, db_index=False)'))

    assert done == set()


def test_valid_check_spares_set_not_null_its_scan(quarry: Quarry) -> None:
    with quarry.connection.cursor() as cursor:
        cursor.execute("UPDATE app.stones SET size = 3 WHERE size IS NULL")
        cursor.execute("ALTER TABLE app.stones ADD CONSTRAINT c CHECK (size IS NOT NULL)")

    held, done = quarry.watch('migrations.AlterField("Stone", "size", models.IntegerField()),')

    assert (ALL in held, done) == (True, set())


@pytest.mark.parametrize("rule", ["M201", "M202", "M203", "M204", "M205", "M312", "M315"])
def test_change_fails_on_rows_or_in_a_transaction(rule: str, quarry: Quarry) -> None:
    broken = CASES[rule].broken.replace(" CONCURRENTLY", "") if rule == "M201" else CASES[rule].broken
    with quarry.connection.cursor() as cursor:
        cursor.execute("CREATE TYPE app.colour AS ENUM ('blue')")
        cursor.execute("ALTER TABLE app.stones ALTER COLUMN code DROP DEFAULT")
        if rule == "M315":
            cursor.execute("ALTER TABLE app.stones ALTER COLUMN code TYPE app.colour USING 'blue'::app.colour")
        cursor.execute("UPDATE app.stones SET size = 100 WHERE size = 2")
        cursor.execute("UPDATE app.stones SET name = 'a name of more than' WHERE name = 'b'")

    with pytest.raises(DatabaseError):
        quarry.watch(broken)


@pytest.mark.parametrize(("definition", "works"), [(CASES["M105"].broken, False), (CASES["M105"].mended, True)])
def test_insert_of_the_running_release_needs_a_default_of_the_database(
    definition: str, works: bool, quarry: Quarry, server: dict[str, Any]
) -> None:
    quarry.workshop.write("0002_change", definition)
    quarry.apply("0002_change")
    old = "INSERT INTO app.stones (name, size, code, wall_number) VALUES ('c', 1, '', 1)"

    with psycopg.connect(**server, autocommit=True) as release:
        if works:
            release.execute(old)
        else:
            with pytest.raises(psycopg.errors.NotNullViolation):
                release.execute(old)


OF_DJANGO = {  # what squawk finds in the SQL of Django's operations, by case, and why it is none
    ("M105", "ban-drop-default"): "Django gives the column that default itself, for the rows that are there",
    ("M204", "prefer-text-field"): "Django's fields choose their types",
}


@pytest.mark.parametrize("rule", [rule for rule, case in CASES.items() if "RunSQL" not in case.broken])
def test_what_squawk_finds_in_the_sql_of_operations_is_found_here_too(
    rule: str, quarry: Quarry, tmp_path: Path
) -> None:
    case = CASES[rule]
    quarry.workshop.write("0002_change", case.broken, atomic=case.atomic)
    found = {each.rule for each in quarry.workshop.lint()}

    missed = list_missed(quarry.collect("0002_change"), found, tmp_path)

    assert missed == {squawks for name, squawks in OF_DJANGO if name == rule}


@pytest.mark.parametrize(("condition", "needed"), CONDITIONS.items())
def test_condition_is_said_to_choose_where_some_rows_are_left(
    condition: str, needed: set[str] | None, server: dict[str, Any]
) -> None:
    text = f"SELECT count(*), count(*) FILTER (WHERE {condition}) FROM app.stones"
    with psycopg.connect(**server) as root:
        root.execute("CREATE SCHEMA IF NOT EXISTS app")
        root.execute("DROP TABLE IF EXISTS app.stones, app.walls CASCADE")
        root.execute("CREATE TABLE app.walls (id bigint)")
        root.execute("CREATE TABLE app.stones (id bigint NOT NULL, name text NOT NULL, size int, wall_number bigint)")
        root.execute("INSERT INTO app.stones VALUES (1, 'a', 1, NULL), (2, 'b', NULL, NULL), (3, 'c', 3, NULL)")
        ((rows, held),) = root.execute(text.encode()).fetchall()
        root.rollback()

    assert (held == rows) == (needed is not None)


PAIRS = [
    ("varchar(20)", "varchar(30)"),
    ("varchar(20)", "varchar(10)"),
    ("varchar(20)", "varchar"),
    ("varchar(20)", "text"),
    ("text", "varchar"),
    ("text", "varchar(10)"),
    ("char(3)", "text"),
    ("text", "char(3)"),
    ("smallint", "integer"),
    ("integer", "bigint"),
    ("bigint", "integer"),
    ("integer", "numeric"),
    ("integer", "text"),
    ("numeric(10, 2)", "numeric(12, 2)"),
    ("numeric(10, 2)", "numeric(12, 4)"),
    ("numeric(10, 2)", "numeric(8, 2)"),
    ("numeric(10, 2)", "numeric"),
    ("numeric(5)", "numeric(6, 0)"),
    ("numeric", "numeric(10, 2)"),
    ("timestamp", "timestamptz"),
    ("timestamptz(3)", "timestamptz"),
    ("timestamptz", "timestamptz(3)"),
    ("time(3)", "time"),
    ("cidr", "inet"),
    ("inet", "cidr"),
    ("uuid", "text"),
    ("boolean", "integer"),
    ("date", "timestamptz"),
]


@pytest.mark.parametrize(("old", "new"), PAIRS, ids=lambda name: name)
def test_type_is_said_to_rewrite_where_the_server_rewrites(old: str, new: str, server: dict[str, Any]) -> None:
    heard: list[str] = []
    with psycopg.connect(**server) as root:
        root.add_notice_handler(lambda notice: heard.append(notice.message_primary or ""))
        root.execute(composed.SQL("CREATE TABLE public.t (c {})").format(composed.SQL(old)))
        root.execute("SET LOCAL timezone = 'Europe/Berlin'")  # in UTC alone a timestamp gets its zone for nothing
        root.execute("SET LOCAL client_min_messages = debug1")
        root.execute(composed.SQL("ALTER TABLE public.t ALTER c TYPE {0} USING c::{0}").format(composed.SQL(new)))
        root.rollback()

    assert is_rewriting(old, new) == any(line.startswith((REWRITE, SCAN)) for line in heard)


VALUES = {
    "varchar(20)": ["''", "repeat('x', 20)"],
    "text": ["repeat('x', 40)"],
    "char(3)": ["'abc'"],
    "smallint": ["-32768", "32767"],
    "integer": ["-2147483648", "2147483647"],
    "bigint": ["9223372036854775807"],
    "numeric(10, 2)": ["99999999.99"],
    "numeric(5)": ["99999"],
    "numeric": ["1e30"],
}


@pytest.mark.parametrize(("old", "new"), [pair for pair in PAIRS if pair[0] in VALUES], ids=lambda name: name)
def test_type_is_said_to_widen_only_where_the_widest_values_fit(old: str, new: str, server: dict[str, Any]) -> None:
    with psycopg.connect(**server) as root:
        root.execute(composed.SQL("CREATE TABLE public.t (c {})").format(composed.SQL(old)))
        for value in VALUES[old]:
            root.execute(composed.SQL("INSERT INTO public.t VALUES ({})").format(composed.SQL(value)))
        is_number = old not in ("varchar(20)", "text", "char(3)") and new != "text"
        shown = "trim_scale(c::text::numeric)" if is_number else "c::text"  # 1.50 is 1.5
        before = root.execute(f"SELECT {shown} FROM public.t".encode()).fetchall()
        try:
            root.execute(composed.SQL("ALTER TABLE public.t ALTER c TYPE {0}").format(composed.SQL(new)))
            fits = root.execute(f"SELECT {shown} FROM public.t".encode()).fetchall() == before
        except psycopg.Error:
            fits = False
        root.rollback()

    assert fits or is_narrowing(old, new)
