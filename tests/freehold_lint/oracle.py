"""squawk, a linter of migrations in SQL, as an oracle: what it finds, `lintmigrations` finds too.

docs/lintmigrations.md has its rules by name, each with the rules here that stand for it, or the reason why none does.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SQUAWK = str(Path(sys.executable).with_name("squawk"))
WRONG = {  # squawk's finding, the statement, and why it is none
    ("adding-foreign-key-constraint", "n bigint REFERENCES app.walls (id)"): "NULL in each row: nothing is looked up",
    ("adding-field-with-default", "VIRTUAL"): "a virtual column is in no row",
    ("renaming-column", "unheard_of"): "no release has the column",
    ("adding-required-field", "CREATE TABLE app.t AS SELECT 1"): "the table is new",
    ("ban-drop-type", "DROP CAST"): "a cast is no type",
}


def read_table() -> dict[str, set[str]]:
    """Give the ids beside each of squawk's rules in the documentation; none where it says why not."""
    text = (ROOT / "docs/lintmigrations.md").read_text()
    rows = re.findall(r"^\| `([a-z-]+)` \| (.+?) \|$", text, re.MULTILINE)
    return {rule: set(said.split(", ")) if re.fullmatch(r"M\d{3}(, M\d{3})*", said) else set() for rule, said in rows}


def run_squawk(statements: str, tmp_path: Path) -> set[str]:
    """Give the rules that squawk finds broken."""
    path = tmp_path / "x.sql"
    path.write_text(statements)
    wanted = [f"--include={rule}" for rule in read_table()]
    done = subprocess.run([SQUAWK, "--reporter", "json", *wanted, str(path)], capture_output=True, text=True)
    return {each["rule_name"] for each in json.loads(done.stdout)}


def list_missed(statements: str, found: Collection[str], tmp_path: Path) -> set[str]:
    """Give what squawk finds and no rule does that stands for it; what the documentation does not know as well."""
    table = read_table() | {"syntax-error": {"M009"}}  # none that squawk can be told to look for
    wrong = {rule for rule, text in WRONG if text in statements}
    return {
        rule
        for rule in run_squawk(statements, tmp_path) - wrong
        if rule not in table or (table[rule] and not table[rule] & set(found))
    }
