"""Reads and writes `allowed.toml`: the tests that may fail with every table moved, each with its reason."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from conformance.errors import ConformanceError

FILE = Path(__file__).with_name("allowed.toml")
HEAD = """\
# Tests of Django's that may fail when every table is moved into the schema `conformance`, each with its reason.
# `python -m conformance.allowing` writes this file from the last runs (docs/conformance.md). A test that stands here
# and passes is reported: the list can't grow stale.
"""


@dataclass(frozen=True)
class Allowance:
    """A reason, the runs that it holds for ("5.2 postgresql"), and the tests."""

    reason: str
    runs: tuple[str, ...]
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Elsewhere:
    """Tables that may be made outside the schema, by their whole names, and why."""

    reason: str
    tables: tuple[str, ...]


def get_run(version: str, dialect: str) -> str:
    """Give a run's name in the file: Django's feature release and the dialect."""
    return f"{'.'.join(version.split('.')[:2])} {dialect}"


def read(file: Path = FILE) -> tuple[list[Allowance], list[Elsewhere]]:
    """Give what is allowed.

    Raises:
        ConformanceError: the file can't be read, or an entry lacks its reason.
    """
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        allowed = [
            Allowance(each["reason"], tuple(each["runs"]), tuple(each["tests"])) for each in data.get("allowed", [])
        ]
        elsewhere = [Elsewhere(each["reason"], tuple(each["tables"])) for each in data.get("elsewhere", [])]
    except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
        raise ConformanceError(f"{file} can't be read ({error!r}): see docs/conformance.md for its form") from error
    return allowed, elsewhere


def get_reasons(run: str, allowances: list[Allowance]) -> dict[str, str]:
    """Give the reason of each test that is allowed to fail in this run."""
    return {test: each.reason for each in allowances if run in each.runs for test in each.tests}


def write(reasons: dict[str, dict[str, str]], elsewhere: list[Elsewhere], file: Path = FILE) -> None:
    """Write the reasons by run and test, grouped so that each test stands once for all runs it fails in."""
    runs_of: dict[tuple[str, str], list[str]] = defaultdict(list)
    for run in sorted(reasons):
        for test, reason in reasons[run].items():
            runs_of[reason, test].append(run)
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for (reason, test), runs in runs_of.items():
        groups[reason, tuple(runs)].append(test)
    blocks = [format_block("elsewhere", {"reason": each.reason, "tables": each.tables}) for each in elsewhere]
    blocks += [
        format_block("allowed", {"reason": reason, "runs": runs, "tests": tuple(sorted(tests))})
        for (reason, runs), tests in sorted(groups.items())
    ]
    file.write_text("\n".join([HEAD, *blocks]), encoding="utf-8")


def format_block(table: str, values: dict[str, str | tuple[str, ...]]) -> str:
    """Give one block of TOML: a text on a line of its own, a list one item a line unless it is short."""
    lines = [f"[[{table}]]"]
    for name, value in values.items():
        if isinstance(value, str):
            lines.append(f"{name} = {quote(value)}")
        elif name == "runs":
            lines.append(f"{name} = [{', '.join(map(quote, value))}]")
        else:
            lines += [f"{name} = [", *(f"    {quote(each)}," for each in value), "]"]
    return "\n".join(lines) + "\n"


def quote(text: str) -> str:
    """Give the text as a TOML string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
