"""E010 to E013 and W002: each is broken, reported, mended and silent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.core import checks
from django.core.checks import CheckMessage
from django.db import connection, models
from django.test import override_settings

from config.ownership import OWNERSHIP
from freehold.acting.logins import using_login
from freehold.checks import TAG
from freehold.checks.server import check_functions
from freehold.ownership import Contract, Ownership, Schema
from freehold.ownership.lookup import load_ownership
from freehold.services import acting_as
from tests.freehold.checks.conftest import Bench

RunCheck = Callable[[str], list[CheckMessage]]
MAP: Ownership = OWNERSHIP


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Give a function that puts the project's map with other contracts in its place."""
    with override_settings(OWNERSHIP=f"{__name__}.MAP"):

        def put(*contracts: Contract, **changes: Any) -> None:
            monkeypatch.setitem(globals(), "MAP", replace(OWNERSHIP, contracts=contracts, **changes))
            load_ownership.cache_clear()

        yield put
    load_ownership.cache_clear()


@pytest.mark.parametrize("number", range(10, 14))
def test_project_itself_is_silent(number: int, run: RunCheck) -> None:
    assert run(f"freehold.E{number:03}") == []


# --- E010 ----------------------------------------------------------------------------------------------------------
def test_table_that_no_model_has_is_reported(use: Callable[..., None], run: RunCheck) -> None:
    use(Contract("auth", consumer="api", read={"users": ("id",)}))

    (message,) = run("freehold.E010")
    use(Contract("auth", consumer="api", read={"user": ("id",)}))

    assert str(message) == (
        "contracts: (freehold.E010) The contract of 'auth' for 'api' has read of the table 'users', but no model's "
        "table is 'auth.users'.\n"
        "\tHINT: Correct the name in the ownership map, or remove the entry: did you mean 'user'?"
    )
    assert run("freehold.E010") == []


def test_table_of_another_schema_is_reported_with_what_there_is(use: Callable[..., None], run: RunCheck) -> None:
    use(Contract("master", consumer="app", reference={"items": ("id",)}))

    (message,) = run("freehold.E010")

    assert message.hint == (
        "Correct the name in the ownership map, or remove the entry: there is categories, locations."
    )


def test_table_of_an_external_schema_is_left_alone(use: Callable[..., None], run: RunCheck) -> None:
    schemas = (*OWNERSHIP.schemas, Schema("billing", external=True))
    use(Contract("billing", consumer="api", read={"invoices": ("id",)}), schemas=schemas)

    assert run("freehold.E010") == []


def test_contracts_are_not_looked_at_when_one_app_is_checked(use: Callable[..., None], bench: Bench) -> None:
    use(Contract("auth", consumer="api", read={"users": ("id",)}))

    assert bench.run("freehold.E010") == []


# --- E011 ----------------------------------------------------------------------------------------------------------
def test_column_that_the_table_lacks_is_reported(use: Callable[..., None], run: RunCheck) -> None:
    use(Contract("auth", consumer="api", read={"user": ("id", "e_mail")}))

    (message,) = run("freehold.E011")
    use(Contract("auth", consumer="api", read={"user": ("id", "email")}))

    assert str(message) == (
        "contracts: (freehold.E011) The contract of 'auth' for 'api' has read of user (e_mail), but auth_app.User has "
        "no column 'e_mail'.\n"
        "\tHINT: Correct the name in the ownership map, or remove it; a foreign key's column is called user_id, not "
        "user: did you mean 'email'?"
    )
    assert run("freehold.E011") == []


def test_field_name_in_the_place_of_its_column_is_reported(use: Callable[..., None], run: RunCheck) -> None:
    use(Contract("auth", consumer="app", reference={"oauth_account": ("user",)}))

    (message,) = run("freehold.E011")

    assert str(message.hint).endswith("did you mean 'user_id'?")


# --- E012 ----------------------------------------------------------------------------------------------------------
def test_reference_to_what_is_no_key_is_reported(use: Callable[..., None], run: RunCheck) -> None:
    use(Contract("app", consumer="auth", reference={"favorites": ("id", "created_at")}))

    (message,) = run("freehold.E012")
    use(Contract("app", consumer="auth", reference={"favorites": ("id",)}, read={"favorites": ("created_at",)}))

    assert str(message) == (
        "contracts: (freehold.E012) The contract of 'app' for 'auth' has reference of favorites (created_at), which is "
        "no key of items.Favorite: PostgreSQL lets a foreign key point at a primary key or at unique columns.\n"
        "\tHINT: Name (id) or (item_id, user_id), add a UniqueConstraint without a condition to the model, or put the "
        "column under `read`."
    )
    assert run("freehold.E012") == []


def test_key_of_two_columns_is_one_only_with_both(use: Callable[..., None], run: RunCheck) -> None:
    use(Contract("app", consumer="auth", reference={"favorites": ("user_id",)}))
    assert len(run("freehold.E012")) == 1

    use(Contract("app", consumer="auth", reference={"favorites": ("user_id", "item_id")}))
    assert run("freehold.E012") == []


# --- E013 ----------------------------------------------------------------------------------------------------------
def test_foreign_key_that_no_contract_allows_is_reported(use: Callable[..., None], run: RunCheck) -> None:
    kept = [contract for contract in OWNERSHIP.contracts if contract.schema != "master"]
    use(*kept, Contract("master", consumer="app", reference={"locations": ("id",)}))

    (message,) = run("freehold.E013")
    use(*OWNERSHIP.contracts)

    assert str(message) == (
        "items.Item.category: (freehold.E013) The foreign key 'category' points from schema 'app' at master.categories "
        "(id), and no contract allows it: PostgreSQL would refuse the migration.\n"
        '\tHINT: Add Contract("master", consumer="app", reference={"categories": ("id",)}) to the ownership map, or '
        "set db_constraint=False."
    )
    assert run("freehold.E013") == []


@pytest.mark.parametrize(
    ("options", "count"), [({}, 1), ({"db_constraint": False}, 0), ({"to_field": "id", "db_constraint": False}, 0)]
)
def test_foreign_key_counts_only_where_it_is_a_constraint(options: dict[str, Any], count: int, bench: Bench) -> None:
    target = bench.define("Entry", "admin", meta={"db_table": "auth.entry"})
    key = models.ForeignKey(target, models.CASCADE, **options)
    bench.define("Thing", meta={"db_table": "app.thing"}, entry=key)

    assert len(bench.run("freehold.E013")) == count


def test_foreign_key_of_an_unmanaged_model_is_left_alone(bench: Bench) -> None:
    target = bench.define("Entry", "admin", meta={"db_table": "auth.entry"})
    key = models.ForeignKey(target, models.CASCADE)
    bench.define("Thing", meta={"db_table": "app.thing", "managed": False}, entry=key)

    assert bench.run("freehold.E013") == []


def test_table_between_two_schemas_needs_a_contract_too(bench: Bench) -> None:
    target = bench.define("Entry", "admin", meta={"db_table": "auth.entry"})
    bench.define(
        "Thing", meta={"db_table": "app.thing"}, entries=models.ManyToManyField(target, db_table="app.thing_entries")
    )

    (message,) = bench.run("freehold.E013")
    assert str(message.msg).startswith("The foreign key 'entry' points from schema 'app' at auth.entry (id)")


# --- W002 ----------------------------------------------------------------------------------------------------------
def run_database_check() -> list[CheckMessage]:
    """Run `check --database default --tag freehold`."""
    return [each for each in checks.run_checks(tags=[TAG], databases=["default"]) if each.id == "freehold.W002"]


@pytest.mark.postgresql
@pytest.mark.django_db
def test_function_that_is_not_in_the_database_is_reported(use: Callable[..., None]) -> None:
    use(Contract("auth", consumer="api", call=("find_principal(varchar)",)))
    (message,) = run_database_check()
    use(Contract("auth", consumer="api"), Contract("auth", consumer="app", reference={"user": ("id",)}))

    assert str(message) == (
        "contracts: (freehold.W002) The contract of 'auth' for 'api' lets it call auth.find_principal(character "
        "varying), which is not in the database 'default'.\n"
        "\tHINT: Make it in a migration, correct its name or argument types in the ownership map, or remove the entry."
    )


@pytest.mark.postgresql
@pytest.mark.django_db
def test_schema_that_the_service_may_not_look_into_hides_no_function_of_another(use: Callable[..., None]) -> None:
    use(
        Contract("auth", consumer="api", call=("find_principal(varchar)",)),
        Contract("seal", consumer="auth", call=("sign(text)",)),
    )

    with acting_as("admin"):
        found = run_database_check()

    assert [str(each).partition("lets it call ")[2].partition("(")[0] for each in found] == ["auth.find_principal"]


@pytest.mark.postgresql
def test_function_that_is_there_is_not_reported(
    use: Callable[..., None], django_db_setup: None, django_db_blocker: Any
) -> None:
    use(Contract("auth", consumer="api", call=("find_principal(varchar)",)))
    with django_db_blocker.unblock(), using_login(connection, "postgres"), connection.cursor() as cursor:
        cursor.execute("CREATE FUNCTION auth.find_principal(varchar) RETURNS int RETURN 1")
        try:
            assert run_database_check() == []
        finally:
            cursor.execute("DROP FUNCTION auth.find_principal")


@pytest.mark.parametrize("databases", [None, []])
def test_functions_are_not_asked_for_without_a_database(databases: list[str] | None, use: Callable[..., None]) -> None:
    use(Contract("auth", consumer="api", call=("find_principal(varchar)",)))

    assert check_functions(None, databases=databases) == []


@pytest.mark.postgresql
def test_function_is_not_missed_where_the_server_can_not_be_asked(
    use: Callable[..., None], monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any
) -> None:
    use(Contract("auth", consumer="api", call=("find_principal(varchar)",)))

    with django_db_blocker.unblock():
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "NAME", "no such database")
        assert run_database_check() == []
        connection.close()
