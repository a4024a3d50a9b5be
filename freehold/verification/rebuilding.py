"""Makes one of the two tables which say what is applied from the other."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from freehold.history.journal import HISTORY, KEEPING, STRUCTURE
from freehold.history.lost import JOURNAL, RECORD, find_lost
from freehold.history.states import HistoryState, Key, list_states
from freehold.ownership import Ownership
from freehold.verification.faults import Acceptance, Fault, make_fault
from freehold.verification.migrations import Migrations
from freehold.verification.repair import RepairError, accept
from freehold.verification.rows import APP

TABLES = (RECORD, JOURNAL)


def check_lost(connection: BaseDatabaseWrapper, table: str) -> None:
    """Raise RepairError where the table is not lost, or nothing says what was in it."""
    if find_lost(connection, MigrationRecorder(connection).applied_migrations()) != table:
        raise RepairError(f"public.{table} is not lost, or the other is as well: there is nothing to make it from")


def rebuild(connection: BaseDatabaseWrapper, ownership: Ownership, table: str, reason: str) -> int:
    """Make the table again, all or nothing; give how many migrations it has. As the migrator, under the lock.

    Raises:
        RepairError: it is not lost.
    """
    check_lost(connection, table)
    return (_rebuild_record if table == RECORD else _rebuild_journal)(connection, ownership, reason)


def _rebuild_record(connection: BaseDatabaseWrapper, ownership: Ownership, reason: str) -> int:
    """Write down in Django's table what the history says is applied, with its time; and in the history that it was."""
    recorder = MigrationRecorder(connection)
    with connection.schema_editor(atomic=True) as editor:
        if not recorder.has_table():
            editor.create_model(recorder.Migration)
        known = recorder.applied_migrations()
        rows = {key: state for key, state in _list_records(connection).items() if state.is_up}
        for (app, name), state in rows.items():
            if (app, name) not in known:
                recorder.migration_qs.create(app=app, name=name, applied=state.at)
        said = make_fault("H006", RECORD, "", "", Acceptance("history", APP, RECORD))
        accept(connection, ownership, [said], reason)
    return len(rows)


def _list_records(connection: BaseDatabaseWrapper) -> dict[Key, HistoryState]:
    """Give how each migration stands, by its own last row or that of one that replaces it: Django writes down what a
    squashed one replaces, the history the squashed one."""
    states = list_states(connection, "migrate")
    found = dict(states)
    for key, migration in MigrationLoader(None).disk_migrations.items():
        for each in migration.replaces if key in states else ():
            if each not in found or found[each].row < states[key].row:
                found[each] = states[key]
    return found


def _rebuild_journal(connection: BaseDatabaseWrapper, ownership: Ownership, reason: str) -> int:
    """Make the history by its own migrations, and accept each that Django's table says is applied, as it is now."""
    loader = MigrationLoader(connection)
    with connection.schema_editor(atomic=True) as editor:
        for key in (HISTORY, KEEPING, STRUCTURE):
            if key in loader.applied_migrations:
                loader.graph.nodes[key].apply(loader.project_state(key, at_end=False), editor)
        found = [each for each in Migrations(connection, loader).iter_faults() if _is_unrecorded(each)]
        accept(connection, ownership, found, reason)
    return len(found)


def _is_unrecorded(fault: Fault) -> bool:
    return fault.finding.rule == "H005"
