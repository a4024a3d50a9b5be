"""What can't be finished on the way down is refused before it begins; what would have none is not applied."""

from __future__ import annotations

import pytest

from freehold.errors import MigrationError
from tests.dialect import DIALECT
from tests.freehold.migrator.estates import Estate
from tests.freehold.migrator.test_rollback import fail, roll_back

IS_POSTGRESQL = DIALECT == "postgresql"
MEADOW = "app.meadow" if IS_POSTGRESQL else '"app.meadow"'
RECORDS = "public.django_migrations" if IS_POSTGRESQL else "django_migrations"
SEPARATE = "migrations.SeparateDatabaseAndState"
SIZE = 'migrations.AddField("meadow", "size", models.IntegerField(null=True)),'
ONE_WAY = 'migrations.RunSQL("SELECT 1")'


@pytest.fixture
def meadow(land: Estate) -> Estate:
    """An estate with table app.meadow."""
    land.write_table("meadow", "0001_meadow", "Meadow", "app.meadow")
    land.migrate("meadow")
    return land


def refuse(meadow: Estate, *arguments: str) -> str:
    """Migrate, which must be refused; give the message."""
    with pytest.raises(MigrationError) as caught:
        meadow.migrate(*arguments)
    return str(caught.value)


def write_files(meadow: Estate, up: str, down: str | None, nested: str = "{}") -> None:
    """Write a migration that runs a pair of files."""
    meadow.write("meadow", "0002_pair", nested.format('RunSQLFiles("meadow", "20260301120000_pair"),'))
    folder = meadow.directory / meadow.package / "meadow" / "sql"
    folder.mkdir()
    (folder / "20260301120000_pair.up.sql").write_text(up)
    if down is not None:
        (folder / "20260301120000_pair.down.sql").write_text(down)


# --- No way back -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("operation", "described"),
    [
        (f"{SEPARATE}([{ONE_WAY}]),", "Raw SQL operation"),
        (f"{SEPARATE}([{SEPARATE}([{ONE_WAY}])]),", "Raw SQL operation"),
        (f"{SEPARATE}([{SEPARATE}([], []), {SEPARATE}([{SEPARATE}([{ONE_WAY}])])]),", "Raw SQL operation"),
        (f"{SEPARATE}([{SEPARATE}([migrations.RunPython(print)])]),".replace("print", "lambda *a: None"), "Raw Python"),
    ],
    ids=["one deep", "two deep", "three deep", "Python two deep"],
)
@pytest.mark.parametrize("command", ["rollback", "migrate"])
def test_operation_without_a_way_back_is_refused_at_any_depth_before_anything_is_done(
    command: str, operation: str, described: str, meadow: Estate
) -> None:
    meadow.write("meadow", "0002_one_way", operation)
    meadow.write("meadow", "0003_size", SIZE)
    meadow.migrate("meadow")

    message = fail("--steps", "2") if command == "rollback" else refuse(meadow, "meadow", "0001")

    assert message.startswith(f"migration meadow.0002_one_way has no way back: {described}")
    assert meadow.applied[-1] == "meadow.0003_size"


def test_state_operation_needs_no_way_back(meadow: Estate) -> None:
    meadow.write("meadow", "0002_told", f"{SEPARATE}([], [{SEPARATE}([], [{ONE_WAY}])]),")
    meadow.migrate("meadow")

    roll_back("--steps", "1")

    assert meadow.applied == ["meadow.0001_meadow"]


# --- No file -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("app", ["meadow", "gone"])
@pytest.mark.parametrize(
    "arguments",
    [("--to", "meadow", "zero"), ("--to", "meadow", "0001"), ("--steps", "1", "--schema", "app"), ("migrate",)],
)
def test_applied_migration_without_a_file_is_in_the_way_of_what_it_may_stand_on(
    arguments: tuple[str, ...], app: str, meadow: Estate
) -> None:
    meadow.write("meadow", "0002_size", SIZE)
    meadow.migrate("meadow")
    meadow.query(f"INSERT INTO {RECORDS} (app, name, applied) VALUES ('{app}', '0009_gone', '2026-03-01 12:00:00')")
    try:
        message = refuse(meadow, "meadow", "zero") if arguments == ("migrate",) else fail(*arguments)
        applied = meadow.applied
    finally:
        meadow.query(f"DELETE FROM {RECORDS} WHERE app = 'gone'")

    prune = ", or where it is gone for good, run migrate meadow --prune" if app == "meadow" else ""
    assert message == (
        f"migration {app}.0009_gone is applied and has no file here, so that nobody knows its way back, nor what it "
        f"stands on; nothing was changed: check out the release that has it{prune}"
    )
    assert applied[:2] == ["meadow.0001_meadow", "meadow.0002_size"]


def test_migration_without_a_file_that_was_applied_before_is_in_no_way(meadow: Estate) -> None:
    meadow.query(f"INSERT INTO {RECORDS} (app, name, applied) VALUES ('meadow', '0000_old', '2026-03-01 12:00:00')")
    meadow.write("meadow", "0002_size", SIZE)
    meadow.migrate("meadow")

    roll_back("--to", "meadow", "0001")

    assert "meadow.0002_size" not in meadow.applied


# --- Empty ways down ---------------------------------------------------------------------------------------------
RUN = f"migrations.RunSQL('ALTER TABLE {MEADOW} ADD note text', {{}})"


@pytest.mark.parametrize("back", ["[]", "()", "' '", "'-- later'", "[' ; ', '/* later */']", "'-- nothing to undo:'"])
@pytest.mark.parametrize("nested", ["{},", f"{SEPARATE}([{SEPARATE}([{{}}])]),"], ids=["plain", "two deep"])
def test_sql_whose_way_down_is_empty_is_not_applied(nested: str, back: str, meadow: Estate) -> None:
    meadow.write("meadow", "0002_note", nested.format(RUN.format(back)))

    assert refuse(meadow, "meadow") == (
        "migration meadow.0002_note: the way down of Raw SQL operation holds no statement, and a rollback would leave "
        "what the way up did; nothing was applied. Write it; where there is nothing to undo, say "
        "migrations.RunSQL.noop; where there is no way back, leave reverse_sql out"
    )
    assert meadow.applied == ["meadow.0001_meadow"]


@pytest.mark.parametrize("operation", ["RunPostgreSQL", "RunSQLite"])
def test_sql_of_either_dialect_is_looked_at_on_both(operation: str, meadow: Estate) -> None:
    meadow.write("meadow", "0002_note", f"{operation}('SELECT 1', []),")

    assert "0002_note: the way down of" in refuse(meadow, "meadow")


@pytest.mark.parametrize(
    "operation",
    [
        RUN.format("migrations.RunSQL.noop"),
        RUN.format("'-- nothing to undo: it stays'"),
        RUN.format("None"),
        "migrations.RunSQL([], [])",
        "migrations.RunPython(migrations.RunPython.noop, migrations.RunPython.noop)",
    ],
    ids=["noop", "reason", "none", "both empty", "Python"],
)
def test_way_down_that_is_empty_on_purpose_is_applied(operation: str, meadow: Estate) -> None:
    meadow.write("meadow", "0002_note", f"{operation},")

    meadow.migrate("meadow")

    assert meadow.applied[-1] == "meadow.0002_note"


@pytest.mark.parametrize(
    ("down", "fault"),
    [
        (
            "-- later\n/* or never */\n",
            "holds no statement: write it, or where there is nothing to undo, the line `-- nothing to undo: REASON`",
        ),
        ("", "holds no statement: write it, or where there is nothing to undo"),
        (None, "is missing: put it back from version control, or write it"),
    ],
    ids=["comments", "empty", "missing"],
)
@pytest.mark.parametrize("nested", ["{}", f"{SEPARATE}([{SEPARATE}([{{}}])]),"], ids=["plain", "two deep"])
def test_file_whose_way_down_is_empty_is_not_applied(nested: str, down: str | None, fault: str, meadow: Estate) -> None:
    write_files(meadow, "ALTER TABLE app.meadow ADD COLUMN IF NOT EXISTS note text;", down, nested)
    meadow.write("meadow", "0003_size", SIZE)

    message = refuse(meadow, "meadow")

    assert f"20260301120000_pair.down.sql {fault}" in message
    assert meadow.applied == ["meadow.0001_meadow"]


def test_file_that_says_why_there_is_nothing_to_undo_is_applied(meadow: Estate) -> None:
    write_files(meadow, "ALTER TABLE app.meadow ADD COLUMN IF NOT EXISTS note text;", "-- nothing to undo: it stays\n")

    meadow.migrate("meadow")

    assert meadow.applied[-1] == "meadow.0002_pair"
