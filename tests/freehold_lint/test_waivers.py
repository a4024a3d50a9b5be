"""M601 to M603, and where a waiver counts: on the lines of its operation or statement and right above them."""

from __future__ import annotations

from pathlib import Path

import pytest

from freehold.ownership import get_ownership
from freehold_lint.migrations import titles
from freehold_lint.project_sql import list_file_findings
from tests.freehold_lint.migrations.cases import add
from tests.freehold_lint.workshop import Workshop

FIELD = add("models.IntegerField(default=1)")
SAID = "M105 app.stones (extra): an INSERT of the running release leaves the column out, and it may not be NULL."


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("# lintmigrations: M105 imports are off", []),
        ("# lintmigrations: M105, imports are off", []),
        ("#lintmigrations:M105 imports are off", []),
        ("# lintmigrations: M105 imports are off\n# and they stay off", []),
        ("# a word before\n# lintmigrations: M105 imports are off", []),
        ("# lintmigrations: M105", [SAID, "M601 runs.0002_change (waiver): it does not say why."]),
        (
            "# lintmigrations: M999 imports are off",
            [SAID, "M602 runs.0002_change (waiver): there is no rule M999 to waive."],
        ),
        ("# lintmigrations: imports are off", [SAID, "M602 runs.0002_change (waiver): it names no rule."]),
        (
            "# lintmigrations: M601 imports are off",
            [SAID, "M602 runs.0002_change (waiver): there is no rule M601 to waive."],
        ),
        (
            "# lintmigrations: M105 M301 imports are off",
            ["M603 runs.0002_change (waiver): there is nothing of M301 here."],
        ),
        (
            "# lintmigrations: M301 imports are off",
            [SAID, "M603 runs.0002_change (waiver): there is nothing of M301 here."],
        ),
        ("# lintmigrations: M103 seen with a base alone", [SAID]),
    ],
)
def test_waiver_above_an_operation(comment: str, said: list[str], workshop: Workshop) -> None:
    workshop.write("0002_change", f"{comment}\n{FIELD}")

    assert workshop.tell() == said


def test_waiver_on_the_lines_of_an_operation(workshop: Workshop) -> None:
    workshop.write(
        "0002_change",
        'migrations.AddField(\n    "Stone",\n    "extra",  # lintmigrations: M105 imports are off\n'
        "    models.IntegerField(default=1),\n),",
    )

    assert workshop.tell() == []


@pytest.mark.parametrize(
    "text", ["# lintmigrations: M105 why\n\n", 'migrations.RunSQL("", ""),  # lintmigrations: M105 why\n']
)
def test_waiver_counts_for_no_other_operation(text: str, workshop: Workshop) -> None:
    workshop.write("0002_change", f"{text}{FIELD}")

    assert [line.split()[0] for line in workshop.tell()] == ["M105", "M603"]


def test_waiver_in_a_text_of_python_is_none(workshop: Workshop) -> None:
    path = workshop.write("0002_change", FIELD)
    path.write_text('"""Write `# lintmigrations: M999` above."""\n' + path.read_text())
    workshop.forget()

    assert workshop.tell() == [SAID]


def test_waiver_inside_an_operation_with_others_counts_for_its_own(workshop: Workshop) -> None:
    other = FIELD.replace("extra", "more")
    workshop.write(
        "0002_change",
        f"migrations.SeparateDatabaseAndState(\n    [\n        # lintmigrations: M105 why\n        {FIELD}\n"
        f"        {other}\n    ],\n    [],\n),",
    )

    assert workshop.tell() == [SAID.replace("extra", "more")]


@pytest.mark.parametrize(
    "operations",
    [
        "*[migrations.AddField('Stone', 'extra', models.IntegerField(default=1))],",
        "] + [migrations.AddField('Stone', name, models.IntegerField(default=1)) for name in ['extra']",
    ],
)
def test_operations_put_together_by_code_are_waived_at_the_class(operations: str, workshop: Workshop) -> None:
    path = workshop.write("0002_change", operations)
    before = workshop.lint()
    path.write_text(path.read_text().replace("class Migration", "# lintmigrations: M105 why\nclass Migration"))
    workshop.forget()

    assert [path.read_text().splitlines()[each.line][:15] for each in before] == ["class Migration"]
    assert workshop.tell() == []


@pytest.mark.parametrize("place", ["above", "behind", "operation"])
def test_waiver_in_sql(place: str, workshop: Workshop) -> None:
    comment = "lintmigrations: M004 a cache"
    workshop.write(
        "0002_change",
        (f"# {comment}\n" if place == "operation" else "")
        + 'migrations.RunSQL("""\n    SELECT 1;\n'
        + (f"    -- {comment}\n" if place == "above" else "")
        + "    DELETE FROM app.stones"
        + (f" -- {comment}" if place == "behind" else "")
        + '\n""", ""),',
    )

    assert workshop.tell() == []


def test_waiver_is_not_missed_where_sql_was_not_looked_at(workshop: Workshop) -> None:
    workshop.write("0002_change", '# lintmigrations: M004 a cache\nmigrations.RunSQL("PRAGMA x = 1", ""),')

    (found,) = workshop.tell()

    assert found.startswith("M009 SQL: PostgreSQL does not understand it")


# --- One syntax for both commands ------------------------------------------------------------------------------------
STEM = "20260301120000_stones"
DOWN = f"{STEM}.down.sql"
UP = "CREATE INDEX s_idx ON app.stones (size);"
L070 = ("L070", f"{STEM}.up.sql", "index app.s_idx is made, and not a second time.")
M301 = ("M301", f"{STEM}.up.sql", "nobody writes to the table until every row is in the index (SHARE).")


def look(workshop: Workshop, up: str, down: str = "DROP INDEX IF EXISTS app.s_idx;") -> list[tuple[str, str, str]]:
    """Give what both commands find in a pair of files that a migration runs."""
    (workshop.folder / "sql").mkdir(exist_ok=True)
    (workshop.folder / "sql" / f"{STEM}.up.sql").write_text(up)
    (workshop.folder / "sql" / f"{STEM}.down.sql").write_text(down)
    workshop.write("0002_change", f'RunSQLFiles("runs", "{STEM}"),')
    path = workshop.folder / "0002_change.py"
    path.write_text("from freehold.operations import RunSQLFiles\n" + path.read_text())
    workshop.forget()
    found = [*workshop.lint(), *list_file_findings(get_ownership(), titles.EXCEPTED)]
    return [(each.rule, Path(each.path).name, each.message) for each in found if workshop.package in each.path]


def test_one_comment_waives_rules_of_both_commands(workshop: Workshop) -> None:
    assert look(workshop, UP) == [M301, L070]
    assert look(workshop, f"-- lintmigrations: M301 L070 the table is small\n{UP}") == []
    assert look(workshop, f"{UP} -- lintmigrations: M301, L070 the table is small") == []
    assert look(workshop, f"SELECT 1;\n\n-- lintmigrations: M301 small\n-- lintmigrations: L070 small\n{UP}") == []
    assert look(workshop, f"-- lintmigrations: M301 L070 the table is small\nSELECT 1;\n{UP}") == [
        ("M301", *M301[1:]),
        ("M603", f"{STEM}.up.sql", "there is nothing of M301 here."),
        L070,
        ("M603", f"{STEM}.up.sql", "there is nothing of L070 here."),
    ]


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("L070", [L070, ("M601", f"{STEM}.up.sql", "it does not say why.")]),
        ("L073 why", [L070, ("M603", f"{STEM}.up.sql", "there is nothing of L073 here.")]),
        ("L999 why", [L070, ("M602", f"{STEM}.up.sql", "there is no rule L999 to waive.")]),
        ("L074 why", [L070, ("M602", f"{STEM}.up.sql", "there is no rule L074 to waive.")]),
    ],
)
def test_waiver_of_a_rule_of_lint_that_is_wrong_is_said_once(
    comment: str, said: list[tuple[str, str, str]], workshop: Workshop
) -> None:
    assert look(workshop, f"-- lintmigrations: {comment}\n{UP} -- lintmigrations: M301 small") == said


def test_waiver_of_a_pair_stands_at_the_beginning_of_its_file(workshop: Workshop) -> None:
    up, head = UP.replace("INDEX", "INDEX IF NOT EXISTS"), "-- about stones\n-- lintmigrations: L072 M301 for now\n"
    (workshop.folder / "sql").mkdir()
    look(workshop, head + up)
    (workshop.folder / "sql" / f"{STEM}.down.sql").unlink()

    found = list_file_findings(get_ownership(), titles.EXCEPTED)

    assert [each for each in found if workshop.package in each.path] == []


def test_way_down_is_judged_by_the_rules_of_lint_alone(workshop: Workshop) -> None:
    up = "-- lintmigrations: M301 small\n" + UP.replace("INDEX", "INDEX IF NOT EXISTS")
    down = "DROP INDEX app.s_idx; DROP TABLE app.stones CASCADE; TRUNCATE app.walls; DELETE FROM stones;"

    assert look(workshop, up, down) == [
        (
            "L041",
            f"{STEM}.down.sql",
            "stones has no schema before it, so that search_path decides which table that is.",
        ),
        ("L070", DOWN, "index app.s_idx is dropped, and not a second time."),
        ("L070", DOWN, "table app.stones is dropped, and not a second time."),
    ]


def test_waiver_on_the_way_down_of_a_rule_that_does_not_judge_it_is_said(workshop: Workshop) -> None:
    up = "-- lintmigrations: M301 small\n" + UP.replace("INDEX", "INDEX IF NOT EXISTS")

    assert look(workshop, up, "-- lintmigrations: M302 small\nDROP INDEX IF EXISTS app.s_idx;") == [
        ("M603", DOWN, "there is nothing of M302 here.")
    ]


def test_waiver_for_squawk_is_answered_with_the_one_that_counts(workshop: Workshop) -> None:
    look(workshop, f"-- squawk-ignore require-concurrent-index-creation\n{UP}")

    (found,) = workshop.lint()

    assert found.hint == (
        "Use AddIndexConcurrently in a migration with atomic = False. `squawk-ignore` lets nothing pass: write "
        "`-- lintmigrations: M301 REASON`; where the migration was applied, an entry of exceptions.toml."
    )
