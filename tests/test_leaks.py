"""The watch over the log sees each kind of secret when one leaks: a test that has none proves nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client
from django.urls import include, path
from pytest_django.fixtures import Settings

from auth_app.proofs import get_proof, get_row_key
from freehold.services.routes import served_by
from tests.leaks import WATCH

SECRET = "Xy7-a-secret-of-nobody"
logger = logging.getLogger("leaking")


def leak(request: HttpRequest, **kwargs: str) -> HttpResponse:
    """Log whatever the request carries, as a careless view would."""
    body = request.body  # before the form, which reads it
    carried = [request.META.get("HTTP_AUTHORIZATION", ""), request.META.get("HTTP_X_CSRFTOKEN", ""), request.path]
    logger.warning("%s %s %s %s", carried, request.POST.dict(), body, list(request.COOKIES.values()))
    return HttpResponse("ok")


def leak_answer(request: HttpRequest) -> HttpResponse:
    response = JsonResponse({"made": {"secret": SECRET}}) if "json" in request.GET else HttpResponse("ok")
    if "cookie" in request.GET:
        response.set_cookie("sessionid", SECRET)
    logger.warning("gave %s", SECRET)
    return response


def leak_derived(request: HttpRequest) -> HttpResponse:
    proof = get_proof(request.COOKIES["sessionid"])
    logger.warning("showed %s", proof if "proof" in request.GET else get_row_key(proof))
    return HttpResponse("ok")


def leak_fault(request: HttpRequest) -> HttpResponse:
    raise ValueError(f"can't sign in with {request.POST['password']}")


def leak_letter(request: HttpRequest) -> HttpResponse:
    mail.send_mail("Hello", f"Come to https://shop.example/join/{SECRET * 2}/ soon", None, ["a@shop.example"])
    logger.warning("sent %s", SECRET * 2)
    return HttpResponse("ok")


urlpatterns = [
    path("leak/", served_by("web")(leak)),
    path("leak/<token>/", served_by("web")(leak)),
    path("answer/", served_by("web")(leak_answer)),
    path("derived/", served_by("web")(leak_derived)),
    path("fault/", served_by("web")(leak_fault)),
    path("letter/", served_by("web")(leak_letter)),
    path("", include("config.urls")),
]
WAYS: dict[str, Callable[[Client], Any]] = {
    "cookie": lambda client: client.get("/leak/"),
    "authorization": lambda client: client.get("/leak/", headers={"Authorization": f"Bearer {SECRET}"}),
    "csrf token": lambda client: client.get("/leak/", headers={"X-CSRFToken": SECRET}),
    "password": lambda client: client.post("/leak/", {"password": SECRET}),
    "password of a document": lambda client: client.post(
        "/leak/", {"user": {"new_password": SECRET}}, content_type="application/json"
    ),
    "address": lambda client: client.get(f"/leak/{SECRET}/"),
    "cookie that is set": lambda client: client.get("/answer/?cookie"),
    "document that is given": lambda client: client.get("/answer/?json"),
    "proof": lambda client: client.get("/derived/?proof"),
    "row's key": lambda client: client.get("/derived/?row"),
    "traceback": lambda client: client.post("/fault/", {"password": SECRET}),
    "letter": lambda client: client.get("/letter/"),
}


@pytest.fixture
def client(settings: Settings, db: None) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("way", WAYS)
def test_secret_that_leaks_is_seen(client: Client, way: str) -> None:
    if way in ("cookie", "proof", "row's key"):
        client.cookies["sessionid"] = SECRET

    WAYS[way](client)

    leaks = WATCH.list_leaks()
    WATCH.clear()  # this test is not at fault
    assert len(leaks) == 1
    assert '"logger": "leaking"' in leaks[0] or '"exception": ' in leaks[0]


def test_secrets_that_do_not_leak_are_no_fault(client: Client) -> None:
    client.cookies["sessionid"] = SECRET
    client.get("/", headers={"Authorization": f"Bearer {SECRET}"})
    client.get(f"/password-reset/MQ/{SECRET}/")

    assert WATCH.secrets >= {SECRET, get_proof(SECRET), get_row_key(get_proof(SECRET))}
    assert WATCH.list_leaks() == []
    assert len([each for each in WATCH.lines if '"logger": "freehold.access"' in each]) == 2
