"""The statements of the release before, held against a table that moves: they go on through the view."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.freehold.operations.moving.estates import MovingEstate
from tests.freehold.operations.released import Release

pytestmark = pytest.mark.postgresql
PAGED = (
    "-- sort: newest = r.id DESC\n-- page: 5 10\n\nSELECT r.id, r.seen FROM public.runs AS r\nWHERE true\n-- after\n"
)


def test_release_runs_on_through_the_view_and_breaks_by_name_behind_it(
    estate: MovingEstate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    estate.make_runs()
    release = Release(estate.server, tmp_path / "project", "stray", monkeypatch)
    release.commit(
        list_runs="SELECT r.id, r.kind, r.note FROM public.runs AS r WHERE r.kind = @kind\n",
        page_runs=PAGED,
        add_run="INSERT INTO public.runs (kind, note) VALUES (@kind, @note) RETURNING id\n",
        drop_run="DELETE FROM public.runs WHERE id = @id RETURNING id\n",
    )
    assert release.list_broken() == []

    estate.write_move()
    estate.migrate("meadow")
    assert release.list_broken() == []

    estate.write("meadow", "0002_finish", 'RemoveOldName("public.runs", "app.runs"),\n')
    estate.migrate("meadow")
    assert [line.partition(" (")[0] for line in release.list_broken()] == [
        f'HEAD:stray/sql/thing/{name}.sql:{line}: relation "public.runs" does not exist'
        for name, line in (("add_run", 4), ("drop_run", 4), ("list_runs", 4), ("page_runs", 6))
    ]
