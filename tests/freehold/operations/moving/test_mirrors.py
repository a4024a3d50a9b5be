"""Two tables of different shapes hold the same rows while both are written."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from freehold.errors import MigrationError
from freehold.operations.tables import mirrors
from tests.freehold.operations.moving.estates import MovingEstate

pytestmark = pytest.mark.postgresql
SHAPES = """key="id",
    forward={"id": "source.id", "title": "source.kind || ':' || source.note", "hits": "source.seen"},
    backward={"id": "source.id", "kind": "split_part(source.title, ':', 1)",
        "note": "split_part(source.title, ':', 2)", "seen": "source.hits"}),
"""
JOBS = """
    migrations.CreateModel("Job",
        [("id", models.BigAutoField(primary_key=True)), ("title", models.TextField()),
         ("hits", models.IntegerField(db_default=0))],
        options={"db_table": "app.jobs"}),
"""
BOTH = """
    SELECT r.id, r.kind || ':' || r.note, r.seen, j.title, j.hits FROM public.runs r FULL JOIN app.jobs j ON j.id = r.id
    WHERE (r.kind || ':' || r.note, r.seen) IS DISTINCT FROM (j.title, j.hits)
"""


def name(operation: str) -> str:
    """Give an operation as a migration has it."""
    return f'{operation}("public.runs", "app.jobs", {SHAPES}'


@pytest.fixture
def twin(estate: MovingEstate) -> MovingEstate:
    """The estate with both tables, mirrored, and old rows that are not brought over."""
    estate.make_runs()
    estate.query("INSERT INTO public.runs (kind, note) SELECT 'old', n::text FROM generate_series(1, 300) n")
    estate.write("meadow", "0001_job", JOBS, after=(("stray", "0001_run"),))
    estate.write("meadow", "0002_mirror", name("MirrorTable"))
    estate.migrate("meadow")
    estate.write("meadow", "0003_fill", name("FillMirror"), atomic=False)
    return estate


def test_each_change_is_in_both_tables(twin: MovingEstate) -> None:
    twin.migrate("meadow")

    twin.as_login("web", "INSERT INTO public.runs (kind, note) VALUES ('web', '1'), ('web', '2'), ('web', '3')")
    twin.as_login("web", "UPDATE public.runs SET seen = 5 WHERE kind = 'web' AND note = '1'")
    twin.as_login("web", "UPDATE public.runs SET id = 9000 WHERE kind = 'web' AND note = '2'")
    twin.as_login("web", "DELETE FROM public.runs WHERE kind = 'web' AND note = '3'")
    twin.as_login("api", "INSERT INTO app.jobs (title) VALUES ('api:1'), ('api:2')")
    twin.as_login("api", "UPDATE app.jobs SET hits = 6 WHERE title IN ('api:1', 'web:2')")
    twin.as_login("api", "DELETE FROM app.jobs WHERE title = 'api:2'")

    assert twin.query(BOTH) == []
    assert twin.as_login("api", "SELECT title, hits FROM app.jobs WHERE title ~ '^(web|api)' ORDER BY 1") == [
        ("api:1", 6),
        ("web:1", 5),
        ("web:2", 6),
    ]
    assert twin.tell_drift() == []


def test_rows_from_before_are_filled_in_batches_while_both_are_written(
    twin: MovingEstate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirrors.FillMirror, "size", 7)
    stopped, failures = threading.Event(), []

    def write(service: str, *statements: str) -> None:
        with twin.connect(service) as session:
            number = 0
            while not stopped.is_set():
                number += 1
                for statement in statements:
                    try:
                        session.execute(statement, {"n": str(number)})
                    except Exception as error:  # whatever it is, the release would have met it
                        failures.append(error)

    web = threading.Thread(
        target=write,
        args=(
            "web",
            "INSERT INTO public.runs (kind, note) VALUES ('web', %(n)s)",
            "UPDATE public.runs SET seen = seen + 1 WHERE kind = 'web' AND note = %(n)s",
            "DELETE FROM public.runs WHERE kind = 'old' AND note = %(n)s AND note::int %% 3 = 0",
        ),
    )
    api = threading.Thread(
        target=write,
        args=(
            "api",
            "INSERT INTO app.jobs (title) VALUES ('api:' || %(n)s)",
            "UPDATE app.jobs SET hits = hits + 1 WHERE title = 'api:' || %(n)s",
        ),
    )
    for each in (web, api):
        each.start()
    try:
        twin.migrate("meadow")
    finally:
        stopped.set()
        for each in (web, api):
            each.join()

    assert failures == []
    assert twin.query(BOTH) == []
    assert twin.query("SELECT count(*) > 0, max(hits) FROM app.jobs WHERE title ~ '^(api|web)'") == [(True, 1)]


def test_fill_that_was_cut_off_goes_on_where_it_stopped(
    twin: MovingEstate, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setattr(mirrors.FillMirror, "size", 100)
    monkeypatch.setattr(mirrors, "_TIMEOUT", "20ms")
    settings.MIGRATION_RETRIES = 1
    with twin.connect("web") as holder:
        holder.execute("BEGIN; UPDATE public.runs SET seen = 1 WHERE id = 250")
        with pytest.raises(
            MigrationError, match=r"public\.runs is locked by .* a batch gave up after 2 attempts of 20ms"
        ):
            twin.migrate("meadow")
        reached = twin.query(REACHED)
        filled = twin.query("SELECT count(*) FROM app.jobs")
        touched = twin.query(VERSIONS)
        holder.execute("COMMIT")

    twin.migrate("meadow")

    assert reached == [("freehold: filled up to 200",)]
    assert filled == [(200,)]
    assert twin.query(VERSIONS) == touched
    assert twin.query(BOTH) == []


REACHED = "SELECT obj_description(oid, 'pg_trigger') FROM pg_trigger WHERE tgname = 'mirror_public_runs'"
VERSIONS = "SELECT count(DISTINCT xmin::text), min(xmin::text::bigint) FROM public.runs WHERE id <= 200"


def test_both_sides_count_their_keys_apart(twin: MovingEstate) -> None:
    web = twin.as_login(
        "web", "INSERT INTO public.runs (kind, note) SELECT 'w', n FROM generate_series(1, 9) n RETURNING id"
    )
    api = twin.as_login(
        "api", "INSERT INTO app.jobs (title) SELECT 'a:' || n FROM generate_series(1, 9) n RETURNING id"
    )

    assert len({*web, *api}) == 18
    assert twin.query("SELECT note FROM public.runs WHERE id <= 3 ORDER BY id") == [("a",), ("b",), ("c",)]


def test_a_cascade_is_mirrored_too(twin: MovingEstate) -> None:
    twin.query(
        "SET ROLE moving_migrator; CREATE TABLE public.steps_above (id bigint PRIMARY KEY);"
        "ALTER TABLE public.runs ADD COLUMN above bigint REFERENCES public.steps_above ON DELETE CASCADE;"
        "INSERT INTO public.steps_above VALUES (1); INSERT INTO public.runs (kind, note, above) VALUES ('c', '1', 1)"
    )
    before = twin.query("SELECT count(*) FROM app.jobs WHERE title = 'c:1'")

    twin.query("DELETE FROM public.steps_above")

    assert before == [(1,)]
    assert twin.query("SELECT count(*) FROM app.jobs WHERE title = 'c:1'") == [(0,)]


def test_end_and_way_back_leave_nothing_behind(twin: MovingEstate) -> None:
    made = (
        "SELECT proname FROM pg_proc WHERE proname ~ '^mir' UNION SELECT tgname FROM pg_trigger WHERE tgname ~ '^mir'"
    )
    twin.write("meadow", "0004_stop", name("StopMirror"))
    twin.migrate("meadow")
    ended = twin.query(made)
    twin.migrate("meadow", "0003")
    again = len(twin.query(made))
    twin.migrate("meadow", "0001")

    assert ended == []
    assert again == 2
    assert twin.query(made) == []
    assert twin.query(
        "SELECT DISTINCT seqincrement FROM pg_sequence JOIN pg_class ON oid = seqrelid WHERE relname ~ '^(runs|jobs)'"
    ) == [(1,)]


def test_fill_in_a_transaction_is_refused(twin: MovingEstate) -> None:
    twin.write("meadow", "0004_again", name("FillMirror"))

    with pytest.raises(MigrationError) as caught:
        twin.migrate("meadow")

    assert str(caught.value) == "FillMirror commits batch by batch: write atomic = False into its migration"
