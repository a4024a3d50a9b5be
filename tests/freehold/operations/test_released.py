"""The statements of the release before, held against each step of a rename and of a change of type."""

from __future__ import annotations

import pytest

from tests.freehold.migrator.estates import Estate
from tests.freehold.operations.released import Release
from tests.freehold.operations.shops import CONTRACT, EXPAND, open_shop, write_steps

pytestmark = pytest.mark.postgresql


@pytest.fixture
def release(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> Release:
    """A release that knows the column by its old name."""
    open_shop(estate)
    found = Release(estate.server, estate.directory / "project", "meadow", monkeypatch)
    found.commit(
        list_wares="SELECT w.id, w.name FROM app.ware AS w WHERE w.name = @name\n",
        count_wares="SELECT count(*) AS wares FROM app.ware AS w WHERE w.size > @size\n",
        add_ware="INSERT INTO app.ware (name, size) VALUES (@name, @size) RETURNING id\n",
    )
    return found


def test_release_runs_on_between_the_steps_and_breaks_by_name_behind_them(estate: Estate, release: Release) -> None:
    write_steps(estate, EXPAND, CONTRACT)
    assert release.list_broken() == []

    estate.migrate("meadow", "0002")
    assert release.list_broken() == []

    estate.migrate("meadow", "0003")
    assert release.list_broken() == [
        'HEAD:meadow/sql/thing/add_ware.sql:4: column "name" of relation "ware" does not exist (no parts): '
        "migrations make no such column",
        "HEAD:meadow/sql/thing/list_wares.sql:4: column w.name does not exist (no parts): "
        "migrations make no such column",
    ]

    estate.migrate("meadow", "0001")
    assert release.list_broken() == []


def test_release_meets_another_type_in_what_it_gives_and_takes(estate: Estate, release: Release) -> None:
    write_steps(estate, 'migrations.AlterField("ware", "size", models.TextField()),')
    estate.migrate("meadow", "0002")

    assert release.list_broken() == [
        "HEAD:meadow/sql/thing/count_wares.sql: @size is text now, and that release gives int4 (operator does not "
        "exist: text > integer): change the type in two releases",
    ]
