"""Moves of the map: what is wrong with one, and the role that they make, on both servers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from freehold.ownership import Move, Ownership, Schema
from freehold.ownership.document import build_document
from freehold.ownership.moves import end_moves, write_comment
from freehold.ownership.validation import list_problems
from freehold.rights.bootstrap import bootstrap
from tests.freehold.estates import Parameters, make_ownership, make_tag, open_database

DAY = date(2027, 1, 31)
MAP = make_ownership("x")


def add(*moves: Any, **changes: Any) -> Ownership:
    """Give the map with moves."""
    return replace(MAP, moves=moves, **changes)


@pytest.mark.parametrize(
    ("ownership", "problem"),
    [
        (
            add(Move("plot", "wood.plot")),
            "Move 'plot' to 'wood.plot': 'plot' names no table of a schema: write 'schema.table'",
        ),
        (
            add(Move("field.plot", "wood.plot", until=datetime(2027, 1, 31))),
            "Move 'field.plot' to 'wood.plot': until is datetime.datetime(2027, 1, 31, 0, 0), and a date is expected: "
            "write date(2027, 1, 31)",
        ),
        (
            add(Move("field.plot", "wood.plot", services="farm")),  # type: ignore[arg-type]
            "Move 'field.plot' to 'wood.plot': services is 'farm', and a tuple is expected: write ('farm',)",
        ),
        (
            add(Move("sky.plot", "wood.plot")),
            "Move 'sky.plot' to 'wood.plot': it names the unknown schema 'sky': use one of field, wood, public",
        ),
        (
            add(Move("field.plot", "wood.plot", services=("boat",))),
            "Move 'field.plot' to 'wood.plot': there is no Service 'boat': name some of farm, mill",
        ),
        (add(Move("wood.a", "wood.a")), "Move 'wood.a' to 'wood.a': both names are the same: remove it"),
        (
            add(Move("field.a", "wood.a", until=DAY), Move("field.a", "wood.b", until=DAY)),
            "Move of 'field.a' stands there 2 times: keep one",
        ),
        (
            add(Move("field.a", "wood.a"), mover="farm_x"),
            "role 'farm_x' is login of Service 'farm' and the role that moves tables: give each a role of its own",
        ),
        (
            add(
                Move("field.a", "sea.a"),
                schemas=(*MAP.schemas, Schema("sea", external=True)),
            ),
            "Move 'field.a' to 'sea.a': Schema 'sea' is external, and its tables are moved by its own tool",
        ),
    ],
)
def test_move_that_can_not_be_is_named(ownership: Ownership, problem: str) -> None:
    assert problem in list_problems(ownership)


def test_moves_that_hold_together_are_no_problem() -> None:
    assert list_problems(add(Move("field.plot", "wood.plot", until=DAY, services=("mill",)))) == []


def test_view_ends_after_its_last_day() -> None:
    ownership = add(Move("field.plot", "wood.plot", until=DAY))

    assert end_moves(ownership, DAY) is ownership
    assert end_moves(ownership, date(2027, 2, 1)).moves == (Move("field.plot", "wood.plot"),)
    assert write_comment(ownership.moves[0]) == "freehold: wood.plot under its old name until 2027-01-31"


def test_document_names_moves_and_the_role_for_them() -> None:
    document = build_document(add(Move("field.plot", "wood.plot", until=DAY), mover="mover_x"))

    assert document["moves"] == [
        {"old": "field.plot", "new": "wood.plot", "until": "2027-01-31", "services": [], "comment": ""}
    ]
    assert {"name": "mover_x", "kind": "mover", "login": False, "member_of": ["field_x", "wood_x"]} in document["roles"]


@pytest.mark.postgresql
def test_bootstrap_makes_a_role_that_can_hand_a_table_over_and_takes_it_back(
    server: Parameters, tmp_path: Path
) -> None:
    tag = make_tag()
    plain = make_ownership(tag)
    moving = replace(plain, mover=f"mover_{tag}", moves=(Move("field.plot", "wood.plot", until=DAY),))
    with open_database(server, tag) as database, psycopg.connect(**database, autocommit=True) as admin:
        done = bootstrap(admin, moving, tmp_path / "pgpass")
        again = bootstrap(admin, moving, tmp_path / "pgpass")
        login = {**database, "user": f"steward_{tag}", "passfile": str(tmp_path / "pgpass")}
        with psycopg.connect(**login, autocommit=True) as session:
            session.execute(f"SET ROLE field_{tag}; CREATE TABLE field.plot (id int)")
            session.execute(f"SET ROLE mover_{tag}; ALTER TABLE field.plot SET SCHEMA wood")
            session.execute(f"ALTER TABLE wood.plot OWNER TO wood_{tag}")
        (owner,) = admin.execute("SELECT tableowner FROM pg_tables WHERE tablename = 'plot'").fetchone() or ("",)

        assert f"create role mover_{tag}" in done
        assert f"let mover_{tag} become field_{tag}" in done
        assert again == []
        assert owner == f"wood_{tag}"


@pytest.mark.postgresql
def test_migrator_may_pass_the_role_on_only_where_a_table_goes_to_its_own_schema(
    server: Parameters, tmp_path: Path
) -> None:
    tag = make_tag()
    moving = replace(make_ownership(tag), mover=f"mover_{tag}", moves=(Move("public.plot", "wood.plot", until=DAY),))
    with open_database(server, tag) as database, psycopg.connect(**database, autocommit=True) as admin:
        bootstrap(admin, moving, tmp_path / "pgpass")
        assert bootstrap(admin, moving, tmp_path / "pgpass") == []
        options = "SELECT admin_option FROM pg_auth_members WHERE roleid = %s::regrole"
        passed = admin.execute(options, [f"mover_{tag}"]).fetchall()
        crossing = replace(moving, moves=(Move("field.plot", "wood.plot", until=DAY),))
        bootstrap(admin, crossing, tmp_path / "pgpass")

        assert passed == [(True,)]
        assert admin.execute(options, [f"mover_{tag}"]).fetchall() == [(False,)]
