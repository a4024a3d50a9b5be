"""What a login may do beyond the map: rights that the map does not give, and tables whose policies do not hold it."""

from __future__ import annotations

import pytest
from pytest_django.fixtures import Settings

from freehold.errors import StartError
from freehold.services import startup
from freehold.services.startup import LoginReport, refuse
from tests.freehold.halls import SEES, WAY_OUT, Hall, list_faults, look

postgresql = pytest.mark.postgresql

RIGHTS = [
    ("SELECT ON pg_catalog.pg_authid", "SELECT on pg_catalog.pg_authid"),
    ("SELECT (rolpassword) ON pg_catalog.pg_authid", "SELECT on pg_catalog.pg_authid (rolpassword)"),
    ("CREATE ON DATABASE estate@", "CREATE on database estate"),
    ("TEMPORARY ON DATABASE estate@", "TEMPORARY on database estate"),
    ("EXECUTE ON FUNCTION pg_catalog.pg_read_file(text)", "EXECUTE on pg_catalog.pg_read_file(text)"),
    ("CREATE ON SCHEMA field", "CREATE on schema field"),
    ("USAGE ON SCHEMA wood", "USAGE on schema wood"),
    ("UPDATE ON public.ledger", "UPDATE on public.ledger"),
    ("SET ON PARAMETER log_parser_stats", "SET on parameter log_parser_stats"),
    ("USAGE ON LANGUAGE plpgsql", "USAGE on language plpgsql"),
]


@postgresql
@pytest.mark.parametrize(("right", "words"), RIGHTS, ids=[words for _, words in RIGHTS])
def test_login_that_holds_more_than_the_map_gives_is_reported_until_it_is_taken(
    hall: Hall, right: str, words: str
) -> None:
    hall.run(f"GRANT {right} TO farm@")
    try:
        found = list_faults(hall, "farm")
    finally:
        hall.run(f"REVOKE {right} FROM farm@")

    assert found == [f"login farm holds {words}, which the map does not give: {WAY_OUT}"]
    assert list_faults(hall, "farm") == []


@postgresql
@pytest.mark.parametrize(
    ("right", "words"),
    [
        ("SELECT ON pg_catalog.pg_statistic", "SELECT on pg_catalog.pg_statistic"),
        ("INSERT ON public.ledger", "INSERT on public.ledger"),
        ("CREATE ON DATABASE estate@", "CREATE on database estate"),
    ],
)
def test_right_of_everyone_is_the_logins_too(hall: Hall, right: str, words: str) -> None:
    hall.run(f"GRANT {right} TO PUBLIC")
    try:
        found = list_faults(hall, "farm")
    finally:
        hall.run(f"REVOKE {right} FROM PUBLIC")

    assert found == [f"login farm holds, as everyone does, {words}, which the map does not give: {WAY_OUT}"]


@postgresql
def test_right_of_another_service_matters_to_a_process_of_all(hall: Hall, settings: Settings) -> None:
    hall.run("GRANT UPDATE, DELETE ON public.ledger TO mill@")
    try:
        alone = list_faults(hall, "farm")
        settings.SERVICE = "all"
        together = list_faults(hall, "both")
    finally:
        hall.run("REVOKE UPDATE, DELETE ON public.ledger FROM mill@")

    assert alone == []
    assert together == [f"login mill holds DELETE on public.ledger and 1 more, which the map does not give: {WAY_OUT}"]


@postgresql
@pytest.mark.parametrize(("service", "debug", "setting", "runs"), [
    ("farm", False, False, False),
    ("farm", True, False, False),
    ("farm", False, True, True),
    ("all", True, False, True),
    ("all", False, False, False),
])  # fmt: skip
def test_process_with_an_extra_right_runs_where_it_is_tolerated_alone(
    hall: Hall, settings: Settings, service: str, debug: bool, setting: bool, runs: bool
) -> None:
    settings.SERVICE, settings.DEBUG, settings.TOLERATE_EXTRA_RIGHTS = service, debug, setting
    hall.run("GRANT DELETE ON public.ledger TO farm@")
    try:
        report = look(hall, "both" if service == "all" else "farm")
    finally:
        hall.run("REVOKE DELETE ON public.ledger FROM farm@")

    if runs:
        refuse(report)
        return
    with pytest.raises(StartError, match=f"SERVICE={service} may not run: login farm_.* holds DELETE on public.ledger"):
        refuse(report)


# --- Protected tables
@postgresql
def test_table_that_the_login_may_not_use_is_none_of_its_faults(hall: Hall) -> None:
    hall.run("ALTER TABLE field.plot DISABLE ROW LEVEL SECURITY; REVOKE SELECT ON field.plot FROM farm@")
    try:
        found = look(hall, "farm")
        hall.run("GRANT UPDATE (id) ON field.plot TO farm@")
        by_column = list_faults(hall, "farm")
    finally:
        hall.run("ALTER TABLE field.plot ENABLE ROW LEVEL SECURITY; REVOKE UPDATE (id) ON field.plot FROM farm@")
        hall.run("GRANT SELECT ON field.plot TO farm@")

    assert found == LoginReport(faults=(), complete=True)
    assert by_column[1:] == [SEES]  # after the right itself, which the map does not give


@postgresql
def test_further_tables_are_counted_and_a_project_without_any_is_looked_at_once(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall.run("CREATE TABLE field.hay (); GRANT SELECT ON field.hay TO farm@")
    hall.run("ALTER TABLE field.plot DISABLE ROW LEVEL SECURITY")
    monkeypatch.setattr(startup, "list_protected", lambda ownership: [("field", "plot"), ("field", "hay"), ("a'", "b")])
    try:
        found = list_faults(hall, "farm")
    finally:
        hall.run("DROP TABLE field.hay; ALTER TABLE field.plot ENABLE ROW LEVEL SECURITY")
    monkeypatch.setattr(startup, "list_protected", lambda ownership: [])

    assert found == [SEES.replace("field.plot", "field.hay and 1 more")]
    assert look(hall, "farm") == LoginReport(faults=(), complete=True)
