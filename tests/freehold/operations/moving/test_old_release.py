"""What a release that knows the old name does through the view, as its own login."""

from __future__ import annotations

import threading

import psycopg
import pytest
from pytest_django.fixtures import Settings

from freehold.errors import MigrationError
from freehold.ownership.comparable import DatabasePolicy
from tests.freehold.operations.moving.estates import MovingEstate, declare

pytestmark = pytest.mark.postgresql
STATEMENTS = {
    "defaults": ("INSERT INTO public.runs (note) VALUES ('d') RETURNING id, kind, seen", [(4, "import", 0)]),
    "all defaults": ("INSERT INTO public.runs DEFAULT VALUES RETURNING kind, note", [("import", None)]),
    "default": ("INSERT INTO public.runs (kind, note) VALUES (DEFAULT, 'e') RETURNING kind", [("import",)]),
    "rows with defaults": (
        "INSERT INTO public.runs (kind, note) VALUES (DEFAULT, 'f'), ('export', 'g') RETURNING kind",
        [("import",), ("export",)],
    ),
    "a key of its own": ("INSERT INTO public.runs (id, note) VALUES (90, 'h') RETURNING id", [(90,)]),
    "an identity overridden": (
        "INSERT INTO public.runs (id, note) OVERRIDING USER VALUE VALUES (91, 'i') RETURNING id < 91",
        [(True,)],
    ),
    "a conflict passed over": (
        "INSERT INTO public.runs (note) VALUES ('a') ON CONFLICT DO NOTHING RETURNING id",
        [],
    ),
    "an upsert": (
        "INSERT INTO public.runs (note) VALUES ('a') ON CONFLICT (kind, note) DO UPDATE SET seen = runs.seen + 1 "
        "RETURNING id, seen",
        [(1, 1)],
    ),
    "an update": ("UPDATE public.runs SET seen = 7 WHERE note = 'b' RETURNING *", [(2, "import", "b", 7)]),
    "a delete": ("DELETE FROM public.runs WHERE note = 'c' RETURNING id", [(3,)]),
    "a lock": ("SELECT id FROM public.runs WHERE note = 'a' FOR UPDATE", [(1,)]),
    "a lock without waiting": ("SELECT id FROM public.runs r ORDER BY id LIMIT 1 FOR UPDATE OF r SKIP LOCKED", [(1,)]),
    "a foreign key": ("INSERT INTO public.steps (run_id) VALUES (1) RETURNING run_id", [(1,)]),
    "a join": ("SELECT count(*) FROM public.runs JOIN public.steps ON steps.run_id = runs.id", [(0,)]),
    "a whole row": ("SELECT (r.*)::text FROM public.runs r WHERE id = 1", [("(1,import,a,0)",)]),
    "a merge": (
        "MERGE INTO public.runs r USING (VALUES ('a')) v (note) ON r.note = v.note "
        "WHEN MATCHED THEN UPDATE SET seen = 9",
        [],
    ),
}
REFUSED = {
    "copying out": ("COPY public.runs TO STDOUT", "cannot copy from view"),
    "emptying": ("TRUNCATE public.runs", "permission denied|is not a table"),
    "a constraint by name": (
        "INSERT INTO public.runs (note) VALUES ('a') ON CONFLICT ON CONSTRAINT runs_kind_note_uniq DO NOTHING",
        'constraint "runs_kind_note_uniq" for table "runs" does not exist',
    ),
    "the sequence by its old name": ("SELECT nextval('public.runs_id_seq')", "does not exist"),
    "a system column": ("SELECT xmin FROM public.runs", 'column "xmin" does not exist'),
    "what breaks a rule": ("INSERT INTO public.runs (seen) VALUES (-1)", "runs_seen_check"),
    "the new name": ("SELECT 1 FROM app.runs", "permission denied for schema app"),
}


@pytest.fixture
def moved(estate: MovingEstate) -> MovingEstate:
    """The estate after the move."""
    estate.make_runs()
    estate.write_move()
    estate.migrate("meadow")
    return estate


@pytest.mark.parametrize("what", STATEMENTS)
def test_statement_gives_what_it_gave(moved: MovingEstate, what: str) -> None:
    statement, expected = STATEMENTS[what]

    assert moved.as_login("web", statement) == expected


@pytest.mark.parametrize("what", REFUSED)
def test_statement_is_refused(moved: MovingEstate, what: str) -> None:
    statement, message = REFUSED[what]

    with pytest.raises(psycopg.Error, match=message):
        moved.as_login("web", statement)


def test_reader_reads_and_writes_nothing(moved: MovingEstate) -> None:
    assert moved.as_login("audit", "SELECT count(*) FROM public.runs") == [(3,)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        moved.as_login("audit", "UPDATE public.runs SET seen = 1")


def test_consumer_of_a_contract_with_all_columns_reads_them(moved: MovingEstate) -> None:
    assert moved.as_login("guest", "SELECT id, kind FROM public.runs WHERE id = 1") == [(1, "import")]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        moved.as_login("guest", "DELETE FROM public.runs")


def test_consumer_of_some_columns_would_read_none_so_that_the_move_is_refused(
    estate: MovingEstate, settings: Settings
) -> None:
    settings.OWNERSHIP = "tests.freehold.operations.moving.maps.PARTS"
    estate.make_runs()
    estate.write_move()

    with pytest.raises(MigrationError) as caught:
        estate.migrate("meadow")

    assert str(caught.value) == (
        "moving_guest_rw may read a part of the columns of public.runs, and through a view it could read none of them: "
        "let its contract list note, seen too while the view stays, or move without a view; nothing of the migration "
        "was applied"
    )
    assert estate.as_login("guest", "SELECT id FROM public.runs WHERE id = 1") == [(1,)]


def test_copying_in_is_refused(moved: MovingEstate) -> None:
    with (
        moved.connect("web") as session,
        pytest.raises(psycopg.errors.WrongObjectType, match="cannot copy to view"),
        session.cursor().copy("COPY public.runs (note) FROM STDIN") as copy,
    ):
        copy.write_row(["x"])


def test_prepared_statements_go_on_across_the_move_and_back(estate: MovingEstate) -> None:
    estate.make_runs()
    estate.write_move()
    with estate.connect("web") as session:
        for name, statement in {
            "one": "SELECT * FROM public.runs WHERE note = $1",
            "put": "INSERT INTO public.runs (note) VALUES ($1) RETURNING *",
            "set": "UPDATE public.runs SET seen = seen + 1 WHERE note = $1 RETURNING seen",
        }.items():
            session.execute(f"PREPARE {name} (text) AS {statement}")
        for _ in range(7):  # five custom plans, then a generic one that is kept
            session.execute("EXECUTE one ('a')")
            session.execute("EXECUTE set ('a')")

        estate.migrate("meadow")
        there = [session.execute(f"EXECUTE {each}").fetchall() for each in ("one ('b')", "put ('z')", "set ('a')")]
        estate.migrate("meadow", "zero")
        back = [session.execute(f"EXECUTE {each}").fetchall() for each in ("one ('z')", "set ('a')")]

    assert there == [[(2, "import", "b", 0)], [(4, "import", "z", 0)], [(8,)]]
    assert back == [[(4, "import", "z", 0)], [(9,)]]


def test_statement_that_waits_for_the_move_finds_the_view(estate: MovingEstate) -> None:
    estate.make_runs()
    estate.write_move()
    found: list[object] = []

    def write(number: int) -> None:
        with estate.connect("web") as session:
            session.execute("PREPARE put (text) AS INSERT INTO public.runs (note) VALUES ($1) RETURNING note")
            held.wait()
            statement = (
                f"EXECUTE put ('w{number}')" if number % 2 else f"UPDATE public.runs SET seen = {number} WHERE id = 1"
            )
            found.append(session.execute(statement).rowcount)

    # One that holds the table, then the migrator that waits for it, then those that wait for the migrator.
    held = threading.Event()
    writers = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    with estate.connect("web") as holder:
        holder.execute("BEGIN; SELECT 1 FROM public.runs")
        migrator = threading.Thread(target=estate.migrate_in_thread, args=("meadow",))
        for each in (*writers, migrator):
            each.start()
        estate.wait_until(WAITING, 1)
        held.set()
        estate.wait_until(WAITING, 7)
        holder.execute("COMMIT")
    for each in (*writers, migrator):
        each.join()

    assert found == [1] * 6
    assert estate.as_login("web", "SELECT count(*) FROM public.runs WHERE note LIKE 'w%'") == [(3,)]
    assert ("public.runs", "v", "moving_migrator") in estate.list_names()


WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def test_policies_hold_old_and_new_release_alike(
    estate: MovingEstate, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    estate.make_runs()
    estate.query(
        "SET ROLE moving_migrator; ALTER TABLE public.runs ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
        "CREATE POLICY owner ON public.runs TO moving_migrator USING (true);"
        "CREATE POLICY mine ON public.runs TO moving_web_rw USING (note < 'c')"
    )
    estate.write_move()
    text = '"app"."runs"."note" < \'c\''
    policies = [
        DatabasePolicy("app", "runs", "owner", "ALL", ("moving_app_owner",), "true", "true"),
        DatabasePolicy("app", "runs", "mine", "ALL", ("moving_web_rw",), text, text),
        DatabasePolicy("app", "runs", "all", "SELECT", ("moving_api_rw",), "true"),
    ]
    declare(monkeypatch, policies)

    estate.migrate("meadow")

    assert estate.as_login("web", "SELECT note FROM public.runs ORDER BY id") == [("a",), ("b",)]
    assert estate.as_login("api", "SELECT note FROM app.runs ORDER BY id") == [("a",), ("b",), ("c",)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
        estate.as_login("web", "INSERT INTO public.runs (note) VALUES ('z')")
    assert estate.tell_drift() == []

    estate.migrate("meadow", "zero")

    assert estate.as_login("web", "SELECT note FROM public.runs ORDER BY id") == [("a",), ("b",)]
    assert estate.tell_drift() == []
