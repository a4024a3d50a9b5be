"""L074: what squawk, a linter of migrations, says of files of SQL. It is a tool for development, as the parser is."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from freehold.findings import Finding, LookError
from freehold.scripts.pairs import shorten

TITLES = {"L074": "squawk warns of an SQL file"}
MISSING = "squawk is not installed, so that its rules were not looked at: pip install squawk-cli"
OLDEST = "15.0"  # the oldest PostgreSQL that serves
INCLUDED: Final = ("require-table-schema",)
EXCLUDED: Final = (
    "prefer-robust-stmts",  # L070, which knows what the file dropped before
    "require-lock-timeout",  # `migrate` sets both for every statement
    "require-statement-timeout",
    "syntax-error",  # L040
)
OF_A_WAY_UP: Final = ("ban-drop-column", "ban-drop-table", "ban-truncate-cascade")  # what a way down is there for
FOUND = (0, 1)  # exit statuses: nothing, something


def find_program() -> str | None:
    """Give the path of squawk, beside the interpreter or on the PATH; None where it is not installed."""
    return shutil.which("squawk", path=str(Path(sys.executable).parent)) or shutil.which("squawk")


def iter_findings(program: str, paths: Iterable[Path], *, in_transaction: bool) -> Iterator[Finding]:
    """Yield what squawk says of files that run inside a transaction, or outside of one. Its own configuration and its
    comments `-- squawk-ignore RULE` hold.

    Raises:
        LookError: it does not run.
    """
    by_name = {str(path): path for path in paths}
    for found in run(program, list(by_name), in_transaction=in_transaction) if by_name else ():
        path = by_name.get(found["file"], Path(found["file"]))
        rule = found["rule_name"]
        if rule in EXCLUDED or (rule in OF_A_WAY_UP and ".down." in path.name):
            continue
        hint = " ".join(filter(None, (found.get("help"), f"https://squawkhq.com/docs/{rule}")))
        yield Finding("L074", rule, found["message"], hint, "warning", shorten(path), found["line"] + 1)


def run(program: str, paths: Sequence[str], *, in_transaction: bool) -> list[dict[str, Any]]:
    """Run squawk over files; give what it found."""
    command = [
        program,
        "--reporter=json",
        f"--pg-version={OLDEST}",
        f"--include={','.join(INCLUDED)}",
        f"--exclude={','.join(rule for rule in EXCLUDED if rule != 'syntax-error')}",
        "--assume-in-transaction" if in_transaction else "--no-assume-in-transaction",
        *paths,
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    try:
        found: list[dict[str, Any]] = json.loads(done.stdout or "[]")
    except ValueError as error:
        raise LookError(f"squawk gave no JSON: {first_line(done.stdout)}") from error
    if done.returncode not in FOUND:
        raise LookError(f"squawk ended with status {done.returncode}: {first_line(done.stderr)}")
    return found


def first_line(text: str) -> str:
    """Give the first line of a text."""
    return next(iter(text.strip().splitlines()), "no word")
