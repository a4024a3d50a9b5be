"""What is no ticket shows nobody, without an error and at no cost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from uuid import uuid4

import psycopg
import pytest

from tests.tickets import Vault, ask, show

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db, pytest.mark.once]
DELEGATE = "SELECT auth.delegate_ticket(%s, %s)"
TENANT = "SELECT auth.tenant_of_ticket()"
SOMEBODY = str(uuid4())
PREFIX = len("ticket:")


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
