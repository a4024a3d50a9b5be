"""`python -m conformance.allowing` writes `allowed.toml` from the last whole runs with every table moved.

What failed there runs again on the stock backend, once as it is and once with its tables merely renamed (the control).
What fails on the stock backend as it is needs no entry; a reason in the file that was written by hand stays; what fails
in the control gets its reason from there. Without one it is left out, and printed if it fails alone too.
"""

from __future__ import annotations

import os
import re
import sys

from conformance import allowances
from conformance.errors import ConformanceError
from conformance.modes import CONTROL, DIALECTS, MOVED, STOCK
from conformance.outcomes import Failure, Outcome, from_json
from conformance.parts import Suite, make_directory, make_path
from conformance.running import serving
from conformance.source import CACHE, ROOT, get_tests, get_version

Reasons = dict[str, str]  # by test

RENAMED = "fails on the stock backend too when its tables are merely renamed"
LITERAL_SQL = re.compile(r'relation "[^"]+" does not exist|no such table|syntax error')


def get_reason(failure: Failure) -> str:
    """Give the reason for a test that fails in the control, by what went wrong there."""
    if LITERAL_SQL.search(failure.summary):
        return f"sends SQL with a table's name in it: {RENAMED}"
    if failure.summary.startswith("AssertionError"):
        return f"asserts a table's name, or SQL with one in it: {RENAMED}"
    return f"names a table: {RENAMED}"


def explain(
    moved: Outcome, stock: Outcome, control: Outcome, known: dict[str, str]
) -> tuple[dict[str, str], list[str]]:
    """Give the reasons by test, and the tests for which there is none."""
    reasons, unexplained = {}, []
    for test in moved.failures:
        if stock.find_failure(test):
            continue
        if RENAMED not in known.get(test, RENAMED):
            reasons[test] = known[test]
        elif failure := control.find_failure(test):
            reasons[test] = get_reason(failure)
        else:
            unexplained.append(test)
    return reasons, unexplained


def explain_run(dialect: str, known: Reasons, parallel: int) -> tuple[Reasons, list[str]]:
    """Run what failed in the last moved run of the dialect on the stock backend; give what `explain` does."""
    file = CACHE / f"{get_version()}-{dialect}-{MOVED.name}.json"
    moved = from_json(file.read_text(encoding="utf-8"))
    labels = sorted(moved.failures)
    if not labels:
        return {}, []
    directory = make_directory()
    with serving(dialect) as server:
        path = make_path(directory / "path", ROOT)
        suite = Suite(get_tests(), path, directory, server.entry if server else {}, parallel)
        stock, control = (suite.run(dialect, mode.name, labels) for mode in (STOCK, CONTROL))
        reasons, unexplained = explain(moved, stock, control, known)
        return reasons, sorted(suite.run_alone(dialect, MOVED.name, unexplained))


def main() -> int:
    """Rewrite the file for the installed Django; give the exit status, which is 1 when something has no reason."""
    allowed, elsewhere = allowances.read()
    reasons = {run: allowances.get_reasons(run, allowed) for each in allowed for run in each.runs}
    lacking: list[str] = []
    for dialect in DIALECTS:
        if not (CACHE / f"{get_version()}-{dialect}-{MOVED.name}.json").is_file():
            continue
        run = allowances.get_run(get_version(), dialect)
        found, unexplained = explain_run(dialect, reasons.get(run, {}), os.cpu_count() or 1)
        reasons[run] = found
        lacking += [f"{run}: {test}" for test in unexplained]
        print(f"{run}: {len(found):,} allowed, {len(unexplained):,} unexplained", flush=True)
    allowances.write(reasons, elsewhere)
    print("\n".join(lacking), end="\n" if lacking else "")
    return 1 if lacking else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ConformanceError as error:
        sys.exit(f"conformance: {error}")
