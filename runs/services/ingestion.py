"""Takes reports of runs in, however many: an upsert by external id, in batches, all of them or each by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from uuid import UUID

from django.db import DataError, IntegrityError, connections, transaction
from msgspec.structs import asdict

from freehold.acting import acting
from runs.models import Run
from runs.services.reports import Report, ReportError, make_row, read_report
from runs.sql import run as queries

SIZE = 5_000  # reports of a batch
LARGEST = 4_194_304  # bytes of the lines of a batch, and a line more
SHOWN = 1_000  # faults that are told
_FOLLOWS = "this status can't follow the one that the run has"


@dataclass(frozen=True)
class LineFault:
    """What is wrong with one line, counted from 1. `field` is a JSON pointer; '' means all of it."""

    line: int
    detail: str
    field: str = ""


@dataclass
class Outcome:
    """What became of an upload: how many reports came, how many runs are new or other since, and what was refused."""

    received: int = 0
    changed: int = 0
    refused: int = 0
    faults: list[LineFault] = field(default_factory=list)

    def refuse(self, fault: LineFault) -> None:
        self.refused += 1
        if len(self.faults) < SHOWN:
            self.faults.append(fault)


class RefusedError(ValueError):
    """Something of an upload that was to be taken whole or not at all is wrong: nothing of it was kept."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(f"{outcome.refused} of {outcome.received} lines are wrong, and none was kept")
        self.outcome = outcome


def ingest_runs(
    project_id: UUID, lines: Iterable[bytes], *, whole: bool, by_service: bool = False, using: str = "default"
) -> Outcome:
    """Insert or change a run for each line, in the order of the lines; empty ones are passed over.

    Args:
        whole: keep all or nothing; else each line that can be kept, a batch in a transaction.
        by_service: whoever acts is a service token, which the database lets report and see no run. Of SQLite nobody
            asks whether it may: `tenancy.queries.may_report` says so.

    Raises:
        RefusedError: a line is wrong, and `whole` was asked for. Lines are read to the end nevertheless.
        DatabaseError: whoever acts may not write runs of the project, or the database is away.
    """
    outcome = Outcome()
    load = _load_as_service if by_service else _load
    if not by_service:
        _hold_to_policies(project_id, using)
    with transaction.atomic(using=using) if whole else nullcontext():
        for batch in _iter_batches(_iter_reports(lines, outcome)):
            if not (whole and outcome.refused):
                outcome.changed += _keep(project_id, batch, outcome, using, load)
        if whole and outcome.refused:
            raise RefusedError(outcome)
    return outcome


Numbered = list[tuple[int, Report]]
Load = Callable[[UUID, list[Report], str], tuple[int, set[str]]]
Read = tuple[int, Report, int]  # with the bytes that its line has


def _hold_to_policies(project_id: UUID, using: str) -> None:
    """Refuse on SQLite what row security refuses on PostgreSQL: there the ORM alone knows the policies.

    Raises:
        PolicyError: whoever acts may not write runs of the project.
    """
    if connections[using].vendor == "sqlite":
        with transaction.atomic(using=using):
            Run(project_id=project_id, external_id="-", kind="-").save(using=using, force_insert=True)
            transaction.set_rollback(True, using=using)


def _iter_reports(lines: Iterable[bytes], outcome: Outcome) -> Iterator[Read]:
    for number, line in enumerate(lines, 1):
        if not line or line.isspace():
            continue
        outcome.received += 1
        try:
            yield number, read_report(line), len(line)
        except ReportError as error:
            outcome.refuse(LineFault(number, str(error), error.field))


def _iter_batches(reports: Iterable[Read]) -> Iterator[Numbered]:
    """Yield them in batches, none of which has an external id twice: what comes later of a run is in a later one.

    Each is in the order of the ids: of two that report the same runs at once, one waits and neither has what the other
    waits for.
    """
    layers: list[Numbered] = []
    seen: dict[str, int] = {}
    count = size = 0
    for number, report, length in reports:
        layer = seen[report.external_id] = seen.get(report.external_id, -1) + 1
        if layer == len(layers):
            layers.append([])
        layers[layer].append((number, report))
        count, size = count + 1, size + length
        if count == SIZE or size >= LARGEST:
            yield from map(_sort, layers)
            layers, seen, count, size = [], {}, 0, 0
    yield from map(_sort, layers)


def _sort(batch: Numbered) -> Numbered:
    return sorted(batch, key=lambda each: each[1].external_id)


def _keep(project_id: UUID, batch: Numbered, outcome: Outcome, using: str, load: Load) -> int:
    """Write a batch, by halves where the database refuses it, and give how many runs are new or other."""
    try:
        with transaction.atomic(using=using):
            changed, unfollowing = load(project_id, [report for _, report in batch], using)
    except (IntegrityError, DataError) as error:
        if len(batch) == 1:
            outcome.refuse(LineFault(batch[0][0], _explain(error)))
            return 0
        middle = len(batch) // 2
        return sum(_keep(project_id, half, outcome, using, load) for half in (batch[:middle], batch[middle:]))
    for number, report in batch:
        if report.external_id in unfollowing:
            outcome.refuse(LineFault(number, _FOLLOWS, "/status"))
    return changed


def _load(project_id: UUID, reports: list[Report], using: str) -> tuple[int, set[str]]:
    """Write them; give how many runs are new or other, and the names of those whose status can't follow: their rows
    this transaction holds."""
    changed = queries.load_runs([make_row(project_id, report) for report in reports], using=using)
    if changed == len(reports):
        return changed, set()
    names = [report.external_id for report in reports]
    found = queries.list_statuses(project_id=project_id, external_ids=names, using=using)
    statuses = {each.external_id: each.status for each in found}
    return changed, {each.external_id for each in reports if statuses.get(each.external_id) != each.status}


def _load_as_service(project_id: UUID, reports: list[Report], using: str) -> tuple[int, set[str]]:
    """Do the same by a function of the database, which knows the token; on SQLite as the owner."""
    if connections[using].vendor == "sqlite":
        with acting(None):
            return _load(project_id, reports, using)
    rows = [asdict(report) for report in reports]
    found = queries.take_runs(project_id=project_id, reports=rows, using=using)
    return found.changed, set(found.unfollowing)


def _explain(error: Exception) -> str:
    """Give words for people, without what the server says of values."""
    if "runs_finished_at_check" in str(error):
        return "the run finishes before it has started"
    return "the database does not take it"
