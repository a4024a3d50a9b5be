"""`manage.py dumpdata`: Django's, of whole tables and with whole times, and without what is no fixture."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import dumpdata

from freehold.management.fixtures import check_named, check_whole, find_unfit, list_models
from freehold.serializers import exact_json
from freehold.services.router import find_acting


class Command(dumpdata.Command):
    """Takes the same options. The history of migrations and what no service gets are left out."""

    def handle(self, *app_labels: str, **options: Any) -> None:
        """Look first whether the dump will be whole: what comes out before an error would be a part of one."""
        check_named(app_labels)
        options["exclude"] = [*options["exclude"], *(model._meta.label for model in find_unfit())]
        if acting := find_acting(options["database"]):
            check_whole(list_models(app_labels, options["exclude"], options["database"]), acting)
        with exact_json():
            super().handle(*app_labels, **options)
