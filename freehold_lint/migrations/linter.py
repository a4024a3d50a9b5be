"""The whole lint of migrations: which ones, what they do, what is wrong with it, and what is let pass."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date
from pathlib import Path

from django.core.exceptions import FieldDoesNotExist
from django.db.migrations.state import ProjectState

from freehold.checks.locks import NAME as LOCK
from freehold.findings import Finding, LookError
from freehold.ownership.lookup import find_ownership, get_directory
from freehold_lint import exceptions, project_sql
from freehold_lint.migrations.change_rules import MigrationContext, Running, Verdict
from freehold_lint.migrations.disk import DiskMigrations, Key, choose, get_root, load
from freehold_lint.migrations.git import Base, open_base
from freehold_lint.migrations.judging import Proofs, judge
from freehold_lint.migrations.lineage import list_lineage_findings
from freehold_lint.migrations.reading import Reading, read_migration
from freehold_lint.migrations.titles import BASED, EXCEPTED, JUDGING
from freehold_lint.parsing import load_parsers
from freehold_lint.reports import LintReport, find_in_file
from freehold_lint.waivers import Placed, apply_waivers, list_waiver_findings, read_waivers


def lint_migrations(today: date, app: str = "", names: Collection[str] = (), revision: str = "") -> LintReport:
    """Give what the rules find in the project's migrations, in those of an app, or in those named of it. With a
    revision, only new and changed ones are looked at, against what the revision has.

    Raises:
        LookError: there is no such app, migration or revision, or the migrations can't be read.
        MissingExtraError: there is no parser, without which SQL would pass unseen.
    """
    load_parsers()
    migrations = load()
    base = open_base(revision, get_root()) if revision else None
    chosen = choose(migrations, app, names)
    if base:
        chosen = {key for key in chosen if base.get_change(migrations.get_path(key))}
    linter = _Linter(migrations, base, chosen)
    linter.run()
    is_whole = not (revision or app)
    findings = _except_findings(linter.findings, today, JUDGING if is_whole else ())
    return LintReport(findings)


def _except_findings(found: list[Finding], today: date, looked: Collection[str]) -> list[Finding]:
    """Give the findings that the file of exceptions does not let pass. What is wrong with the file itself says
    `manage.py lint`; but for entries about migrations that ended, or match nothing."""
    if find_ownership() is None:
        return found
    path = get_directory() / exceptions.NAME
    listed, _ = exceptions.read_exceptions(path, EXCEPTED, today)
    entries = [entry for entry in listed if entry.rule in EXCEPTED]
    return list(exceptions.apply_exceptions(found, entries, looked=looked, today=today, path=path))


class _Linter:
    """Walks through all migrations in their order, and judges those that are chosen."""

    def __init__(self, migrations: DiskMigrations, base: Base | None, chosen: set[Key]) -> None:
        self.migrations, self.base, self.chosen = migrations, base, chosen
        self.findings: list[Finding] = []
        self.shared = _list_shared(base)
        self.lineage = list_lineage_findings(migrations, base) if base else []
        self.running = Running(self.make_base_state()) if base else None
        self.new: set[str] = set()  # tables that the change makes
        self.here, self.there = Proofs(), Proofs()  # two views that learn the same

    def make_base_state(self) -> ProjectState:
        """Give the state of the models after the migrations that the base has."""
        state = self.make_state()
        for key in self.migrations.plan:
            if self.base and self.base.get_change(self.migrations.get_path(key)) != "A":
                state = self.migrations.get(key).mutate_state(state, preserve=False)
        return state

    def make_state(self) -> ProjectState:
        """Give the state before the first migration."""
        return ProjectState(real_apps=self.migrations.loader.unmigrated_apps)

    def run(self) -> None:
        """Judge the migrations that are chosen; the others say what is before them."""
        state = self.make_state()
        for key in self.migrations.plan:
            migration, before = self.migrations.get(key), state.clone()
            try:
                reading = read_migration(migration, state, proofs=key not in self.chosen)
                if key in self.chosen:
                    self.judge(key, reading, before)
                else:
                    self.learn(reading)
            except (LookupError, ValueError, FieldDoesNotExist) as error:
                reason = " ".join(str(error).split())
                raise LookError(f"{key[0]}.{key[1]} can't be followed: {type(error).__name__}: {reason}") from error
        self.findings += [finding for finding, place in self.lineage if not self.is_judged(finding)]

    def is_judged(self, finding: Finding) -> bool:
        """Tell whether the finding about the past was reported beside the migration's others."""
        return tuple(finding.object.split(".", 1)) in self.chosen

    def learn(self, reading: Reading) -> None:
        """Take from a migration that is not judged what it says of columns."""
        for change in reading.changes:
            self.here.learn(change)
            self.there.learn(change)

    def judge(self, key: Key, reading: Reading, before: ProjectState) -> None:
        """Add what is wrong with a migration and its waivers."""
        atomic = bool(self.migrations.get(key).atomic)
        plain = MigrationContext(reading.label, atomic, Running(before), self.shared)
        verdicts = judge(reading.changes, plain, self.here)
        others: list[Verdict] = []
        if self.running:
            others = verdicts
            context = MigrationContext(reading.label, atomic, self.running, self.shared, self.new)
            verdicts = judge(reading.changes, context, self.there)
        past = [placed for placed in self.lineage if placed[0].object == reading.label]
        self.waive(reading, [*map(_make_finding, verdicts), *past], list(map(_make_finding, others)))

    def waive(self, reading: Reading, found: list[Placed], others: list[Placed]) -> None:
        """Add the findings that no waiver lets pass, then the waivers that are wrong. `others` are found without the
        base: what lets them pass is of use as well."""
        comments = [each for path in dict.fromkeys(reading.files) for each in read_waivers(path)]
        self.findings += apply_waivers(comments, found, others)
        own = [each for each in comments if each.names("M") or not each.rules]  # the others are `lint`'s to judge
        known = {*EXCEPTED, *project_sql.TITLES}
        self.findings += list_waiver_findings(own, reading.label, known, self.list_looked(reading))

    def list_looked(self, reading: Reading) -> list[str]:
        """Give the rules of which a waiver is sure to waive nothing where nothing was found."""
        if not reading.is_whole:
            return []
        return list(EXCEPTED) if self.base else [rule for rule in JUDGING if rule not in BASED]


def _make_finding(verdict: Verdict) -> Placed:
    place = verdict.change.place
    return find_in_file(
        verdict.rule, verdict.change.about, verdict.message, verdict.hint, place.path, place.line
    ), place


# --- Contracts ---------------------------------------------------------------------------------------------------
def _list_shared(base: Base | None) -> dict[tuple[str, str], frozenset[str]]:
    """Give the consumers of each column and function that contracts share: by the map as it is, and by the base's
    contracts.lock.json, since a change may take a column from the map and the database at once."""
    ownership = find_ownership()
    found: dict[tuple[str, str], set[str]] = {}
    for contract in ownership.contracts if ownership else ():
        for tables in (contract.read, contract.reference):
            for table, columns in tables.items():
                for column in columns:
                    found.setdefault((f"{contract.schema}.{table}", column), set()).add(contract.consumer)
        for signature in contract.call:
            name = f"{contract.schema}.{signature.partition('(')[0]}"
            found.setdefault((name, "()"), set()).add(contract.consumer)
    for (table, column), consumers in (_read_base_lock(base) if base and ownership else {}).items():
        found.setdefault((table, column), set()).update(consumers)
    return {key: frozenset(consumers) for key, consumers in found.items()}


def _read_base_lock(base: Base) -> dict[tuple[str, str], list[str]]:
    """Give the consumers of each column by the base's lock file; nothing where it has none."""
    text = base.read(Path(get_directory()) / LOCK)
    try:
        document = json.loads(text or "{}")
    except ValueError:
        return {}
    return {
        (table, column): entry.get("consumers", [])
        for table, columns in document.items()
        for column, entry in columns.items()
    }
