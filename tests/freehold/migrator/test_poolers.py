"""A pooler between a migrator and the server: in transaction mode it is refused before anything changes."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections

from freehold.errors import FreeholdError, MigrationError
from tests.freehold.migrator.estates import ALIAS, Estate
from tests.freehold.migrator.poolers import behind_pooler

pytestmark = pytest.mark.postgresql

LEFT = "SELECT current_setting('role'), current_setting('search_path'), pg_backend_pid()"
COMMANDS = {
    "migrate": ["migrate", "meadow"],
    "plan": ["migrate", "--plan"],
    "rollback": ["rollback", "--steps", "1", "--yes"],
    "repair": ["history", "repair", "--all", "--yes"],
}


def list_left(port: int, name: str, count: int) -> set[tuple[str, str]]:
    """Give role and search_path of each of the pooler's sessions that so many clients at once have."""
    with ExitStack() as stack:
        address = f"host=127.0.0.1 port={port} user=migrator dbname={name}"
        clients = [stack.enter_context(psycopg.connect(address)) for _ in range(count)]
        rows = [client.execute(LEFT).fetchone() for client in clients]
    assert len({row[2] for row in rows if row}) == count
    return {row[:2] for row in rows if row}


@pytest.mark.parametrize(
    ("command", "size", "in_turn", "resets"),
    [
        ("migrate", 1, False, False),
        ("migrate", 5, False, False),
        ("migrate", 3, True, False),
        ("migrate", 2, False, True),
        ("plan", 2, False, False),
        ("rollback", 5, False, False),
        ("rollback", 2, False, True),
        ("repair", 2, False, False),
    ],
)
def test_pooler_in_transaction_mode_is_refused_and_keeps_nothing(
    command: str, size: int, in_turn: bool, resets: bool, estate: Estate, tmp_path: Path
) -> None:
    estate.write_sql("meadow", "0001_meadow", "CREATE TABLE app.meadow ()", back="DROP TABLE app.meadow")
    if command == "rollback":
        estate.migrate("meadow")
    name, before = connections[ALIAS].settings_dict["NAME"], (estate.history, estate.tables)
    connections[ALIAS].close()

    with behind_pooler(estate, tmp_path / "pooler", size, in_turn=in_turn, resets=resets) as port:
        at_first = list_left(port, name, size)
        with pytest.raises(FreeholdError) as caught:
            call_command(*COMMANDS[command], database=ALIAS, verbosity=0)
        connections[ALIAS].close()
        at_last = list_left(port, name, size)

    assert str(caught.value).removeprefix("the history could not be looked at: ") == (
        f"a pooler in transaction mode stands before database {name!r}: it leaves a migrator's role to its next "
        "client: "
        "name the server's own address in DATABASE_URL for this command; nothing was changed"
    )
    assert at_last == at_first
    assert (estate.history, estate.tables) == before


def test_pooler_in_statement_mode_is_refused(estate: Estate, tmp_path: Path) -> None:
    name = connections[ALIAS].settings_dict["NAME"]

    with behind_pooler(estate, tmp_path / "pooler", 5, mode="statement"), pytest.raises(MigrationError) as caught:
        estate.migrate("meadow")

    assert str(caught.value).startswith(f"the pooler of database {name!r} gives no second session: ")
    assert str(caught.value).endswith("in DATABASE_URL for this command; nothing was changed")


def test_pooler_in_session_mode_serves(estate: Estate, tmp_path: Path) -> None:
    estate.write_sql("meadow", "0001_meadow", "CREATE TABLE app.meadow ()", back="DROP TABLE app.meadow", atomic=False)

    with behind_pooler(estate, tmp_path / "pooler", 5, mode="session"):
        estate.migrate("meadow")
        made = estate.tables["app.meadow"]
        call_command("rollback", "--steps", "1", "--yes", database=ALIAS, verbosity=0)

    assert made == "app_owner"
    assert "app.meadow" not in estate.tables
