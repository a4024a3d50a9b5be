"""What stands under the old name is declared until a day, drift after it, and gone once a migration drops it."""

from __future__ import annotations

import psycopg
import pytest
from pytest_django.fixtures import Settings

from freehold.ownership import get_ownership
from freehold.ownership.comparable import DatabasePolicy
from freehold.rights.alignment import apply_ownership
from freehold.rights.look import look_for_plan
from freehold.rights.plan import MAX_REVOKES
from freehold.rights.script import write_script
from freehold_lint.catalogue import list_catalogue_findings
from tests.freehold.operations.moving.estates import MovingEstate, declare
from tests.freehold.operations.moving.maps import LATER

pytestmark = pytest.mark.postgresql
MAPS = "tests.freehold.operations.moving.maps"
REMOVE = 'RemoveOldName("public.runs", "app.runs"),\n'


@pytest.fixture
def moved(estate: MovingEstate) -> MovingEstate:
    """The estate after the move."""
    estate.make_runs()
    estate.write_move()
    estate.migrate("meadow")
    return estate


def plan(estate: MovingEstate) -> str:
    """Give what would be done about drift."""
    with psycopg.connect(**estate.server, autocommit=True) as session:
        found, joins = look_for_plan(session, get_ownership())
        return write_script(found, joins=joins)


def apply(estate: MovingEstate, max_revokes: int = MAX_REVOKES) -> list[str]:
    """Do it; say what was done."""
    with psycopg.connect(**estate.server, autocommit=True) as session:
        return apply_ownership(session, get_ownership(), max_revokes=max_revokes).done


def test_plan_takes_nothing_before_the_last_day_is_over(moved: MovingEstate, settings: Settings) -> None:
    settings.OWNERSHIP = f"{MAPS}.TODAYS"

    assert "REVOKE" not in plan(moved)
    apply(moved)
    assert moved.as_login("web", "SELECT count(*) FROM public.runs") == [(3,)]


def test_plan_takes_what_the_old_release_holds_after_the_last_day(moved: MovingEstate, settings: Settings) -> None:
    settings.OWNERSHIP = f"{MAPS}.ENDED"
    found = moved.tell_drift()
    done = apply(moved)

    assert found[0] == (
        f"D029 public.runs: a view (freehold: app.runs under its old name until {LATER}); declared: no such view"
    )
    assert done == [
        "revoke SELECT on app.runs (id, kind, note, seen) from moving_guest_rw",
        "revoke SELECT, USAGE on app.runs_id_seq from moving_web_rw",
        "revoke SELECT on app.runs from moving_audit_rw",
        "revoke SELECT, INSERT, UPDATE, DELETE on app.runs from moving_web_rw",
    ]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        moved.as_login("web", "SELECT 1 FROM public.runs")
    assert [line.split(":")[0] for line in moved.tell_drift()] == ["D029 public.runs"]


def test_view_of_no_move_is_drift_that_says_how_it_goes(moved: MovingEstate, settings: Settings) -> None:
    settings.OWNERSHIP = f"{MAPS}.NONE"

    assert (
        "Drop it in a migration, which `manage.py movetable public.runs app.runs --finish` writes; or give its move in "
        "the ownership map a later day"
    ) in plan(moved)


def test_migration_drops_the_view_and_makes_it_again(moved: MovingEstate, settings: Settings) -> None:
    before = moved.list_rights()
    settings.OWNERSHIP = f"{MAPS}.FINISHED"
    moved.write("meadow", "0002_remove", REMOVE)

    moved.migrate("meadow")
    names, drift = [name for name, *_ in moved.list_names()], moved.tell_drift()
    settings.OWNERSHIP = f"{MAPS}.RUNS"
    moved.migrate("meadow", "0001")

    assert "public.runs" not in names
    assert drift == []
    assert moved.list_rights() == before
    assert moved.as_login("web", "SELECT count(*) FROM public.runs") == [(3,)]
    assert moved.tell_drift() == []


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (
            "ALTER VIEW public.runs RESET (security_invoker)",
            "D030 public.runs: a view with its owner's rights; declared: security_invoker",
        ),
        (
            "COMMENT ON VIEW public.runs IS 'freehold: by hand'",
            "D030 public.runs: comment 'freehold: by hand'; declared: comment 'freehold: app.runs under its old name "
            f"until {LATER}'",
        ),
    ],
)
def test_view_that_was_altered_is_drift_and_mended(moved: MovingEstate, statement: str, message: str) -> None:
    moved.query(statement)

    assert moved.tell_drift() == [message]
    apply(moved)
    assert moved.tell_drift() == []


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("", "no such view"),
        ("SELECT 1 AS id, 'x' AS kind, 'y' AS note, 2 AS seen FROM public.steps", "a view of public.steps"),
    ],
)
def test_view_that_is_missing_or_another_is_drift_for_people(moved: MovingEstate, statement: str, found: str) -> None:
    moved.query("DROP VIEW public.runs")
    if statement:
        moved.query(f"SET ROLE moving_migrator; CREATE VIEW public.runs AS {statement}")

    messages = [line for line in moved.tell_drift() if line.startswith("D030")]

    assert messages == [f"D030 public.runs: {found}; declared: a view of app.runs until {LATER}"]


def test_services_that_the_map_lets_in_no_more_are_named_by_the_move(moved: MovingEstate, settings: Settings) -> None:
    settings.OWNERSHIP = f"{MAPS}.UNNAMED"
    apply(moved, max_revokes=21)  # of tables, sequences and functions of two schemas

    assert moved.as_login("web", "INSERT INTO public.runs (note) VALUES ('y') RETURNING note") == [("y",)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        moved.as_login("audit", "SELECT 1 FROM app.runs")
    assert moved.tell_drift() == []


def test_policies_of_the_old_release_go_with_its_rights(
    moved: MovingEstate, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    policies = [
        DatabasePolicy("app", "runs", "owner", "ALL", ("moving_app_owner",), "true", "true"),
        DatabasePolicy("app", "runs", "old", "ALL", ("moving_web_rw",), "true", "true"),
        DatabasePolicy("app", "runs", "new", "ALL", ("moving_api_rw",), "true", "true"),
    ]
    declare(monkeypatch, policies)
    apply(moved)
    names = "SELECT polname::text FROM pg_policy ORDER BY 1"
    before = moved.query(names)

    settings.OWNERSHIP = f"{MAPS}.ENDED"
    apply(moved)

    assert before == [("new",), ("old",), ("owner",)]
    assert moved.query(names) == [("new",), ("owner",)]


def test_lint_lets_the_view_pass_while_it_is_declared(moved: MovingEstate, settings: Settings) -> None:
    def list_rules() -> list[str]:
        with psycopg.connect(**moved.server) as session, psycopg.Cursor(session) as cursor:
            found = list_catalogue_findings(cursor, get_ownership())
        return [each.rule for each in found if each.object.startswith("public.runs")]

    assert list_rules() == []
    settings.OWNERSHIP = f"{MAPS}.NONE"
    assert list_rules() == ["L031"]


def test_explain_names_the_move(moved: MovingEstate) -> None:
    from freehold.rights.explanation import explain

    with psycopg.connect(**moved.server, autocommit=True) as session:
        text = explain(session, get_ownership(), "app.runs")

    assert f"Move 'public.runs' to 'app.runs' until {LATER}" in text
