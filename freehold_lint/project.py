"""The whole lint: the catalogue of one database, the project's own SQL, and the exceptions from both."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from django.db import Error as DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.checks import locks
from freehold.findings import Finding, LookError
from freehold.ownership import Ownership
from freehold_lint import catalogue, exceptions, project_sql, watcher
from freehold_lint.migrations import titles
from freehold_lint.parsing import load_parsers
from freehold_lint.reports import LintReport

_CATALOGUE = {rule.id: rule.title for rule in catalogue.RULES}
_LOCK = {"L033": "The types of shared columns are written down nowhere"}
EXCEPTED: dict[str, str] = {**_CATALOGUE, **_LOCK, **project_sql.TITLES}  # rules that may have exceptions
TITLES: dict[str, str] = {**EXCEPTED, **watcher.TITLES, **exceptions.TITLES}


def lint(connection: BaseDatabaseWrapper, ownership: Ownership, exceptions_file: Path, today: date) -> LintReport:
    """Give what all rules find, less what waivers and the file of exceptions let pass.

    Raises:
        LookError: the database does not answer.
        MissingExtraError: there is no parser.
    """
    load_parsers()
    report = LintReport(looked=[*_LOCK, *project_sql.TITLES])
    report.findings += _list_lock_findings(ownership)
    report.findings += project_sql.list_file_findings(ownership, titles.EXCEPTED)
    look_at_catalogue(report, ownership, connection)
    listed, wrong = exceptions.read_exceptions(exceptions_file, {**EXCEPTED, **titles.EXCEPTED}, today)
    entries = [entry for entry in listed if entry.rule in EXCEPTED]  # `lintmigrations` applies the others
    kept = exceptions.apply_exceptions(
        report.findings, entries, looked=report.looked, today=today, path=exceptions_file
    )
    report.findings = [*kept, *wrong]
    return report


def _list_lock_findings(ownership: Ownership) -> list[Finding]:
    """Give L033 where contracts share columns and no file says of which type."""
    if not locks.list_consumers(ownership) or locks.get_lock_path().exists():
        return []
    message = f"there is no {locks.NAME} beside the map: nobody sees it when a shared column changes its type."
    return [Finding("L033", "contracts", message, f"Run {locks.COMMAND}, and check the file in.")]


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
    report.looked += _CATALOGUE
