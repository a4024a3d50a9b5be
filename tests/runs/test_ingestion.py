"""Reports of runs come in: each new run, each change, each line that is wrong, whole or line by line."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import Error
from hypothesis import HealthCheck, given, settings, strategies as st

from runs.models import Run
from runs.services import ingestion, lines
from runs.services.ingestion import LineFault, Outcome, RefusedError, ingest_runs
from runs.services.reports import ReportError, read_report
from tests.auth_app.factories import make_user
from tests.rls import as_key, as_user
from tests.tenancy.factories import make_membership, make_project

AT = "2026-03-01T12:00:00Z"
LATER = "2026-03-01T12:00:07.5+00:00"


def write(**fields: Any) -> bytes:
    return json.dumps({"external_id": "a", "kind": "import", **fields}).encode()


def ingest(project: Any, *given_lines: bytes, whole: bool = False) -> Outcome:
    with as_key(project):
        return ingest_runs(project.pk, given_lines, whole=whole)


def get_runs(project: Any) -> dict[str, str]:
    return dict(Run.objects.filter(project=project).values_list("external_id", "status"))


@pytest.mark.django_db
class TestIngestRuns:
    def test_new_runs_are_made_and_known_ones_changed(self) -> None:
        project = make_project()
        first = ingest(project, write(metadata={"a": [1, None]}), write(external_id="b"))
        second = ingest(project, write(status="running", started_at=AT), write(external_id="c"))

        assert (first.received, first.changed, second.received, second.changed) == (2, 2, 2, 2)
        run = Run.objects.get(project=project, external_id="a")
        assert (run.status, run.started_at, run.metadata, run.version) == (
            *("running", datetime(2026, 3, 1, 12, tzinfo=UTC)),
            *({"a": [1, None]}, 2),
        )

    def test_the_same_upload_again_changes_nothing(self) -> None:
        project = make_project()
        upload = (write(status="failed", started_at=AT, finished_at=LATER, metadata={"x": 1}), write(external_id="b"))
        ingest(project, *upload)

        assert ingest(project, *upload) == Outcome(received=2)
        assert set(Run.objects.filter(project=project).values_list("version", flat=True)) == {1}

    def test_a_run_goes_through_its_states_in_one_upload(self) -> None:
        project = make_project()
        states = [write(), write(status="running", started_at=AT), write(status="succeeded", finished_at=LATER)]

        assert ingest(project, *states) == Outcome(received=3, changed=3)
        run = Run.objects.get(project=project)
        assert (run.status, str(run.finished_at - run.started_at)) == ("succeeded", "0:00:07.500000")

    def test_state_that_cannot_follow_is_told_with_its_line(self) -> None:
        project = make_project()
        ingest(project, write(status="failed", finished_at=AT))
        outcome = ingest(project, write(external_id="b"), b"", write(status="running"), write(external_id="c"))

        assert outcome.faults == [LineFault(3, "this status can't follow the one that the run has", "/status")]
        assert (outcome.changed, outcome.refused, outcome.received) == (2, 1, 3)
        assert get_runs(project) == {"a": "failed", "b": "queued", "c": "queued"}

    def test_what_the_database_alone_can_refuse_costs_its_line_only(self) -> None:
        project = make_project()
        ingest(project, write(status="running", started_at=LATER))
        rest = [write(external_id=f"n{number}") for number in range(20)]
        outcome = ingest(project, *rest[:9], write(status="failed", finished_at=AT), *rest[9:])

        assert outcome.faults == [LineFault(10, "the run finishes before it has started")]
        assert outcome.changed == 20

    @pytest.mark.parametrize("wrong", [b"{", write(kind=""), write(status="running", kind="x" * 101)])
    def test_whole_upload_keeps_all_or_nothing(self, wrong: bytes) -> None:
        project = make_project()
        with pytest.raises(RefusedError) as refused:
            ingest(project, write(), wrong, write(external_id="b"), whole=True)

        assert (refused.value.outcome.refused, refused.value.outcome.received) == (1, 3)
        assert get_runs(project) == {}
        assert ingest(project, write(), whole=True).changed == 1

    def test_whole_upload_is_undone_by_a_state_that_cannot_follow(self) -> None:
        project = make_project()
        ingest(project, write(status="failed", finished_at=AT))
        with pytest.raises(RefusedError):
            ingest(project, write(external_id="b"), write(status="running"), whole=True)

        assert get_runs(project) == {"a": "failed"}

    def test_batches_end_where_they_are_full(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ingestion, "SIZE", 3)
        project = make_project()
        upload = [write(external_id=f"n{number % 5}", metadata={"at": number}) for number in range(11)]

        assert ingest(project, *upload).received == 11
        assert dict(Run.objects.filter(project=project).values_list("external_id", "metadata__at")) == {
            **{f"n{number}": number + 5 for number in range(1, 5)},
            "n0": 10,
        }

    def test_batch_ends_by_its_bytes_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        sizes: list[int] = []
        keep = ingestion._keep

        def note(project_id: Any, batch: Any, *rest: Any) -> int:
            sizes.append(len(batch))
            return keep(project_id, batch, *rest)

        monkeypatch.setattr(ingestion, "_keep", note)
        monkeypatch.setattr(ingestion, "LARGEST", 1_000)
        ingest(make_project(), *[write(external_id=f"n{number}", metadata={"x": "y" * 300}) for number in range(7)])

        assert sizes == [3, 3, 1]

    def test_faults_beyond_a_thousand_are_counted_and_not_kept(self) -> None:
        outcome = ingest(make_project(), *[b"?"] * 1_200)

        assert (outcome.refused, len(outcome.faults)) == (1_200, 1_000)

    def test_others_write_no_run_of_the_project(self) -> None:
        project, theirs = make_project(), make_project()
        viewer = make_membership(tenant=project.tenant, role="viewer").user
        for who in (as_user(make_user()), as_user(viewer), as_key(theirs)):
            with who, pytest.raises(Error):
                ingest_runs(project.pk, [write()], whole=False)
        assert get_runs(project) == {}


FAULTS = {
    b"": ("not a JSON object", ""),
    b"[]": ("Expected `object`, got `array`", ""),
    b'{"kind": "x"}': ("Object missing required field `external_id`", ""),
    write(status="done"): ("Not one of queued, running, succeeded, failed, cancelled", "/status"),
    write(kind=3): ("Expected `str`, got `int`", "/kind"),
    write(extra=1): ("There is a field that a report has not", ""),
    write(started_at="yesterday"): ("Invalid RFC3339 encoded datetime", "/started_at"),
    write(started_at="2026-03-01T12:00:00"): ("Expected `datetime` with a timezone component", "/started_at"),
    write(status="failed"): ("set exactly when the status is succeeded, failed or cancelled", "/finished_at"),
    write(finished_at=AT): ("set exactly when the status is succeeded, failed or cancelled", "/finished_at"),
    write(status="failed", started_at=LATER, finished_at=AT): ("before started_at", "/finished_at"),
    write(started_at="0001-01-01T00:00:00+01:00"): ("not in the years 1 to 9999, in UTC", "/started_at"),
    write(status="failed", finished_at="9999-12-31T23:59:59-05:00"): (
        *("not in the years 1 to 9999, in UTC", "/finished_at"),
    ),
    write(metadata=[]): ("Expected `object`, got `array`", "/metadata"),
    write(metadata={"a": {"b": ["\0"]}}): ("holds the character NUL", "/metadata"),
    write(external_id="a\0"): None,
    b'{"external_id": "\xff", "kind": "x"}': ("not a JSON object", ""),
    b'{"external_id": "\\ud800", "kind": "x"}': ("not a JSON object", ""),
    b'{"external_id": "a", "kind": "x", "metadata": {"a": 1e999}}': None,
    **{
        write(metadata={"a": [number]}): ("holds a number beyond 64 bits", "/metadata")
        for number in (2**64, -(2**63) - 1, 10**40, 1e20, -1e20, 1e308)
    },
    b'{"external_id": "a", "kind": "x", "metadata": ' + b'{"a":' * 5_000 + b"1" + b"}" * 5_001: None,
    write(metadata={"a": json.loads("[" * 20 + "]" * 20)}): ("deeper than 20 levels", "/metadata"),
}


@pytest.mark.parametrize("line", FAULTS, ids=lambda line: line[:60].decode(errors="replace"))
def test_line_that_is_no_report_is_named(line: bytes) -> None:
    with pytest.raises(ReportError) as caught:
        read_report(line)

    if FAULTS[line] is not None:
        assert (str(caught.value), caught.value.field) == FAULTS[line]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(-1e9, 1e9) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(max_size=210),
    st.text(max_size=20),
    st.dictionaries(st.text(), JSON, max_size=4),
    st.sampled_from(["queued", "running"]),
)
def test_any_line_is_kept_or_refused(external_id: str, kind: str, metadata: Any, status: str) -> None:
    project = make_project()
    line = json.dumps({"external_id": external_id, "kind": kind, "metadata": metadata, "status": status}).encode()
    outcome = ingest(project, line)

    assert outcome.changed + outcome.refused == 1
    for run in Run.objects.filter(project=project):
        assert (run.external_id, run.kind, run.status) == (external_id, kind, status)
        assert run.metadata == metadata


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    ["18446744073709551615", "-9223372036854775808", "9007199254740993", "1e19", "0.1", "5e-324", "-0.0", "1.10"],
)
def test_number_that_is_kept_comes_back(text: str) -> None:
    project = make_project()
    ingest(project, b'{"external_id": "n", "kind": "x", "metadata": {"a": %s}}' % text.encode())

    assert Run.objects.get(project=project).metadata["a"] == json.loads(text)


def read_lines(data: bytes, *, step: int = lines.CHUNK, **options: Any) -> Iterable[bytes]:
    stream = io.BytesIO(data)
    return lines.iter_lines(lambda size: stream.read(min(size, step)), **options)


@pytest.mark.parametrize("step", [1, 3, 1000])
@pytest.mark.parametrize("packed", [False, True])
def test_lines_are_what_was_sent_however_it_is_cut(step: int, packed: bool) -> None:
    data = b'{"a": 1}\r\n\n{"b": 2}\nlast'
    sent = gzip.compress(data[:9]) + gzip.compress(data[9:]) if packed else data

    assert list(read_lines(sent, step=step, is_gzip=packed)) == [b'{"a": 1}', b"", b'{"b": 2}', b"last"]


def test_long_line_is_refused_before_it_is_held() -> None:
    with pytest.raises(lines.TooLargeError, match="a line is longer than 1048576 bytes"):
        list(read_lines(b"x" * 10_000_000))


def test_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MOST", 10_000_000)
    bomb = gzip.compress(b"\n" * 50_000_000)
    assert len(bomb) < 100_000

    with pytest.raises(lines.TooLargeError, match="all of it is longer than 10000000 bytes"):
        for _ in read_lines(bomb, is_gzip=True):
            pass


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"no gzip", "the body is not gzip"),
        (gzip.compress(b"a\nb\n" * 1000)[:-12], "the gzip stream breaks off"),
        (gzip.compress(b"a\n") + b"rest", "the body is not gzip"),
        (zlib.compress(b"a\n"), "the body is not gzip"),
        (b"", "the gzip stream breaks off"),
    ],
    ids=range(5),  # what is packed has the time in it
)
def test_what_is_no_gzip_is_told(data: bytes, words: str) -> None:
    with pytest.raises(lines.UploadError, match=words):
        list(read_lines(data, is_gzip=True))
