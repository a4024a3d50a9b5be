"""Compares migrations as the code has them with Django's record of what is applied, and with the history."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from freehold.history.edits import Edit, get_shown_path, list_edits
from freehold.history.journal import find_file, find_sources
from freehold.history.states import HistoryState, Key, list_states
from freehold.models import MigrationHistory
from freehold.verification.faults import Acceptance, Fault, describe_differences, describe_time, make_fault

_RUN_AGAIN = "`manage.py migrate` runs it again; `manage.py history repair {}` says that it was finished by hand"


class Migrations:
    """The three sides: `disk` is the code, `applied` Django's record, `states` the history."""

    def __init__(self, connection: BaseDatabaseWrapper, loader: MigrationLoader) -> None:
        self.connection, self.loader = connection, loader
        self.disk, self.applied = loader.disk_migrations, set(loader.applied_migrations)
        self.states = list_states(connection, "migrate")
        self.squashes: dict[Key, list[Key]] = {}  # by the migration that each of them replaces
        for key, migration in self.disk.items():
            for app, name in migration.replaces:
                self.squashes.setdefault((app, name), []).append(key)

    def is_up(self, key: Key) -> bool:
        """Tell whether the history says that it is applied, by itself or as part of one that replaces it."""
        state = self.states.get(key)
        rows = [state] if state else []
        rows += [self.states[each] for each in self.squashes.get(key, ()) if each in self.states]
        return bool(rows) and max(rows, key=lambda each: each.row).is_up

    def iter_faults(self) -> Iterator[Fault]:
        """Yield what is amiss."""
        for edit in list_edits(self.loader, self.states):
            yield self.describe_edit(edit)
        for key in sorted(self.applied - self.disk.keys() - self.squashes.keys()):
            yield from self.look_for_file(key)
        for key in sorted(self.disk.keys() & self.applied):
            if not self.is_up(key) and not self.is_covered(key):
                yield self.describe_unrecorded(key)
        for key in sorted((self.disk.keys() & self.states.keys()) - self.applied):
            if self.is_up(key):
                yield self.describe_lost(key)
        for key, state in sorted(self.states.items()):
            if state.failed and key in self.disk and not self.disk[key].atomic:
                yield self.describe_interrupted(key, state)

    def is_covered(self, key: Key) -> bool:
        """Tell whether it replaces migrations that are all applied: Django then records it without a run."""
        replaced = [(app, name) for app, name in self.disk[key].replaces]
        return bool(replaced) and all(map(self.is_up, replaced))

    def describe_edit(self, edit: Edit) -> Fault:
        """Give the fault of an edited migration, or of one that runs a file which is gone."""
        name, row = ".".join(edit.key), MigrationHistory.objects.using(self.connection.alias).get(pk=edit.state.row)
        text, line = describe_differences(row.sources, edit.sources, edit.path)
        missing = ", ".join(edit.sources.missing)
        what = f"{missing}, which it runs, is missing" if missing else "it was edited"
        undo = "Upgrading a package changed it" if edit.is_installed else "Undo the edit and write a new migration"
        return make_fault(
            "H003" if missing else "H001",
            name,
            f"{what}; it was applied {describe_time(edit.state)}\n{text}",
            f"{undo}; `manage.py history repair {' '.join(edit.key)}` accepts it as it is",
            Acceptance(
                "migrate",
                *edit.key,
                checksum=edit.sources.checksum,
                sources=edit.sources.keep(),
                before=edit.state.checksum,
            ),
            level="warning" if edit.is_installed else "error",
            path=get_shown_path(edit.path),
            line=max(line, 1),
        )

    def look_for_file(self, key: Key) -> Iterator[Fault]:
        """Yield the fault of an applied migration that the code has not, unless a person accepted that."""
        state, name = self.states.get(key), ".".join(key)
        if state and state.is_up and state.outcome == "accepted" and not state.checksum:
            return
        before = state.checksum if state else ""
        accepted = Acceptance("migrate", *key, before=before)
        repair = f"`manage.py history repair {' '.join(key)}` accepts that it is gone"
        if state and state.is_up and key[0] in {config.label for config in apps.get_app_configs()}:
            message = f"its file is missing; it was applied {describe_time(state)}"
            hint = f"Bring it back: `manage.py history show --app {key[0]} --format json` has its text; {repair}"
            yield make_fault("H003", name, message, hint, accepted)
            return
        hint = (
            f"Deploy the code that has it, or take it out of Django's record with `manage.py migrate --prune`; {repair}"
        )
        yield make_fault(
            "H004", name, "Django's record says applied, and the code has no such migration", hint, accepted
        )

    def describe_unrecorded(self, key: Key) -> Fault:
        """Give the fault of a migration that the history did not see."""
        sources, file = find_sources(self.disk[key]), find_file(self.disk[key])
        return make_fault(
            "H005",
            ".".join(key),
            "Django's record says applied, and the history has no row of it: another `migrate` than this one ran",
            f"`manage.py history repair {' '.join(key)}` takes it into the history as it is now",
            Acceptance("migrate", *key, checksum=sources.checksum, sources=sources.keep()),
            path=get_shown_path(file) if file else "",
            line=1 if file else 0,
        )

    def describe_lost(self, key: Key) -> Fault:
        """Give the fault of a migration that Django's record lost."""
        return make_fault(
            "H006",
            ".".join(key),
            f"the history says applied ({describe_time(self.states[key])}), and Django's record does not",
            f"If it is applied, `manage.py migrate {' '.join(key)} --fake` records it; if not, `manage.py history "
            f"repair {' '.join(key)}` accepts that",
            Acceptance("migrate", *key, direction="down", before=self.states[key].checksum),
        )

    def describe_interrupted(self, key: Key, state: HistoryState) -> Fault:
        """Give the fault of a migration that left something behind, maybe."""
        is_applied, way = key in self.applied, "applied" if state.failed_up else "taken back"
        file = find_file(self.disk[key])
        return make_fault(
            "H007",
            ".".join(key),
            f"it was being {way} without a transaction and failed ({state.failure}): see what it left behind",
            _RUN_AGAIN.format(" ".join(key)),
            Acceptance(
                "migrate",
                *key,
                direction="up" if is_applied else "down",
                checksum=state.checksum if is_applied else "",
                before=state.checksum,
            ),
            path=get_shown_path(file) if file else "",
            line=1 if file else 0,
        )
