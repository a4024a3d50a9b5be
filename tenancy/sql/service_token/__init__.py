"""Written by `manage.py compilesql` from the files beside it; do not edit."""
# fmt: off
# isort: skip_file
# ruff: noqa: A002, E501, RUF100

from __future__ import annotations

from freehold.queries import Column, Parameter, Query, Segment
from msgspec import Struct
from typing import Final
from uuid import UUID

__all__ = [
    "MayReportRow",
    "may_report",
    "may_report_json",
]


class MayReportRow(Struct, frozen=True):
    """A row of `may_report`."""

    allowed: bool


_MAY_REPORT: Final[Query[MayReportRow]] = Query(
    file="tenancy/sql/service_token/may_report.sql",
    kind="one",
    row=MayReportRow,
    segments=(
        Segment("SELECT app.may_report_to({project_id}) AS allowed", line=6),
    ),
    sqlite=(),
    parameters=(
        Parameter("project_id", "uuid", is_list=False, is_nullable=False),
    ),
    columns=(
        Column("allowed", "bool", is_nullable=False),
    ),
    writes=False,
)


def may_report(
    *,
    project_id: UUID,
    using: str = "default",
) -> MayReportRow:
    """Whether the service token that asks may report runs to a project."""
    return _MAY_REPORT.fetch_one({"project_id": project_id}, using=using)


def may_report_json(
    *,
    project_id: UUID,
    using: str = "default",
) -> bytes:
    """The same as JSON: whether the service token that asks may report runs to a project."""
    return _MAY_REPORT.fetch_one_json({"project_id": project_id}, using=using)
