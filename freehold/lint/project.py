"""The whole lint: the catalogue of one database, the project's own SQL, and the exceptions from both."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db import Error as DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.checks import locks
from freehold.findings import Finding, LookError
from freehold.lint import catalogue, exceptions, raw_sql, watcher
from freehold.lint.migrations import titles
from freehold.lint.parsing import MISSING, find_parser
from freehold.ownership import Ownership

CATALOGUE = {rule.id: rule.title for rule in catalogue.RULES}
LOCK = {"L033": "The types of shared columns are written down nowhere"}
TITLES: dict[str, str] = {**CATALOGUE, **LOCK, **raw_sql.TITLES, **watcher.TITLES, **exceptions.TITLES}
EXCEPTED = {**CATALOGUE, **LOCK, **raw_sql.TITLES}  # rules that may have exceptions


@dataclass
class Report:
    """What was found; `looked` are the ids of the rules that ran, `notes` say in a line each what was not looked at."""

    findings: list[Finding] = field(default_factory=list)
    looked: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def lint(connection: BaseDatabaseWrapper, ownership: Ownership, exceptions_file: Path, today: date) -> Report:
    """Give what all rules find, less what the file of exceptions lets pass.

    Raises:
        LookError: the database does not answer.
    """
    report = Report()
    look_at_lock(report, ownership)
    look_at_sql(report, ownership)
    look_at_catalogue(report, ownership, connection)
    listed, wrong = exceptions.read_exceptions(exceptions_file, {**EXCEPTED, **titles.EXCEPTED}, today)
    entries = [entry for entry in listed if entry.rule in EXCEPTED]  # `lintmigrations` applies the others
    kept = exceptions.apply_exceptions(
        report.findings, entries, looked=report.looked, today=today, path=exceptions_file
    )
    report.findings = [*kept, *wrong]
    return report


def look_at_lock(report: Report, ownership: Ownership) -> None:
    """Add that contracts share columns and no file says of which type."""
    if locks.list_consumers(ownership) and not locks.get_lock_path().exists():
        message = f"there is no {locks.NAME} beside the map: nobody sees it when a shared column changes its type."
        report.findings.append(Finding("L033", "contracts", message, f"Run {locks.COMMAND}, and check the file in."))
    report.looked += LOCK


def look_at_sql(report: Report, ownership: Ownership) -> None:
    """Add what is wrong with the project's SQL, or a note that nothing could parse it."""
    if find_parser() is None:
        report.notes.append(MISSING)
        return
    report.findings += raw_sql.list_sql_findings(ownership)
    report.looked += raw_sql.TITLES


def look_at_catalogue(report: Report, ownership: Ownership, connection: BaseDatabaseWrapper) -> None:
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
