"""Columns are filled in batches, each row once, and by whoever goes on after a kill."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from django.db import connections

from freehold.operations.columns.attempts import LiveTable
from freehold.operations.columns.backfill import Backfill
from freehold.progress import LineProgress, heard_by
from tests.freehold.migrator.conftest import LOTS
from tests.freehold.migrator.estates import ALIAS, Estate
from tests.freehold.operations.shops import (
    CONTRACT,
    EXPAND,
    as_owner,
    dump,
    list_wares,
    open_shop,
    refuse,
    run_step,
    write_steps,
)

pytestmark = pytest.mark.postgresql

KEYS = [
    ("bigint", "n - 50"),
    ("text", "repeat('ä', n % 3) || chr(33 + n) || ''' \\ %% \"' || n"),
    ("uuid", "gen_random_uuid()"),
    ("timestamptz", "now() - n * interval '1 day'"),
    ("numeric(20, 9)", "n / 7.0"),
]


def fill(table: str, expression: str, condition: str = "made IS NULL", **options: object) -> None:
    """Fill column `made` of a table."""
    with as_owner():
        Backfill(LiveTable(connections[ALIAS], table), "made", expression, condition, pause=0, **options).run()  # type: ignore[arg-type]


def make_table(estate: Estate, columns: str, rows: str, key: str = "id") -> None:
    """Make app.plot with a column to fill."""
    estate.query(
        f"CREATE TABLE app.plot ({columns}, seen bigint, made text, PRIMARY KEY ({key}));"
        f"ALTER TABLE app.plot OWNER TO app_owner; INSERT INTO app.plot {rows}; ANALYZE app.plot"
    )


# --- Every row, once -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("kind", "value"), KEYS, ids=[kind for kind, _ in KEYS])
def test_rows_are_filled_whatever_their_key_is(kind: str, value: str, estate: Estate) -> None:
    value = value.replace("%%", "%")
    make_table(estate, f"id {kind}", f"SELECT {value}, n FROM generate_series(1, 100) n")

    fill("app.plot", "'made of ' || seen || ' %'", size=7)

    assert estate.query("SELECT count(*), count(DISTINCT made) FROM app.plot WHERE made LIKE 'made of %'") == [
        (100, 100)
    ]


def test_rows_are_filled_where_the_key_has_several_columns(estate: Estate) -> None:
    rows = "SELECT n % 5, 'k' || n, n FROM generate_series(1, 100) n"
    make_table(estate, '"A key" int, "or % two" text', rows, key='"A key", "or % two"')

    fill("app.plot", "'x'", size=7)

    assert estate.query("SELECT count(*) FROM app.plot WHERE made = 'x'") == [(100,)]


def test_each_batch_is_a_transaction_and_no_row_is_written_twice(estate: Estate) -> None:
    make_table(estate, "id int", "SELECT n, n FROM generate_series(1, 100) n")
    estate.query("UPDATE app.plot SET made = 'before' WHERE id % 10 = 0")
    before = set(estate.query("SELECT xmin::text FROM app.plot WHERE made = 'before'"))

    fill("app.plot", "'now'", size=8)
    batches = estate.query("SELECT count(*) FROM app.plot WHERE made = 'now' GROUP BY xmin::text ORDER BY 1")
    fill("app.plot", "'again'", size=8)

    assert batches == [(2,), *[(8,)] * 11]
    assert set(estate.query("SELECT xmin::text FROM app.plot WHERE made = 'before'")) == before
    assert estate.query("SELECT count(*) FROM app.plot WHERE made = 'again'") == [(0,)]


def test_row_whose_key_moves_behind_the_batches_is_filled_too(estate: Estate) -> None:
    make_table(estate, "id int", "SELECT n, n FROM generate_series(1, 30) n")

    class Moving(LineProgress):
        def advance(self, count: int) -> None:
            estate.query("UPDATE app.plot SET id = -id WHERE id = 30")

    with heard_by(Moving(print)):
        fill("app.plot", "'x'", size=10)

    assert estate.query("SELECT count(*), min(id) FROM app.plot WHERE made = 'x'") == [(30, -30)]


def test_expression_that_gives_nothing_for_a_row_leaves_it_alone(estate: Estate) -> None:
    make_table(estate, "id int", "SELECT n, nullif(n, 7) FROM generate_series(1, 30) n")

    fill("app.plot", "seen::text", size=10)

    assert estate.query("SELECT id FROM app.plot WHERE made IS NULL") == [(7,)]


# --- Row security ----------------------------------------------------------------------------------------------------
def test_rows_are_filled_under_forced_row_security_with_the_owners_policy(estate: Estate) -> None:
    make_table(estate, "id int", "SELECT n, n FROM generate_series(1, 30) n")
    estate.query(
        "ALTER TABLE app.plot ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
        "CREATE POLICY owner ON app.plot TO app_owner USING (true) WITH CHECK (true)"
    )

    fill("app.plot", "'x'", size=10)

    assert estate.query("SELECT count(*) FROM app.plot WHERE made = 'x'") == [(30,)]


# --- Others ----------------------------------------------------------------------------------------------------------
def test_batch_gives_way_to_a_client_that_holds_a_row_and_wants_another(estate: Estate) -> None:
    make_table(estate, "id int", "SELECT n, n FROM generate_series(1, 30) n")
    with psycopg.connect(**estate.server) as client:
        client.execute("SET deadlock_timeout = '20s'")  # as superuser: a deadlock would last, and not be resolved
        client.execute("UPDATE app.plot SET seen = 0 WHERE id = 30")
        backend = client.info.backend_pid
        with as_owner():
            table = LiveTable(connections[ALIAS], "app.plot")
            table.patience.limits = replace(table.patience.limits, retries=0)
            with pytest.raises(Exception) as caught:
                Backfill(table, "made", "'x'", "made IS NULL").run()
        client.execute("UPDATE app.plot SET seen = 0 WHERE id = 1")

    assert re.sub(r"for \d+ s", "for 0 s", str(caught.value)) == (
        f"app.plot is locked by postgres (backend {backend}, in a transaction for 0 s): a batch of "
        f"made gave up after 1 attempts of 100ms. End what holds it and run migrate again: what is done stays done"
    )


# --- A kill ----------------------------------------------------------------------------------------------------------
SETTINGS = """
from config.settings import *
INSTALLED_APPS = [*INSTALLED_APPS, *{lots!r}]
OWNERSHIP = "tests.freehold.migrator.maps.LOTS"
MIGRATION_MODULES = {modules!r}
DATABASES["default"]["NAME"] = {name!r}
"""
SLOW = 'RenameColumn("ware", "name", "title", batch_size=1, pause=0.2),'


def start_migrate(estate: Estate, modules: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start `manage.py migrate meadow` as a process of its own."""
    settings = SETTINGS.format(lots=LOTS, modules=modules, name=estate.server["dbname"])
    (estate.directory / "killed_settings.py").write_text(settings)
    root = Path(__file__).parents[3]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "killed_settings",
        "PYTHONPATH": f"{estate.directory}:{root}",
    }
    words = [sys.executable, str(root / "manage.py"), "migrate", "meadow", "0002", "--skip-checks"]
    return subprocess.Popen(words, env=environment, cwd=root)


def wait_for_rows(estate: Estate, count: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until so many rows are filled."""
    for _ in range(600):
        assert process.poll() is None, "it ended before it was killed"
        if estate.query("SELECT 1 FROM pg_attribute WHERE attrelid = 'app.ware'::regclass AND attname = 'title'"):
            ((filled,),) = estate.query("SELECT count(title) FROM app.ware")
            if filled >= count:
                return
        time.sleep(0.05)
    raise AssertionError("nothing was filled in 30 seconds")


def test_migrate_goes_on_where_a_killed_one_stopped(estate: Estate, settings: object) -> None:
    open_shop(estate)
    write_steps(estate, SLOW, CONTRACT)
    process = start_migrate(estate, settings.MIGRATION_MODULES)  # type: ignore[attr-defined]
    try:
        wait_for_rows(estate, 3, process)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    filled = estate.query("SELECT id, xmin::text FROM app.ware WHERE title IS NOT NULL ORDER BY id")

    estate.migrate("meadow", "0002")

    after = dict(estate.query("SELECT id, xmin::text FROM app.ware"))
    assert 3 <= len(filled) < 10
    assert [(id_, after[id_]) for id_, _ in filled] == filled
    assert list_wares(estate, "title") == list_wares(estate, "name")
    expanded = dump(estate)
    estate.migrate("meadow", "0001")
    estate.migrate("meadow", "0002")
    assert dump(estate) == expanded


STEPS = [("0002", False), ("0003", False), ("0003", True), ("0002", True)]


def go_before(estate: Estate, step: str, back: bool) -> str:
    """Open the shop as it is before a step; give the migration's name."""
    open_shop(estate)
    write_steps(estate, EXPAND.replace("3", "5"), CONTRACT.replace("3", "5"))
    for earlier in ["0002_step", "0003_step"][: int(step) - 2 + back]:
        run_step(estate, earlier, back=False)
    return f"{step}_step"


@pytest.mark.parametrize(("step", "back"), STEPS)
def test_step_that_was_done_and_not_recorded_is_not_done_again(step: str, back: bool, estate: Estate) -> None:
    name = go_before(estate, step, back)
    run_step(estate, name, back=back)
    wanted = dump(estate)

    run_step(estate, name, back=back)

    assert dump(estate) == wanted


@pytest.mark.once
@pytest.mark.parametrize(("step", "back"), STEPS)
def test_step_that_fails_at_any_statement_is_finished_by_running_it_again(
    step: str, back: bool, estate: Estate
) -> None:
    name = go_before(estate, step, back)
    assert not fails_at(estate, name, back, 10_000)
    wanted, count = dump(estate), 0
    run_step(estate, name, back=not back)

    while fails_at(estate, name, back, count):
        run_step(estate, name, back=back)
        assert dump(estate) == wanted, f"after a failure at statement {count}"
        run_step(estate, name, back=not back)
        count += 1
    assert count > 6


def fails_at(estate: Estate, name: str, back: bool, number: int) -> bool:
    """Run a step until the statement fails that has this number; tell whether one did."""
    seen = iter(range(number, -1, -1))

    def fail(execute: object, sql: str, params: object, many: bool, context: object) -> object:
        if ('"ware"' in str(sql) or "%(table)s" in str(sql)) and next(seen, 1) == 0:
            raise RuntimeError("the wire broke")
        return execute(sql, params, many, context)  # type: ignore[operator]

    try:
        with connections[ALIAS].execute_wrapper(fail):
            run_step(estate, name, back=back)
    except RuntimeError:
        return True
    return False


# --- What is told ----------------------------------------------------------------------------------------------------
def test_progress_is_told_in_lines() -> None:
    lines: list[str] = []
    progress = LineProgress(lines.append, interval=0)

    progress.start("app.ware.title", 12_000)
    progress.advance(1000)
    progress.advance(500)
    progress.start("app.ware.note")
    progress.advance(1)

    assert lines == [
        "\n    app.ware.title: 1,000 of about 12,000 rows...",
        "\n    app.ware.title: 1,500 of about 12,000 rows...",
        "\n    app.ware.note: 1 rows...",
    ]


def test_migrate_tells_how_far_a_backfill_is(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    open_shop(estate)
    estate.query("ANALYZE app.ware")
    write_steps(estate, SLOW.replace("batch_size=1", "batch_size=6"))
    monkeypatch.setattr(LineProgress.__init__, "__defaults__", (0.0,))

    output = estate.migrate("meadow")

    told = [f"    app.ware.title: {count} of about 10 rows..." for count in (6, 10)]
    assert "\n".join(["  Applying meadow.0002_step...", *told]) + " OK" in output


def test_backfill_that_fails_says_so_in_one_line(estate: Estate) -> None:
    open_shop(estate)
    write_steps(estate, """SetNotNull("ware", "note", value="(1 / (id - 4))::text"),""")

    assert refuse(estate) == (
        "app.ware.note of the row with id = 4 can't be set to (1 / (id - 4))::text: division by zero. Mend the row or "
        "the expression and run migrate again: it goes on with that row"
    )
