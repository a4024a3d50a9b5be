"""Tickets: Ann's own with something changed, and good ones for another service; nothing where the map has none."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg

from tests.attacks.injection.attempts import Attempt, spread, steal
from tests.attacks.injection.estate import Estate
from tests.attacks.injection.guesses import set_, set_and_steal

EXISTS = "SELECT to_regprocedure('auth.delegate_ticket(text, integer)') IS NOT NULL"
DELEGATE = "SELECT auth.delegate_ticket('api_rw', 30)"
SEAL = "SELECT auth.seal_ticket('user', %s, '', %s, 30)"
Connect = Callable[[], psycopg.Connection]


def iter_tickets(judge: psycopg.Connection, connect: Connect, estate: Estate, proof: str) -> Iterator[Attempt]:
    if not fetch(judge, EXISTS):
        return
    with connect() as api:
        api.execute("SELECT set_config('freehold.proof', %s, false)", [proof])
        own = fetch(api, DELEGATE)
    for title, changed in iter_changed(own, estate):
        yield from spread("tickets", title, set_("freehold.proof", changed), steal(estate), ways=("simple",))
        yield from spread("tickets", title, set_and_steal(estate, "freehold.proof", changed), ways=("page",))
    for login in ("web_rw", "admin_rw", "all_rw"):
        other = fetch(judge, SEAL, estate.bob.user_id, login)
        yield from spread("tickets", f"Bob's, for {login}", set_("freehold.proof", other), steal(estate))
        becomes = (set_("role", login), set_("freehold.proof", other), steal(estate))
        yield from spread("tickets", f"Bob's, for {login}, as that", *becomes)
    called = "SELECT set_config('freehold.proof', auth.delegate_ticket('api_rw', 60), false) IS NOT NULL"
    yield from spread("tickets", "of whoever acts", called, steal(estate))


def iter_changed(ticket: str, estate: Estate) -> Iterator[tuple[str, str]]:
    """Yield a ticket with each of its characters changed, then with each of its parts."""
    for index, letter in enumerate(ticket):
        yield f"character {index}", ticket[:index] + chr(ord(letter) ^ 1) + ticket[index + 1 :]
    parts = ticket.split(".")
    for index in range(len(parts)):
        for value in (estate.bob.user_id, estate.bob.tenant_id, "", "0", "9999999999", "api_key", "admin_rw"):
            yield f"part {index}", ".".join([*parts[:index], value, *parts[index + 1 :]])
    yield from ((f"{count} characters", ticket[:count]) for count in range(0, len(ticket), 9))
    yield "twice", ticket + ticket
    yield "a part more", f"{ticket}.{estate.bob.user_id}"
    yield "as a session", f"session{ticket[6:]}"


def fetch(connection: psycopg.Connection, statement: str, *values: str) -> str:
    row = connection.execute(statement, values).fetchone()  # type: ignore[call-overload]
    return row[0] if row else ""
