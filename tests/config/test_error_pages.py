import re

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from freehold.services.routes import served_by

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def fail_with(error: Exception) -> object:
    @served_by("web")
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


urlpatterns = [
    path("forbidden", fail_with(PermissionDenied("secret"))),
    path("broken", fail_with(RuntimeError("secret"))),
    path("odd", fail_with(SuspiciousOperation("secret"))),
    path("away", fail_with(OperationalError("secret"))),
    path("", include("config.urls")),
]
handler500 = "config.views.answer_error"


@pytest.fixture
def visitor(client: Client) -> Client:
    """One to whom a fault is answered as to any browser, not raised."""
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize(
    ("address", "status", "heading"),
    [
        ("/nowhere", 404, "There is nothing at this address"),
        ("/forbidden", 403, "This is not yours to open"),
        ("/broken", 500, "Something broke on our side"),
        ("/odd", 400, "That request makes no sense here"),
        ("/away", 503, "The database does not answer"),
    ],
)
def test_fault_is_answered_in_the_look_of_the_site(visitor: Client, address: str, status: int, heading: str) -> None:
    response = visitor.get(address)
    text = response.content.decode()
    assert response.status_code == status
    assert f"<h1>{heading}</h1>" in text
    assert '<link rel="stylesheet" href="/static/freehold.css">' in text
    assert "secret" not in text
    assert re.search(r"<title>[^·<]+ · Freehold</title>", text)


def test_form_without_its_token_is_answered_in_the_look_of_the_site() -> None:
    response = Client(enforce_csrf_checks=True).post("/login/", {"username": "a@example.org", "password": "x"})
    assert response.status_code == 403
    assert "<h1>The form has expired</h1>" in response.content.decode()
