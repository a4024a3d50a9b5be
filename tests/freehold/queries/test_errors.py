"""What the database refuses: Django's errors with the file and line of the statement, in the log, without a value."""

from __future__ import annotations

import logging
import traceback
from typing import Any

import pytest
from django.db import DataError, IntegrityError, ProgrammingError, transaction
from django.db.transaction import TransactionManagementError

from freehold.backends.errors import AccessError
from freehold.queries import Column, Parameter, ParameterError, Query, QueryError, Segment
from freehold.queries.engines import get_engine
from tests.freehold.queries.statements import GET_ITEM, RENAME, ItemRow, make
from tests.items.factories import make_item
from tests.rls import as_nobody, as_user

pytestmark = pytest.mark.django_db
SECRET = "hush-hush"
MEND = "UPDATE master.categories\nSET slug = {slug}\nWHERE id = {id}"
PASSWORDS: Query[ItemRow] = make(
    "passwords",
    "many",
    (Segment('SELECT u.id,\n       u.password\nFROM auth."user" u\nWHERE u.password = {text}::text', line=3),),
    ItemRow,
    parameters=(Parameter("text", "text"),),
    columns=(Column("id", "uuid"), Column("name", "text")),
)
MEND_CATEGORY: Query[None] = make(
    "mend_category",
    "exec",
    (Segment(MEND, line=9),),
    parameters=(Parameter("slug", "text"), Parameter("id", "uuid")),
)


def test_table_of_another_service_is_refused_in_words_with_file_and_line(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "freehold.refusals")
    with as_nobody(), pytest.raises(AccessError) as caught, transaction.atomic():
        PASSWORDS.fetch_many({"text": SECRET})

    assert str(caught.value).startswith(
        "items/sql/item/passwords.sql:3: service api can't read column password of auth.user, which belongs to "
        "auth_owner (service web); "
    )
    assert caught.value.table == "auth.user"
    assert [each.getMessage().partition(" login=")[0] for each in caplog.records] == [
        "refused: service=api table=auth.user request=-"
    ]


def test_write_to_what_is_read_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    item = make_item()
    with as_nobody(), pytest.raises(AccessError) as caught, transaction.atomic():
        MEND_CATEGORY.execute({"slug": SECRET, "id": item.category.id})

    assert str(caught.value).startswith(
        "items/sql/item/mend_category.sql:9: service api can't update master.categories"
    )
    assert_tells_nothing(caught.value)


def test_broken_constraint_is_an_integrity_error_without_the_value() -> None:
    item = make_item()
    with as_user(item.user), pytest.raises(IntegrityError) as caught, transaction.atomic():
        RENAME.execute_count({"id": item.id, "name": ""})

    assert str(caught.value).startswith("items/sql/item/rename_item.sql:5: ")
    assert "items_name_check" in str(caught.value)
    assert_tells_nothing(caught.value, str(item.id))


@pytest.mark.postgresql
def test_error_of_a_place_names_its_line_and_its_cause_can_still_be_asked() -> None:
    query: Query[ItemRow] = make(
        "cast",
        "many",
        (
            Segment("SELECT i.id, i.name\nFROM app.items i", line=3),
            Segment("WHERE i.name = {text}\n  AND i.nothing = 1", line=12),
        ),
        ItemRow,
        parameters=PASSWORDS.parameters,
        columns=GET_ITEM.columns,
    )
    with as_nobody(), pytest.raises(ProgrammingError) as caught, transaction.atomic():
        query.fetch_many({"text": SECRET})

    assert str(caught.value) == "items/sql/item/cast.sql:13: column i.nothing does not exist"
    cause: Any = caught.value.__cause__
    assert (cause.sqlstate, cause.diag.statement_position is not None) == ("42703", True)


@pytest.mark.postgresql
def test_value_that_the_server_can_not_read_is_not_shown() -> None:
    query: Query[None] = make(
        "number", "exec", (Segment("SELECT {text}::text::int4", line=2),), parameters=PASSWORDS.parameters
    )
    with as_nobody(), pytest.raises(DataError) as caught, transaction.atomic():
        query.execute({"text": SECRET})

    assert str(caught.value) == "items/sql/item/number.sql:2: invalid input syntax for type integer: …"
    assert_tells_nothing(caught.value)


def test_error_breaks_the_transaction_as_any_other() -> None:
    item = make_item()
    with as_user(item.user), transaction.atomic():
        with pytest.raises(IntegrityError), transaction.atomic():
            RENAME.execute({"id": item.id, "name": ""})
        assert RENAME.execute_count({"id": item.id, "name": "after the savepoint"}) == 1
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            RENAME.execute({"id": item.id, "name": "b"})


def test_rollback_takes_back_rows_and_commit_runs_what_waits(django_capture_on_commit_callbacks: Any) -> None:
    item = make_item(name="before")
    done: list[str] = []
    with as_user(item.user):
        with transaction.atomic():
            assert RENAME.execute_count({"id": item.id, "name": "lost"}) == 1
            transaction.set_rollback(True)
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            RENAME.execute({"id": item.id, "name": "kept"})
            transaction.on_commit(lambda: done.append("committed"))

    item.refresh_from_db()
    assert (item.name, done) == ("kept", ["committed"])


def test_value_that_does_not_fit_reaches_no_server() -> None:
    item = make_item()
    with as_user(item.user), transaction.atomic():
        with pytest.raises(ParameterError) as caught:
            GET_ITEM.fetch_one({"id": SECRET})
        assert GET_ITEM.fetch_one({"id": item.id}).id == item.id

    assert str(caught.value) == ("items/sql/item/get_item.sql:4: parameter id gets what is no uuid of PostgreSQL")
    assert isinstance(caught.value, DataError)
    assert_tells_nothing(caught.value)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "the parameter id is missing"),
        ({"id": None}, "parameter id is None, and can't be NULL"),
    ],
)
def test_missing_value_is_named(arguments: dict[str, Any], words: str) -> None:
    with as_nobody(), pytest.raises(ParameterError) as caught:
        GET_ITEM.fetch_one(arguments)

    assert str(caught.value) == f"items/sql/item/get_item.sql:4: {words}"


def test_backend_of_others_is_refused() -> None:
    class Other:
        vendor, alias = "oracle", "default"

    with pytest.raises(QueryError) as caught:
        get_engine(Other())  # type: ignore[arg-type]

    assert "typed SQL needs one of Freehold's backends" in str(caught.value)


def assert_tells_nothing(error: BaseException, *secrets: str) -> None:
    text = "".join(traceback.format_exception(error, limit=0))
    assert not [each for each in (SECRET, *secrets) if each in text]
