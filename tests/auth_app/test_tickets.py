"""Tickets: proofs that the database seals, for one service and some minutes. Tried as the services they are for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors
from pytest_django import DjangoDbBlocker

from auth_app.proofs import get_proof, get_row_key
from tests.tickets import Value, Vault, ask, making_copy, show

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db, pytest.mark.once]
SEAL = "SELECT auth.seal_ticket(%s, %s, %s, %s, %s)"
WRITE = "SELECT auth.write_ticket('user', %s, NULL, 'api_rw', 10, NULL)"
DELEGATE = "SELECT auth.delegate_ticket(%s, %s)"
TENANT = "SELECT auth.tenant_of_ticket()"
SOMEBODY = str(uuid4())
PREFIX = len("ticket:")


@pytest.fixture(scope="module")
def vault(seeded_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[Vault]:
    with django_db_blocker.unblock(), making_copy(seeded_database, "tickets") as vault:
        yield vault


@pytest.fixture
def user(vault: Vault) -> Iterator[str]:
    """An active user, who is afterwards as before."""
    user = vault.find_user()
    password = vault.ask('SELECT password FROM auth."user" WHERE id = %s', user)
    yield user
    vault.root.execute('UPDATE auth."user" SET password = %s, is_active = true WHERE id = %s', [password, user])


@pytest.fixture
def api(vault: Vault) -> psycopg.Connection:
    """A connection of the service that tickets here are for."""
    return vault.connect("api_rw")


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


# --- What is not a ticket --------------------------------------------------------------------------------------------
def flip_bits(ticket: str) -> Iterator[str]:
    """Give the ticket with one bit changed, at each position each bit of ASCII."""
    for place, letter in enumerate(ticket):
        for bit in range(7):
            if other := ord(letter) ^ (1 << bit):
                yield f"{ticket[:place]}{chr(other)}{ticket[place + 1 :]}"


def test_ticket_with_one_bit_changed_shows_nobody(
    vault: Vault, user: str, api: psycopg.Connection, request: pytest.FixtureRequest
) -> None:
    forged = list(flip_bits(vault.seal(user)))
    found = {each for each in forged if show(api, each)}
    request.node.user_properties.append(("attempts", len(forged)))

    assert found == set()
    assert len(forged) > 1000


def cut(ticket: str, place: int, value: str) -> str:
    """Give the ticket with another value at one place."""
    parts = ticket.split(".")
    return ".".join([*parts[:place], value, *parts[place + 1 :]])


NO_TICKETS: dict[str, Callable[[str], str]] = {
    "empty": lambda ticket: "",
    "a prefix alone": lambda ticket: "ticket:",
    "without its prefix": lambda ticket: ticket[PREFIX:],
    "with the prefix twice": lambda ticket: f"ticket:{ticket}",
    "of another kind": lambda ticket: f"session:{ticket[PREFIX:]}",
    "of an API key's kind": lambda ticket: f"api_key:{ticket[PREFIX:]}",
    "in capitals": lambda ticket: f"TICKET:{ticket[PREFIX:]}",
    "with a HMAC in capitals": lambda ticket: ticket[:-64] + ticket[-64:].upper(),
    "without a HMAC": lambda ticket: ticket[:-64],
    "with a HMAC of zeros": lambda ticket: ticket[:-64] + "0" * 64,
    "with two HMACs": lambda ticket: ticket + ticket[-65:],
    "cut at its end": lambda ticket: ticket[:-1],
    "longer by a blank": lambda ticket: f"{ticket} ",
    "behind a blank": lambda ticket: f" {ticket}",
    "longer by a line": lambda ticket: f"{ticket}\n",
    "of version 2": lambda ticket: cut(ticket, 0, "ticket:2"),
    "without a version": lambda ticket: cut(ticket, 0, "ticket:"),
    "as an API key's": lambda ticket: cut(ticket, 1, "api_key"),
    "of somebody else": lambda ticket: cut(ticket, 2, SOMEBODY),
    "of nobody": lambda ticket: cut(ticket, 2, ""),
    "of an id that is none": lambda ticket: cut(ticket, 2, "x" * 36),
    "of another tenant": lambda ticket: cut(ticket, 3, SOMEBODY),
    "for another service": lambda ticket: cut(ticket, 4, "web_rw"),
    "for longer": lambda ticket: cut(ticket, 5, "9999999999"),
    "for a number that is too long": lambda ticket: cut(ticket, 5, "9" * 40),
    "for no number": lambda ticket: cut(ticket, 5, "never"),
    "for infinity": lambda ticket: cut(ticket, 5, "infinity"),
    "of another password": lambda ticket: cut(ticket, 6, "0" * 16),
    "of another key": lambda ticket: cut(ticket, 7, "1"),
    "of a key below zero": lambda ticket: cut(ticket, 7, "-1"),
    "of a key with zeros before it": lambda ticket: cut(ticket, 7, "0" + ticket.split(".")[7]),
    "of a key that is no number": lambda ticket: cut(ticket, 7, "x"),
    "of a key that is too long a number": lambda ticket: cut(ticket, 7, "9" * 20),
    "of dots": lambda ticket: "ticket:" + "." * 200,
    "of many dots": lambda ticket: "ticket:" + "." * 1_000_000,
    "of braces": lambda ticket: "ticket:{{{}}}," + ticket,
    "with other digits": lambda ticket: ticket[:-64] + "\u0660" * 64,
    "in other letters": lambda ticket: "\u0442icket:" + ticket[PREFIX:],
    "of emoji": lambda ticket: "ticket:" + "\U0001f511" * 70,
    "with a combining mark": lambda ticket: ticket.replace(":", ":\u0301"),
    "of backslashes": lambda ticket: "ticket:" + "\\x00" * 40,
    "of percents": lambda ticket: "ticket:" + "%s%n" * 40,
    "of a statement": lambda ticket: "ticket:'; SELECT pg_sleep(10); --" + "x" * 80,
    "of 300 bytes": lambda ticket: "ticket:" + "x" * 293,
    "of 301 bytes": lambda ticket: "ticket:" + "x" * 294,
    "of 10 MB": lambda ticket: "ticket:" + "x" * 10_000_000,
    "with 10 MB behind it": lambda ticket: ticket + "x" * 10_000_000,
    "with 10 MB before it": lambda ticket: "ticket:" + "9" * 10_000_000 + ticket,
}


@pytest.mark.parametrize("name", NO_TICKETS)
def test_text_that_is_no_ticket_shows_nobody_without_an_error(
    vault: Vault, user: str, api: psycopg.Connection, name: str
) -> None:
    assert show(api, NO_TICKETS[name](vault.seal(user))) == ""
    assert ask(api, TENANT) == ""
    assert ask(api, DELEGATE, "api_rw", 10) == ""


def test_setting_that_was_never_set_shows_nobody(api: psycopg.Connection) -> None:
    assert ask(api, "SELECT auth.user_of_ticket()") == ask(api, TENANT) == ask(api, DELEGATE, "api_rw", 10) == ""


def test_text_of_10_mb_costs_no_more_than_reading_it(api: psycopg.Connection) -> None:
    show(api, "ticket:" + "." * 10_000_000)
    times = []
    for query in (
        "SELECT octet_length(current_setting('freehold.proof')) FROM generate_series(1, 10)",
        "SELECT auth.user_of_ticket() FROM generate_series(1, 10)",
    ):
        started = time.perf_counter()
        api.execute(query)
        times.append(time.perf_counter() - started)

    assert times[1] < 5 * times[0] + 0.2


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
