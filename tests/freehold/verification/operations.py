"""An operation that names files, as those of SQL migrations do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import migrations


class RunFile(migrations.RunSQL):
    """Runs what a file holds."""

    def __init__(self, file: Path) -> None:
        self.files = [file]
        super().__init__(file.read_text() if file.is_file() else "SELECT 1", migrations.RunSQL.noop)

    def deconstruct(self) -> Any:
        return type(self).__name__, self.files, {}
