"""What is remembered of clean looks: it saves the look, and hides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker

from freehold.acting import acting
from freehold.rights import alignment, clean, comparison, look
from freehold.rights.drift import Drift
from tests.freehold.rights.estates import Estate

pytestmark = pytest.mark.postgresql


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each time that what was read is held against what is declared."""
    found: list[str] = []

    def comparing(it: object) -> list[Drift]:
        found.append("look")
        return []

    monkeypatch.setattr(comparison, "_PARTS", (comparing, *comparison._PARTS))
    return found


def test_second_look_at_a_clean_catalogue_compares_nothing(made: Estate, looks: list[str]) -> None:
    assert [made.check(anew=False), made.check(anew=False)] == [[], []]
    assert looks == ["look"]


def test_look_anew_reads_all(made: Estate, looks: list[str]) -> None:
    made.check(anew=False)
    made.check(anew=True)

    assert looks == ["look", "look"]


@pytest.mark.parametrize(
    "damage",
    [
        "GRANT DELETE ON wood.tree TO farm@",
        "GRANT SELECT (secret) ON field.plot TO inn@",
        "ALTER POLICY looking ON field.plot USING (true)",
        "COMMENT ON POLICY looking ON field.plot IS NULL",
        "ALTER TABLE field.plot NO FORCE ROW LEVEL SECURITY",
        "ALTER ROLE farm@ CREATEDB",
        "ALTER ROLE farm@ SET row_security = off",
        "GRANT field@ TO mill@",
        "ALTER DEFAULT PRIVILEGES FOR ROLE field@ GRANT SELECT ON TABLES TO farm@",
        "ALTER SEQUENCE field.ticket OWNER TO postgres",
        "CREATE SCHEMA zoo",
        "ALTER TABLE public.migration_history DISABLE TRIGGER migration_history_append_only",
        "DROP TRIGGER migration_history_rows_append_only ON public.migration_history",
    ],
)
def test_damage_after_a_clean_look_is_seen(damage: str, made: Estate) -> None:
    made.check(anew=False)
    made.execute(damage)

    assert len(made.check(anew=False)) == 1
    made.apply()
    made.execute("DROP SCHEMA IF EXISTS zoo")
    assert made.check(anew=False) == []


def test_other_declaration_is_looked_at(made: Estate) -> None:
    made.check(anew=False)
    policy = made.policies.pop()

    assert [each.rule for each in made.check(anew=False)] == ["D024"]
    made.policies.append(policy)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"clean": 1}', '{"clean": [1]}'])
def test_file_that_is_none_of_ours_counts_as_nothing(text: str, made: Estate, settings: Settings) -> None:
    file = Path(settings.BASE_DIR) / "var" / "ownership.json"
    file.parent.mkdir()
    file.write_text(text)

    assert made.check(anew=False) == []
    assert len(clean.read_keys()) == 2  # a key and a mark


def test_place_that_can_not_be_written_to_costs_the_memory_alone(made: Estate, settings: Settings) -> None:
    (Path(settings.BASE_DIR) / "var").write_text("a file")

    assert [made.check(anew=False), made.check(anew=False)] == [[], []]


def test_check_of_many_tables_takes_as_many_queries_as_of_few(made: Estate) -> None:
    few = count_queries(made)
    made.execute(
        "SET ROLE wood@; "
        "DO $$ BEGIN FOR n IN 1..50 LOOP EXECUTE format('CREATE TABLE wood.t%s ()', n); END LOOP; END $$"
    )
    made.apply()
    many = count_queries(made)
    made.execute("DO $$ BEGIN FOR n IN 1..50 LOOP EXECUTE format('DROP TABLE wood.t%s', n); END LOOP; END $$")

    assert many == few


def count_queries(estate: Estate) -> int:
    """Give how many statements a look anew sends."""
    with estate.connect() as session, counting() as sent:
        assert look.find_drift(session, estate.ownership, anew=True) == []
    return len(sent)


@contextmanager
def counting() -> Iterator[list[object]]:
    """Give what cursors are asked to run inside the block, a message each."""
    sent: list[object] = []
    execute = look.psycopg.Cursor.execute

    def run(self: object, *arguments: object) -> object:
        sent.append(arguments[0])
        return execute(self, *arguments)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(look.psycopg.Cursor, "execute", run)
        yield sent


def test_many_changes_take_as_many_messages_as_few(made: Estate) -> None:
    seen = []
    for grants in ("SELECT", "SELECT, INSERT, UPDATE, DELETE, REFERENCES, TRIGGER"):
        made.execute(f"GRANT {grants} ON wood.tree TO inn@; GRANT {grants} ON field.plot TO stranger@")
        with counting() as sent:
            assert made.apply().done
        seen.append(len(sent))

    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    ("damage", "is_changed", "reads"),
    [
        (
            "GRANT SELECT ON wood.tree TO inn@",
            False,
            3,
        ),  # whether there is anything to do; what, under the lock; the end
        ("GRANT SELECT ON wood.tree TO inn@", True, 2),
        ("SELECT", False, 1),
        ("SELECT", True, 1),
    ],
)
def test_catalogue_is_read_no_more_often_than_needed(damage: str, is_changed: bool, reads: int, made: Estate) -> None:
    made.execute(damage)
    with counting() as sent:
        made.apply(is_changed=is_changed)

    assert sum("name: catalogue" in str(each) for each in sent) == reads
    with made.connect() as session:
        assert alignment.is_unchanged(session, made.ownership)


def test_look_anew_reads_the_catalogue_once(made: Estate) -> None:
    with made.connect() as session, counting() as sent:
        look.find_drift(session, made.ownership, anew=True)

    assert sum("name: catalogue" in str(each) for each in sent) == 1


def test_look_for_a_page_leaves_settings_as_they_were(made: Estate, service_connection: BaseDatabaseWrapper) -> None:
    service_connection.set_autocommit(False)
    with service_connection.cursor() as cursor:
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 7; SET LOCAL jit = on")
        look.find_drift_over(service_connection, made.ownership)
        cursor.execute("SELECT current_setting('max_parallel_workers_per_gather'), current_setting('jit')")
        assert cursor.fetchone() == ("7", "on")
    service_connection.rollback()


DAMAGES = [
    "GRANT DELETE ON wood.tree TO farm@",
    "GRANT SELECT (secret) ON field.plot TO inn@",
    "GRANT EXECUTE ON FUNCTION field.area TO PUBLIC",
    "GRANT TEMPORARY ON DATABASE estate@ TO mill@",
    "GRANT CREATE ON SCHEMA wood TO mill@",
    "GRANT EXECUTE ON FUNCTION pg_catalog.pg_read_file(text) TO farm@",
    "GRANT SELECT (rolpassword) ON pg_catalog.pg_authid TO farm@",
    "GRANT USAGE ON LANGUAGE plpgsql TO farm@",
    "GRANT SET ON PARAMETER log_duration TO farm@",  # each file its own: the row is the whole server's
    "SELECT lo_create(4711); GRANT SELECT ON LARGE OBJECT 4711 TO farm@",
    "REVOKE USAGE ON TYPE field.crop FROM PUBLIC",
    "ALTER POLICY looking ON field.plot USING (true)",
    "COMMENT ON POLICY looking ON field.plot IS NULL",
    "ALTER TABLE field.plot NO FORCE ROW LEVEL SECURITY",
    "ALTER ROLE farm@ CREATEDB",
    "ALTER ROLE farm@ SET row_security = off",
    "GRANT field@ TO mill@",
    "ALTER DEFAULT PRIVILEGES FOR ROLE field@ GRANT SELECT ON TABLES TO farm@",
    "ALTER SEQUENCE field.ticket OWNER TO postgres",
    "COMMENT ON SCHEMA field IS 'x'",
    "ALTER TABLE public.migration_history DISABLE TRIGGER migration_history_append_only",
    "DROP TRIGGER migration_history_rows_append_only ON public.migration_history",
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_changes_the_mark_that_migrate_asks_for(damage: str, made: Estate) -> None:
    before = settle(made)
    made.execute(damage)

    after = is_unchanged(made)

    assert (before, after, settle(made)) == (True, False, True)


@pytest.mark.parametrize("first", ["SELECT", "GRANT SELECT ON wood.tree TO inn@"])  # in the first round, the second
def test_what_changes_behind_the_last_comparison_is_not_remembered_as_clean(
    first: str, made: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    compare = alignment.compare

    def comparing(*arguments: object) -> object:
        found = compare(*arguments)  # type: ignore[arg-type]
        if not found.drifts:
            made.execute("GRANT SELECT (secret) ON field.plot TO inn@")
        return found

    made.execute(first)
    monkeypatch.setattr(alignment, "compare", comparing)
    made.apply(is_changed=True)

    was_unchanged, found = is_unchanged(made), made.check(anew=False)
    monkeypatch.undo()
    made.apply()

    assert not was_unchanged
    assert len(found) == 1


def test_check_of_a_domain_that_was_there_changes_the_mark(made: Estate) -> None:
    """It writes no row of the type, and may run a function as whoever writes a column of it."""
    made.execute("SET ROLE field@; CREATE DOMAIN field.furlong AS int")
    before = settle(made)
    made.execute("ALTER DOMAIN field.furlong ADD CHECK (VALUE > 0)")
    after = is_unchanged(made)
    made.execute("DROP DOMAIN field.furlong")

    assert (before, after) == (True, False)


def settle(estate: Estate) -> bool:
    """Apply until the mark is known: the roles of the server count in it, and other tests make some meanwhile."""
    for _ in range(20):
        estate.apply()
        if is_unchanged(estate):
            return True
    return False


def is_unchanged(estate: Estate) -> bool:
    """Tell whether `migrate` would find the mark that it knows."""
    with estate.connect("steward") as session:
        return alignment.is_unchanged(session, estate.ownership)


@pytest.fixture
def service_connection(made: Estate, django_db_blocker: DjangoDbBlocker) -> Iterator[BaseDatabaseWrapper]:
    """Django's connection to the estate as a service's own login, as the process that shows a page has it."""
    other = connection.copy(alias="estate")
    database = {name.upper(): str(value) for name, value in made.database.items()}
    other.settings_dict = {
        **other.settings_dict,
        "NAME": database["DBNAME"],
        "HOST": database["HOST"],
        "PORT": database["PORT"],
        "USER": f"farm_{made.tag}",
        "OPTIONS": {"passfile": str(made.passfile)},
    }
    look._seen.clear()
    with django_db_blocker.unblock(), acting(None):
        yield other
        other.close()


def test_look_for_a_page_is_what_the_command_finds_and_is_kept(
    made: Estate, service_connection: BaseDatabaseWrapper, looks: list[str]
) -> None:
    made.execute("GRANT DELETE ON wood.tree TO farm@")
    drift = made.check()

    for _ in range(20):  # until nobody makes a role of the server's meanwhile, which count in what is kept
        looks.clear()
        look._seen.clear()
        found = [look.find_drift_over(service_connection, made.ownership) for _ in range(3)]
        if len(looks) == 1:
            break

    assert [each.rule for each in drift] == ["D013"]
    assert found == [drift] * 3
    assert looks == ["look"]
    made.apply()
    assert look.find_drift_over(service_connection, made.ownership) == []


def test_look_for_a_page_inside_of_a_transaction_leaves_it_usable(
    made: Estate, service_connection: BaseDatabaseWrapper
) -> None:
    service_connection.set_autocommit(False)
    with service_connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert look.find_drift_over(service_connection, made.ownership) == []
        cursor.execute("SELECT current_setting('search_path'), current_setting('transaction_read_only')")
        path, read_only = cursor.fetchone()
    assert (path == "pg_catalog, pg_temp", read_only) == (False, "off")
    service_connection.rollback()
