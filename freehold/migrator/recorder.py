"""Django's own record of what is applied, written as the migrator whatever role the migration ran as."""

from __future__ import annotations

from collections.abc import Callable

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder


class OwnedRecorder(MigrationRecorder):
    """Writes `django_migrations` as the role that owns it: no owner of a schema needs a right on it, and none can
    rewrite what others applied. `step_back` ends whatever role the migration took; it is called before each row.
    """

    def __init__(self, connection: BaseDatabaseWrapper, step_back: Callable[[], None]) -> None:
        super().__init__(connection)
        self.step_back = step_back

    def record_applied(self, app: str, name: str) -> None:
        """Add the row."""
        self.step_back()
        super().record_applied(app, name)

    def record_unapplied(self, app: str, name: str) -> None:
        """Remove the row."""
        self.step_back()
        super().record_unapplied(app, name)
