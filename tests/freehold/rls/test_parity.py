"""PostgreSQL's policies and the SQLite backend's filter, beside each other over the same random rows."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from django.db import connections, models, transaction
from hypothesis import HealthCheck, given, settings, strategies as st
from pytest_django import DjangoDbBlocker

from freehold.acting import ANONYMOUS, Principal, acting
from freehold.errors import PolicyError
from freehold.services import acting_as
from items.models import Favorite, Item, ItemImage
from profile.models import Profile
from runs.models import Run
from tenancy.models import ApiKey, Membership, Project, Tenant
from tests.auth_app.factories import make_user
from tests.master.factories import make_category

LITE = "lite"
ENGINE = "freehold.backends.sqlite3"

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db(databases=["default", LITE]),
]

MODELS: list[Any] = [Tenant, Membership, Project, ApiKey, Run, Profile, Item, ItemImage, Favorite]
ROLES = ("owner", "admin", "member", "viewer")
SIZE = 3  # users, tenants, projects, items
few = st.integers(0, SIZE - 1)
settings.register_profile(
    "parity", max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
parity = settings.get_profile("parity")


@dataclass
class World:
    """Two databases, and what both know: users, a category, ids."""

    users: list[Any]
    category: Any

    def make(self, drawn: dict[str, Any]) -> list[models.Model]:
        """Give rows: as many tenants, projects and items as users, and what hangs on them as drawn."""
        tenants = [Tenant(pk=make_id(1, n), name="t", slug=f"t{n}") for n in range(SIZE)]
        projects = [Project(pk=make_id(2, n), tenant=tenants[t], name="p", slug=f"p{n}") for n, t in drawn["projects"]]
        items = [self.make_item(n, user, active) for n, (user, active) in enumerate(drawn["items"])]
        return [
            *tenants,
            *(self.make_membership(n, t, u, role) for n, ((t, u), role) in enumerate(drawn["members"].items())),
            *projects,
            *(make_key(n, project) for n, project in enumerate(projects)),
            *(Run(pk=make_id(4, n), project=p, external_id=f"r{n}", kind="k") for n, p in enumerate(projects)),
            *(Profile(pk=make_id(5, n), user=self.users[n]) for n in drawn["profiles"]),
            *items,
            *(ItemImage(pk=make_id(7, n), item=item, url="/x") for n, item in enumerate(items)),
            *(Favorite(pk=make_id(8, u * SIZE + i), user=self.users[u], item=items[i]) for u, i in drawn["favorites"]),
        ]

    def make_item(self, number: int, user: int, active: bool) -> Item:
        who = self.users[user]
        return Item(pk=make_id(6, number), user=who, category=self.category, name="i", price=1, is_active=active)

    def make_membership(self, number: int, tenant: int, user: int, role: str) -> Membership:
        return Membership(pk=make_id(3, number), tenant_id=make_id(1, tenant), user=self.users[user], role=role)


def make_id(kind: int, number: int) -> uuid.UUID:
    return uuid.UUID(int=kind << 32 | number)


def make_key(number: int, project: Project) -> ApiKey:
    return ApiKey(pk=make_id(9, number), project=project, name="k", prefix=f"k{number}", key_hash=f"{number:064x}")


rows = st.fixed_dictionaries(
    {
        "members": st.dictionaries(st.tuples(few, few), st.sampled_from(ROLES), max_size=6),
        "projects": st.lists(few, min_size=SIZE, max_size=SIZE).map(lambda each: list(enumerate(each))),
        "profiles": st.sets(few),
        "items": st.lists(st.tuples(few, st.booleans()), min_size=SIZE, max_size=SIZE),
        "favorites": st.sets(st.tuples(few, few), max_size=4),
    }
)
askers = st.one_of(
    st.tuples(st.just("user"), few, st.none() | few),
    st.tuples(st.just("api_key"), st.none(), few),
    st.tuples(st.just("anonymous"), st.none(), st.none() | few),
)


@pytest.fixture(scope="module", autouse=True)
def lite(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A second database, on SQLite and in memory, with the protected tables alone."""
    default = connections.settings["default"]
    options = {"schemas": default["OPTIONS"]["schemas"]}
    connections.settings[LITE] = {**deepcopy(default), "ENGINE": ENGINE, "NAME": ":memory:", "OPTIONS": options}
    with django_db_blocker.unblock(), acting(None):
        with connections[LITE].schema_editor() as editor:
            for model in MODELS:
                editor.create_model(model)
        connections[LITE].disable_constraint_checking()  # there are no users and no categories
    yield
    connections[LITE].connection.close()  # a database in memory is kept open by Django itself
    del connections[LITE]
    del connections.settings[LITE]


@pytest.fixture
def world() -> World:
    return World([make_user() for _ in range(SIZE)], make_category())


@contextmanager
def filled(found: list[models.Model]) -> Iterator[None]:
    """Put the rows into both databases, and take them out again."""
    with transaction.atomic(), transaction.atomic(using=LITE):
        for alias in ("default", LITE):
            for model in MODELS:
                model.objects.using(alias).bulk_create([row for row in found if type(row) is model])
        yield
        transaction.set_rollback(True)
        transaction.set_rollback(True, using=LITE)


def make_principal(world: World, asker: tuple[Any, Any, Any]) -> Principal:
    kind, user, tenant = asker
    user_id = "" if user is None else str(world.users[user].pk)
    return Principal(kind, user_id, "" if tenant is None else str(make_id(1, tenant))) if kind else ANONYMOUS


def see(alias: str) -> dict[str, set[Any]]:
    return {model.__name__: set(model.objects.using(alias).values_list("pk", flat=True)) for model in MODELS}


def is_let_through(alias: str, write: Callable[[str], Any]) -> bool:
    try:
        with transaction.atomic(using=alias):
            write(alias)
            transaction.set_rollback(True, using=alias)
    except PolicyError:
        return False
    return True


@parity
@given(drawn=rows, asker=askers)
def test_both_show_the_same_rows(world: World, drawn: dict[str, Any], asker: Any) -> None:
    with filled(world.make(drawn)), acting_as("api", make_principal(world, asker)):
        assert see(LITE) == see("default")


@parity
@given(drawn=rows, asker=askers, where=few, whose=few, role=st.sampled_from(ROLES), is_new=st.booleans())
def test_both_let_the_same_rows_in(
    world: World, drawn: dict[str, Any], asker: Any, where: int, whose: int, role: str, is_new: bool
) -> None:
    user, tenant_id = world.users[whose], uuid.uuid4() if is_new else make_id(1, where)
    with filled([each for each in world.make(drawn) if not isinstance(each, Favorite | Profile)]):
        pairs = set(Membership.objects.values_list("tenant_id", "user_id"))
        new = [
            Item(user=user, category=world.category, name="n", price=1),
            ItemImage(item_id=make_id(6, where), url="/y", position=1),
            Favorite(user=user, item_id=make_id(6, where)),
            Profile(user=user),
            Project(tenant_id=tenant_id, name="n", slug="n"),
            Run(project_id=make_id(2, where), external_id="n", kind="k"),
            make_key(SIZE, Project(pk=make_id(2, where))),
            Tenant(pk=tenant_id if is_new else None, name="n", slug="n"),
        ]
        if (tenant_id, user.pk) not in pairs:
            new.append(Membership(tenant_id=tenant_id, user=user, role=role))
        with acting_as("api", make_principal(world, asker)):
            for row in new:
                found = [is_let_through(alias, partial(insert, row)) for alias in ("default", LITE)]
                assert found[0] == found[1], row


@parity
@given(drawn=rows, asker=askers, whose=few, where=few)
def test_both_change_the_same_rows(world: World, drawn: dict[str, Any], asker: Any, whose: int, where: int) -> None:
    changes: list[tuple[Any, dict[str, Any]]] = [
        (Item, {"user": world.users[whose]}),
        (Project, {"tenant_id": make_id(1, where)}),
        (Run, {"project_id": make_id(2, where)}),
        (Membership, {"role": "owner"}),
        (Tenant, {"name": "x"}),
    ]
    with filled(world.make(drawn)), acting_as("api", make_principal(world, asker)):
        for model, values in changes:
            for pk in model.objects.values_list("pk", flat=True):
                found = []
                for alias in ("default", LITE):

                    def change(using: str, model: Any = model, pk: Any = pk, values: Any = values) -> None:
                        if not model.objects.using(using).filter(pk=pk).update(**values):
                            raise PolicyError("left alone")

                    found.append(is_let_through(alias, change))
                assert found[0] == found[1], (model, pk)


def insert(row: models.Model, using: str) -> None:
    copy = deepcopy(row)
    copy._state.adding = True
    copy.save(force_insert=True, using=using)
