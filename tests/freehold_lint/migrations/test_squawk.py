"""squawk finds nothing that no rule here is about, but for what docs/lintmigrations.md leaves out with a reason."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from config.ownership import OWNERSHIP
from freehold_lint.texts import iter_sources
from tests.freehold_lint.migrations.cases import CASES, STATEMENTS, sql
from tests.freehold_lint.oracle import SQUAWK, list_missed, read_table
from tests.freehold_lint.workshop import Workshop

WRITTEN = re.compile(r"RunSQL\('((?:[^'\\]|\\.)*)', ''\)")
REPLACED = re.compile(r"DROP CONSTRAINT (\w+),\s+ADD CONSTRAINT \1 ")
TEXTS = sorted(
    {
        *(found for case in CASES.values() for found in WRITTEN.findall(case.broken)),
        *dict(STATEMENTS),
        *(each.text for each in iter_sources(OWNERSHIP) if each.is_migration and not each.is_sqlite),
    }
)


@pytest.mark.parametrize("text", TEXTS, ids=[f"{number}-{text.strip()[:50]}" for number, text in enumerate(TEXTS)])
def test_what_squawk_finds_is_found_here_too(text: str, workshop: Workshop, tmp_path: Path) -> None:
    workshop.write("0002_change", sql(text))
    found = {each.rule for each in workshop.lint()}

    # A constraint that the same statement puts back is none that is dropped (docs/lintmigrations.md, M007).
    allowed = {"ban-drop-constraint"} if REPLACED.search(text) else set()
    if text.startswith("DROP INDEX CONCURRENTLY"):  # the way that M302 asks for
        allowed.add("ban-drop-index")
    assert list_missed(text, found, tmp_path) <= allowed


def test_finding_of_squawk_without_its_rule_here_is_missed(tmp_path: Path) -> None:
    text = "CREATE INDEX i ON app.stones (size);"

    assert list_missed(text, {"M301"}, tmp_path) == set()
    assert list_missed(text, {"M302"}, tmp_path) == {"require-concurrent-index-creation"}


def test_squawk_knows_the_rules_that_the_documentation_names(tmp_path: Path) -> None:
    (tmp_path / "x.sql").write_text("SELECT 1;")
    excluded = [f"--exclude={rule}" for rule in read_table()]
    done = subprocess.run([SQUAWK, *excluded, str(tmp_path / "x.sql")], capture_output=True, text=True)

    assert excluded
    assert (done.returncode, done.stderr) == (0, "")
