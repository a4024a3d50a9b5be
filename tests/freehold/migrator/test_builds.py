"""Indexes that migrations without a transaction make: told from others by what they are, and none left over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle

import psycopg
import pytest
from django.db import DatabaseError

from freehold.migrator import limits
from freehold.migrator.blockers import BlockerWatch
from freehold.migrator.builds import works_beside
from tests.freehold.migrator.estates import Estate
from tests.freehold.migrator.test_executor import refuse

pytestmark = pytest.mark.postgresql

INDEXES = """
    SELECT c.relname::text, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = 'app.meadow'::regclass AND NOT i.indisprimary ORDER BY 1
"""
INDEX = 'AddIndexConcurrently("meadow", models.Index(fields=["name"], name="meadow_name_idx")),'
MAKE = "CREATE INDEX CONCURRENTLY meadow_name_idx ON app.meadow (name)"
LEFT_INVALID = "CREATE UNIQUE INDEX CONCURRENTLY {} ON app.meadow ((length(name) * 0))"  # two rows break it


@pytest.fixture
def meadow(estate: Estate, settings: object, monkeypatch: pytest.MonkeyPatch) -> Estate:
    """The estate with table app.meadow and two rows; a migration is tried three times, after a statement that took
    too long as well."""
    settings.MIGRATION_LOCK_TIMEOUT, settings.MIGRATION_RETRIES = "200ms", 2  # type: ignore[attr-defined]
    monkeypatch.setattr(limits, "FIRST_PAUSE", 0.05)
    estate.write_table("meadow", "0001_meadow", "Meadow", "app.meadow")
    estate.migrate("meadow")
    estate.query("INSERT INTO app.meadow (name) VALUES ('a'), ('b')")
    return estate


@pytest.fixture
def hasty(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Statements that are cut off soon, and tried again as if others had been in their way."""
    settings.MIGRATION_STATEMENT_TIMEOUT, settings.MIGRATION_RETRIES = "700ms", 5  # type: ignore[attr-defined]
    monkeypatch.setattr(limits, "_TRANSIENT", {*limits._TRANSIENT, "57014"})


@contextmanager
def someone_writing(estate: Estate) -> Iterator[psycopg.Connection]:
    """Keep a transaction open that wrote, and that whatever is built beside running work waits for."""
    with psycopg.connect(**estate.server) as writer:
        writer.execute("INSERT INTO app.meadow (name) VALUES ('c')")
        yield writer


def leave_after(monkeypatch: pytest.MonkeyPatch, writer: psycopg.Connection, attempts: int) -> None:
    """End the writer's transaction before so many attempts are over."""
    wait = limits.Patience.wait

    def leave(patience: limits.Patience, why: str, attempt: int) -> None:
        wait(patience, why, attempt)
        if attempt == attempts:
            writer.rollback()

    monkeypatch.setattr(limits.Patience, "wait", leave)


def make_invalid(estate: Estate, name: str, statement: str = LEFT_INVALID) -> None:
    """Leave an index invalid, as a person's statement that was cut off does."""
    estate.query("SET ROLE app_owner")
    with psycopg.connect(**estate.server, autocommit=True) as root:
        root.execute("SET ROLE app_owner")
        with pytest.raises(psycopg.errors.UniqueViolation):
            root.execute(statement.format(name))


# --- The name is taken -----------------------------------------------------------------------------------------------
OTHERS = [
    ("CREATE INDEX meadow_name_idx ON app.meadow (id)", "CREATE INDEX meadow_name_idx ON app.meadow USING btree (id)"),
    (
        "CREATE UNIQUE INDEX meadow_name_idx ON app.meadow (name)",
        "CREATE UNIQUE INDEX meadow_name_idx ON app.meadow USING btree (name)",
    ),
    (
        "CREATE INDEX meadow_name_idx ON app.meadow USING hash (name)",
        "CREATE INDEX meadow_name_idx ON app.meadow USING hash (name)",
    ),
    (
        "CREATE INDEX meadow_name_idx ON app.meadow (name text_pattern_ops)",
        "CREATE INDEX meadow_name_idx ON app.meadow USING btree (name text_pattern_ops)",
    ),
    (
        "CREATE INDEX meadow_name_idx ON app.meadow (name DESC)",
        "CREATE INDEX meadow_name_idx ON app.meadow USING btree (name DESC)",
    ),
    (
        "CREATE INDEX meadow_name_idx ON app.meadow (name) INCLUDE (id)",
        "CREATE INDEX meadow_name_idx ON app.meadow USING btree (name) INCLUDE (id)",
    ),
    (
        "CREATE INDEX meadow_name_idx ON app.meadow (name) WHERE id > 5",
        "CREATE INDEX meadow_name_idx ON app.meadow USING btree (name) WHERE (id > 5)",
    ),
    (
        "ALTER TABLE app.meadow ADD CONSTRAINT meadow_name_idx UNIQUE (name)",
        "CREATE UNIQUE INDEX meadow_name_idx ON app.meadow USING btree (name)",
    ),
    ("CREATE TABLE app.meadow_name_idx ()", "table"),
    ("CREATE SEQUENCE app.meadow_name_idx OWNED BY app.meadow.id", "sequence"),
    (
        "CREATE TABLE app.barn (name text); CREATE INDEX meadow_name_idx ON app.barn (name)",
        "CREATE INDEX meadow_name_idx ON app.barn USING btree (name)",
    ),
]
WAYS = [
    INDEX,
    *(
        f"migrations.RunSQL({text!r}),"
        for text in (
            MAKE,
            MAKE.replace("meadow_name_idx", "IF NOT EXISTS meadow_name_idx"),
            'create /* a */ index -- b\n if not exists "meadow_name_idx" on only app . "meadow" using btree (name);',
        )
    ),
]


@pytest.mark.parametrize(
    ("statement", "found", "way"), [(*other, way) for other, way in zip(OTHERS, cycle(WAYS), strict=False)]
)
def test_other_thing_of_the_name_is_refused_each_time(statement: str, found: str, way: str, meadow: Estate) -> None:
    meadow.query(f"SET ROLE app_owner; {statement}")
    before = meadow.query(INDEXES)
    meadow.write("meadow", "0002_index", way, atomic=False)

    messages = [refuse(meadow, "meadow") for _ in range(2)]

    table = 'app . "meadow"' if " . " in way else '"app"."meadow"' if way == INDEX else "app.meadow"
    assert set(messages) == {
        f"app.meadow_name_idx is there already and is another: {found}; this migration makes CREATE INDEX "
        f'"meadow_name_idx" ON {table} USING btree (name). Rename or drop the one, or give the other another name, and '
        f"run migrate again"
    }
    assert meadow.applied == ["meadow.0001_meadow"]
    assert meadow.query(INDEXES) == before


@pytest.mark.parametrize("way", WAYS[1:])
def test_index_that_is_what_would_be_made_counts_as_made(way: str, meadow: Estate) -> None:
    meadow.query(
        'SET ROLE app_owner; CREATE INDEX meadow_name_idx ON app.meadow (name COLLATE pg_catalog."default" ASC)'
    )
    meadow.write("meadow", "0002_index", way, atomic=False)

    meadow.migrate("meadow")

    assert meadow.query(INDEXES) == [("meadow_name_idx", True)]


def test_statement_that_makes_nothing_is_refused_with_the_reason(meadow: Estate) -> None:
    meadow.query("SET ROLE app_owner; CREATE INDEX meadow_name_idx ON app.meadow (name)")
    meadow.write_sql("meadow", "0002_index", MAKE.replace("(name)", "(gone)"), atomic=False)

    assert 'none (column "gone" does not exist)' in refuse(meadow, "meadow")


@pytest.mark.parametrize("way", WAYS[:2])
def test_invalid_index_of_somebody_elses_is_kept_and_named(way: str, meadow: Estate) -> None:
    meadow.query("SET ROLE app_owner; INSERT INTO app.meadow (name) VALUES ('a')")
    make_invalid(meadow, "meadow_name_idx", MAKE.replace("INDEX C", "UNIQUE INDEX C"))
    meadow.query("UPDATE pg_index SET indisunique = false WHERE indexrelid = 'app.meadow_name_idx'::regclass")
    meadow.write("meadow", "0002_index", way, atomic=False)

    messages = {refuse(meadow, "meadow") for _ in range(2)}

    assert messages == {
        "index app.meadow_name_idx is invalid, and this migration did not leave it so: DROP INDEX CONCURRENTLY "
        "app.meadow_name_idx, or REINDEX it, and run migrate again"
    }
    assert meadow.query(INDEXES) == [("meadow_name_idx", False)]


# --- What attempts leave ---------------------------------------------------------------------------------------------
LEAVING = [
    (MAKE, ["meadow_name_idx"]),
    ("CREATE INDEX CONCURRENTLY ON app.meadow (name)", ["meadow_name_idx"]),
    ("CREATE INDEX CONCURRENTLY ON app.meadow (lower(name)) WHERE id > 5", ["meadow_lower_idx"]),
    ("REINDEX INDEX CONCURRENTLY app.old_one", []),
    ("REINDEX (VERBOSE, CONCURRENTLY) TABLE app.meadow", []),
    ("REINDEX SCHEMA CONCURRENTLY app", []),
]


@pytest.mark.parametrize(("statement", "made"), LEAVING)
def test_attempts_leave_nothing_behind_once_one_succeeds(
    statement: str, made: list[str], meadow: Estate, hasty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    meadow.query("SET ROLE app_owner; CREATE INDEX old_one ON app.meadow (name)")
    make_invalid(meadow, "zz_ccnew")
    meadow.write_sql("meadow", "0002_index", statement, atomic=False)

    with someone_writing(meadow) as writer:
        leave_after(monkeypatch, writer, 2)
        meadow.migrate("meadow")

    assert meadow.query(INDEXES) == sorted([*((name, True) for name in ["old_one", *made]), ("zz_ccnew", False)])


@pytest.mark.parametrize(("statement", "made"), LEAVING)
def test_runs_leave_nothing_behind_once_one_succeeds(
    statement: str, made: list[str], meadow: Estate, settings: object, hasty: None
) -> None:
    meadow.query("SET ROLE app_owner; CREATE INDEX old_one ON app.meadow (name)")
    make_invalid(meadow, "zz_ccnew")
    meadow.write_sql("meadow", "0002_index", statement, atomic=False)

    settings.MIGRATION_RETRIES = 0  # type: ignore[attr-defined]
    with someone_writing(meadow):
        for _ in range(2):
            with pytest.raises(Exception, match="statement timeout"):
                meadow.migrate("meadow")
        assert len(meadow.query(INDEXES)) <= 4  # what was there, and one of the last attempt
    settings.MIGRATION_RETRIES = 5  # type: ignore[attr-defined]
    meadow.migrate("meadow")

    assert meadow.query(INDEXES) == sorted([*((name, True) for name in ["old_one", *made]), ("zz_ccnew", False)])


def test_unique_index_that_rows_break_leaves_nothing(meadow: Estate) -> None:
    meadow.query("INSERT INTO app.meadow (name) VALUES ('a')")
    meadow.write_sql("meadow", "0002_index", "CREATE UNIQUE INDEX CONCURRENTLY ON app.meadow (name)", atomic=False)

    for _ in range(2):
        with pytest.raises(DatabaseError, match="could not create unique index"):
            meadow.migrate("meadow")

    assert meadow.query(INDEXES) == []


def test_index_without_a_name_that_a_run_made_before_it_was_cut_off_is_not_made_twice(meadow: Estate) -> None:
    make, fails = "CREATE INDEX CONCURRENTLY ON app.meadow (name)", "SELECT FROM app.gate"
    meadow.write("meadow", "0002_index", f"migrations.RunSQL([{make!r}, {fails!r}]),", atomic=False)
    for _ in range(2):
        with pytest.raises(Exception, match=r"app\.gate"):
            meadow.migrate("meadow")
    meadow.query("SET ROLE app_owner; CREATE TABLE app.gate ()")

    meadow.migrate("meadow")

    assert meadow.query(INDEXES) == [("meadow_name_idx", True)]


PARTED = """
    SET ROLE app_owner; CREATE TABLE app.yard (n int) PARTITION BY LIST (n);
    CREATE TABLE app.yard_1 PARTITION OF app.yard FOR VALUES IN (1); INSERT INTO app.yard VALUES (1)
"""


def test_partition_whose_detaching_was_cut_off_is_detached(
    meadow: Estate, hasty: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    meadow.query(PARTED)
    detach = "ALTER TABLE app.yard DETACH PARTITION app.yard_1 CONCURRENTLY"
    meadow.write_sql("meadow", "0002_part", detach, atomic=False)

    with psycopg.connect(**meadow.server) as reader:
        reader.execute("SELECT FROM app.yard")
        leave_after(monkeypatch, reader, 1)
        meadow.migrate("meadow")

    assert meadow.query("SELECT 1 FROM pg_inherits WHERE inhparent = 'app.yard'::regclass") == []
    assert meadow.applied[-1] == "meadow.0002_part"


def test_what_waits_too_long_is_told_with_who_is_in_its_way(meadow: Estate, settings: object) -> None:
    settings.MIGRATION_STATEMENT_TIMEOUT = "2s"  # type: ignore[attr-defined]
    meadow.write_sql("meadow", "0002_index", MAKE, atomic=False)

    with someone_writing(meadow) as writer:
        message = refuse(meadow, "meadow")
        process = writer.info.backend_pid

    assert (
        f"a statement took longer than its statement_timeout of 2 s: {MAKE}; in its way: process {process} " in message
    )


# --- Nobody waits behind it ------------------------------------------------------------------------------------------
BESIDE = [
    MAKE,
    "DROP INDEX CONCURRENTLY app.old_one",
    "REINDEX INDEX CONCURRENTLY app.old_one",
    "ALTER TABLE app.meadow VALIDATE CONSTRAINT meadow_named",
    "ANALYZE app.meadow",
]


@pytest.mark.parametrize("statement", BESIDE)
def test_statement_that_nobody_waits_behind_waits_longer_than_the_limit(
    statement: str, meadow: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    meadow.query(
        "SET ROLE app_owner; CREATE INDEX old_one ON app.meadow (name); "
        "ALTER TABLE app.meadow ADD CONSTRAINT meadow_named CHECK (name <> '') NOT VALID"
    )
    meadow.write("meadow", "0002_wait", f"migrations.RunSQL([{statement!r}]),", atomic=False)
    seen: list[str] = []

    with psycopg.connect(**meadow.server) as holder:
        holder.execute("LOCK TABLE app.meadow IN SHARE UPDATE EXCLUSIVE MODE")
        leave_after_looks(monkeypatch, holder, seen)
        meadow.migrate("meadow")

    assert len(seen) == LOOKS
    assert meadow.history[-1][3:] == ("ok", "")  # at its first attempt
    assert meadow.applied[-1] == "meadow.0002_wait"


LOOKS = 10  # at who is in the way: one each fourth of lock_timeout, and the last of them long after that


def leave_after_looks(monkeypatch: pytest.MonkeyPatch, holder: psycopg.Connection, seen: list[str]) -> None:
    """End the holder's transaction once it was seen in the way so often."""
    look = BlockerWatch.look

    def look_and_leave(watch: BlockerWatch) -> None:
        watch.seen = ""
        look(watch)
        seen.extend([watch.seen] if watch.seen else [])
        if len(seen) == LOOKS:
            holder.rollback()

    monkeypatch.setattr(BlockerWatch, "look", look_and_leave)


@pytest.mark.parametrize(
    ("statement", "beside"),
    [
        ("CREATE INDEX i ON app.meadow (name)", False),
        ("REINDEX (CONCURRENTLY off) TABLE app.meadow", False),
        ("REINDEX (CONCURRENTLY) TABLE app.meadow", True),
        ("REINDEX TABLE app.meadow", False),
        ("DROP INDEX app.i", False),
        ("VACUUM (FULL) app.meadow", False),
        ("VACUUM app.meadow", True),
        ('ALTER TABLE app.meadow VALIDATE CONSTRAINT a, VALIDATE CONSTRAINT "b"', True),
        ("ALTER TABLE app.meadow VALIDATE CONSTRAINT a, ADD x int", False),
        ("ALTER TABLE app.meadow DETACH PARTITION app.yard_1 CONCURRENTLY", True),
        ("ALTER TABLE app.meadow DETACH PARTITION app.yard_1", False),
        ("REFRESH MATERIALIZED VIEW app.m", False),
        ("REFRESH MATERIALIZED VIEW CONCURRENTLY app.m", True),
    ],
)
def test_what_nobody_waits_behind_is_known(statement: str, beside: bool) -> None:
    assert works_beside(statement) is beside
