"""What a service may do by the map, as values: SQLite's authorizer and the router ask it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, connection

from config.ownership import OWNERSHIP
from freehold.acting import Acting, acting
from freehold.ownership import Contract, Withheld
from freehold.services import compile_rights

WITHHELD = (
    Withheld("session", columns=("session_data",), verbs=("UPDATE",)),
    Withheld("phone_verifications"),
    Withheld("oauth_account", verbs=("INSERT",)),
    Withheld("session_user(text)"),
)


def make_rights(*contracts: Contract) -> Any:
    schemas = tuple(replace(each, withheld=WITHHELD if each.name == "auth" else ()) for each in OWNERSHIP.schemas)
    ownership = replace(OWNERSHIP, schemas=schemas, contracts=contracts)
    service = ownership.find_service("web")
    assert service
    return compile_rights(ownership, service)


def test_withheld_is_left_out_of_a_schema_that_is_written() -> None:
    rights = make_rights()

    assert rights.may_write("auth.user", "INSERT")
    assert rights.may_read("auth.user", "*")
    assert [rights.may_write("auth.session", verb) for verb in ("INSERT", "UPDATE", "DELETE")] == [True, False, True]
    assert rights.may_read("auth.session", "user_id")
    assert rights.may_read("auth.session")
    assert not rights.may_read("auth.session", "session_data")
    assert not rights.may_read("auth.session", "*")
    assert not rights.may_write("auth.session", "INSERT", "session_data")
    assert not rights.may_read("auth.phone_verifications")
    assert not rights.may_write("auth.phone_verifications")
    assert [rights.may_write("auth.oauth_account", verb) for verb in ("INSERT", "DELETE")] == [False, True]
    assert rights.may_read("auth.oauth_account", "*")


def test_contract_shares_what_is_withheld_from_others() -> None:
    rights = make_rights(Contract("auth", consumer="web", read={"phone_verifications": ("number",)}))

    assert rights.may_read("auth.phone_verifications", "number")
    assert not rights.may_read("auth.phone_verifications", "code_hash")


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "statement",
    [
        'SELECT session_data FROM "auth.session"',
        'SELECT * FROM "auth.session"',
        "UPDATE \"auth.session\" SET user_agent = ''",
        'SELECT count(*) FROM "auth.phone_verifications"',
        'INSERT INTO "auth.oauth_account" DEFAULT VALUES',
    ],
)
def test_authorizer_refuses_what_is_withheld(db: None, statement: str) -> None:
    with acting(Acting("web", "web_rw", make_rights())), connection.cursor() as cursor:
        cursor.execute('SELECT user_id FROM "auth.session"')
        with pytest.raises(DatabaseError, match="service web can't"):
            cursor.execute(statement)
