"""What SQL is read as, and where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.freehold_lint.migrations.cases import STATEMENTS as READ, sql
from tests.freehold_lint.workshop import Workshop

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("statement", "rules"),
    READ,
)
def test_statement_is_read_as_what_it_does(statement: str, rules: list[str], workshop: Workshop) -> None:
    workshop.write("0002_change", sql(statement))

    assert [each.rule for each in workshop.lint()] == rules


def test_finding_has_the_line_of_its_statement(workshop: Workshop) -> None:
    path = workshop.write(
        "0002_change",
        '''
        migrations.RunSQL("""
            -- drückt nichts
            UPDATE app.stones SET code = 'ü' WHERE id = 1;

            -- this one
            DELETE FROM
                app.stones
        """, ""),
        ''',
    )
    (finding,) = workshop.lint()

    assert path.read_text().splitlines()[finding.line - 1].strip() == "DELETE FROM"


def test_sql_that_is_put_together_is_found_at_its_operation(workshop: Workshop) -> None:
    path = workshop.write("0002_change", 'migrations.RunSQL("DELETE" + " FROM app.stones", ""),')
    (finding,) = workshop.lint()

    assert "DELETE" in path.read_text().splitlines()[finding.line - 1]


def test_way_down_is_not_judged(workshop: Workshop) -> None:
    workshop.write("0002_change", "migrations.RunSQL('SELECT 1', 'DROP TABLE app.stones'),")

    assert workshop.tell() == []


def test_files_of_an_operation_are_judged_where_they_lie(workshop: Workshop) -> None:
    files = {"2_x.up.sql": "SELECT 1;\n\nDELETE FROM app.stones;\n", "2_x.down.sql": "DROP TABLE app.stones"}
    files["2_x.up.sqlite.sql"] = "DELETE FROM app.walls"
    files |= {"3_x.up.sql": "DELETE FROM app.walls", "3_x.up.postgresql.sql": "SELECT 1"}
    for name, text in files.items():
        (workshop.folder / name).write_text(text)
    path = workshop.write("0002_change", "RunFiles(),")
    own = (
        "from pathlib import Path\n\n\nclass RunFiles(migrations.operations.base.Operation):\n"
        f"    files = [Path(__file__).parent / name for name in {sorted(files)}]\n"
        "    reversible = True\n\n    def state_forwards(self, app_label, state):\n        pass\n\n\nclass Migration"
    )
    path.write_text(path.read_text().replace("class Migration", own, 1))
    workshop.forget()

    assert [(each.rule, Path(each.path).name, each.line) for each in workshop.lint()] == [("M004", "2_x.up.sql", 3)]


def test_sql_that_is_none_is_found_on_its_line(workshop: Workshop) -> None:
    path = workshop.write(
        "0002_change",
        '''
        migrations.RunSQL("""
            SELECT 1;
            PRAGMA foreign_keys = ON;
        """, ""),
        ''',
    )
    (finding,) = workshop.lint()

    assert (finding.rule, finding.message.partition(": ")[2]) == ("M009", 'syntax error at or near "PRAGMA".')
    assert path.read_text().splitlines()[finding.line - 1].strip() == "PRAGMA foreign_keys = ON;"


def test_sql_that_is_none_may_have_a_waiver(workshop: Workshop) -> None:
    waiver = "# lintmigrations: M009 of an extension that changes the grammar\n"
    workshop.write("0002_change", waiver + sql("PRAGMA foreign_keys = ON"))

    assert workshop.tell() == []
