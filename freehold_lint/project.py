"""The whole lint: the catalogue of one database, the project's own SQL, and the exceptions from both."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.db import Error as DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.checks import locks
from freehold.findings import Finding, LookError
from freehold.ownership import Ownership
from freehold.scripts.pairs import DIRECTIONS
from freehold_lint import catalogue, completeness, exceptions, raw_sql, squawk, undoing, watcher
from freehold_lint.migrations import titles
from freehold_lint.parsing import MISSING, find_parser
from freehold_lint.reports import LintReport

CATALOGUE = {rule.id: rule.title for rule in catalogue.RULES}
LOCK = {"L033": "The types of shared columns are written down nowhere"}
FILES = dict(sorted({**completeness.TITLES, **undoing.TITLES, **squawk.TITLES}.items()))
TITLES: dict[str, str] = {**CATALOGUE, **LOCK, **raw_sql.TITLES, **watcher.TITLES, **exceptions.TITLES, **FILES}
EXCEPTED = {**CATALOGUE, **LOCK, **raw_sql.TITLES, **FILES}  # rules that may have exceptions


def lint(connection: BaseDatabaseWrapper, ownership: Ownership, exceptions_file: Path, today: date) -> LintReport:
    """Give what all rules find, less what the file of exceptions lets pass.

    Raises:
        LookError: the database does not answer.
    """
    report = LintReport()
    look_at_lock(report, ownership)
    look_at_sql(report, ownership)
    look_at_files(report, ownership)
    look_at_catalogue(report, ownership, connection)
    listed, wrong = exceptions.read_exceptions(exceptions_file, {**EXCEPTED, **titles.EXCEPTED}, today)
    entries = [entry for entry in listed if entry.rule in EXCEPTED]  # `lintmigrations` applies the others
    kept = exceptions.apply_exceptions(
        report.findings, entries, looked=report.looked, today=today, path=exceptions_file
    )
    report.findings = [*kept, *wrong]
    return report


def look_at_lock(report: LintReport, ownership: Ownership) -> None:
    """Add that contracts share columns and no file says of which type."""
    if locks.list_consumers(ownership) and not locks.get_lock_path().exists():
        message = f"there is no {locks.NAME} beside the map: nobody sees it when a shared column changes its type."
        report.findings.append(Finding("L033", "contracts", message, f"Run {locks.COMMAND}, and check the file in."))
    report.looked += LOCK


def look_at_sql(report: LintReport, ownership: Ownership) -> None:
    """Add what is wrong with the project's SQL, or a note that nothing could parse it."""
    if find_parser() is None:
        report.notes.append(MISSING)
        return
    report.findings += raw_sql.list_sql_findings(ownership)
    report.looked += raw_sql.TITLES


def look_at_files(report: LintReport, ownership: Ownership) -> None:
    """Add what is wrong with pairs of SQL files, or notes of what is not installed. SQLite's own are not parsed."""
    report.findings += completeness.list_pair_findings(ownership)
    report.looked += completeness.TITLES
    found = completeness.list_pairs(ownership)
    if find_parser() is not None:
        report.findings += [finding for pair in found for finding in iter_undoing_findings(pair)]
        report.looked += undoing.TITLES
    program = squawk.find_program()
    if program is None:
        report.notes.append(squawk.MISSING)
        return
    for is_atomic in (True, False):
        paths = [path for pair in found if pair.is_atomic is is_atomic for path in list_postgresql_files(pair)]
        report.findings += squawk.iter_findings(program, paths, in_transaction=is_atomic)
    report.looked += squawk.TITLES


def iter_undoing_findings(pair: completeness.Pair) -> Iterator[Finding]:
    """Yield what the parser tells of what PostgreSQL runs of a pair."""
    up, down = (pair.find_script(direction, "postgresql") for direction in DIRECTIONS)
    for script in filter(None, (up, down)):
        yield from undoing.iter_repeat_findings(script)
    if up and down:
        yield from undoing.iter_undo_findings(up, down)


def list_postgresql_files(pair: completeness.Pair) -> list[Path]:
    """Give the files that PostgreSQL runs of a pair."""
    return [path for direction in DIRECTIONS if (path := pair.files.find(direction, "postgresql"))]


def look_at_catalogue(report: LintReport, ownership: Ownership, connection: BaseDatabaseWrapper) -> None:
    """Add what is wrong with the catalogue, or a note that the dialect has none."""
    if connection.vendor != "postgresql":
        report.notes.append(f"No catalogue was looked at: {connection.vendor} has no owners and no policies.")
        return
    try:
        with connection.cursor() as cursor:
            report.findings += catalogue.list_catalogue_findings(cursor, ownership)
    except DatabaseError as error:
        reason = " ".join(str(error).split())
        raise LookError(f"the catalogue of {connection.alias!r} can't be read: {reason}") from error
    report.looked += CATALOGUE
