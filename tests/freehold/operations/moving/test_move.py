"""A table moves to another schema and owner, and all that belongs to it goes along."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connections
from pytest_django.fixtures import Settings

from freehold.acting.logins import using_login
from freehold.errors import MigrationError
from tests.freehold.migrator.estates import ALIAS
from tests.freehold.operations.moving.estates import GATE, MOVE, MOVE_GATE, MovingEstate

pytestmark = pytest.mark.postgresql
MOVED = [
    ("app.runs", "r", "moving_app_owner"),
    ("app.runs runs_kind_note_uniq", "constraint", "UNIQUE (kind, note)"),
    ("app.runs runs_pkey", "constraint", "PRIMARY KEY (id)"),
    ("app.runs runs_seen_check", "constraint", "CHECK ((seen >= 0))"),
    ("app.runs_id_seq", "S", "moving_app_owner"),
    ("app.runs_kind_note_uniq", "i", "moving_app_owner"),
    ("app.runs_pkey", "i", "moving_app_owner"),
    ("app.runs_seen_idx", "i", "moving_app_owner"),
]


def test_move_takes_indexes_constraints_and_sequence_along(estate: MovingEstate) -> None:
    estate.make_runs()
    estate.write_move()

    estate.migrate("meadow")

    assert [row for row in estate.list_names() if row[0].startswith("app")] == MOVED
    assert ("public.runs", "v", "moving_migrator") in estate.list_names()
    assert estate.as_login("api", "SELECT note FROM app.runs ORDER BY id") == [("a",), ("b",), ("c",)]
    assert estate.tell_drift() == []


def test_move_back_leaves_what_was_there(estate: MovingEstate) -> None:
    estate.make_runs()
    before = estate.list_names()
    estate.write_move()
    estate.migrate("meadow")

    estate.migrate("meadow", "zero")

    assert estate.list_names() == before
    assert estate.as_login("web", "SELECT note FROM public.runs ORDER BY id") == [("a",), ("b",), ("c",)]
    assert estate.tell_drift() == []


def test_table_that_an_admin_handed_over_before_goes_back_on_every_server(estate: MovingEstate) -> None:
    estate.make_runs()
    before = estate.list_names()
    estate.write_move()
    estate.migrate("meadow")
    estate.query("ALTER TABLE app.runs OWNER TO moving_migrator")

    estate.migrate("meadow", "zero")

    assert estate.list_names() == before
    assert estate.tell_drift() == []


def test_move_again_after_back_leaves_the_same_rights(estate: MovingEstate) -> None:
    estate.make_runs()
    estate.write_move()
    estate.migrate("meadow")
    before, rights = estate.list_names(), estate.list_rights()
    estate.migrate("meadow", "zero")

    estate.migrate("meadow")

    assert estate.list_names() == before
    assert estate.list_rights() == rights


def test_move_between_two_owners_renames_what_was_named_after_the_table(estate: MovingEstate) -> None:
    estate.write("manor", "0001_gate", GATE)
    estate.make_runs()  # which a contract of the map lists
    estate.migrate("manor")
    before = estate.list_names()
    estate.write("meadow", "0001_move", MOVE_GATE, after=(("manor", "0001_gate"),))

    estate.migrate("meadow")
    moved, drift = [name for name, *_ in estate.list_names()], estate.tell_drift()
    estate.migrate("meadow", "zero")

    assert {"app.door", "app.door_pkey", "app.door_id_seq", "auth.gate"} < set(moved)
    assert not [name for name in moved if name.startswith("app.gate")]
    assert drift == []
    assert estate.list_names() == before
    assert estate.tell_drift() == []


def test_mover_is_left_without_members_and_schemas_without_new_rights(estate: MovingEstate) -> None:
    estate.make_runs()
    estate.write_move()
    before = estate.query(MEMBERS)

    estate.migrate("meadow")
    estate.migrate("meadow", "zero")

    assert estate.query(MEMBERS) == before


MEMBERS = """
    SELECT roleid::regrole::text, member::regrole::text FROM pg_auth_members WHERE roleid::regrole::text ~ '^moving'
    UNION ALL
    SELECT nspname, nspacl::text FROM pg_namespace WHERE nspname IN ('app', 'auth', 'public')
    ORDER BY 1, 2
"""


def test_move_takes_triggers_comments_and_statistics_along_and_back(estate: MovingEstate) -> None:
    estate.make_runs()
    estate.query(EXTRAS)
    before = estate.query(SEEN)
    estate.write_move()

    estate.migrate("meadow")
    moved = estate.query(SEEN)
    estate.migrate("meadow", "zero")

    assert moved == [
        ("comment", "what ran", ""),
        ("statistics", "app.runs_stats", "moving_app_owner"),
        ("trigger", "runs_touch", "app.runs"),
    ]
    assert estate.query(SEEN) == before
    estate.query("DROP FUNCTION public.runs_touch() CASCADE")


EXTRAS = """
    SET ROLE moving_migrator;
    CREATE FUNCTION public.runs_touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    GRANT EXECUTE ON FUNCTION public.runs_touch() TO moving_app_owner;
    CREATE TRIGGER runs_touch BEFORE UPDATE ON public.runs FOR EACH ROW EXECUTE FUNCTION public.runs_touch();
    CREATE STATISTICS public.runs_stats ON kind, note FROM public.runs;
    COMMENT ON TABLE public.runs IS 'what ran';
"""
SEEN = """
    SELECT 'trigger', t.tgname::text, n.nspname || '.' || c.relname FROM pg_trigger t
    JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE t.tgname = 'runs_touch'
    UNION ALL
    SELECT 'statistics', stxnamespace::regnamespace || '.' || stxname, pg_get_userbyid(stxowner) FROM pg_statistic_ext
    UNION ALL
    SELECT 'comment', obj_description(c.oid), '' FROM pg_class c WHERE c.relname = 'runs' AND c.relkind = 'r'
    ORDER BY 1
"""


def test_content_type_keeps_its_id_and_its_permissions(estate: MovingEstate) -> None:
    estate.make_runs()
    estate.write_move()
    before = estate.query(TYPES)

    estate.migrate("meadow")
    moved = estate.query(TYPES)
    estate.migrate("meadow", "zero")

    assert [(app, *rest) for app, *rest in before] == [("stray", *rest) for _, *rest in moved]
    assert {app for app, *_ in moved} == {"meadow"}
    assert estate.query(TYPES) == before
    assert len(before) == 4


TYPES = """
    SELECT t.app_label, t.id, p.id FROM auth.django_content_type t
    JOIN auth.auth_permission p ON p.content_type_id = t.id WHERE t.model = 'run' ORDER BY p.id
"""


def test_two_content_types_of_one_model_are_refused(estate: MovingEstate) -> None:
    estate.make_runs()
    estate.write_move()
    estate.query("INSERT INTO auth.django_content_type (app_label, model) VALUES ('meadow', 'run')")

    with pytest.raises(MigrationError) as caught:
        estate.migrate("meadow")

    assert str(caught.value) == (
        "there are content types of stray.Run and of meadow.Run, and the permissions of one would be lost: remove the "
        "one of meadow.Run (manage.py remove_stale_contenttypes), then migrate again"
    )
    assert ("public.runs", "r", "moving_migrator") in estate.list_names()


def test_move_that_the_map_does_not_name_is_refused(estate: MovingEstate, settings: Settings) -> None:
    estate.make_runs()
    estate.write_move()
    settings.OWNERSHIP = "tests.freehold.operations.moving.maps.NONE"

    with pytest.raises(MigrationError) as caught:
        estate.migrate("meadow")

    assert str(caught.value) == (
        "the migration moves public.runs, which belongs to moving_migrator, to app.runs of moving_app_owner, and the "
        'ownership map names no such move: add Move("public.runs", "app.runs", until=date(…)) to its moves; nothing of '
        "the migration was applied"
    )
    assert ("public.runs", "r", "moving_migrator") in estate.list_names()


def test_sqlmigrate_says_what_would_be_done_and_does_nothing(estate: MovingEstate) -> None:
    estate.make_runs()
    estate.write_move()
    before, rights = estate.list_names(), estate.query(MEMBERS)
    output = StringIO()

    with using_login(connections[ALIAS], "moving_migrator"):
        call_command("sqlmigrate", "meadow", "0001", database=ALIAS, stdout=output, no_color=True)

    assert "-- Move public.runs to app.runs: its statements are made from what the catalogue holds" in output.getvalue()
    assert (estate.list_names(), estate.query(MEMBERS)) == (before, rights)


def test_move_of_what_is_not_there_is_refused(estate: MovingEstate) -> None:
    estate.make_runs()
    estate.write_move()
    estate.query("DROP TABLE public.runs CASCADE")

    with pytest.raises(MigrationError) as caught:
        estate.migrate("meadow")

    assert str(caught.value) == "table public.runs is not there; nothing of the migration was applied"


def test_move_to_a_name_that_is_taken_is_refused(estate: MovingEstate) -> None:
    estate.make_runs()
    estate.write_move()
    estate.query("CREATE VIEW app.runs AS SELECT 1 AS one")

    with pytest.raises(MigrationError) as caught:
        estate.migrate("meadow")

    assert str(caught.value) == (
        "public.runs can't become app.runs: there is a view of that name already; nothing of the migration was applied"
    )


def test_move_without_a_transaction_is_refused(estate: MovingEstate) -> None:
    estate.make_runs()
    estate.write("meadow", "0001_move", MOVE, after=(("stray", "0001_run"),), atomic=False)

    with pytest.raises(MigrationError) as caught:
        estate.migrate("meadow")

    assert str(caught.value) == (
        "MoveTable is all or nothing, and needs a migration with a transaction: drop atomic = False"
    )


def test_move_without_a_view_leaves_nothing_under_the_old_name(estate: MovingEstate, settings: Settings) -> None:
    estate.make_runs()
    settings.OWNERSHIP = "tests.freehold.operations.moving.maps.FINISHED"
    estate.write_move(MOVE.replace("),", ", view=False),"))

    estate.migrate("meadow")

    assert [name for name, *_ in estate.list_names() if name == "public.runs"] == []
    assert estate.tell_drift() == []


def test_all_migrations_at_once_on_an_empty_database_make_the_same(estate: MovingEstate) -> None:
    estate.write_runs()
    estate.write_move()
    later = 'migrations.AddField("Run", "later", models.TextField(null=True)),\n'
    estate.write("meadow", "0002_later", later)

    estate.migrate("meadow")

    assert [row for row in estate.list_names() if row[0].startswith("app")] == MOVED
    assert estate.tell_drift() == []
