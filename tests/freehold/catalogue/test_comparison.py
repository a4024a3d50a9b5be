from dataclasses import replace

from freehold.catalogue import Access, Catalogue, Difference, Schema, Table, list_declared_tables, list_differences
from freehold.ownership.map import Ownership, Schema as DeclaredSchema, Service

MAP = Ownership(
    schemas=(DeclaredSchema("app", service="api"), DeclaredSchema("public", owner="migrator")),
    services=(Service("api", writes=("app",)),),
)
ITEMS = Table("app", "items", "app_owner", 3)
LIVE = Catalogue(
    dialect="postgresql",
    version="18.4",
    database="freehold",
    login="admin_rw",
    schemas=(Schema("app", "app_owner", (ITEMS,)), Schema("public", "migrator")),
    foreign_keys=(),
    roles=frozenset({"api_rw"}),
)


def test_differences_of_what_is_as_declared_are_none() -> None:
    assert list_differences(LIVE, MAP, {"app.items"}) == []


def test_difference_of_a_table_in_the_wrong_hands_names_both_owners() -> None:
    live = replace(LIVE, schemas=(Schema("app", "app_owner", (replace(ITEMS, owner="postgres"),)), LIVE.schemas[1]))
    assert list_differences(live, MAP, ()) == [
        Difference("table app.items", "owned by postgres", "owned by app_owner"),
    ]


def test_difference_of_a_schema_is_its_owner_its_absence_or_its_presence() -> None:
    live = replace(LIVE, schemas=(Schema("public", "postgres"), Schema("stray", "someone")))
    assert list_differences(live, MAP, ()) == [
        Difference("schema app", "missing", "owned by app_owner"),
        Difference("schema public", "owned by postgres", "owned by migrator"),
        Difference("schema stray", "owned by someone", "not in the map"),
    ]


def test_difference_of_a_login_is_reported_where_roles_exist_at_all() -> None:
    live = replace(LIVE, roles=frozenset())
    assert list_differences(live, MAP, ()) == [Difference("login api_rw", "missing", "login of the service api")]
    assert list_differences(replace(live, declared=True), MAP, ()) == []


def test_difference_of_a_login_that_may_create() -> None:
    access = Access("api_rw", "app", enters=True, creates=True)
    live = replace(LIVE, schemas=(replace(LIVE.schemas[0], access=(access,)), LIVE.schemas[1]))
    assert list_differences(live, MAP, ()) == [
        Difference("login api_rw", "may create in app", "no service may create"),
    ]


def test_difference_of_a_declared_table_that_is_not_there() -> None:
    assert list_differences(LIVE, MAP, {"app.items", "app.runs"}) == [
        Difference("table app.runs", "missing", "declared by a model"),
    ]


def test_declared_tables_are_the_models_tables_with_their_schema() -> None:
    tables = list_declared_tables()
    assert {"app.items", "auth.user", "master.categories"} <= tables
    assert all("." in name for name in tables)


def test_access_without_usage_on_the_schema_is_worth_nothing() -> None:
    access = Access("api_rw", "app", tables=2, reads=2, writes=2, enters=False)
    assert not access.anything
    assert replace(access, enters=True).anything
