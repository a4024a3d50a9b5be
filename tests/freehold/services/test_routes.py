"""Whose a view is: by mark, namespace, module or app; and the check on URLs that are nobody's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.checks import CheckMessage
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import ResolverMatch, include, path, resolve
from pytest_django.fixtures import Settings

from freehold.checks.installation import check_routes
from freehold.errors import ServiceError
from freehold.ownership import get_ownership
from freehold.services.routes import EVERY, get_service_name, list_unserved, served_by

RunCheck = Callable[[], list[CheckMessage]]


def stray(request: HttpRequest) -> HttpResponse:
    return HttpResponse("stray")


@served_by("api")
def marked(request: HttpRequest) -> HttpResponse:
    return HttpResponse("marked")


@served_by("web")
class Caller:
    """A view that is an object."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("called")


urlpatterns = [
    path("stray/", stray),
    path("deep/", include(([path("<int:number>/", stray)], "deep"), namespace="one")),
    path("marked/", marked),
    path("called/", Caller()),
    path("", include("config.urls")),
]
only_served = type("Served", (), {"urlpatterns": urlpatterns[2:]})
STRAYS = [
    ("stray/", "tests.freehold.services.test_routes.stray"),
    ("deep/<int:number>/", "tests.freehold.services.test_routes.stray"),
]


@pytest.mark.parametrize(
    ("address", "service"),
    [
        ("/", "web"),
        ("/login/", "web"),
        ("/items/", "api"),
        ("/items/places/", "api"),
        ("/admin/", "admin"),
        ("/admin/auth_app/user/", "admin"),
        ("/admin/jsi18n/", "admin"),
        ("/healthz", EVERY),
        ("/readyz", EVERY),
    ],
)
def test_page_of_the_project_is_its_owners(address: str, service: str) -> None:
    assert get_service_name(get_ownership(), resolve(address)) == service


@pytest.mark.parametrize(("address", "service"), [("/marked/", "api"), ("/called/", "web"), ("/items/", "api")])
@pytest.mark.urls(__name__)
def test_marked_view_is_whose_the_mark_says(address: str, service: str) -> None:
    assert get_service_name(get_ownership(), resolve(address)) == service


@pytest.mark.urls(__name__)
def test_view_that_is_nobodys_is_refused_with_the_way_out() -> None:
    with pytest.raises(ServiceError) as caught:
        get_service_name(get_ownership(), resolve("/stray/"))

    assert str(caught.value) == (
        "no service answers 'stray/': its view tests.freehold.services.test_routes.stray lies in no app of the "
        "ownership map; name its module in `modules` of a Service, or mark it with freehold.served_by"
    )


def test_module_counts_whole_and_not_by_its_beginning() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    view.__module__ = "config.views_of_others"
    with pytest.raises(ServiceError):
        get_service_name(get_ownership(), ResolverMatch(view, (), {}, route="x/"))


def test_project_has_no_url_that_is_nobodys() -> None:
    assert list_unserved(get_ownership()) == []


@pytest.mark.urls(__name__)
def test_urls_that_are_nobodys_are_listed_with_their_whole_route() -> None:
    assert list_unserved(get_ownership()) == STRAYS


def test_check_reports_each_such_url_until_mended(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    first, second = check_routes(None)
    settings.ROOT_URLCONF = only_served
    mended = check_routes(None)

    assert str(first) == (
        "tests.freehold.services.test_routes.stray: (freehold.E025) No service answers '/stray/': its view "
        "tests.freehold.services.test_routes.stray belongs to no app of a schema that a service owns.\n"
        "\tHINT: Name its module in `modules` of a Service in the ownership map, its namespace in `namespaces`, or "
        "mark it with freehold.served_by."
    )
    assert second.msg.startswith("No service answers '/deep/<int:number>/'")
    assert mended == []


@pytest.mark.urls(__name__)
def test_check_is_silent_without_the_middleware_or_for_a_single_app(settings: Settings) -> None:
    assert check_routes([]) == []
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if each != "freehold.ServiceMiddleware"]
    assert check_routes(None) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("service", "address", "status"),
    [
        ("web", "/login/", 200),
        ("web", "/items/", 404),
        ("web", "/admin/login/", 404),
        ("web", "/marked/", 404),
        ("web", "/called/", 200),
        ("web", "/healthz", 200),
        ("web", "/nowhere", 404),
    ],
)
@pytest.mark.urls(__name__)
def test_process_of_one_service_answers_for_no_other(
    client: Client, settings: Settings, service: str, address: str, status: int
) -> None:
    settings.SERVICE = service

    assert client.get(address).status_code == status
