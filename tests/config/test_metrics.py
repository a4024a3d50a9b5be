"""/metrics has the numbers of requests, for whoever brings the token, where the package is installed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from prometheus_client.parser import text_string_to_metric_families
from pytest_django.fixtures import Settings

from freehold import metrics, served_by
from tests.config.processes import ROOT

TOKEN = "a-token-of-Prometheus-0123456789"
SHOWS = {"Authorization": f"Bearer {TOKEN}"}


@served_by("web")
def lose(request: HttpRequest, token: str) -> HttpResponse:
    raise OperationalError("lost")


urlpatterns = [path("lose/<token>/", lose), path("", include("config.urls"))]


@pytest.fixture(autouse=True)
def meters() -> Iterator[None]:
    """Count from nothing."""
    make = metrics._make_meters
    make.cache_clear()
    yield
    make.cache_clear()


@pytest.fixture
def client(settings: Settings, db: None) -> Client:
    settings.METRICS_TOKEN, settings.ROOT_URLCONF = TOKEN, __name__
    return Client(raise_request_exception=False)


def read(client: Client) -> dict[str, float]:
    """Give each number by its name and its labels' values, in the order of the labels' names."""
    response = client.get("/metrics", headers=SHOWS)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain")
    families = text_string_to_metric_families(response.content.decode())
    samples = [each for family in families for each in family.samples]
    return {" ".join([each.name, *(each.labels[name] for name in sorted(each.labels))]): each.value for each in samples}


def test_requests_their_seconds_and_statements_are_counted_by_route(client: Client) -> None:
    for token in ("one", "two"):
        client.get(f"/lose/{token}/")

    found = read(client)

    route = "GET /lose/<token>/ web"
    assert found[f"freehold_requests_total {route} 503"] == 2
    assert found[f"freehold_request_seconds_count {route}"] == 2
    assert found[f"freehold_statements_total {route}"] == 0
    assert found["freehold_database_faults_total OperationalError"] == 2


def test_methods_that_somebody_made_up_are_one_series(client: Client) -> None:
    for method in ("FOO", "BAR"):
        client.generic(method, "/nowhere/")

    assert read(client)["freehold_requests_total OTHER - web 404"] == 2


@pytest.mark.parametrize("shown", ["", "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "Bearer é"])
def test_without_the_token_there_is_no_page(client: Client, shown: str) -> None:
    assert client.get("/metrics", headers={"Authorization": shown}).status_code == 404


def test_without_a_token_in_settings_nothing_is_counted_and_no_text_opens_it(settings: Settings, db: None) -> None:
    settings.METRICS_TOKEN = ""
    client = Client()

    assert {client.get("/metrics", headers={"Authorization": each}).status_code for each in ("", "Bearer ")} == {404}
    assert metrics._make_meters.cache_info().currsize == 0


def test_without_the_package_there_is_no_page_and_nothing_breaks(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics, "_has_package", lambda: False)

    assert client.get("/metrics", headers=SHOWS).status_code == 404
    assert client.get("/healthz").status_code == 200


def test_processes_that_share_a_directory_tell_the_numbers_of_all(tmp_path: Path) -> None:
    asks = (
        "import django; django.setup(); from freehold import metrics; "
        "metrics.count_request('web', 'GET', '/x/', status=200, seconds=1, statements=2); "
        "print(metrics.write_metrics()[0].decode())"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "METRICS_TOKEN": TOKEN,
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
    }

    def run() -> Any:
        command = [sys.executable, "-c", asks]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)

    run()
    said = run().stdout

    assert 'freehold_requests_total{method="GET",route="/x/",service="web",status="200"} 2.0' in said


def test_fault_of_counting_is_one_line_and_nothing_to_the_answer(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse() -> None:
        raise FileNotFoundError("/nowhere/counter_1.db")

    monkeypatch.setattr(metrics, "_make_meters", refuse)
    metrics._tell.cache_clear()

    assert [client.get("/healthz").status_code for _ in range(3)] == [200] * 3
    said = [each.getMessage() for each in caplog.records if each.name == "freehold.metrics"]
    assert said == ["Not counted for Prometheus: FileNotFoundError: /nowhere/counter_1.db"]
