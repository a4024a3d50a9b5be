"""L072 and L075 to L079: each broken, reported, mended and silent."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.apps import apps

from freehold.ownership import get_ownership
from freehold_lint import completeness, project
from freehold_lint.locations import read_layout
from freehold_lint.migrations import titles
from freehold_lint.project_sql import list_file_findings
from freehold_lint.raw_sql import list_sql_findings
from tests.freehold.lanes import Lane

STEM = "20260301120000_hay"
UP = "CREATE TABLE IF NOT EXISTS app.hay (id bigint PRIMARY KEY);"
DOWN = "DROP TABLE IF EXISTS app.hay;"
RUN = f"RunSQLFiles('barn', '{STEM}')"


def look(lane: Lane) -> list[tuple[str, str, str]]:
    """Give rule, file and message of what is found beside the lane's migrations and seeds."""
    lane.forget()
    read_layout.cache_clear()
    found = list_file_findings(get_ownership(), titles.EXCEPTED)
    return [(each.rule, Path(each.path).name, each.message) for each in found if lane.package in each.path]


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


def test_every_rule_about_pairs_may_have_exceptions() -> None:
    assert set(completeness.TITLES) <= set(project.EXCEPTED)
