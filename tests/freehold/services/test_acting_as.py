"""Acting as a service by name, and who acts outside of every block."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextvars import copy_context
from threading import Thread

import pytest
from pytest_django.fixtures import Settings

from freehold.acting import ANONYMOUS, Acting, Principal, Rights, acting, get_acting, get_default, set_default
from freehold.errors import ServiceError
from freehold.ownership import Ownership, Schema, Service
from freehold.services import acting_as, compile_rights, get_process, install, make_acting

ANN = Principal("user", user_id="00000000-0000-4000-8000-00000000000a")


@pytest.fixture(autouse=True)
def same_default() -> Iterator[None]:
    before = get_default()
    yield
    set_default(before)


def get_service() -> str | None:
    found = get_acting()
    return found.service if found else None


def test_block_acts_as_the_service_for_the_principal() -> None:
    with acting_as("api", ANN, request_id="r1") as found:
        assert get_acting() is found

    assert (found.service, found.role, found.principal, found.request_id) == ("api", "api_rw", ANN, "r1")


def test_block_without_a_principal_is_for_nobody() -> None:
    with acting_as("web") as found:
        assert found.principal == ANONYMOUS


def test_blocks_end_with_an_error() -> None:
    with pytest.raises(ZeroDivisionError), acting_as("web"):
        raise ZeroDivisionError

    assert get_service() == "admin"


def test_unknown_service_is_refused_by_name() -> None:
    with pytest.raises(ServiceError) as caught, acting_as("shop"):
        pass

    assert str(caught.value) == "the ownership map has no service 'shop': use one of web, api, admin"


def test_process_of_one_service_acts_as_no_other(settings: Settings) -> None:
    settings.SERVICE = "api"
    with pytest.raises(ServiceError) as caught, acting_as("web"):
        pass

    assert str(caught.value) == (
        "this process is service 'api' and can't act as 'web': start one with SERVICE=web, or with SERVICE=all"
    )


@pytest.mark.parametrize(("process", "service"), [("all", "admin"), ("web", "web"), ("api", "api"), ("admin", "admin")])
def test_outside_of_every_block_the_process_is_its_service(settings: Settings, process: str, service: str) -> None:
    settings.SERVICE = process

    install()

    assert (get_process(), get_service()) == (process, service)


def test_project_without_a_map_acts_as_nobody(settings: Settings) -> None:
    set_default(None)
    settings.OWNERSHIP = None

    install()

    assert get_acting() is None


def test_thread_of_its_own_begins_outside_of_every_block() -> None:
    seen: list[str | None] = []

    def note() -> None:
        seen.append(get_service())

    with acting_as("api"):
        copied = copy_context()
        for run in (note, lambda: copied.run(note)):
            thread = Thread(target=run)
            thread.start()
            thread.join()

    assert seen == ["admin", "api"]


def test_tasks_act_each_for_its_own() -> None:
    async def work(service: str) -> str | None:
        with acting_as(service):
            await asyncio.sleep(0)
            return get_service()

    async def both() -> list[str | None]:
        return list(await asyncio.gather(work("web"), work("api")))

    assert asyncio.run(both()) == ["web", "api"]


# --- Rights ----------------------------------------------------------------------------------------------------------
def test_rights_are_those_of_the_map() -> None:
    rights = make_acting("api").rights

    assert (rights.writes, rights.reads) == (frozenset({"app"}), frozenset({"app", "master"}))
    assert rights.columns == {"auth.user": frozenset({"id", "email", "display_name", "is_active"})}


@pytest.mark.parametrize(
    ("table", "column", "reads", "writes"),
    [
        ("app.items", "name", True, True),
        ("master.categories", "name", True, False),
        ("auth.user", "email", True, False),
        ("auth.user", "", True, False),
        ("auth.user", "password", False, False),
        ("auth.session", "", False, False),
        ("django_migrations", "name", False, False),
    ],
)
def test_rights_tell_tables_and_columns(table: str, column: str, reads: bool, writes: bool) -> None:
    rights = make_acting("api").rights

    assert (rights.may_read(table, column), rights.may_write(table)) == (reads, writes)


def test_table_without_a_schema_lies_in_public() -> None:
    assert Rights(reads=frozenset({"public"})).may_read("django_migrations", "app")


def test_nobody_may_act_inside_a_block() -> None:
    with acting_as("web"), acting(None):
        assert get_acting() is None


def test_default_says_nothing_about_other_logins_and_a_block_about_all() -> None:
    default = get_acting()
    block = Acting("api", "api_rw")

    assert default
    assert [default.applies_to(login) for login in ("all_rw", "admin_rw", "migrator")] == [True, True, False]
    assert block.applies_to("migrator")


def test_service_that_writes_public_writes_no_table_of_what_was_applied() -> None:
    ownership = Ownership(
        schemas=(Schema("public", service="web", owner="migrator"),), services=(Service("web", writes=("public",)),)
    )
    rights = compile_rights(ownership, ownership.services[0])

    for table in ("django_migrations", "public.django_migrations", "public.migration_history"):
        assert rights.may_read(table, "name")
        assert not any(rights.may_write(table, verb) for verb in ("INSERT", "UPDATE", "DELETE"))
    assert rights.may_write("public.runs", "INSERT")
