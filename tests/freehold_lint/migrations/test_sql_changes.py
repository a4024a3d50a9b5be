"""What SQL is read as, where it stands, and that squawk finds nothing that no rule here is about."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from freehold_lint import parsing
from tests.freehold_lint.migrations.cases import CASES, STATEMENTS as READ, sql
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


def test_sql_that_is_none_is_a_note(workshop: Workshop) -> None:
    workshop.write("0002_change", sql("PRAGMA foreign_keys = ON"))
    report = workshop.report()

    assert report.findings == []
    (note,) = report.notes
    assert '0002_change.py was not looked at: syntax error at or near "PRAGMA"' in note


def test_without_a_parser_operations_are_judged_and_a_note_says_so(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parsing, "find_parser", lambda: None)
    workshop.write("0002_change", sql("DELETE FROM app.stones") + CASES["M105"].broken)
    report = workshop.report()

    assert [each.rule for each in report.findings] == ["M105"]
    assert report.notes == ["pglast is not installed, so that no SQL was parsed."]


# --- squawk ------------------------------------------------------------------------------------------------------
def read_squawk_table() -> dict[str, set[str]]:
    """Give the ids beside each of squawk's rules in the documentation; none where it says why not."""
    text = (ROOT / "docs/lintmigrations.md").read_text()
    rows = re.findall(r"^\| `([a-z-]+)` \| (.+?) \|$", text, re.MULTILINE)
    return {rule: set(said.split(", ")) if re.fullmatch(r"M\d{3}(, M\d{3})*", said) else set() for rule, said in rows}


def run_squawk(statements: str, tmp_path: Path) -> set[str]:
    """Give the rules that squawk finds broken."""
    path = tmp_path / "x.sql"
    path.write_text(statements)
    program = str(Path(sys.executable).with_name("squawk"))
    wanted = [f"--include={rule}" for rule in read_squawk_table()]
    done = subprocess.run([program, "--reporter", "json", *wanted, str(path)], capture_output=True, text=True)
    return {each["rule_name"] for each in json.loads(done.stdout)}


WRITTEN = re.compile(r"RunSQL\('((?:[^'\\]|\\.)*)', ''\)")
STATEMENTS = sorted({*(found for case in CASES.values() for found in WRITTEN.findall(case.broken)), *dict(READ)})


WRONG = {  # squawk's finding, the statement, and why it is none
    ("adding-foreign-key-constraint", "n bigint REFERENCES app.walls (id)"): "NULL in each row: nothing is looked up",
    ("adding-field-with-default", "VIRTUAL"): "a virtual column is in no row",
    ("renaming-column", "unheard_of"): "no release has the column",
    ("adding-required-field", "CREATE TABLE app.t AS SELECT 1"): "the table is new",
    ("ban-drop-type", "DROP CAST"): "a cast is no type",
}


def is_wrong(rule: str, statement: str) -> bool:
    """Tell whether a finding of squawk's is none."""
    return any(rule == name and text in statement for name, text in WRONG)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_what_squawk_finds_is_found_here_too(statement: str, workshop: Workshop, tmp_path: Path) -> None:
    workshop.write("0002_change", sql(statement))
    found, table = {each.rule for each in workshop.lint()}, read_squawk_table()

    missed = {
        rule
        for rule in run_squawk(statement, tmp_path)
        if rule not in table or (table[rule] and not table[rule] & found and not is_wrong(rule, statement))
    }

    assert missed == set()


def test_squawk_knows_the_rules_that_the_documentation_names(tmp_path: Path) -> None:
    (tmp_path / "x.sql").write_text("SELECT 1;")
    program = str(Path(sys.executable).with_name("squawk"))
    excluded = [f"--exclude={rule}" for rule in read_squawk_table()]
    done = subprocess.run([program, *excluded, str(tmp_path / "x.sql")], capture_output=True, text=True)

    assert excluded
    assert (done.returncode, done.stderr) == (0, "")
