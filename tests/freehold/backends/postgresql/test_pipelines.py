"""How a service's statements travel: in one round trip, one a message, no value in a text, no name."""

from __future__ import annotations

import datetime
import decimal
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, NotSupportedError, ProgrammingError, connection, transaction
from django.db.backends.postgresql.psycopg_any import Jsonb
from django.db.models import Case, CharField, F, Q, Value, When
from django.db.models.functions import Concat, Lower, TruncDay
from psycopg import sql

from auth_app.models import User
from freehold.acting import acting
from freehold.acting.logins import using_login
from freehold.services import acting_as
from items.models import Item
from tests.auth_app.factories import make_user
from tests.freehold.backends.postgresql.test_contexts import ANN, AS_ANN, BEN, WHO, ask, ask_beside, opened
from tests.freehold.backends.postgresql.wire import tracing
from tests.items.factories import make_item

__all__ = ["opened"]  # the fixture
pytestmark = pytest.mark.postgresql

SECRET = "s3cret-of-a-statement"


# --- Nothing to read ------------------------------------------------------------------------------------------------
def run_statements(session: Any) -> None:
    """Send a value in each way that there is."""
    with session.cursor() as cursor:
        cursor.execute("SELECT %s::text", [SECRET])
        cursor.execute("SELECT %(name)s::text, 1", {"name": SECRET})
        cursor.executemany("SELECT %s::text", [(SECRET,), (SECRET,)])
    with transaction.atomic(using=session.alias), session.chunked_cursor() as cursor:
        cursor.execute("SELECT %s::text", [SECRET])
    with session.chunked_cursor() as cursor:
        cursor.execute("SELECT %s::text", [SECRET])
    list(User.objects.using(session.alias).filter(Q(email=SECRET) | Q(display_name__icontains=SECRET)).values("id"))


def test_no_value_stands_in_the_text_of_a_statement(opened: Any, tmp_path: Path) -> None:
    with tracing(opened, tmp_path) as wire, acting_as("api", ANN, request_id="r-of-a-request"):
        run_statements(opened)
    texts, values = wire.list_sent("Parse", "Query"), wire.list_sent("Bind")

    assert not [text for text in texts for value in (SECRET, ANN.user_id, "r-of-a-request") if value in text]
    assert len([each for each in values if SECRET in each]) == 7
    assert len([each for each in values if ANN.user_id in each]) > 5


def test_no_statement_has_a_name(opened: Any, tmp_path: Path) -> None:
    with tracing(opened, tmp_path) as wire, acting_as("api", ANN):
        run_statements(opened)

    parsed = wire.list_sent("Parse")
    assert parsed
    assert [line for line in parsed if not line.lstrip().startswith('"" ')] == []
    with acting(None):
        assert ask_beside(opened, "SELECT count(*) FROM pg_prepared_statements") == (0,)


def test_another_connection_of_the_login_reads_no_value(opened: Any) -> None:
    seen: list[Any] = []
    with using_login(opened, "postgres"), psycopg.connect(**get_parameters(opened), autocommit=True) as other:
        pid = int(ask(opened, "SELECT pg_backend_pid()")[0])
        with acting_as("api", ANN):
            for text in ("SELECT %s::text", "SELECT lower(%s)", "SELECT id FROM auth.user WHERE email = %s"):
                with opened.cursor() as cursor:
                    cursor.execute(text, [SECRET])
                seen += other.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone() or ()

    assert seen == ["SELECT $1::text", "SELECT lower($1)", "SELECT id FROM auth.user WHERE email = $1"]


def get_parameters(session: Any) -> dict[str, Any]:
    params = session.get_connection_params()
    return {key: params[key] for key in ("host", "port", "dbname", "user", "password", "passfile") if key in params}


# --- One round trip -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("at_once", [False, True])
def test_statement_and_what_sets_it_up_are_one_round_trip(opened: Any, tmp_path: Path, at_once: bool) -> None:
    ask(opened)
    if at_once:
        opened.set_autocommit(False)
    try:
        with tracing(opened, tmp_path) as wire, acting_as("api", ANN, request_id="r1"):
            assert ask(opened) == AS_ANN
    finally:
        if at_once:
            opened.rollback()
            opened.set_autocommit(True)

    assert len(wire.list_sent("Sync")) == 1
    assert len(wire.list_sent("Parse")) == (3 if at_once else 2)  # BEGIN, what sets it up, the statement
    assert wire.list_sent("Query") == []


def test_rows_of_values_are_one_round_trip_and_all_or_nothing(opened: Any, tmp_path: Path) -> None:
    with tracing(opened, tmp_path) as wire, acting_as("api", ANN), opened.cursor() as cursor:
        cursor.executemany("SELECT 1 / %s", [(1,), (2,), (3,)])
        assert cursor.rowcount == 3

    assert len(wire.list_sent("Sync")) == 1
    with acting_as("api"), opened.cursor() as cursor, pytest.raises(DatabaseError):
        cursor.executemany("SELECT 1 / %s", [(1,), (0,), (3,)])
    with acting_as("api", ANN, request_id="r1"):
        assert ask(opened) == AS_ANN


def test_no_rows_of_values_send_nothing(opened: Any, tmp_path: Path) -> None:
    with tracing(opened, tmp_path) as wire, acting_as("api"), opened.cursor() as cursor:
        cursor.executemany("SELECT %s", [])

    assert wire.list_sent("Parse") == []


# --- Values are of the type that they have in a text ----------------------------------------------------------------
VALUES: list[tuple[str, list[Any], Any]] = [
    ("SELECT %s", ["text"], "text"),
    ("SELECT %s", [7], 7),
    ("SELECT %s + %s", [30000, 30000], 60000),
    ("SELECT %s", [2**40], 2**40),
    ("SELECT %s", [2**70], 2**70),
    ("SELECT round(%s, 1)", [1.25], decimal.Decimal("1.3")),
    ("SELECT %s", [float("inf")], float("inf")),
    ("SELECT %s", [decimal.Decimal("1.50")], decimal.Decimal("1.50")),
    ("SELECT %s", [True], True),
    ("SELECT %s", [None], None),
    ("SELECT %s", [b"\x00\xff"], b"\x00\xff"),
    ("SELECT %s", [uuid.UUID(int=7)], uuid.UUID(int=7)),
    ("SELECT %s + %s", [datetime.date(2026, 1, 31), 1], datetime.date(2026, 2, 1)),
    ("SELECT %s - %s", [datetime.date(2026, 1, 31), datetime.date(2026, 1, 30)], 1),
    ("SELECT %s + %s", [datetime.datetime(2026, 1, 1), datetime.timedelta(1)], datetime.datetime(2026, 1, 2)),
    ("SELECT %s", [datetime.time(1, 2)], datetime.time(1, 2)),
    ("SELECT 3 = ANY (%s)", [[1, 2, 3]], True),
    ("SELECT 'b' = ANY (%s)", [["a", "b"]], True),
    ("SELECT %s", [["a", None]], "{a,NULL}"),
    ("SELECT %s", [[]], "{}"),
    ("SELECT %s -> %s", [Jsonb({"a": [1]}), "a"], "[1]"),
    ("SELECT %s #>> %s", [Jsonb({"a": [1]}), ["a", "0"]], "1"),
    ("SELECT '2026-01-01'::date + %s * interval '1 day'", [1], datetime.datetime(2026, 1, 2)),
    ("SELECT 'a' || %s", ["b"], "ab"),
    ("SELECT x FROM generate_series(1, %s) x LIMIT %s OFFSET %s", [9, 1, 4], 5),
    ("SELECT CASE WHEN %s THEN %s ELSE %s END", [True, "a", None], "a"),
    ("EXPLAIN (COSTS off) SELECT %s::int", [1], "Result"),
]


@pytest.mark.parametrize("at_once", [False, True])
@pytest.mark.parametrize(("query", "params", "expected"), VALUES, ids=[f"{q} {p!r}" for q, p, _ in VALUES])
def test_value_is_of_the_type_that_it_would_have_in_the_text(
    opened: Any, query: str, params: list[Any], expected: Any, at_once: bool
) -> None:
    with acting_as("api", ANN), transaction.atomic(using=opened.alias) if at_once else acting_as("api", ANN):
        (found,) = ask(opened, query, params)

    assert found == expected


def test_composed_statement_and_percent_signs_are_what_they_were(opened: Any) -> None:
    with acting_as("api"):
        composed = ask(opened, sql.SQL("SELECT {}, %s::text").format(sql.Literal(5)), ["%"])  # type: ignore[arg-type]

    assert composed == (5, "%")


def test_value_that_the_server_binds_nowhere_is_told_what_to_write(opened: Any) -> None:
    said = {}
    with acting_as("api"):
        for query, params in (
            ("SET LOCAL lock_timeout = %s", ["1s"]),
            ("SELECT INTERVAL %s", ["1 day"]),
            ("SELECT %s IS NULL", ["x"]),
            ("SELECT 1; SELECT 2", None),
        ):
            with pytest.raises(ProgrammingError) as caught:
                ask(opened, query, params)
            said[query] = str(caught.value)
            assert ask(opened)[0] == "api_rw"

    bound = (
        'syntax error at or near "$1": a service\'s values are bound by the server, which takes them inside SELECT, '
        "INSERT, UPDATE, DELETE, MERGE and VALUES: write set_config(%s, %s, true) for SET, %s::interval for INTERVAL "
        "%s, psycopg.sql.Identifier for a name"
    )
    assert said == {
        "SET LOCAL lock_timeout = %s": bound,
        "SELECT INTERVAL %s": bound,
        "SELECT %s IS NULL": "could not determine data type of parameter $1: the server binds a service's values and "
        "can't tell the type of this one: write it, as %s::text",
        "SELECT 1; SELECT 2": "cannot insert multiple commands into a prepared statement: a service sends one "
        "statement with each execute(): give each its own",
    }


def test_more_values_than_the_protocol_takes_are_told_what_to_write(opened: Any) -> None:
    marks = ", ".join(["%s"] * 65_536)
    with acting_as("api"), pytest.raises(ProgrammingError) as caught:
        ask(opened, f"SELECT 1 IN ({marks})", list(range(65_536)))
    with acting_as("api"):
        assert ask(opened, "SELECT 1 = ANY (%s)", [list(range(65_536))]) == (True,)

    assert str(caught.value) == (
        "the statement has 65,536 values, and the server takes 65,535 beside one: give them as one list, `= ANY (%s)` "
        "in place of `IN (…)`, or in several statements"
    )


# --- What goes another way ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("statement", ["COPY (SELECT 1) TO STDOUT", "  copy app.items TO STDOUT"])
def test_copy_by_execute_is_told_to_be_a_copy(opened: Any, statement: str) -> None:
    with acting_as("api"), pytest.raises(NotSupportedError) as caught:
        ask(opened, statement)
    with acting_as("api"):
        assert ask(opened)[0] == "api_rw"
        with opened.cursor() as cursor, cursor.copy("COPY (SELECT 1) TO STDOUT") as copy:
            assert [bytes(each) for each in copy] == [b"1\n"]

    assert str(caught.value) == 'COPY can\'t be sent by execute(): write `with cursor.copy("COPY …") as copy`'


def test_copy_in_a_comments_shadow_ends_the_connection_and_says_so(opened: Any) -> None:
    with acting_as("api"), pytest.raises(ProgrammingError) as caught:
        ask(opened, "/* rows */ COPY (SELECT 1) TO STDOUT")
    opened.close_if_unusable_or_obsolete()
    with acting_as("api"):
        assert ask(opened)[0] == "api_rw"

    assert str(caught.value) == 'COPY can\'t be sent by execute(): write `with cursor.copy("COPY …") as copy`'


def test_copy_with_values_is_told_that_they_would_be_read(opened: Any) -> None:
    with (
        acting_as("api"),
        opened.cursor() as cursor,
        pytest.raises(NotSupportedError) as caught,
        cursor.copy("COPY (SELECT %s) TO STDOUT", [SECRET]),
    ):
        pass

    assert str(caught.value) == (
        "COPY takes no values that the server binds, and a value in the text of a service's statement is read by "
        "others: copy rows in, or run a SELECT with its values by execute()"
    )


def test_transaction_may_begin_with_its_isolation_level(opened: Any) -> None:
    with acting_as("api", ANN, request_id="r1"), transaction.atomic(using=opened.alias):
        with opened.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
        assert ask(opened, "SHOW transaction_isolation") == ("serializable",)
        assert ask(opened) == AS_ANN

    with acting_as("api"), pytest.raises(DatabaseError) as caught, transaction.atomic(using=opened.alias):
        ask(opened, "/* late */ SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
    assert str(caught.value).endswith(
        ": let SET TRANSACTION be the first words of the transaction's first statement, or set isolation_level in "
        "OPTIONS of the database: what says who acts is a query"
    )


@pytest.mark.parametrize("end", ["COMMIT AND CHAIN", "ROLLBACK AND CHAIN"])
def test_transaction_that_begins_where_another_ends_is_told_again(opened: Any, end: str) -> None:
    with acting_as("api", ANN, request_id="r1"), transaction.atomic(using=opened.alias):
        ask(opened)
        with opened.cursor() as cursor:
            cursor.execute(end)

        assert ask(opened) == AS_ANN


def test_cursor_that_was_opened_for_nobody_is_not_a_services(opened: Any) -> None:
    with transaction.atomic(using=opened.alias):
        with acting(None):
            cursor = opened.chunked_cursor()
        with cursor, acting_as("api"), pytest.raises(NotSupportedError) as caught:
            cursor.execute("SELECT 1")

    assert str(caught.value).startswith("the cursor on the server was opened while no service acted: open it inside")


def test_names_of_statements_are_refused(opened: Any) -> None:
    opened.ensure_connection()
    opened.connection.prepare_threshold = 5
    with acting_as("api"), pytest.raises(NotSupportedError) as caught:
        ask(opened)

    assert str(caught.value).startswith("prepare_threshold gives statements names, which other code on the connection")


def test_owner_sends_several_statements_as_before(opened: Any) -> None:
    with using_login(opened, "postgres"), opened.cursor() as cursor:
        cursor.execute("SELECT 1; SELECT 2")

        assert cursor.fetchone() == (1,)


# --- The ORM --------------------------------------------------------------------------------------------------------
@pytest.fixture
def items(db: None) -> Iterator[list[Item]]:
    with acting_as("admin"):
        user = make_user()
        yield [
            make_item(user=user, name=name, price=price)
            for name, price in (("Anvil", 3), ("Bell", 30_000), ("Cup", 30_000))
        ]


def test_equal_values_of_one_expression_are_one_to_the_server(items: list[Item]) -> None:
    named = Item.objects.annotate(label=Concat(Lower("name"), Value("-"), Value("x"), output_field=CharField()))
    kinds = Case(When(price__gt=10, then=Value("dear")), When(name="Anvil", then=Value("old")), default=Value("cheap"))

    grouped = named.values("label").annotate(dear=F("label")).order_by("label").distinct()
    counted = Item.objects.annotate(kind=kinds).order_by(Concat("name", Value("-"), Value("-"))).distinct()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name || %s, count(*) FROM app.items GROUP BY name || %s ORDER BY name || %s", ["-", "-", "-"]
        )
        raw = cursor.fetchall()

    assert [each["label"] for each in grouped] == ["anvil-x", "bell-x", "cup-x"]
    assert [each.kind for each in counted] == ["old", "dear", "dear"]  # type: ignore[attr-defined]
    assert raw == [("Anvil-", 1), ("Bell-", 1), ("Cup-", 1)]


def test_items_are_written_counted_and_truncated(items: list[Item]) -> None:
    Item.objects.filter(price=F("price") * Value(1), name__in=["Bell", "Cup"]).update(price=F("price") + 20_000)
    Item.objects.bulk_update([Item(pk=items[0].pk, name="Awl", description="")], ["name", "description"])

    assert sorted(Item.objects.values_list("name", "price")) == [("Awl", 3), ("Bell", 50_000), ("Cup", 50_000)]
    assert Item.objects.dates("created_at", "day").count() == 1
    assert Item.objects.values(day=TruncDay("created_at")).distinct().count() == 1
    assert [each.name for each in Item.objects.order_by("name").iterator(chunk_size=1)] == ["Awl", "Bell", "Cup"]
    assert "Limit" in Item.objects.filter(name="Awl")[:1].explain()


def test_statement_that_another_principal_sends_next_is_the_others(opened: Any) -> None:
    with opened.cursor() as cursor:
        with acting_as("api", ANN, request_id="r1"):
            cursor.execute(WHO)
            first = cursor.fetchone()
        with acting_as("web", BEN, request_id="r2"):
            cursor.execute(WHO)

        assert first == AS_ANN
        assert cursor.fetchone()[:2] == ("web_rw", BEN.user_id)


# --- The commit at the end ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("login", ["all_rw", "admin_rw"])
@pytest.mark.parametrize("request_id", ["", "r1"])
@pytest.mark.parametrize("many", [False, True])
def test_deferred_constraint_that_a_commit_breaks_is_said(opened: Any, login: str, request_id: str, many: bool) -> None:
    statement = "INSERT INTO app.favorites (user_id, item_id) VALUES (%s, %s)"
    values = [uuid.uuid4(), uuid.uuid4()]
    opened.settings_dict["USER"] = login
    with acting_as("admin", request_id=request_id):
        with pytest.raises(IntegrityError), opened.cursor() as cursor:
            cursor.executemany(statement, [values, values]) if many else cursor.execute(statement, values)
        assert ask(opened, "SELECT count(*) FROM app.favorites") == (0,)
