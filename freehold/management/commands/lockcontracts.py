"""`manage.py lockcontracts`: writes down what contracts share, type by type, so that a change to it is seen."""

from __future__ import annotations

import json
from typing import Any

from django.core.management import BaseCommand

from freehold.checks import locks
from freehold.ownership import get_ownership


class Command(BaseCommand):
    """Needs no database: types come from the models. `check` compares (freehold.E014, freehold.E015)."""

    help = f"Write the types of all columns that contracts share into {locks.NAME} beside the ownership map."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        lock = locks.build_lock(get_ownership())
        locks.get_lock_path().write_text(json.dumps(lock, indent=2) + "\n", encoding="utf-8")
        if options["verbosity"] > 0:
            self.stdout.write(f"{locks.NAME}: {len(list(locks.iter_columns(lock)))} columns of {len(lock)} tables.")
