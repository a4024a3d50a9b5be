"""E009: it is broken, reported, mended and silent."""

from __future__ import annotations

from freehold.models import Versioned
from freehold.versions import CountedVersion
from tests.freehold.checks.conftest import Bench, Run


def test_project_itself_counts_every_version(run: Run) -> None:
    assert run("freehold.E009") == []


def test_version_that_nothing_counts_is_reported(bench: Bench) -> None:
    model = bench.define("Thing", base=Versioned, meta={"db_table": "app.things"})

    (message,) = bench.run("freehold.E009")

    assert str(message) == (
        "items.Thing: (freehold.E009) items.Thing is Versioned, and nothing counts the versions of app.things: of two "
        "stale saves both would pass.\n"
        '\tHINT: Put CountedVersion(name="things_version_counted") of freehold.versions among Meta.constraints, and '
        "run makemigrations."
    )
    model._meta.constraints = [CountedVersion(name="things_version_counted")]
    assert bench.run("freehold.E009") == []


def test_model_that_extends_a_counted_one_is_not_reported(bench: Bench) -> None:
    counted = [CountedVersion(name="things_version_counted")]
    thing = bench.define("Thing", base=Versioned, meta={"db_table": "app.things", "constraints": counted})
    bench.define("Part", base=thing, meta={"db_table": "app.parts"})

    assert bench.run("freehold.E009") == []
