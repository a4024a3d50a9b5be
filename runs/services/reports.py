"""What a program reports of a run: a line of JSON, taken apart and looked at before the database sees it."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from runs.models.run import FINAL
from runs.services.moments import OUTSIDE, Moment, is_outside
from runs.sql.run import LoadRunsArgs

Status = Literal["queued", "running", "succeeded", "failed", "cancelled"]
NO_NUL = r"^[^\x00]*$"  # `$` is JSON Schema's end, which has no \Z; a line break is let through here
DEEPEST = 20  # levels of metadata
LEAST, END = -(2**63), 2**64  # of numbers: beyond, PostgreSQL writes whole ones and those with an exponent the same


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A run as its sender tells of it. What is said of one that is known already takes the place of what was known;
    no start and no metadata change neither."""

    external_id: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=NO_NUL)]
    kind: Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=NO_NUL)]
    status: Status = "queued"
    started_at: Moment | None = None
    finished_at: Moment | None = None
    metadata: dict[str, Any] = {}


class ReportError(ValueError):
    """A line is no report. `field` is a JSON pointer to what is wrong, '' for all of it."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


_DECODER = msgspec.json.Decoder(Report)


def read_report(line: bytes) -> Report:
    """Give what a line says.

    Raises:
        ReportError: it is no JSON, or not as a report has to be. Its words hold no value of the line.
    """
    try:
        report = _DECODER.decode(line)
    except msgspec.ValidationError as error:
        words, _, path = str(error).partition(" - at `$")
        raise ReportError(_leave_out_values(words), _point(path.rstrip("`"))) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ReportError("not a JSON object") from None
    check_times(report)
    if report.metadata:
        _check_metadata(report.metadata)
    return report


def check_times(report: Report) -> None:
    """Look at what a status needs, and whether the times can be kept.

    Raises:
        ReportError: see there.
    """
    for name in ("started_at", "finished_at"):
        if is_outside(getattr(report, name)):
            raise ReportError(OUTSIDE, f"/{name}")
    if (report.status in FINAL) != (report.finished_at is not None):
        raise ReportError("set exactly when the status is succeeded, failed or cancelled", "/finished_at")
    if report.started_at and report.finished_at and report.finished_at < report.started_at:
        raise ReportError("before started_at", "/finished_at")


def make_row(project_id: UUID, report: Report) -> LoadRunsArgs:
    """Give what the database takes."""
    return LoadRunsArgs(
        project_id=project_id,
        external_id=report.external_id,
        kind=report.kind,
        status=report.status,
        started_at=report.started_at,
        finished_at=report.finished_at,
        metadata=report.metadata,
    )


def _check_metadata(value: Any, depth: int = 1) -> None:
    if depth > DEEPEST:
        raise ReportError(f"deeper than {DEEPEST} levels", "/metadata")
    if isinstance(value, str):
        if "\0" in value:
            raise ReportError("holds the character NUL", "/metadata")
    elif isinstance(value, (int, float)) and not LEAST <= value < END:
        raise ReportError("holds a number beyond 64 bits", "/metadata")
    elif isinstance(value, dict):
        for key, each in value.items():
            _check_metadata(key, depth)
            _check_metadata(each, depth + 1)
    elif isinstance(value, list):
        for each in value:
            _check_metadata(each, depth + 1)


def _leave_out_values(words: str) -> str:
    """Give msgspec's sentence without what was sent."""
    if words.startswith("Invalid enum value"):
        return "Not one of queued, running, succeeded, failed, cancelled"
    return "There is a field that a report has not" if words.startswith("Object contains unknown field") else words


def _point(path: str) -> str:
    """Give a JSON pointer for msgspec's path, such as `.metadata`: to a field, and not what is in it."""
    return path.partition("[")[0].replace(".", "/")
