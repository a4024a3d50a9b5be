"""Makes runs. Every call gives another row; keywords override."""

from itertools import count
from typing import Any

from runs.models import Run
from tests.tenancy.factories import make_project

NUMBERS = count(1)


def make_run(**fields: Any) -> Run:
    fields["project"] = fields.get("project") or make_project()
    return Run.objects.create(**{"external_id": f"run-{next(NUMBERS)}", "kind": "import", **fields})
