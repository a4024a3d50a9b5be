"""A column gets another name in two releases, with all that hangs on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader

from freehold.operations.columns.readings import make_name
from tests.freehold.migrator.estates import ALIAS, Estate
from tests.freehold.operations.shops import (
    CONTRACT,
    EXPAND,
    SHELF,
    dump,
    list_lines,
    list_wares,
    open_shop,
    rewrite_steps,
    run_step,
    write_steps,
)

pytestmark = pytest.mark.postgresql

RENAMED = SHELF.replace('"name"', '"title"').replace("-name", "-title").replace("Q(name", "Q(title")


@pytest.fixture
def shop(estate: Estate) -> Estate:
    """Ten wares, and both steps of their rename; none is applied."""
    open_shop(estate)
    write_steps(estate, EXPAND, CONTRACT)
    return estate


@pytest.fixture
def api(shop: Estate) -> Iterator[psycopg.Connection]:
    """A service's login."""
    with psycopg.connect(**{**shop.server, "user": "api_rw"}, autocommit=True) as session:
        yield session


# --- There and back --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("height", ["0002", "0003"])
def test_up_down_and_up_again_leaves_the_same_catalogue(height: str, shop: Estate) -> None:
    shop.migrate("meadow", height)
    before = dump(shop)

    shop.migrate("meadow", "0001")
    shop.migrate("meadow", height)

    assert dump(shop) == before


def test_contraction_taken_back_leaves_what_the_expansion_made_but_for_the_columns_order(shop: Estate) -> None:
    shop.migrate("meadow", "0002")
    before = dump(shop)

    shop.migrate("meadow", "0003")
    shop.migrate("meadow", "0002")

    assert list_lines(dump(shop)) == list_lines(before)


def test_both_steps_leave_what_django_leaves_but_for_the_columns_order(shop: Estate) -> None:
    shop.migrate("meadow")
    ours = dump(shop)
    shop.migrate("meadow", "zero")
    rewrite_steps(shop, 'migrations.RenameField("ware", "name", "title"),', "")

    shop.migrate("meadow")

    assert list_lines(ours) == list_lines(dump(shop))


def test_index_that_was_left_invalid_is_made_anew(shop: Estate) -> None:
    shop.migrate("meadow", "0002")
    wanted = dump(shop)
    name = make_name("ware_name_size", "new")
    shop.query(f"UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'app.{name}'::regclass")

    run_step(shop, "0002_step", back=False)

    assert dump(shop) == wanted
    assert shop.query("SELECT count(*) FROM pg_index WHERE NOT indisvalid") == [(0,)]


def test_values_go_there_and_back(shop: Estate) -> None:
    names = list_wares(shop, "name")

    shop.migrate("meadow", "0002")
    expanded = list_wares(shop, "title"), list_wares(shop, "name")
    shop.migrate("meadow", "0003")
    contracted = list_wares(shop, "title")
    shop.migrate("meadow", "0001")

    assert expanded == (names, names)
    assert contracted == names
    assert list_wares(shop, "name") == names


def test_makemigrations_finds_nothing_to_do_after_either_step(shop: Estate) -> None:
    loader = MigrationLoader(connections[ALIAS])
    shop.write("manor", "0001_shop", RENAMED.replace("meadow.", "manor."))
    wanted = MigrationLoader(connections[ALIAS]).project_state(("manor", "0001_shop"))

    for name in ("0002_step", "0003_step"):
        found = loader.project_state(("meadow", name))
        for model in ("shelf", "ware"):
            left, right = (state.models[app, model] for state, app in ((found, "meadow"), (wanted, "manor")))
            right.app_label, right.name = "meadow", left.name
            wanted.models["meadow", model] = right
        found.models["meadow", "ware"].fields["shelf"] = right.fields["shelf"]
        assert MigrationAutodetector(found, found)._detect_changes() == {}
        assert describe(found.models["meadow", "ware"]) == describe(right)


def describe(model: Any) -> Any:
    """Give what makes a model's state, in a form that can be compared."""
    options = {
        name: [each.deconstruct() for each in value] if name in ("indexes", "constraints") else value
        for name, value in model.options.items()
    }
    return {name: field.deconstruct()[1:] for name, field in model.fields.items()}, options


# --- Both releases at once -----------------------------------------------------------------------------------------
def test_old_and_new_release_see_what_the_other_writes(shop: Estate, api: psycopg.Connection) -> None:
    shop.migrate("meadow", "0002")

    api.execute("INSERT INTO app.ware (name, size) VALUES ('old', 21)")
    api.execute("INSERT INTO app.ware (title, size) VALUES ('new', 22)")
    api.execute("INSERT INTO app.ware (size) VALUES (23)")
    api.execute("UPDATE app.ware SET name = 'by the old' WHERE id = 1")
    api.execute("UPDATE app.ware SET title = 'by the new' WHERE id = 2")
    api.execute("UPDATE app.ware SET size = 99 WHERE id = 3")

    rows = {id_: values for id_, *values in api.execute("SELECT id, name, title FROM app.ware").fetchall()}
    assert [rows[id_] for id_ in (1, 2, 3)] == [["by the old"] * 2, ["by the new"] * 2, ["ware 3"] * 2]
    assert [rows[id_] for id_ in (11, 12, 13)] == [["old"] * 2, ["new"] * 2, ["nameless"] * 2]


@pytest.mark.parametrize("column", ["name", "title"])
def test_constraints_hold_in_both_columns(column: str, shop: Estate, api: psycopg.Connection) -> None:
    shop.migrate("meadow", "0002")

    with pytest.raises(psycopg.errors.CheckViolation):
        api.execute(f"INSERT INTO app.ware ({column}, size) VALUES ('', 1)")
    with pytest.raises(psycopg.errors.UniqueViolation):
        api.execute(f"INSERT INTO app.ware ({column}, size) VALUES ('ware 1', 1)")


def test_default_is_the_new_columns_once_it_is_alone(shop: Estate, api: psycopg.Connection) -> None:
    shop.migrate("meadow")

    api.execute("INSERT INTO app.ware (size) VALUES (50)")

    assert api.execute("SELECT title FROM app.ware WHERE size = 50").fetchall() == [("nameless",)]


# --- What hangs on it ------------------------------------------------------------------------------------------------
def test_foreign_key_goes_along(estate: Estate) -> None:
    open_shop(estate)
    write_steps(
        estate, 'RenameColumn("ware", "shelf", "place"),', 'RenameColumn("ware", "shelf", "place", "contract"),'
    )
    before = dump(estate)

    estate.migrate("meadow", "0002")
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        estate.query("UPDATE app.ware SET place_id = 77")
    estate.migrate("meadow")

    after = dump(estate).replace("place_id", "shelf_id")
    assert list_lines(after) == list_lines(before)
    estate.query("DELETE FROM app.shelf WHERE id = 1")
    assert {shelf for (shelf,) in list_wares(estate, "place_id")} == {2, 3}


def test_grants_and_policies_follow_the_column(shop: Estate) -> None:
    shop.query(
        "ALTER TABLE app.ware ENABLE ROW LEVEL SECURITY;"
        "CREATE POLICY named ON app.ware TO web_rw USING (name <> 'ware 1') WITH CHECK (lower(name) = name);"
        "GRANT SELECT (name), UPDATE (name) ON app.ware TO web_rw"
    )
    before = list_rights(shop)

    found = []
    for height, back in (("0002_step", False), ("0003_step", False), ("0003_step", True), ("0002_step", True)):
        run_step(shop, height, back=back)
        found.append(list_rights(shop))

    policy, grants = before
    renamed = tuple(text.replace("name", "title") for text in policy)
    assert found == [
        (policy, {**grants, "title": grants["name"]}),
        (renamed, {"title": grants["name"]}),
        (renamed, {"title": grants["name"], "name": grants["name"]}),
        before,
    ]


def list_rights(estate: Estate) -> tuple[tuple[str, str], dict[str, str]]:
    """Give the policy's conditions, and the grants by column."""
    (policy,) = estate.query("SELECT qual, with_check FROM pg_policies WHERE policyname = 'named'")
    grants = estate.query(
        "SELECT attname, attacl::text FROM pg_attribute WHERE attrelid = 'app.ware'::regclass AND attacl IS NOT NULL "
        "AND NOT attisdropped"
    )
    return policy, dict(grants)
