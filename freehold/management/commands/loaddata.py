"""`manage.py loaddata`: Django's, by a service, and without what is no fixture."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.management.commands import loaddata
from django.db import DatabaseError
from django.db.models import Model

from freehold.backends.creation import list_kept_models
from freehold.management.fixtures import WHY, advance_sequences, explain
from freehold.services.router import find_acting


class Command(loaddata.Command):
    """Takes the same options. Rows of the history of migrations and the canary, of older dumps, are left out."""

    def handle(self, *fixture_labels: str, **options: Any) -> None:
        self.left_out: Counter[str] = Counter()
        self.unfit = tuple(list_kept_models())
        options["exclude"] = [*options["exclude"], *(model._meta.label for model in self.unfit)]
        try:
            super().handle(*fixture_labels, **options)
        except DatabaseError as error:
            if told := explain(error):
                raise told from error
            raise
        if options["verbosity"] >= 1:
            for label, count in self.left_out.items():
                self.stdout.write(f"Left out {count} object(s) of {label}: {WHY}")

    def save_obj(self, obj: Any) -> bool:
        if isinstance(obj.object, self.unfit):
            self.left_out[obj.object._meta.label] += 1
        saved: bool = super().save_obj(obj)
        return saved

    def reset_sequences(self, connection: Any, models: set[type[Model]]) -> None:
        """Let the next row get a key that is free."""
        if connection.vendor == "postgresql" and find_acting(connection.alias):
            advance_sequences(connection, models)
        else:
            super().reset_sequences(connection, models)
