"""What else comes to the API of runs: filters without an end, one endless line, the same runs from several at once."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from runs.models import Run
from tenancy.services.api_key import issue_api_key
from tests.api import Caller
from tests.tenancy.factories import make_project

LINES = {"Content-Type": "application/x-ndjson"}
SENDERS, RUNS = 4, 300


def make_key() -> str:
    return issue_api_key(project=make_project(), name="of a test").text


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["status", "kind", "x"])
def test_ten_thousand_filters_are_refused(name: str) -> None:
    query = "&".join(f"{name}={number}" for number in range(10_000))

    assert Caller(key=make_key()).get(f"runs?{query}").status_code in (400, 422)


@pytest.mark.django_db
@pytest.mark.parametrize("packed", [False, True])
def test_line_of_ten_megabytes_is_refused(packed: bool) -> None:
    line = json.dumps({"external_id": "a", "kind": "x", "metadata": {"a": "x" * 10_000_000}}).encode()
    headers = {**LINES, "Content-Encoding": "gzip"} if packed else LINES
    answer = Caller(key=make_key()).send("POST", "runs", gzip.compress(line) if packed else line, **headers)

    assert (answer.status_code, answer.json()["detail"]) == (413, "A line is longer than 1048576 bytes.")
    assert not Run.objects.exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_same_runs_from_several_at_once_are_there_once() -> None:
    key = make_key()
    names = [f"n{number}" for number in range(RUNS)]

    def send(number: int) -> int:
        order = names if number % 2 else names[::-1]
        body = b"\n".join(json.dumps({"external_id": each, "kind": f"k{number}"}).encode() for each in order * 2)
        try:
            return Caller(key=key).send("POST", "runs", body, **LINES).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(SENDERS) as senders:
        found = Counter(senders.map(send, range(SENDERS)))

    assert found == {200: SENDERS}
    assert sorted(Run.objects.values_list("external_id", flat=True)) == sorted(names)
