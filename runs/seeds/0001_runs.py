"""Runs of the demo projects, in every state."""

from freehold.seeds import Rows, Seed
from runs.seeds import history

SEED = Seed(
    kind="demo",
    depends=("tenancy.0001_tenants",),
    rows=(
        Rows(
            "runs.Run",
            key=("project", "external_id"),
            fields=history.RunRow._fields,
            references={"project": ("tenant__slug", "slug")},
            read=history.list_runs,
        ),
    ),
    sources=(history,),
)
