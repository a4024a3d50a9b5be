"""Whatever value comes: it comes back as it was, or an error of Django's that does not show it. Both dialects agree."""

from __future__ import annotations

import datetime
import math
import re
import uuid
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from django.db import DataError, connection, transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from freehold.queries import Column, Parameter, Query, ResultError, Segment
from runs.models import Run
from tests.dialect import DIALECT
from tests.freehold.queries.statements import GET_ITEM, LIST_BY_IDS, make
from tests.items.factories import make_item
from tests.rls import as_nobody, as_user
from tests.runs.factories import make_run
from tests.tenancy.factories import make_membership

pytestmark = pytest.mark.django_db
POSTGRESQL = DIALECT == "postgresql"
SQL_LIKE = ["'; DROP TABLE app.items; --", "$1", "?1", "%s", "{text}", "\\'", "NULL", '"', "{NULL,a}", "x" * 100_000]


class OneRow(msgspec.Struct, frozen=True):
    value: Any


def ask(kind: str, value: Any, *, is_list: bool = False) -> Any:
    """Give a value that went to the database and back."""
    mark = "[]" if is_list else ""
    query: Query[OneRow] = Query(
        "echo.sql",
        "one",
        (Segment(f"SELECT {{value}}::{kind}{mark}"),),
        OneRow,
        (Segment("SELECT {value}"),),
        (Parameter("value", kind, is_list=is_list, is_nullable=True),),
        (Column("value", kind + mark),),
    )
    with as_nobody():
        return query.fetch_one({"value": value}).value


MOMENTS = st.datetimes(datetime.datetime(1000, 1, 1), datetime.datetime(9999, 12, 30), timezones=st.just(datetime.UTC))
NUMBERS = st.decimals(-(10**9), 10**9, places=2)
FITTING: dict[str, st.SearchStrategy[Any]] = {
    "int2": st.integers(-(2**15), 2**15 - 1),
    "int4": st.integers(-(2**31), 2**31 - 1),
    "int8": st.integers(-(2**63), 2**63 - 1),
    "bool": st.booleans(),
    "text": st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])) | st.sampled_from(SQL_LIKE),
    "uuid": st.uuids(),
    "date": st.dates(datetime.date(1, 1, 1)),
    "time": st.times(),
    "timestamp": st.datetimes(datetime.datetime(1000, 1, 1)),
    "timestamptz": MOMENTS,
    "numeric(12,2)": NUMBERS,
    "float8": st.floats(allow_nan=False, allow_infinity=POSTGRESQL),
    "interval": st.timedeltas(datetime.timedelta(-(10**6)), datetime.timedelta(10**6)),
    "bytea": st.binary(),
    "jsonb": st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.sampled_from(SQL_LIKE),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
        max_leaves=5,
    ),
}
QUIET = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("kind", FITTING)
@given(data=st.data())
@QUIET
def test_value_of_its_type_comes_back_as_it_was(kind: str, data: st.DataObject) -> None:
    value = data.draw(FITTING[kind])

    assert ask(kind, value) == value


@pytest.mark.parametrize("kind", [each for each in FITTING if each != "bytea"])
@given(data=st.data())
@QUIET
def test_list_comes_back_as_it_was(kind: str, data: st.DataObject) -> None:
    values = data.draw(st.lists(st.none() | FITTING[kind], max_size=5))

    assert ask(kind, values, is_list=True) == values


def fail(kind: str, value: Any, *, is_list: bool) -> Exception | None:
    """Give the error of Django's that comes of a value, None where it is an answer."""
    try:
        with transaction.atomic():
            ask(kind, value, is_list=is_list)
    except (DataError, ResultError) as error:
        return error
    return None


WRONG: list[Any] = [
    "text",
    "a\0b",
    "\ud800",
    1,
    True,
    2**200,
    -(2**63) - 1,
    1.5,
    math.nan,
    math.inf,
    Decimal("1e-5"),
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("Infinity"),
    Decimal("1e400"),
    b"bytes",
    uuid.UUID(int=1),
    datetime.datetime(2026, 1, 1),
    datetime.datetime(1, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=14))),
    datetime.datetime.max.replace(tzinfo=datetime.timezone(-datetime.timedelta(hours=14))),
    datetime.date(2026, 1, 1),
    datetime.time(1, 2, tzinfo=datetime.UTC),
    [1, 2],
    {"a": 1},
    object(),
    type,
    lambda: 1,
]


@pytest.mark.parametrize("kind", [*FITTING, "json", "inet", "int4[]"])
def test_any_value_is_an_error_of_djangos_or_an_answer(kind: str) -> None:
    before = None
    for value in WRONG:
        for is_list in (False, True) if kind != "int4[]" else (False,):
            error = fail(kind, [value] if is_list else value, is_list=is_list)

            assert error is None or re.match(r"echo\.sql:1: ", str(error)), value
            assert error is None or len(str(value)) < 5 or str(value) not in str(error)
            before = before or connection.connection
            assert connection.connection is before  # none broke it


def test_list_of_a_hundred_thousand_is_one_statement() -> None:
    items = [make_item(name=name) for name in "ab"]
    ids = [uuid.UUID(int=number) for number in range(100_000)]
    ids[50_000], ids[99_999] = (item.pk for item in items)
    with as_nobody():
        assert [row.name for row in LIST_BY_IDS.fetch_many({"ids": ids})] == ["a", "b"]
        assert len(ask("int8", list(range(100_000)), is_list=True)) == 100_000


@pytest.mark.parametrize("value", ["", "'; DROP TABLE app.items; --", None, 1, b"x", [], {}])
def test_id_that_is_none_is_refused_before_the_server(value: Any) -> None:
    with as_nobody(), pytest.raises(DataError):
        GET_ITEM.fetch_one({"id": value})


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("interval", "1 day"),
        ("timestamp", datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)),
        ("time", datetime.time(1, 2, tzinfo=datetime.UTC)),
        ("jsonb", {"a": math.nan}),
        ("json", [math.inf, None]),
    ],
)
def test_value_that_would_be_another_is_refused(kind: str, value: Any) -> None:
    assert isinstance(fail(kind, value, is_list=False), DataError)
    assert isinstance(fail(kind, [value], is_list=True), DataError)


def test_document_is_found_by_the_orm() -> None:
    run = make_run(metadata={})
    write = make(
        "write",
        "execrows",
        (Segment("UPDATE app.runs SET metadata = {metadata} WHERE id = {id}", line=1),),
        parameters=(Parameter("metadata", "jsonb"), Parameter("id", "uuid")),
    )
    with as_user(make_membership(tenant=run.project.tenant).user):
        write.execute({"metadata": {"host": "ä", "tries": [1, None]}, "id": run.pk})

    assert Run.objects.filter(pk=run.pk, metadata={"host": "ä", "tries": [1, None]}).exists()
