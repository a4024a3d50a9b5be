"""L072 and L074 to L079: each broken, reported, mended and silent."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from django.apps import apps

from freehold.findings import LookError
from freehold.ownership import get_ownership
from freehold_lint import completeness, project, squawk
from freehold_lint.raw_sql import list_sql_findings
from freehold_lint.reports import LintReport
from tests.freehold.lanes import Lane

STEM = "20260301120000_hay"
UP = "CREATE TABLE IF NOT EXISTS app.hay (id bigint PRIMARY KEY);"
DOWN = "DROP TABLE IF EXISTS app.hay;"
RUN = f"RunSQLFiles('barn', '{STEM}')"


def look(lane: Lane) -> list[tuple[str, str, str]]:
    """Give rule, file and message of what is found beside the lane's migrations and seeds."""
    lane.forget()
    report = LintReport()
    project.look_at_files(report, get_ownership())
    return [(each.rule, Path(each.path).name, each.message) for each in report.findings if lane.package in each.path]


@pytest.fixture
def whole(lane: Lane) -> Lane:
    """A migration with its pair, about which nothing is found."""
    lane.write_pair(STEM, UP, DOWN)
    lane.write("0001_hay", operations=RUN)
    return lane


def test_whole_pair_is_silent(whole: Lane) -> None:
    assert look(whole) == []


def test_missing_way_down_is_reported_until_it_is_written(whole: Lane) -> None:
    (whole.folder / "sql" / f"{STEM}.down.sql").unlink()

    assert look(whole) == [("L072", f"{STEM}.up.sql", "there is no way down.")]
    whole.write_pair(STEM, UP, DOWN)
    assert look(whole) == []


def test_empty_way_down_is_reported_until_it_says_why(whole: Lane) -> None:
    whole.write_pair(STEM, UP, "-- to be written")

    ((rule, name, message),) = look(whole)

    assert (rule, name) == ("L072", f"{STEM}.down.sql")
    assert message.startswith("holds no statement: write it, or where there is nothing to undo")
    whole.write_pair(STEM, UP, "-- nothing to undo: the rows stay")
    assert look(whole) == []


def test_file_that_no_migration_names_is_reported_until_one_does(whole: Lane) -> None:
    whole.write("0001_hay")

    assert look(whole) == [("L075", f"{STEM}.down.sql", "no migration names it, so that it never runs.")]
    whole.write("0001_hay", operations=f"migrations.SeparateDatabaseAndState([{RUN}])")
    assert look(whole) == []


def test_file_that_two_migrations_name_is_reported_until_one_does(whole: Lane) -> None:
    whole.write("0002_more", "0001_hay", operations=RUN)

    assert look(whole) == [
        ("L076", f"{STEM}.down.sql", "barn.0001_hay and barn.0002_more name it, so that it runs more than once.")
    ]
    whole.write("0002_more", "0001_hay")
    assert look(whole) == []


def test_squashed_migration_may_name_what_it_replaces(whole: Lane) -> None:
    whole.write("0001_squashed", operations=RUN, replaces=("0001_hay",))

    assert look(whole) == []


def test_missing_file_is_reported_until_it_is_back(whole: Lane) -> None:
    for path in (whole.folder / "sql").iterdir():
        path.unlink()

    assert look(whole) == [("L077", f"{STEM}.up.sql", "barn.0001_hay names it, and no file is called so.")]
    whole.write_pair(STEM, UP, DOWN)
    assert look(whole) == []


def test_way_down_without_a_way_up_is_reported(whole: Lane) -> None:
    (whole.folder / "sql" / f"{STEM}.up.sql").unlink()

    assert look(whole) == [("L078", f"{STEM}.down.sql", "there is no way up.")]


def test_variant_without_its_sibling_is_reported_until_both_are_there(whole: Lane) -> None:
    (whole.folder / "sql" / f"{STEM}.up.sql").rename(whole.folder / "sql" / f"{STEM}.up.postgresql.sql")

    assert look(whole) == [
        ("L078", f"{STEM}.down.sql", "sqlite has no file for the way up: there is one for the other dialect alone.")
    ]
    whole.write_pair(STEM, None, DOWN, up_sqlite="-- nothing to do: SQLite has none")
    assert look(whole) == []


def test_common_file_beside_two_variants_is_reported(whole: Lane) -> None:
    whole.write_pair(STEM, UP, DOWN, up_sqlite=UP, up_postgresql=UP)

    assert look(whole) == [
        ("L078", f"{STEM}.up.sql", f"{STEM}.up.sql is never read: each dialect has a file of its own.")
    ]


@pytest.mark.parametrize("name", [f"{STEM}.sql", f"{STEM}.up.mysql.sql", "hay.up.sql", "1_Hay.up.sql"])
def test_file_that_nothing_reads_is_reported(whole: Lane, name: str) -> None:
    (whole.folder / "sql" / name).write_text(UP)

    assert look(whole) == [("L078", name, "nothing reads a file of that name.")]


@pytest.mark.parametrize("text", ["COMMIT;", "SELECT 'a"])
def test_file_that_can_not_be_run_is_reported(whole: Lane, text: str) -> None:
    whole.write_pair(STEM, f"{UP}\n{text}", DOWN)

    assert ("L078", f"{STEM}.up.sql") in {each[:2] for each in look(whole)}


def test_seed_without_its_kind_is_reported_until_it_says_so(lane: Lane, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apps.get_app_config("barn"), "path", str(lane.folder))
    lane.write_pair(STEM, UP, DOWN)
    (lane.folder / "sql").rename(lane.folder / "seeds")
    up = lane.folder / "seeds" / f"{STEM}.up.sql"
    up.write_text("INSERT INTO app.barn (name) VALUES ('a') ON CONFLICT DO NOTHING")
    (lane.folder / "seeds" / f"{STEM}.down.sql").write_text("DELETE FROM app.barn WHERE name = 'a'")

    assert look(lane) == [("L079", f"{STEM}.up.sql", "its first lines do not say its kind.")]
    up.write_text("-- kind: demo\n" + up.read_text())
    assert look(lane) == []


def test_seed_s_sql_is_held_to_its_schema(lane: Lane, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apps.get_app_config("barn"), "path", str(lane.folder))
    lane.write_pair(STEM, "-- kind: demo\nINSERT INTO auth.manor (id) VALUES (1)", "DELETE FROM barn")
    (lane.folder / "sql").rename(lane.folder / "seeds")

    found = [each for each in list_sql_findings(get_ownership()) if lane.package in each.path]

    assert {(each.rule, Path(each.path).name, each.line) for each in found} == {
        ("L043", f"{STEM}.up.sql", 2),
        ("L041", f"{STEM}.down.sql", 1),
    }


def test_migration_s_sql_is_held_to_its_schema_once(whole: Lane, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apps.get_app_config("barn"), "path", str(whole.folder))
    whole.write_pair(STEM, "CREATE TABLE IF NOT EXISTS auth.hay (id bigint);", DOWN, up_sqlite="CREATE TABLE IF auth")

    found = [each for each in list_sql_findings(get_ownership()) if whole.package in each.path]

    assert [(each.rule, Path(each.path).name) for each in found] == [("L043", f"{STEM}.up.sql")]


# --- squawk ----------------------------------------------------------------------------------------------------------
def test_squawk_s_rule_is_reported_by_its_name_until_it_is_mended(whole: Lane) -> None:
    whole.write_pair(STEM, UP + "CREATE INDEX IF NOT EXISTS hay_idx ON app.barn (name);", DOWN)

    found = [each for each in look(whole) if each[0] == "L074"]

    assert found == [
        (
            "L074",
            f"{STEM}.up.sql",
            "During normal index creation, table updates are blocked, but reads are still allowed.",
        )
    ]
    whole.write_pair(STEM, UP, DOWN)
    assert look(whole) == []


def test_squawk_s_own_waiver_holds(whole: Lane) -> None:
    waiver = "\n-- squawk-ignore require-concurrent-index-creation\n"
    whole.write_pair(STEM, f"{UP}{waiver}CREATE INDEX IF NOT EXISTS hay_idx ON app.barn (name);", DOWN)

    assert [each for each in look(whole) if each[0] == "L074"] == []


def test_squawk_knows_which_files_run_in_a_transaction(whole: Lane) -> None:
    concurrently = "CREATE INDEX CONCURRENTLY IF NOT EXISTS hay_idx ON app.barn (name); ANALYZE app.barn;"
    whole.write_pair(STEM, concurrently, "DROP INDEX CONCURRENTLY IF EXISTS app.hay_idx;")
    inside = {each[0] for each in look(whole)}
    path = whole.folder / "0001_hay.py"
    path.write_text(path.read_text().replace("dependencies", "atomic = False\n    dependencies"))

    assert "L074" in inside
    assert look(whole) == []


def test_squawk_that_is_not_installed_is_one_line(lane: Lane, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(squawk, "find_program", lambda: None)
    report = LintReport()

    project.look_at_files(report, get_ownership())

    assert report.notes == ["squawk is not installed, so that its rules were not looked at: pip install squawk-cli"]
    assert "L074" not in report.looked


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("echo no", "squawk gave no JSON: no"),
        ("echo broken >&2; exit 3", "squawk ended with status 3: broken"),
    ],
)
def test_squawk_that_fails_is_an_error(whole: Lane, tmp_path: Path, script: str, message: str) -> None:
    program = tmp_path / "squawk"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)

    with pytest.raises(LookError) as caught:
        list(squawk.iter_findings(str(program), [whole.folder / "sql" / f"{STEM}.up.sql"], in_transaction=True))

    assert str(caught.value) == message


def test_every_rule_about_pairs_is_known() -> None:
    assert {*completeness.TITLES, *squawk.TITLES} <= set(project.EXCEPTED)
