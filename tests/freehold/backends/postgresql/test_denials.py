"""What only PostgreSQL refuses, what it says no more of, and what stays as the server said it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from psycopg import sql

from auth_app.models import User
from freehold.acting import Acting, Rights, acting
from freehold.backends.mentions import StatementWords
from freehold.services import acting_as
from master.models import Category
from tests.freehold.backends.test_refusals import AUTH, MASTER, NO_WRITE, SHARES, of_user, refuse, run_sql
from tests.freehold.estates import get_server
from tests.items.factories import make_item

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]

NO_STRUCTURE = "a service changes rows and no structure; write a migration, which runs as the schema's owner"
AROUND = "which goes around its rights; do it as the owner, in a migration or inside freehold.acting.acting(None)"
LOCK = f"service api can't lock rows of master.categories, which belongs to {MASTER}; {NO_WRITE}"
CALL = f"which belongs to {AUTH}; list it under call of a contract of auth with api"
ALL = (
    f"service api can't read all of auth.user, which belongs to {AUTH}; add the column to the contract of auth with "
    f"api, {SHARES}"
)

RAW = {
    "everything": ("SELECT * FROM auth.user", of_user("created_at")),
    "everything of an alias": ("SELECT i.id, u.* FROM app.items i JOIN auth.user u ON true", of_user("created_at")),
    "alias": ("SELECT u.id, u.is_staff FROM auth.user AS u", of_user("is_staff")),
    "no name that is sure": ("SELECT u FROM auth.user u", ALL),
    "column that could be another's": ("SELECT password FROM app.items i JOIN auth.user u ON true", ALL),
    "lock": ("SELECT id FROM master.categories FOR UPDATE", LOCK),
    "lock of a contract's": (
        'SELECT id FROM auth."user" FOR NO KEY UPDATE',
        f"service api can't lock rows of auth.user, which belongs to {AUTH}; {NO_WRITE}",
    ),
    "function": ("SELECT auth.end_sessions()", f"service api can't call auth.end_sessions(), {CALL}"),
    "function in an argument": (
        "SELECT * FROM app.items WHERE user_id = auth.end_sessions()::text::uuid",
        f"service api can't call auth.end_sessions(), {CALL}",
    ),
    "sequence": (
        "SELECT nextval('auth.user_groups_id_seq')",
        f"service api can't take a number from a sequence of auth.user_groups, which belongs to {AUTH}; {NO_WRITE}",
    ),
    "truncate": ("TRUNCATE app.items", f"service api can't truncate app.items: {NO_STRUCTURE}"),
    "alter": ("ALTER TABLE auth.user ADD x int", f"service api can't alter table auth.user: {NO_STRUCTURE}"),
    "schema": ("CREATE SCHEMA x", f"service api can't create schema x: {NO_STRUCTURE}"),
    "temporary table": ("CREATE TEMPORARY TABLE x ()", f"service api can't create table x: {NO_STRUCTURE}"),
    "grant": ("GRANT SELECT ON auth.user TO PUBLIC", f"service api can't grant auth.user: {NO_STRUCTURE}"),
    "role": ("SET ROLE auth_owner", f'service api can\'t set role "auth_owner", {AROUND}'),
    "setting": (
        "SET session_replication_role TO replica",
        f'service api can\'t set parameter "session_replication_role", {AROUND}',
    ),
    "table without a schema": (
        "SELECT name FROM django_migrations",
        "service api can't read django_migrations, which belongs to migrator; share its columns with api in a contract"
        ", or call a function of its owner",
    ),
}


@pytest.mark.parametrize("case", RAW)
def test_raw_statement_is_refused_in_words(case: str) -> None:
    statement, words = RAW[case]
    with acting_as("api"):
        assert str(refuse(lambda: run_sql(statement))) == words


def test_function_in_a_schema_that_is_closed_is_told_as_a_function() -> None:
    with acting_as("web"):
        error = refuse(lambda: run_sql("SELECT app.list_tenants_of_user(%s)", [["owner"]]))

    assert str(error) == (
        "service web can't call app.list_tenants_of_user(), which belongs to app_owner (service api); list it under "
        "call of a contract of app with web"
    )


def test_cause_is_postgresqls_own_error_and_no_value_is_told() -> None:
    with acting_as("api"):
        error = refuse(lambda: run_sql("SELECT id FROM auth.user WHERE password = %s", ["hunter2"]))

    assert isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege)
    assert error.__cause__.sqlstate == "42501"
    assert str(error) == of_user("password")


def test_composed_statement_is_read_too() -> None:
    query = sql.SQL("SELECT {} FROM {}").format(sql.Identifier("password"), sql.Identifier("auth", "user"))
    with acting_as("api"):
        assert str(refuse(lambda: run_sql(query))) == of_user("password")  # type: ignore[arg-type]


def test_server_side_cursor_is_refused_in_words() -> None:
    with acting_as("api"):
        assert str(refuse(lambda: list(User.objects.iterator(2)))) == of_user("created_at")


def test_what_the_map_allows_and_the_database_refuses_is_called_so() -> None:
    with acting_as("api"), transaction.atomic():
        broken = Acting("api", "api_rw", Rights(frozenset({"auth", "app"}), frozenset({"auth", "app"})))
        with acting(broken):
            error = refuse(lambda: run_sql("SELECT session_key FROM auth.session"))

    assert str(error) == (
        "service api is refused auth.session, which the ownership map lets it use; see with manage.py ownership check "
        "what the database holds otherwise, and mend it with manage.py ownership apply"
    )


@contextmanager
def calling(body: str) -> Iterator[str]:
    """Give a call of a function with that body, which whoever calls it runs with rights of their own."""
    with psycopg.connect(**{**get_server(), "dbname": connection.settings_dict["NAME"]}, autocommit=True) as owner:
        owner.execute(f"CREATE FUNCTION app.reach() RETURNS void LANGUAGE plpgsql AS '{body}'")  # type: ignore[call-overload]
        owner.execute("GRANT EXECUTE ON FUNCTION app.reach() TO api_rw")
        try:
            yield "SELECT app.reach()"
        finally:
            owner.execute("DROP FUNCTION app.reach()")


def test_what_a_function_reached_is_told_as_such() -> None:
    with calling("BEGIN PERFORM password FROM auth.user; END") as text, acting_as("api"):
        error = refuse(lambda: run_sql(text))

    assert str(error) == (
        "service api was refused inside a function or the check of a foreign key (permission denied for table user); "
        "see with manage.py ownership explain who may do that, and with manage.py ownership check what differs from "
        "the map"
    )


def test_what_a_function_raises_stays_as_it_is() -> None:
    body = "BEGIN RAISE ''not today'' USING ERRCODE = ''insufficient_privilege''; END"
    with calling(body) as text, acting_as("api"), pytest.raises(ProgrammingError) as caught, transaction.atomic():
        run_sql(text)

    assert type(caught.value) is ProgrammingError
    assert str(caught.value).startswith("not today")


def test_login_that_cannot_become_the_service_is_told_to_bootstrap() -> None:
    with acting(Acting("keeper", "postgres")):
        error = refuse(lambda: run_sql("SELECT 1"))

    assert str(error) == (
        "this connection's login can't act as service keeper: it may not become postgres; make the roles of the "
        "ownership map with manage.py ownership bootstrap"
    )


def test_other_errors_and_owners_keep_postgresqls_words() -> None:
    with acting_as("api"), pytest.raises(ProgrammingError) as missing, transaction.atomic():
        run_sql("SELECT 1 FROM app.nowhere")
    with acting(None), pytest.raises(ProgrammingError) as nobody, transaction.atomic():
        run_sql("SELECT 1 FROM auth.user")

    assert 'relation "app.nowhere" does not exist' in str(missing.value)
    assert type(nobody.value) is ProgrammingError
    assert "permission denied for table user" in str(nobody.value)


def test_foreign_key_that_the_database_holds_stays_an_integrity_error() -> None:
    item = make_item()
    with acting_as("admin"), transaction.atomic():
        Category.objects.filter(pk=item.category_id).delete()
        with pytest.raises(IntegrityError), transaction.atomic():
            run_sql("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


# --- Reading a statement --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("SELECT 'auth.user.password' FROM auth.user", []),
        ("SELECT id -- password\nFROM auth.user", ["id"]),
        ("SELECT id * id FROM auth.user", ["id", "id"]),
        ("SELECT count(*) FROM auth.user", []),
        ('SELECT "auth"."user"."id" FROM "auth"."user" WHERE "auth"."user"."email" = %s', ["id", "email"]),
        ('SELECT T4."email" FROM "app"."items" INNER JOIN "auth"."user" T4 ON (T4."id" = %s)', ["email", "id"]),
        ("SELECT 'no end FROM auth.user", []),
    ],
)
def test_columns_of_a_statement_are_those_that_it_names(text: str, columns: list[str]) -> None:
    found = StatementWords(text, {"auth", "app"}).iter_columns("auth.user", ["id", "email", "password"])

    assert list(found) == columns


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("WITH x AS (SELECT 1) INSERT INTO auth.user SELECT * FROM x", "insert into"),
        ("INSERT INTO app.items SELECT * FROM auth.user", ""),
        ("DELETE FROM ONLY auth.user", "delete from"),
        ("MERGE INTO auth.user u USING app.items i ON true WHEN MATCHED THEN DELETE", "merge into"),
        ("SELECT 1 FROM app.items FOR NO KEY UPDATE", ""),
        ("COPY auth.user TO STDOUT", ""),
        ("LOCK auth.user", "lock"),
    ],
)
def test_write_of_a_statement_is_the_one_to_that_table(text: str, verb: str) -> None:
    assert StatementWords(text, {"auth", "app"}).find_write("auth.user") == verb


def test_copy_is_refused_in_words() -> None:
    with (
        acting_as("api"),
        pytest.raises(ProgrammingError) as caught,
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy("COPY auth.user (email) FROM STDIN"),
    ):
        pass

    assert str(caught.value) == f"service api can't copy into auth.user, which belongs to {AUTH}; {NO_WRITE}"
