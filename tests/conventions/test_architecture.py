"""docs/architecture.md, held to the code: its walks are followed at run time, its table of parts is pyproject's."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import StringIO
from pathlib import Path
from types import FrameType

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from config.ownership import OWNERSHIP
from freehold.backends.postgresql import contexts
from freehold.ownership.comparable import DatabaseObject, Grant
from freehold.ownership.compilation import compile_map

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
STATION = re.compile(r"^(\S+\.py) +(\S+)  +\S")
GRANT = Grant(DatabaseObject("column", "auth", "user", "email"), "SELECT", "api_rw")

Station = tuple[str, str]  # a file below the root, and a function in it


def read_walk(title: str) -> dict[str, list[Station]]:
    """The stations drawn below a heading, by the command that a comment names; those before it are for all."""
    drawing = PAGE.split(f"## {title}\n")[1].split("```")[1]
    parts = re.split(r"^# (.*)$", drawing, flags=re.MULTILINE)
    return {name: list(iter_stations(lines)) for name, lines in zip(["", *parts[1::2]], parts[::2], strict=True)}


def iter_stations(lines: str) -> Iterator[Station]:
    for line in filter(None, lines.splitlines()):
        match = STATION.match(line)
        assert match, f"no station: {line!r}"
        yield match[1], match[2]


def follow(stations: list[Station], walk: Callable[[], object]) -> list[Station]:
    """The stations that were called, each once, in the order of their first calls."""
    seen: dict[Station, None] = {}
    wanted = {(str(ROOT / file), name): (file, name) for file, name in stations}

    def note(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and (found := wanted.get((frame.f_code.co_filename, frame.f_code.co_qualname))):
            seen.setdefault(found)

    sys.setprofile(note)
    try:
        walk()
    finally:
        sys.setprofile(None)
    return list(seen)


# --- One declared grant ----------------------------------------------------------------------------------------------
GRANT_WALK = read_walk("The walk of one declared grant")


@pytest.fixture
def migrator(connect_as: Callable[[str], psycopg.Connection]) -> Iterator[psycopg.Connection]:
    """The migrator's own connection to a database that lacks the grant."""
    session = connect_as("migrator")
    session.execute('SET ROLE auth_owner; REVOKE SELECT (email) ON auth."user" FROM api_rw; RESET ROLE')
    yield session
    session.execute('SET ROLE auth_owner; GRANT SELECT (email) ON auth."user" TO api_rw; RESET ROLE')


def holds(session: psycopg.Connection) -> bool:
    """Whether the server has the grant."""
    query = """
        SELECT has_column_privilege('api_rw', c.oid, 'email', 'SELECT')
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'auth' AND c.relname = 'user'
    """
    return session.execute(query).fetchone() == (True,)


def test_walk_of_the_grant_begins_with_the_line_of_the_map() -> None:
    (file, name), *_ = GRANT_WALK[""]

    assert (file, name) == ("config/ownership.py", "OWNERSHIP")
    assert file.removesuffix(".py").replace("/", ".") + f".{name}" == settings.OWNERSHIP
    assert GRANT in compile_map(OWNERSHIP, "freehold").grants


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_walk_of_the_grant_to_its_finding_is_as_drawn(migrator: psycopg.Connection) -> None:
    said = StringIO()
    drawn = [*GRANT_WALK[""][1:], *GRANT_WALK["manage.py ownership check"]]

    def check() -> None:
        with suppress(SystemExit):
            call_command("ownership", "check", "--anew", stdout=said)

    assert follow(drawn, check) == drawn
    assert (
        "D012 auth.user: api_rw does not hold SELECT (email); declared: api_rw holds SELECT (email)" in said.getvalue()
    )
    assert not holds(migrator)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_walk_of_the_grant_to_the_server_is_as_drawn(migrator: psycopg.Connection) -> None:
    drawn = [*GRANT_WALK[""][1:], *GRANT_WALK["manage.py ownership apply"]]

    assert follow(drawn, lambda: call_command("ownership", "apply", stdout=StringIO())) == drawn
    assert holds(migrator)


def list_calls(name: str) -> list[str]:
    """The modules of the engine and the product that call a function or class of that name."""
    files = [file for package in ("freehold", "config", "studio") for file in (ROOT / package).rglob("*.py")]
    trees = [(file, ast.parse(file.read_text(encoding="utf-8"))) for file in files]
    calls = [(file, node.func) for file, tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [str(file.relative_to(ROOT)) for file, called in calls if isinstance(called, ast.Name) and called.id == name]


@pytest.mark.parametrize("name", ["Comparison", "inspect_catalogue"])
def test_catalogue_is_inspected_and_compared_in_one_place(name: str) -> None:
    assert list_calls(name) == ["freehold/rights/comparison/__init__.py"]


# --- One request -----------------------------------------------------------------------------------------------------
@pytest.mark.postgresql
@pytest.mark.django_db
def test_walk_of_the_request_to_a_statement_as_its_service_is_as_drawn(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = read_walk("The walk of one request")[""]
    answers, sent = [], []
    run = contexts.run
    monkeypatch.setattr(contexts, "run", lambda raw, commands: (sent.extend(commands), run(raw, commands))[1])

    assert follow(drawn, lambda: answers.append(client.get("/items/places/"))) == drawn
    assert [answer.status_code for answer in answers] == [200]
    assert any(b"api_rw" in (command.params or ()) for command in sent)


# --- Layers ----------------------------------------------------------------------------------------------------------
def test_table_of_parts_has_the_layers_of_pyproject_in_their_order() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (engine,) = (each for each in contracts if each.get("containers") == ["freehold"])
    table = PAGE.split("| part | what it is for |")[1].split("\n\n")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]

    drawn = [re.findall(r"`(\w+)(?:/|\.py)`", cell) for cell in cells]

    assert [set(names) for names in drawn] == [{each.strip() for each in line.split("|")} for line in engine["layers"]]


def test_drawing_of_the_product_has_the_layers_of_pyproject_in_their_order() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    drawing = PAGE.split("## Layers\n")[1].split("```")[1]

    drawn = [set(line[:40].split()) for line in drawing.splitlines() if line]

    assert drawn == [{each.strip() for each in line.split("|")} for line in contracts[0]["layers"]]
