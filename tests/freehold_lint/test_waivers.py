"""M601 to M603, and where a waiver counts: on the lines of its operation and right above them."""

from __future__ import annotations

import pytest

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

    assert workshop.tell() == []
