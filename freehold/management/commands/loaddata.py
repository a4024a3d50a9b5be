"""`manage.py loaddata`: Django's, by a service, and without what is no fixture."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.core.management.commands import loaddata
from django.db import DatabaseError
from django.db.models import Model

from freehold.management.fixtures import advance_sequences, explain, find_unfit
from freehold.services.router import find_acting


class Command(loaddata.Command):
    """Takes the same options. What is no fixture is left out of older dumps."""

    def handle(self, *fixture_labels: str, **options: Any) -> None:
        self.left_out: Counter[type[Model]] = Counter()
        self.unfit = find_unfit()
        options["exclude"] = [*options["exclude"], *(model._meta.label for model in self.unfit)]
        try:
            super().handle(*fixture_labels, **options)
        except DatabaseError as error:
            if told := explain(error):
                raise told from error
            raise
        if options["verbosity"] >= 1:
            for model, count in self.left_out.items():
                self.stdout.write(f"Left out {count} object(s) of {model._meta.label}: {self.unfit[model]}")

    def save_obj(self, obj: Any) -> bool:
        if type(obj.object) in self.unfit:
            self.left_out[type(obj.object)] += 1
        saved: bool = super().save_obj(obj)
        return saved

    def reset_sequences(self, connection: Any, models: set[type[Model]]) -> None:
        """Let the next row get a key that is free."""
        if connection.vendor == "postgresql" and find_acting(connection.alias):
            advance_sequences(connection, models)
        else:
            super().reset_sequences(connection, models)
