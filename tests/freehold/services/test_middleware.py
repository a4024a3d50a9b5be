"""A request runs as the service that owns its view's module, from the first statement to the last streamed part."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path, resolve
from pytest_django.fixtures import Settings

from freehold.acting import Acting, get_acting
from freehold.errors import ServiceError
from freehold.services.middleware import ServiceMiddleware
from freehold.services.routes import EVERY, served_by
from tests.auth_app.factories import make_user

USER = "00000000-0000-4000-8000-00000000000a"


def ask(query: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def get_role() -> str:
    """Give the role as the database sees it; on SQLite, which has none, the service's as Python sees it."""
    if connection.vendor == "postgresql":
        return str(ask("SELECT current_user"))
    found = get_acting()
    return found.role if found else ""


def describe() -> str:
    found = get_acting()
    assert found
    return f"{found.service} {get_role()} {found.principal.kind}"


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse(describe())


@served_by("api")
def answer_parts(request: HttpRequest) -> StreamingHttpResponse:
    def make() -> Iterator[str]:
        for _ in range(2):
            yield describe() + ";"

    return StreamingHttpResponse(make())


@served_by("api")
def fail(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


@served_by("api")
@transaction.non_atomic_requests
def commit(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        first = describe()
    return HttpResponse(f"{first};{describe()}")


app_urls = ([path("x/", answer)], "admin")
urlpatterns = [
    path("api/", served_by("api")(lambda request: answer(request))),
    path("web/", served_by("web")(lambda request: answer(request))),
    path("every/", served_by(EVERY)(lambda request: answer(request))),
    path("admin/", include(app_urls, namespace="probe")),
    path("parts/", answer_parts),
    path("fail/", fail),
    path("commit/", commit),
    path("unknown/", answer),
    path("", include("config.urls")),
]


@pytest.fixture
def client(settings: Settings, db: None) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/api/", "api api_rw anonymous"),
        ("/web/", "web web_rw anonymous"),
        ("/admin/x/", "admin admin_rw anonymous"),
        ("/every/", "web web_rw anonymous"),
    ],
)
def test_view_runs_as_its_service(client: Client, address: str, expected: str) -> None:
    assert client.get(address).text == expected


def test_request_after_another_is_its_own_service(client: Client) -> None:
    assert [client.get(f"/{name}/").text.split()[0] for name in ("api", "web", "api")] == ["api", "web", "api"]


def test_request_of_a_session_runs_for_its_user(client: Client) -> None:
    user = make_user()
    client.force_login(user)

    response = client.get("/api/")

    assert response.text == "api api_rw user"
    assert response.wsgi_request.principal.user_id == str(user.pk)


def test_streamed_parts_are_made_as_the_service(client: Client) -> None:
    response = client.get("/parts/")

    assert b"".join(response.streaming_content) == b"api api_rw anonymous;" * 2
    assert get_role() == "admin_rw"


def test_between_streamed_parts_the_thread_is_not_the_service(client: Client) -> None:
    response = client.get("/parts/")

    next(iter(response.streaming_content))

    assert get_role() == "admin_rw"


def test_view_that_fails_leaves_nobody_behind(client: Client) -> None:
    assert client.get("/fail/").status_code == 500
    assert get_role() == "admin_rw"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("atomic", [False, True])
def test_commit_in_mid_request_and_atomic_requests_keep_the_service(
    client: Client, settings: Settings, atomic: bool
) -> None:
    connection.settings_dict["ATOMIC_REQUESTS"] = atomic
    try:
        texts = [client.get(address).text for address in ("/commit/", "/api/")]
    finally:
        connection.settings_dict["ATOMIC_REQUESTS"] = False

    assert texts == ["api api_rw anonymous;api api_rw anonymous", "api api_rw anonymous"]


def test_address_that_leads_nowhere_is_answered_by_the_first_service(client: Client) -> None:
    assert client.get("/nowhere/").status_code == 404


def test_view_of_no_service_is_refused_by_name(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    with pytest.raises(ServiceError) as caught:
        ServiceMiddleware(answer)(RequestFactory().get("/unknown/"))

    assert str(caught.value) == (
        "no service answers 'unknown/': its view tests.freehold.services.test_middleware.answer lies in no app of the "
        "ownership map; name its module in `modules` of a Service, or mark it with freehold.served_by"
    )


@pytest.mark.parametrize(("process", "address"), [("web", "/api/"), ("api", "/web/"), ("api", "/admin/x/")])
def test_address_of_another_process_is_not_found(settings: Settings, process: str, address: str) -> None:
    settings.ROOT_URLCONF, settings.SERVICE = __name__, process
    with pytest.raises(Http404) as caught:
        meet_view(address)

    other = address.split("/")[1]
    assert str(caught.value) == f"{address} is answered by service {other}, and this process is {process}"


def meet_view(address: str) -> None:
    """Do what Django does with the middleware between finding a view and running it."""
    request = RequestFactory().get(address)
    request.resolver_match = resolve(address)
    ServiceMiddleware(answer).process_view(request, answer, (), {})


def test_view_of_another_process_does_not_run(settings: Settings, client: Client) -> None:
    settings.SERVICE = "web"

    assert [client.get(address).status_code for address in ("/api/", "/fail/", "/web/")] == [404, 404, 200]


def test_view_of_no_service_does_not_run_in_a_process_of_one(settings: Settings, client: Client) -> None:
    settings.SERVICE = "web"
    with pytest.raises(ServiceError) as caught:
        meet_view("/unknown/")

    assert str(caught.value).startswith("no service answers 'unknown/'")
    assert client.get("/unknown/").status_code == 500


def test_address_of_every_process_is_answered_by_each(settings: Settings, db: None) -> None:
    settings.ROOT_URLCONF, settings.SERVICE = __name__, "api"
    seen: list[Acting | None] = []

    def note(request: HttpRequest) -> HttpResponse:
        seen.append(get_acting())
        return HttpResponse()

    ServiceMiddleware(note)(RequestFactory().get("/every/"))

    assert [each.service for each in seen if each] == ["api"]


# --- The request's id ------------------------------------------------------------------------------------------------
def test_request_gets_an_id_that_database_and_answer_know(settings: Settings, db: None) -> None:
    settings.ROOT_URLCONF = __name__
    seen: list[Acting | None] = []

    def note(request: HttpRequest) -> HttpResponse:
        seen.append(get_acting())
        return HttpResponse()

    response = ServiceMiddleware(note)(RequestFactory().get("/api/"))

    assert [each.request_id for each in seen if each] == [response["X-Request-ID"]]
    assert len(response["X-Request-ID"]) == 32


def test_id_of_a_proxy_is_kept(client: Client) -> None:
    assert client.get("/api/", headers={"X-Request-ID": "abc-1.2_3"})["X-Request-ID"] == "abc-1.2_3"


@pytest.mark.parametrize("sent", ["", "a b", "x" * 65, "'; DROP TABLE x; --", "é", "%s"])
def test_id_that_is_none_is_replaced(client: Client, sent: str) -> None:
    response = client.get("/api/", headers={"X-Request-ID": sent})

    assert response.status_code == 200
    assert len(response["X-Request-ID"]) == 32


# --- Asynchronous content, and settings ----------------------------------------------------------------------------
def test_asynchronous_parts_are_made_as_the_service(settings: Settings, db: None) -> None:
    settings.ROOT_URLCONF = __name__

    async def make() -> Any:
        for _ in range(2):
            found = get_acting()
            yield found.service if found else ""

    async def collect(response: StreamingHttpResponse) -> list[bytes]:
        return [part async for part in response]

    response = ServiceMiddleware(lambda request: StreamingHttpResponse(make()))(RequestFactory().get("/api/"))

    assert isinstance(response, StreamingHttpResponse)
    assert async_to_sync(collect)(response) == [b"api", b"api"]


def test_principal_function_that_is_missing_is_named(settings: Settings) -> None:
    settings.PRINCIPAL = "nowhere.at.all"
    make: Callable[[], Any] = lambda: ServiceMiddleware(answer).identify  # noqa: E731
    with pytest.raises(ImproperlyConfigured) as caught:
        make()

    assert str(caught.value) == (
        "settings.PRINCIPAL is 'nowhere.at.all', which can't be imported: No module named 'nowhere'"
    )


def test_without_a_principal_function_everybody_is_anonymous(settings: Settings, client: Client) -> None:
    settings.PRINCIPAL = ""
    client.force_login(make_user())

    assert client.get("/api/").text == "api api_rw anonymous"
