"""What finding out who acts costs in the database: sessions and tickets, beside a policy that believes a setting.

    python -m benchmarks.proofs

On an embedded server of its own, as `api_rw`; signatures by themselves as their owner. A call is one of many in one
statement, less a statement of as many that call nothing. A policy is that of a table of 50 rows of the user's own, read
by one statement. Prints CPU time of the server's backend: all in turn, summed over the rounds.
"""

from __future__ import annotations

from collections.abc import Callable

import psutil
import psycopg

from auth_app.proofs import get_proof, get_row_key
from benchmarks.server import migrated_server
from config.ownership import OWNERSHIP
from freehold import embedded
from freehold.ownership.proofs import write_asking

ROUNDS = 15
CALLS = 4000
STATEMENTS = 400
SETTING = "nullif(pg_catalog.current_setting('freehold.user_id', true), '')::uuid"
POLICIES = {"setting": SETTING, "session": write_asking(OWNERSHIP, "user"), "ticket": write_asking(OWNERSHIP, "user")}
MAKE_TABLE = """
    CREATE TABLE app.bench_{name} AS SELECT n AS id, {user}::uuid AS user_id FROM generate_series(1, 50) n;
    ALTER TABLE app.bench_{name} ENABLE ROW LEVEL SECURITY;
    CREATE POLICY own ON app.bench_{name} FOR SELECT TO api_rw USING (user_id = (SELECT {condition}));
    GRANT SELECT ON app.bench_{name} TO api_rw;
"""
PAD = "'\\x" + "36" * 64 + "'::bytea"
CALLED = {  # by title: who calls, what, and the proof that is shown
    "a setting read": ("api_rw", SETTING, "ticket"),
    "a session found": ("api_rw", "auth.user_of_session()", "session"),
    "a ticket read": ("api_rw", "auth.user_of_ticket()", "ticket"),
    "a ticket made of a ticket": ("api_rw", "auth.delegate_ticket('api_rw', 10)", "ticket"),
    "a ticket sealed": ("all_rw", "auth.seal_ticket('user', '{user}', '', 'api_rw', 10)", "ticket"),
    "a signature looked at": ("seal_owner", "seal.is_signed(substr(current_setting('freehold.proof'), 8))", "ticket"),
    "a signature made": ("seal_owner", "seal.sign('{user}')", "ticket"),
    "an HMAC by itself": ("seal_owner", f"sha256({PAD} || sha256({PAD} || convert_to(n::text, 'UTF8')))", "ticket"),
    "the server's identifier": ("seal_owner", "(pg_control_system()).system_identifier", "ticket"),
}


def main() -> None:
    """Print the figures, against a server of the benchmark's own."""
    with (
        migrated_server(seeds=False) as (server, _),
        psycopg.connect(embedded.get_url(server), autocommit=True) as admin,
    ):
        user, proofs = prepare(admin)
        print_calls(admin, user, proofs)
        print_policies(admin, proofs)


def prepare(admin: psycopg.Connection) -> tuple[str, dict[str, str]]:
    """Make a user, a session and a table for each policy; give the user's id and the proofs by kind."""
    user = get_text(
        admin,
        'INSERT INTO auth."user" (id, email, password, is_superuser) '
        "VALUES (gen_random_uuid(), 'bench@example.org', 'argon2$x', false) RETURNING id",
    )
    proof = get_proof("benchmark")
    admin.execute(
        "INSERT INTO auth.session (session_key, session_data, expire_date, user_id) "
        "VALUES (%s, 'e30:x:y', now() + interval '1 day', %s)",
        [get_row_key(proof), user],
    )
    for name, condition in POLICIES.items():
        admin.execute(MAKE_TABLE.format(name=name, user=f"'{user}'", condition=condition))
    admin.execute("SELECT set_config('freehold.user_id', %s, false)", [user])
    ticket = get_text(admin, "SELECT auth.seal_ticket('user', %s, '', 'api_rw', 60)", user)
    return user, {"session": f"session:{proof}", "ticket": ticket, "setting": ""}


def get_text(session: psycopg.Connection, query: str, *values: str) -> str:
    """Give the one value of a query."""
    row = session.execute(query, values).fetchone()
    assert row
    return str(row[0])


def become(admin: psycopg.Connection, role: str, proof: str) -> None:
    """Be a role, as its own login would be, and show a proof."""
    admin.execute(f"SET SESSION AUTHORIZATION {role}")
    admin.execute("SELECT set_config('freehold.proof', %s, false)", [proof])


def print_calls(admin: psycopg.Connection, user: str, proofs: dict[str, str]) -> None:
    """Print what each call takes."""

    def bind(role: str, call: str, kind: str) -> tuple[Callable[[], object], Callable[[], object]]:
        text = f"SELECT count(n::text), count({call.replace('{user}', user)}) FROM generate_series(1, {CALLS}) n"
        return lambda: become(admin, role, proofs[kind]), lambda: admin.execute(text)

    calls = {title: bind(*each) for title, each in {**CALLED, "nothing": ("api_rw", "n", "ticket")}.items()}
    spent = measure(admin, calls)
    for title in CALLED:
        print(f"{title}: {(spent[title] - spent['nothing']) / CALLS * 1e6:.1f} µs")


def print_policies(admin: psycopg.Connection, proofs: dict[str, str]) -> None:
    """Print what a statement takes under each policy, over one that believes a setting."""

    def bind(name: str) -> tuple[Callable[[], object], Callable[[], object]]:
        def read() -> None:
            for _ in range(STATEMENTS):
                assert len(admin.execute(f"SELECT id, user_id FROM app.bench_{name}").fetchall()) == 50

        return lambda: become(admin, "api_rw", proofs[name]), read

    spent = measure(admin, {name: bind(name) for name in POLICIES})
    for name in POLICIES:
        took = spent[name] / STATEMENTS * 1e6
        print(f"50 rows of one's own by a {name}: {took:.0f} µs, {spent[name] / spent['setting']:.2f} of a setting")


def measure(
    admin: psycopg.Connection, calls: dict[str, tuple[Callable[[], object], Callable[[], object]]]
) -> dict[str, float]:
    """Give the backend's seconds of CPU time for each call, without what readies it; the mean of the rounds."""
    backend = psutil.Process(admin.info.backend_pid)
    spent = dict.fromkeys(calls, 0.0)
    for turn in range(ROUNDS + 1):
        for name in calls if turn % 2 else reversed(calls):
            ready, call = calls[name]
            admin.execute("RESET SESSION AUTHORIZATION")
            ready()
            before = sum(backend.cpu_times()[:2])
            call()
            if turn:  # the first round fills caches
                spent[name] += (sum(backend.cpu_times()[:2]) - before) / ROUNDS
    admin.execute("RESET SESSION AUTHORIZATION")
    return spent


if __name__ == "__main__":
    main()
