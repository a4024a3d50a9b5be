"""Tickets: proofs that the database seals, for one service and some minutes. Tried as the services they are for."""

from __future__ import annotations

import time
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors

from auth_app.proofs import get_proof, get_row_key
from tests.tickets import Value, Vault, ask, making_copy, show

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db, pytest.mark.once]
SEAL = "SELECT auth.seal_ticket(%s, %s, %s, %s, %s)"
WRITE = "SELECT auth.write_ticket('user', %s, NULL, 'api_rw', 10, NULL)"
DELEGATE = "SELECT auth.delegate_ticket(%s, %s)"
TENANT = "SELECT auth.tenant_of_ticket()"
SOMEBODY = str(uuid4())


# --- What is good ----------------------------------------------------------------------------------------------------
def test_ticket_shows_its_user_to_its_service(vault: Vault, user: str, api: psycopg.Connection) -> None:
    assert show(api, vault.seal(user)) == user
    assert ask(api, TENANT) == ""


def test_ticket_is_for_the_role_that_a_process_of_all_became(vault: Vault, user: str) -> None:
    session, ticket = vault.connect("all_rw"), vault.seal(user)
    for role, found in (("api_rw", user), ("web_rw", ""), ("admin_rw", "")):
        session.execute(f"SET ROLE {role}")
        assert show(session, ticket) == found


def test_tenant_that_a_user_chose_is_not_proven(vault: Vault, user: str, api: psycopg.Connection) -> None:
    assert show(api, vault.seal(user, tenant=SOMEBODY)) == user
    assert ask(api, TENANT) == ""


@pytest.mark.parametrize("has_user", [True, False])
def test_ticket_of_an_api_key_proves_its_tenant(
    vault: Vault, user: str, api: psycopg.Connection, has_user: bool
) -> None:
    found = show(api, vault.seal(user if has_user else "", kind="api_key", tenant=SOMEBODY))

    assert (found, ask(api, TENANT)) == (user if has_user else "", SOMEBODY)


def test_ids_in_capitals_are_taken(vault: Vault, user: str, api: psycopg.Connection) -> None:
    assert show(api, vault.seal(user.upper())) == user


def test_policies_of_a_statement_ask_in_parallel_workers_too(vault: Vault, user: str, api: psycopg.Connection) -> None:
    show(api, vault.seal(user))
    api.execute(
        "SET debug_parallel_query = on" if api.info.server_version >= 160000 else "SET force_parallel_mode = on"
    )

    assert ask(api, "SELECT auth.user_of_ticket()") == user


# --- What a ticket is made of ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("minutes", [0, -1, 61, 2**31 - 1, None])
def test_minutes_out_of_bounds_are_refused(vault: Vault, user: str, minutes: Value) -> None:
    with pytest.raises(errors.InvalidParameterValue, match=r"a ticket lasts 1 to 60 minutes, and .* were asked for"):
        vault.ask(SEAL, "user", user, "", "api_rw", minutes)


@pytest.mark.parametrize("kind", ["session", "", "User", "api_key", None, "ticket", "x" * 1000])
def test_kind_that_nobody_is_named_for_is_refused(vault: Vault, user: str, kind: Value) -> None:
    with pytest.raises(errors.InvalidParameterValue, match="a ticket is for a user with an id or for an api_key with"):
        vault.ask(SEAL, kind, user, "", "api_rw", 10)


@pytest.mark.parametrize("name", ["1", "x" * 10_000_000, "{0}", "0" * 36, " {0} ", "{0}\n", "'"])
@pytest.mark.parametrize("place", [1, 2])
def test_id_that_is_no_uuid_is_refused(vault: Vault, user: str, name: str, place: int) -> None:
    values: list[Value] = ["api_key", user, SOMEBODY, "api_rw", 10]
    values[place] = name.replace("{0}", "{" + user + "}") if name == "{0}" else name.format(user)

    with pytest.raises(errors.InvalidParameterValue, match=r"(?s)the ids of a ticket are UUIDs, and .* is none"):
        vault.ask(SEAL, *values)


@pytest.mark.parametrize("service", ["", "nobody_rw", "API_RW", '"api_rw"', "api_rw.1", "16384", "api_rw ", None])
def test_service_that_is_no_role_is_refused(vault: Vault, user: str, service: Value) -> None:
    with pytest.raises(errors.InvalidParameterValue, match=r"a ticket is for a service, and .* is the name of no role"):
        vault.ask(SEAL, "user", user, "", service, 10)


def test_user_who_is_not_there_or_not_active_is_refused(vault: Vault, user: str) -> None:
    vault.root.execute('UPDATE auth."user" SET is_active = false WHERE id = %s', [user])
    for named in (user, SOMEBODY):
        with pytest.raises(errors.InvalidParameterValue, match=r"a ticket is for an active user, and .* is none"):
            vault.seal(named)


# --- What was one ----------------------------------------------------------------------------------------------------
def test_ticket_for_another_service_shows_nobody(vault: Vault, user: str, api: psycopg.Connection) -> None:
    assert show(api, vault.seal(user, "web_rw")) == ""
    assert show(vault.connect("web_rw"), vault.seal(user)) == ""


def test_ticket_that_ended_shows_nobody(vault: Vault, user: str, api: psycopg.Connection) -> None:
    for seconds, found in ((5, user), (0, ""), (-1, ""), (-86400, "")):
        assert show(api, write_ticket(vault, user, seconds)) == found


def write_ticket(vault: Vault, user: str, seconds: int) -> str:
    """Give a ticket that ends at a time of the owner's choice."""
    latest = f"clock_timestamp() + interval '{seconds} seconds'"
    return vault.ask(f"SELECT auth.write_ticket('user', %s, NULL, 'api_rw', 10, {latest})", user)


def test_ticket_that_ends_in_mid_transaction_is_good_to_its_end(
    vault: Vault, user: str, api: psycopg.Connection
) -> None:
    ticket = write_ticket(vault, user, 2)
    with api.transaction():
        assert show(api, ticket) == user
        time.sleep(2.1)
        assert ask(api, "SELECT auth.user_of_ticket()") == user

    assert show(api, ticket) == ""


def test_ticket_of_a_key_that_was_rotated_out_shows_nobody(vault: Vault, user: str, api: psycopg.Connection) -> None:
    ticket = vault.seal(user)
    vault.ask("SELECT seal.rotate_key(interval '1 hour')")
    assert show(api, ticket) == user

    vault.ask("SELECT seal.rotate_key(interval '0')")
    assert show(api, ticket) == ""


def test_ticket_of_a_user_with_another_password_shows_nobody(vault: Vault, user: str, api: psycopg.Connection) -> None:
    tickets = vault.seal(user), vault.seal(user, kind="api_key", tenant=SOMEBODY)
    vault.root.execute("UPDATE auth.\"user\" SET password = password || 'x' WHERE id = %s", [user])

    assert [(show(api, each), ask(api, TENANT)) for each in tickets] == [("", ""), ("", "")]


def test_ticket_of_a_user_who_was_deactivated_shows_nobody_from_the_next_statement_on(
    vault: Vault, user: str, api: psycopg.Connection
) -> None:
    tickets = vault.seal(user), vault.seal(user, kind="api_key", tenant=SOMEBODY)
    with api.transaction():
        assert show(api, tickets[0]) == user
        vault.root.execute('UPDATE auth."user" SET is_active = false WHERE id = %s', [user])

        assert [(show(api, each), ask(api, TENANT)) for each in tickets] == [("", ""), ("", "")]
        assert ask(api, DELEGATE, "api_rw", 10) == ""


def test_ticket_of_the_original_shows_nobody_in_a_copy(vault: Vault, user: str) -> None:
    ticket = vault.seal(user)
    vault.close()
    with making_copy(vault.name, "copied") as copy:
        assert show(copy.connect("api_rw"), ticket) == ""
        assert show(copy.connect("api_rw"), copy.seal(user)) == user


# --- Delegated -------------------------------------------------------------------------------------------------------
def test_ticket_makes_another_for_its_own_user_alone(vault: Vault, user: str, api: psycopg.Connection) -> None:
    show(api, vault.seal(user))

    made = ask(api, DELEGATE, "web_rw", 10)

    assert show(vault.connect("web_rw"), made) == user
    assert show(api, made) == ""


def test_ticket_of_an_api_key_makes_another_for_its_tenant(vault: Vault, api: psycopg.Connection) -> None:
    show(api, vault.seal("", kind="api_key", tenant=SOMEBODY))

    made = ask(api, DELEGATE, "api_rw", 10)

    assert (show(api, made), ask(api, TENANT)) == ("", SOMEBODY)


def test_ticket_of_a_ticket_ends_with_it(vault: Vault, user: str, api: psycopg.Connection) -> None:
    ticket = vault.seal(user, minutes=5)
    for _ in range(3):
        show(api, ticket)
        made = ask(api, DELEGATE, "api_rw", 60)
        assert made.split(".")[5] == ticket.split(".")[5]
        ticket = made
    assert int(ask(api, DELEGATE, "api_rw", 1).split(".")[5]) < int(ticket.split(".")[5])


def test_delegated_ticket_has_bounds_too(vault: Vault, user: str, api: psycopg.Connection) -> None:
    show(api, vault.seal(user))
    for service, minutes in (("api_rw", 0), ("api_rw", 61), ("nobody", 10), (None, 10), ("api_rw", None)):
        with pytest.raises(errors.InvalidParameterValue, match="a ticket "):
            ask(api, DELEGATE, service, minutes)


def test_session_makes_a_ticket_for_its_user(vault: Vault, user: str, api: psycopg.Connection) -> None:
    proof = get_proof("a key of a test's own")
    vault.root.execute(
        "INSERT INTO auth.session (session_key, session_data, expire_date, user_id) "
        "VALUES (%s, 'e30:x:y', now() + interval '1 day', %s)",
        [get_row_key(proof), user],
    )
    show(api, f"session:{proof}")

    assert show(api, ask(api, DELEGATE, "api_rw", 10)) == user


# --- Nobody else makes one -------------------------------------------------------------------------------------------
def test_service_seals_for_nobody_else(vault: Vault, user: str, api: psycopg.Connection) -> None:
    show(api, vault.seal(user))
    other = vault.ask('SELECT id FROM auth."user" WHERE id <> %s', user)
    for query, values in (
        (SEAL, ("user", other, "", "api_rw", 10)),
        (SEAL, ("user", user, "", "api_rw", 10)),
        (WRITE, (other,)),
        ("SELECT seal.sign(%s)", (f"1.user.{other}..api_rw.9999999999.0000000000000000",)),
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            api.execute(query, values)


@pytest.mark.parametrize("login", ["web_rw", "api_rw", "admin_rw"])
def test_no_service_seals_whatever_it_writes(vault: Vault, user: str, login: str) -> None:
    session = vault.connect(login)
    for query, values in (
        (SEAL, ("user", user, "", login, 10)),
        (WRITE, (user,)),
        ("CREATE FUNCTION auth.mine() RETURNS text LANGUAGE sql AS $$ SELECT seal.sign('1') $$", ()),
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            session.execute(query, values)


def test_process_of_all_seals_before_it_becomes_a_service_and_not_after(vault: Vault, user: str) -> None:
    session = vault.connect("all_rw")
    with session.transaction():
        ticket = ask(session, SEAL, "user", user, "", "api_rw", 10)
        session.execute("SET LOCAL ROLE api_rw")
        assert show(session, ticket) == user

        with pytest.raises(errors.InsufficientPrivilege):
            session.execute(SEAL, ["user", user, "", "api_rw", 10])


def test_writing_a_ticket_takes_the_right_to_sign(vault: Vault, user: str) -> None:
    vault.root.execute("GRANT EXECUTE ON FUNCTION auth.write_ticket TO web_rw")

    with pytest.raises(errors.InsufficientPrivilege, match="permission denied for schema seal"):
        vault.connect("web_rw").execute(WRITE, [user])
