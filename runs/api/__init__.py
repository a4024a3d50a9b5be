"""Runs: read, reported one by one or by the million, changed and counted."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, ClassVar, Final, Literal
from uuid import UUID

import msgspec
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from msgspec import UNSET, Meta, UnsetType

from freehold.api import (
    END,
    Allowed,
    Body,
    Bounded,
    Endpoint,
    Fault,
    Headers,
    IfMatch,
    IfNoneMatch,
    Path,
    ProblemError,
    Query,
    Text,
    get_principal,
    operation,
    read_versions,
    route,
)
from freehold.queries import Page
from runs.api.uploads import LINES, reading
from runs.models import Run
from runs.services.ingestion import Outcome, RefusedError, ingest_runs
from runs.services.lines import TooLargeError, UploadError
from runs.services.moments import Moment
from runs.services.reports import Report, Status
from runs.services.run import change_status, delete_run
from runs.sql import run, run_count
from tenancy.queries import find_project, may_report

READERS: Final = Allowed("user", "api_key", scope="runs:read")
WRITERS: Final = Allowed("user", "api_key", scope="runs:write")
REPORTERS: Final = Allowed("user", "api_key", "service", scope="runs:write")
CHANGES: Final = (404, 412, 413, 415, 422, 428)
ETAG: Final = {"ETag": "Of the run as it is now; send it as If-Match to change it"}
_DAY: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_HOUR: Final = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?([Zz]|[+-][0-9]{2}:[0-9]{2})"
TIME: Final = f"^{_DAY}[Tt]{_HOUR}{END}"
Time = Annotated[str, Meta(pattern=TIME, description="A time of RFC 3339", extra_json_schema={"format": "date-time"})]


class RunsQuery(Bounded):
    """What to look for, and in which order."""

    __dmr_force_list__: ClassVar[frozenset[str]] = frozenset({"status"})

    q: Annotated[Text, Meta(max_length=200, description="Beginnings of words of kind, id and metadata")] = ""
    project: UUID | UnsetType = UNSET
    status: Annotated[list[Status], Meta(max_length=5, description="Any of these")] | UnsetType = UNSET
    since: Time | UnsetType = UNSET
    until: Time | UnsetType = UNSET
    sort: Literal["newest", "oldest"] = "newest"
    after: Annotated[str, Meta(max_length=8192, description="`next` of the page before")] = ""
    limit: Annotated[int, Meta(ge=1, le=200, description="How many at most")] = 50


class ReportsQuery(Bounded):
    """Where reports go, and what happens where some are wrong."""

    project: Annotated[UUID, Meta(description="By default that of the API key")] | UnsetType = UNSET
    whole: Annotated[bool, Meta(description="Keep all or nothing; else each line that can be kept")] = False


class Change(Bounded):
    """A status that a run goes on to, and when; by default now."""

    status: Status
    at: Moment | None = None


class RunPath(msgspec.Struct):
    """Which run."""

    run_id: UUID


class ProjectPath(msgspec.Struct):
    """Which project."""

    project_id: UUID


class DaysQuery(Bounded):
    """Which days, both of them included; the last thirty by default."""

    first: datetime.date | UnsetType = UNSET
    last: datetime.date | UnsetType = UNSET


class Days(msgspec.Struct):
    """Numbers and durations by day and status."""

    rows: list[run_count.SummarizeRunsRow]


class Runs(Endpoint):
    """Runs of whoever asks."""

    counted_as: ClassVar[Mapping[str, str]] = {"POST": "reports"}

    @operation(Page[run.ListRunsRow], name="list_runs", tag="runs", auth=READERS, errors=[422])
    def get(self, parsed_query: Query[RunsQuery]) -> HttpResponse:
        """Give a page of them."""
        asked = parsed_query
        content = run.list_runs_json(
            words=asked.q.split() or UNSET,
            project_id=asked.project,
            statuses=list(asked.status) if asked.status else UNSET,
            since=read_moment(asked.since, "since"),
            until=read_moment(asked.until, "until"),
            sort=asked.sort,
            after=asked.after,
            limit=asked.limit,
        )
        return self.answer(content)

    @operation(
        Outcome,
        name="report_runs",
        tag="runs",
        auth=REPORTERS,
        errors=[404, 411, 413, 415, 422],
        keeps="nothing",
    )
    def post(self, parsed_query: Query[ReportsQuery]) -> HttpResponse:
        """Take reports in: a line or an element for each run, which is made or changed by its external id."""
        by_service = get_principal(self.request).kind == "service"
        where = get_reported(parsed_query.project) if by_service else get_project(parsed_query.project)
        whole = parsed_query.whole
        with telling(), reading(self.request, is_whole=whole) as lines:
            return self.answer(ingest_runs(where, lines, whole=whole, by_service=by_service))


class OneRun(Endpoint):
    """A run."""

    @operation(
        run.FindRunRow, name="get_run", tag="runs", auth=READERS, errors=[404, 422], headers=ETAG,
        is_conditional=True,
    )  # fmt: skip
    def get(self, parsed_path: Path[RunPath], parsed_headers: Headers[IfNoneMatch]) -> HttpResponse:
        """Give it; 304 while it is as it was, for whoever waits for its end."""
        return answer_run(self, parsed_path.run_id)

    @operation(
        run.FindRunRow, name="change_run", tag="runs", auth=WRITERS, errors=CHANGES, headers=ETAG, is_silent=True
    )
    def patch(
        self, parsed_path: Path[RunPath], parsed_headers: Headers[IfMatch], parsed_body: Body[Change]
    ) -> HttpResponse:
        """Let it go on to a status that may follow. Gives it; 204 to a key whose scopes lack `runs:read`."""
        versions, run_id = read_versions(parsed_headers), parsed_path.run_id
        with seeing(run_id):
            change_status(run_id=run_id, versions=versions, status=parsed_body.status, at=parsed_body.at)
        if not READERS.has_scope(get_principal(self.request)):
            return self.answer(status=204)
        return answer_run(self, run_id)

    @operation(name="delete_run", tag="runs", auth=WRITERS, status=204, errors=[404, 412, 422, 428])
    def delete(self, parsed_path: Path[RunPath], parsed_headers: Headers[IfMatch]) -> HttpResponse:
        """Delete it."""
        versions, run_id = read_versions(parsed_headers), parsed_path.run_id
        with seeing(run_id):
            delete_run(run_id=run_id, versions=versions)
        return self.answer(status=204)


class ProjectDays(Endpoint):
    """What a project's runs did."""

    @operation(Days, name="list_days", tag="runs", auth=READERS, errors=[404, 422])
    def get(self, parsed_path: Path[ProjectPath], parsed_query: Query[DaysQuery]) -> HttpResponse:
        """Give how many runs there were by day and status, and how long they took, in seconds."""
        where = get_project(parsed_path.project_id)
        last = parsed_query.last or datetime.datetime.now(datetime.UTC).date()
        first = parsed_query.first or max(last, datetime.date(1, 2, 1)) - datetime.timedelta(days=29)
        return self.answer(Days(run_count.summarize_runs(project_id=where, first=first, last=last)))


def get_project(asked: UUID | UnsetType) -> UUID:
    """Give the project that is asked for, or the only one that whoever asks may see.

    Raises:
        Http404: there is none of that id.
        ProblemError: 422 where it has to be said.
    """
    found = find_project(asked)
    if found is None and asked:
        raise Http404
    if found is None:
        raise ProblemError(422, faults=[Fault("Say which project.", parameter="project")])
    return found


def get_reported(asked: UUID | UnsetType) -> UUID:
    """Give the project that a service token reports to, which it has to say; raises as above."""
    if not asked:
        raise ProblemError(422, faults=[Fault("Say which project.", parameter="project")])
    if not may_report(asked):
        raise Http404
    return asked


def read_moment(text: str | UnsetType, parameter: str) -> datetime.datetime | UnsetType:
    """Give the time that a parameter says; its pattern has been looked at.

    Raises:
        ProblemError: 422 where there is no such time.
    """
    try:
        return datetime.datetime.fromisoformat(text.upper()).astimezone(datetime.UTC) if text else UNSET
    except (ValueError, OverflowError) as error:
        raise ProblemError(422, faults=[Fault("There is no such time.", parameter=parameter)]) from error


@contextmanager
def telling() -> Iterator[None]:
    """Tell what is wrong with an upload by a problem: 422, 413 or 400."""
    try:
        yield
    except RefusedError as error:
        told = [Fault(f"Line {each.line}: {each.detail}", pointer=f"#{each.field}") for each in error.outcome.faults]
        raise ProblemError(422, f"{error}.".capitalize(), told) from error
    except UploadError as error:
        status = 413 if isinstance(error, TooLargeError) else 400
        raise ProblemError(status, f"{error}.".capitalize()) from error


@contextmanager
def seeing(run_id: UUID) -> Iterator[None]:
    """Tell whoever may see the run, and not change it, from whoever may not even see it."""
    try:
        yield
    except Run.DoesNotExist as error:
        if run.find_run(id=run_id):
            raise PermissionDenied from error
        raise Http404 from error


def answer_run(endpoint: Endpoint, run_id: UUID) -> HttpResponse:
    """Give the run as it is now.

    Raises:
        Http404: there is none.
    """
    row = run.find_run(id=run_id)
    if row is None:
        raise Http404
    return endpoint.answer_version(row, row.version)


REPORTS: Final = {  # what the document says of the body, which no type reads
    "report_runs": {
        "application/json": list[Report] | Report,
        LINES: Annotated[
            str,
            Meta(description="A line for each run, as `Report` says", extra_json_schema={"contentMediaType": LINES}),
        ],
    }
}
ROUTES = [
    route("runs", Runs.as_view(), name="runs"),
    route("runs/<uuid:run_id>", OneRun.as_view(), name="run"),
    route("projects/<uuid:project_id>/days", ProjectDays.as_view(), name="days"),
]
