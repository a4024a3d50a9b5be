"""Bootstrap on real servers, as a superuser and as a role with CREATEROLE: what it makes, mends and refuses."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest

from freehold.errors import OwnershipError
from freehold.ownership import Ownership
from freehold.passfile import PassfileError, list_entries
from freehold.rights import bootstrap as module
from freehold.rights.bootstrap import bootstrap
from tests.freehold.estates import (
    Parameters,
    get_catalogue,
    make_login,
    make_ownership,
    make_tag,
    open_database,
)

pytestmark = pytest.mark.postgresql


class Estate:
    """A database to bootstrap, a map for it, and the file that passwords go to."""

    def __init__(self, database: Parameters, tag: str, passfile: Path) -> None:
        self.database, self.tag, self.passfile = database, tag, passfile
        self.ownership: Ownership = make_ownership(tag)

    def bootstrap(self, admin: Parameters | None = None) -> list[str]:
        """Bootstrap as the superuser, or as the login whose parameters are given; give the lines without the tag."""
        parameters = {**(admin or self.database), "dbname": self.database["dbname"]}
        with psycopg.connect(**parameters, autocommit=True) as connection:
            done = bootstrap(connection, self.ownership, self.passfile)
        return [self.plain(line) for line in done]

    def refuse(self, admin: Parameters | None = None) -> str:
        """Bootstrap, which must fail; give the message without the tag."""
        with pytest.raises(OwnershipError) as caught:
            self.bootstrap(admin)
        return self.plain(str(caught.value))

    def plain(self, text: str) -> str:
        """Give a text with the names as they would be without a tag."""
        return text.replace(f"_{self.tag}", "")

    def execute(self, statement: str) -> list[tuple[object, ...]]:
        """Run a statement as the superuser; `@` in it stands for the tag."""
        with psycopg.connect(**self.database, autocommit=True) as connection:
            cursor = connection.execute(statement.replace("@", f"_{self.tag}"))
            return cursor.fetchall() if cursor.description else []

    @property
    def catalogue(self) -> set[tuple[object, ...]]:
        """All that a bootstrap can change, without the tag."""
        return {tuple(self.plain(str(value)) for value in row) for row in get_catalogue(self.database, self.tag)}


@pytest.fixture
def estate(server: Parameters, tmp_path: Path) -> Iterator[Estate]:
    """A database of the superuser's that nothing was done to."""
    tag = make_tag()
    with open_database(server, tag) as database:
        yield Estate(database, tag, tmp_path / "pgpass")


@pytest.fixture(scope="module")
def made(server: Parameters, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    """A database that is bootstrapped, shared by tests that leave it so."""
    tag = make_tag()
    with open_database(server, tag) as database:
        estate = Estate(database, tag, tmp_path_factory.mktemp("made") / "pgpass")
        estate.bootstrap()
        yield estate


@pytest.fixture
def keeper(server: Parameters, estate: Estate) -> Parameters:
    """A login with CREATEROLE that owns the estate's database and is no superuser."""
    login = make_login(server, f"keeper_{estate.tag}", "CREATEROLE")
    estate.execute(f"ALTER DATABASE {estate.database['dbname']} OWNER TO keeper@")
    return login


HIDDEN = [
    "show what farm does to no other connection of it",
    "show what mill does to no other connection of it",
    *(
        line
        for what in (
            "USAGE on language plpgsql",
            "EXECUTE on pg_catalog.lo_creat(integer)",
            "EXECUTE on pg_catalog.lo_create(oid)",
            "EXECUTE on pg_catalog.lo_from_bytea(oid, bytea)",
        )
        for line in (
            *(f"grant {what} to {owner}" for owner in ("field", "steward", "wood")),
            f"revoke {what} from PUBLIC",
        )
    ),
]


# --- What it makes -----------------------------------------------------------------------------------------------
def test_bootstrap_of_an_empty_database_says_what_it_made(estate: Estate) -> None:
    assert estate.bootstrap() == [
        "create role field",
        "create role wood",
        "create login farm",
        "create login mill",
        "create login steward",
        "let steward become field",
        "let steward become wood",
        "let steward see what is in its way",
        "create schema field, owned by field",
        "describe schema field: what grows",
        "hand schema public from pg_database_owner to steward",
        "create schema wood, owned by wood",
        "set idle_in_transaction_session_timeout of farm: 60s",
        "set lock_timeout of farm: 10s",
        "set search_path of farm: field, public",
        "set statement_timeout of farm: 60s",
        "set idle_in_transaction_session_timeout of mill: 60s",
        "set lock_timeout of mill: 10s",
        "set statement_timeout of mill: 60s",
        "set search_path of steward: public",
        "grant CONNECT on database estate to farm",
        "grant CONNECT on database estate to mill",
        "grant CONNECT on database estate to steward",
        "grant USAGE on schema field to farm",
        "grant USAGE on schema field to mill",
        "grant USAGE on schema field to wood",
        "grant USAGE on schema wood to mill",
        "revoke EXECUTE from PUBLIC on functions that field makes",
        "revoke EXECUTE from PUBLIC on functions that steward makes",
        "revoke EXECUTE from PUBLIC on functions that wood makes",
        "revoke CONNECT, TEMPORARY on database estate from PUBLIC",
        *HIDDEN,
    ]


def test_second_bootstrap_finds_nothing_to_do(estate: Estate) -> None:
    estate.bootstrap()
    before = estate.catalogue

    assert estate.bootstrap() == []
    assert estate.catalogue == before


def test_bootstrap_with_createrole_makes_what_a_superuser_makes(
    server: Parameters, estate: Estate, keeper: Parameters
) -> None:
    done = estate.bootstrap(keeper)
    as_keeper = {row for row in estate.catalogue if "keeper" not in str(row)}
    assert estate.bootstrap(keeper) == []
    more = ["let steward see what is in its way", *HIDDEN]  # only a superuser can
    assert estate.bootstrap() == more
    assert estate.bootstrap() == []

    tag = make_tag()
    with open_database(server, tag) as database:
        other = Estate(database, tag, estate.passfile)
        assert sorted(other.bootstrap()) == sorted(done + more)
        as_superuser = {without_hiding(row) for row in other.catalogue if "pg_read_all_stats" not in row} - {None}
    assert as_keeper == as_superuser


def without_hiding(row: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """Give a row of the catalogue without what a superuser alone sets; None for one that says nothing else."""
    if row[-1] == "{track_activities=off}":
        return None
    return tuple(part.replace(",track_activities=off", "") if isinstance(part, str) else part for part in row)


def test_admin_with_createrole_can_become_nobody_afterwards(estate: Estate, keeper: Parameters) -> None:
    estate.bootstrap(keeper)

    with psycopg.connect(**{**keeper, "dbname": estate.database["dbname"]}, autocommit=True) as session:
        for role in ("field", "wood", "steward"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege) as caught:
                session.execute(f"SET ROLE {role}_{estate.tag}")
            assert estate.plain(str(caught.value)) == f'permission denied to set role "{role}"'


def test_logins_enter_with_the_passwords_in_the_file(estate: Estate) -> None:
    estate.bootstrap()

    logins = [entry.user for entry in list_entries(estate.passfile)]
    assert [estate.plain(login) for login in logins] == ["farm", "mill", "steward"]
    for login in logins:
        with psycopg.connect(**{**estate.database, "user": login, "passfile": str(estate.passfile)}) as session:
            assert session.execute("SELECT current_user").fetchone() == (login,)
    assert estate.passfile.stat().st_mode & 0o777 == 0o600


def test_concurrent_bootstraps_of_one_database_make_it_once(estate: Estate) -> None:
    with ThreadPoolExecutor(4) as pool:
        counts = [len(done.result()) for done in [pool.submit(estate.bootstrap) for _ in range(4)]]

    assert sorted(counts) == [0, 0, 0, 49]
    assert estate.bootstrap() == []


def test_concurrent_bootstraps_of_two_databases_share_the_roles(estate: Estate, tmp_path: Path) -> None:
    with open_database(estate.database, make_tag()) as database:
        other = Estate(database, estate.tag, estate.passfile)
        with ThreadPoolExecutor(4) as pool:
            for done in [pool.submit(each.bootstrap) for each in (estate, other, estate, other)]:
                done.result()

        assert [estate.bootstrap(), other.bootstrap()] == [[], []]


# --- What it mends -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("ALTER ROLE farm@ CREATEDB", "alter role farm: NOCREATEDB"),
        ("ALTER ROLE field@ LOGIN", "alter role field: NOLOGIN"),
        ("ALTER ROLE mill@ SUPERUSER", "alter role mill: NOSUPERUSER"),
        ("ALTER ROLE mill@ NOLOGIN", "alter role mill: LOGIN"),
        ("ALTER ROLE mill@ CONNECTION LIMIT 99", "alter role mill: CONNECTION LIMIT 40"),
        ("ALTER ROLE field@ CONNECTION LIMIT 1", "alter role field: CONNECTION LIMIT -1"),
        ("ALTER ROLE mill@ IN DATABASE estate@ SET lock_timeout = 0", "set lock_timeout of mill: 10s"),
        ("ALTER ROLE mill@ IN DATABASE estate@ SET statement_timeout = 1", "set statement_timeout of mill: 60s"),
        ("ALTER ROLE steward@ INHERIT", "alter role steward: NOINHERIT"),
        ("REVOKE wood@ FROM steward@", "let steward become wood"),
        ("ALTER SCHEMA wood OWNER TO postgres", "hand schema wood from postgres to wood"),
        ("GRANT CREATE ON SCHEMA public TO PUBLIC", "revoke CREATE on schema public from PUBLIC"),
        ("GRANT USAGE ON SCHEMA wood TO PUBLIC", "revoke USAGE on schema wood from PUBLIC"),
        ("REVOKE USAGE ON SCHEMA field FROM farm@", "grant USAGE on schema field to farm"),
        ("COMMENT ON SCHEMA field IS 'x'", "describe schema field: what grows"),
        ("DROP SCHEMA wood", "create schema wood, owned by wood"),
        ("ALTER ROLE steward@ IN DATABASE estate@ RESET search_path", "set search_path of steward: public"),
        (
            "ALTER DEFAULT PRIVILEGES FOR ROLE field@ GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
            "revoke EXECUTE from PUBLIC on functions that field makes",
        ),
    ],
)
def test_bootstrap_mends_what_was_changed_by_hand(damage: str, said: str, made: Estate) -> None:
    before = made.catalogue
    made.execute(damage)

    done = made.bootstrap()

    assert said in done
    assert len(done) == 1 or damage.startswith("DROP")
    assert made.catalogue == before
    assert made.bootstrap() == []


def test_bootstrap_leaves_rights_on_tables_to_those_who_know_their_policies(made: Estate) -> None:
    made.execute("SET ROLE field@; CREATE TABLE field.plot (id int)")

    assert made.bootstrap() == []
    assert made.execute("SELECT relacl FROM pg_catalog.pg_class WHERE oid = 'field.plot'::regclass") == [(None,)]
    made.execute("DROP TABLE field.plot")


def test_bootstrap_takes_new_functions_from_everyone(made: Estate) -> None:
    made.execute("CREATE FUNCTION field.yield_of(int) RETURNS int LANGUAGE sql AS 'SELECT 1'")
    made.execute("ALTER FUNCTION field.yield_of OWNER TO field@")

    assert made.bootstrap() == [
        "grant EXECUTE on field.yield_of(integer) to farm",
        "revoke EXECUTE on field.yield_of(integer) from PUBLIC",
    ]


# --- What it refuses ---------------------------------------------------------------------------------------------
END = "nothing was changed. Run it as a superuser, or as the owner of the database with CREATEROLE"


def assert_untouched(estate: Estate) -> None:
    """See that no role of the map, no schema and no password is left behind."""
    assert {row[1] for row in estate.catalogue if row[0] == "role"} <= {"keeper"}
    assert {row[1] for row in estate.catalogue if row[0] == "schema"} == {"public of pg_database_owner"}
    assert list_entries(estate.passfile) == []


def test_admin_without_createrole_is_refused_and_nothing_changed(server: Parameters, estate: Estate) -> None:
    login = make_login(server, f"keeper_{estate.tag}")

    assert estate.refuse(login) == (
        f"bootstrap as keeper could not create role field: that needs CREATEROLE (permission denied to create role); "
        f"{END}"
    )
    assert_untouched(estate)


def test_admin_who_does_not_own_the_database_is_refused_and_nothing_changed(server: Parameters, estate: Estate) -> None:
    login = make_login(server, f"keeper_{estate.tag}", "CREATEROLE")

    assert estate.refuse(login) == (
        "bootstrap as keeper could not create schema field, owned by field: that needs CREATE on database estate "
        f"(permission denied for database estate); {END}"
    )
    assert {row[1] for row in estate.catalogue if row[0] == "role"} == {"keeper"}
    assert {row[1] for row in estate.catalogue if row[0] == "schema"} == {"public of pg_database_owner"}


def test_roles_that_another_made_are_refused_from_16_on_where_admin_lacks_them(
    estate: Estate, keeper: Parameters
) -> None:
    estate.execute("CREATE ROLE field@ NOINHERIT")
    estate.execute("CREATE ROLE wood@ NOINHERIT CREATEDB")
    if estate.execute("SHOW server_version_num")[0][0] < "160000":
        assert "let steward become wood" in estate.bootstrap(keeper)
        return

    message = estate.refuse(keeper)

    assert message.startswith(
        "bootstrap as keeper could not let steward become field: that needs CREATEROLE and, from PostgreSQL 16, "
        "ADMIN OPTION on field ("
    )
    assert message.endswith(END)


def test_admin_that_is_a_role_of_the_map_is_refused(estate: Estate) -> None:
    login = make_login(estate.database, f"steward_{estate.tag}", "CREATEROLE")

    assert estate.refuse(login) == (
        "steward is a role of the ownership map, which may make no roles: name a superuser, or the database's owner "
        "with CREATEROLE, e.g. --admin-url postgresql://postgres@127.0.0.1/"
    )


def test_server_that_is_too_old_is_refused(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "OLDEST", 990000)
    major = int(str(estate.execute("SHOW server_version_num")[0][0])) // 10000

    assert estate.refuse() == (f"the server is PostgreSQL {major}, and PostgreSQL 15 or newer is needed: upgrade it")
    assert_untouched(estate)


def test_password_file_that_cannot_be_written_leaves_nothing_behind(estate: Estate, tmp_path: Path) -> None:
    estate.passfile = tmp_path  # a directory

    with pytest.raises(PassfileError) as caught:
        estate.bootstrap()

    assert str(caught.value) == f"{tmp_path} can't be written (Is a directory): see who owns it and its directory"

    assert {row[1] for row in estate.catalogue if row[0] == "role"} == set()
