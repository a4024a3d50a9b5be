"""The router: which models a service reads and writes, what it says of the others, and what it can't see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.db import ProgrammingError, connection, connections, models, router
from django.db.migrations.recorder import MigrationRecorder
from pytest_django.fixtures import Settings

from auth_app.models import Session, User
from freehold.acting import acting, get_default, set_default
from freehold.errors import ServiceError
from freehold.models import MigrationHistory
from freehold.services import acting_as, make_acting
from freehold.services.router import OwnershipRouter
from items.models import Favorite, Item
from master.models import Category
from tests.auth_app.factories import make_session, make_user
from tests.freehold.backends.conftest import open_alias
from tests.items.factories import make_favorite, make_item

SERVICES = ("web", "api", "admin")
RECORDED = MigrationRecorder.Migration  # of no installed app; its table lies in public
MODELS = (User, Session, LogEntry, Category, Item, MigrationHistory, RECORDED)
READ = {
    "web": {User, Session, LogEntry},
    "api": {User, Category, Item},  # of users only what a contract shares
    "admin": {*MODELS},
}
WRITTEN = {
    "web": {User, Session, LogEntry},
    "api": {Item},
    "admin": {User, Session, LogEntry, Category, Item},
}
OWNERS = {
    "auth": "auth_owner (service web)",
    "master": "master_owner (service admin)",
    "app": "app_owner (service api)",
    "public": "migrator",
}
WAY_TO_READ = "share its columns with {} in a contract, or call a function of its owner"
WAY_TO_WRITE = "call a function of its owner: contracts share columns to read, never to write"


class Elsewhere:
    """Sends everything to another database."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str:
        return "elsewhere"

    db_for_write = db_for_read


@pytest.fixture(autouse=True)
def routed(settings: Settings) -> None:
    settings.DATABASE_ROUTERS = ["freehold.OwnershipRouter"]


@pytest.fixture
def elsewhere() -> Iterator[None]:
    entry = {**connections.settings["default"], "ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    with open_alias("elsewhere", {**entry, "OPTIONS": {}}):
        yield


def get_owner(model: type[models.Model]) -> str:
    table = model._meta.db_table
    return OWNERS[table.partition(".")[0] if "." in table else "public"]


def say_unreadable(service: str, model: type[models.Model]) -> str:
    table, owner = model._meta.db_table, get_owner(model)
    return f"service {service} can't read {table}, which belongs to {owner}; {WAY_TO_READ.format(service)}"


def say_unwritable(service: str, model: type[models.Model]) -> str:
    return (
        f"service {service} can't write to {model._meta.db_table}, which belongs to {get_owner(model)}; {WAY_TO_WRITE}"
    )


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
@pytest.mark.parametrize("service", SERVICES)
def test_service_reads_its_schemas_and_what_contracts_share(service: str, model: type[models.Model]) -> None:
    with acting_as(service):
        if model in READ[service]:
            assert router.db_for_read(model) == "default"
            return
        with pytest.raises(ServiceError) as caught:
            router.db_for_read(model)

    assert str(caught.value) == say_unreadable(service, model)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
@pytest.mark.parametrize("service", SERVICES)
def test_service_writes_its_schemas_alone(service: str, model: type[models.Model]) -> None:
    with acting_as(service):
        if model in WRITTEN[service]:
            assert router.db_for_write(model) == "default"
            return
        with pytest.raises(ServiceError) as caught:
            router.db_for_write(model)

    assert str(caught.value) == say_unwritable(service, model)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_nobody_is_not_restricted(model: type[models.Model]) -> None:
    with acting(None):
        assert (router.db_for_read(model), router.db_for_write(model)) == ("default", "default")


def test_queries_and_saves_are_refused_before_any_sql(db: None, django_assert_num_queries: Any) -> None:
    user = make_user()
    calls = {
        say_unreadable("api", Session): [
            lambda: Session.objects.count(),
            lambda: list(Session.objects.filter(user_id=user.pk)),
            lambda: Session.objects.aggregate(models.Max("expire_date")),
            lambda: list(user.sessions.all()),
        ],
        say_unwritable("api", User): [
            lambda: user.save(),
            lambda: user.delete(),
            lambda: User.objects.create(email="a@example.org"),
            lambda: User.objects.bulk_create([User(email="a@example.org")]),
            lambda: User.objects.filter(pk=user.pk).update(display_name="x"),
            lambda: User.objects.all().delete(),
            lambda: User.objects.get_or_create(email="a@example.org"),
            lambda: User.objects.select_for_update().first(),
        ],
    }
    with acting_as("api"), django_assert_num_queries(0):
        for message, made in calls.items():
            for call in made:
                with pytest.raises(ServiceError) as caught:
                    call()
                assert str(caught.value) == message


def test_prefetch_across_schemas_is_refused(db: None) -> None:
    item = make_item()
    with acting_as("web"), pytest.raises(ServiceError) as caught:
        list(User.objects.filter(pk=item.user_id).prefetch_related("items"))

    assert str(caught.value) == say_unreadable("web", Item)


@pytest.mark.parametrize(
    "make_query",
    [
        pytest.param(lambda: Item.objects.select_related("user"), id="select_related"),
        pytest.param(lambda: Item.objects.filter(user__sessions__isnull=True), id="join"),
        pytest.param(lambda: User.objects.only("password"), id="column"),
        pytest.param(lambda: Session.objects.using("default"), id="using"),
    ],
)
def test_what_the_router_does_not_see_the_database_refuses(db: None, make_query: Any) -> None:
    with acting_as("api"), pytest.raises(ProgrammingError):
        list(make_query())


def test_deleting_a_user_needs_no_right_on_what_the_database_deletes_along(db: None) -> None:
    favorite = make_favorite(item=make_item())
    make_session(user=favorite.user)
    with acting_as("web"):
        favorite.user.delete()

    with acting_as("admin"):
        assert not Favorite.objects.filter(pk=favorite.pk).exists()
        assert not Session.objects.exists()


def test_relations_across_schemas_stay_allowed(db: None) -> None:
    user, item = make_user(), make_item()
    with acting_as("api"):
        item.user = user

        assert router.allow_relation(item, user)


def test_migrations_are_left_to_django() -> None:
    assert not hasattr(OwnershipRouter, "allow_migrate")
    assert not hasattr(OwnershipRouter, "allow_relation")


@pytest.mark.django_db(transaction=True)
def test_migrate_runs_as_nobody() -> None:
    with acting_as("web"):
        call_command("migrate", verbosity=0)


@pytest.mark.parametrize("routers", [[OwnershipRouter(), Elsewhere()], [Elsewhere(), OwnershipRouter()]])
def test_database_that_the_map_does_not_govern_is_free(settings: Settings, elsewhere: None, routers: list[Any]) -> None:
    settings.DATABASE_ROUTERS = routers
    with acting_as("web"):
        assert (router.db_for_read(Item), router.db_for_write(Item)) == ("elsewhere", "elsewhere")


def test_row_of_another_database_is_read_and_written_there(elsewhere: None) -> None:
    item = Item(name="x")
    item._state.db = "elsewhere"
    with acting_as("web"):
        assert router.db_for_read(Item, instance=item) == "elsewhere"
        assert router.db_for_write(Item, instance=item) == "elsewhere"
        with pytest.raises(ServiceError):
            router.db_for_read(Item, instance=Item(name="y"))


def test_project_without_a_map_is_free(settings: Settings) -> None:
    with acting_as("web"):
        settings.OWNERSHIP = None

        assert router.db_for_read(Item) == "default"


@pytest.mark.postgresql
def test_default_says_nothing_of_a_login_that_the_url_names(monkeypatch: pytest.MonkeyPatch) -> None:
    before = get_default()
    set_default(make_acting("web"))
    try:
        with pytest.raises(ServiceError):
            router.db_for_read(Item)
        monkeypatch.setitem(connection.settings_dict, "USER", "somebody")

        assert router.db_for_read(Item) == "default"
        with acting_as("web"), pytest.raises(ServiceError):
            router.db_for_read(Item)
    finally:
        set_default(before)
