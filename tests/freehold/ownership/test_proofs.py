"""How policies ask who acts, from the map's proofs; and what can be wrong with those and with what is withheld."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from freehold.ownership import Contract, Ownership, Proof, Schema, Service, Withheld
from freehold.ownership.proofs import find_sealing, may_call, write_asking
from freehold.ownership.validation import list_problems

SESSION, KEY = Proof(user="field.user_of_session()"), Proof(tenant="wood.tenant_of_key()")
TICKET = Proof(
    user="field.user_of_ticket()",
    tenant="field.tenant_of_ticket()",
    seal="field.seal(text, text, text, text, int)",
    delegate="field.delegate(text, int)",
)
KIND = "pg_catalog.split_part(pg_catalog.current_setting('freehold.proof', true), ':', 1)"
FARM = Service("farm", writes=("field",))


def make_map(proofs: Any, withheld: Any = (), contracts: tuple[Contract, ...] = ()) -> Ownership:
    schemas = (Schema("field", service="farm", withheld=withheld), Schema("wood"))
    return Ownership(schemas, (FARM,), contracts, proofs=proofs)


def test_one_function_is_asked_without_a_look_at_the_kind() -> None:
    ownership = make_map({"session": SESSION, "key": KEY})

    assert write_asking(ownership, "user") == '"field"."user_of_session"()'
    assert write_asking(ownership, "tenant") == '"wood"."tenant_of_key"()'


def test_of_several_functions_that_of_the_kind_is_asked() -> None:
    ownership = make_map({"session": SESSION, "ticket": TICKET})

    assert write_asking(ownership, "user") == (
        f'CASE {KIND} WHEN \'session\' THEN "field"."user_of_session"() '
        'WHEN \'ticket\' THEN "field"."user_of_ticket"() END'
    )
    assert write_asking(ownership, "tenant") == '"field"."tenant_of_ticket"()'


def test_nothing_is_asked_where_no_proof_shows_it() -> None:
    assert write_asking(make_map({"session": SESSION}), "tenant") == ""
    assert write_asking(make_map({}), "user") == ""


def test_sealing_is_found_with_its_kind() -> None:
    assert find_sealing(make_map({"session": SESSION, "ticket": TICKET})) == ("ticket", TICKET.seal)
    assert find_sealing(make_map({"session": SESSION})) == ("", "")


def test_service_calls_what_it_writes_and_what_contracts_share_but_nothing_withheld() -> None:
    shared = Contract("wood", consumer="farm", call=("tenant_of_key()",))
    ownership = make_map({}, (Withheld("open(int)"),), (shared,))

    assert may_call(ownership, FARM, "field.user_of_session()")
    assert may_call(ownership, FARM, "wood.tenant_of_key()")
    assert not may_call(ownership, FARM, "wood.other()")
    assert not may_call(ownership, FARM, "field.open(integer)")
    back = Contract("field", consumer="farm", call=("open(int)",))
    assert may_call(replace(ownership, contracts=(back,)), FARM, "field.open(integer)")
    assert list_problems(replace(ownership, contracts=(back,))) == []


@pytest.mark.parametrize(
    ("proofs", "problem"),
    [
        ([SESSION], 'write {"session": Proof(user="auth.user_of_session()")}'),
        ({"Session": SESSION}, "Ownership: proofs has the kind 'Session': use lower-case letters, digits and _"),
        ({"session": "field.f()"}, "Proof 'session': 'field.f()' is none: write Proof(user='field.f()')"),
        (
            {"session": Proof()},
            "Proof 'session': it shows nobody: name the function that gives the user, or the tenant",
        ),
        ({"session": Proof(user="field.f")}, "Proof 'session': user 'field.f' is no function with its argument types"),
        ({"session": Proof(user="sea.f()")}, "Proof 'session': user 'sea.f()' is of no schema of the map"),
        (
            {"session": Proof(user="field.f(text)")},
            "user 'field.f(text)' takes other arguments than it is called with, ()",
        ),
        ({"a": TICKET, "b": TICKET}, "Ownership: more than one proof has seal: there is one kind of ticket"),
    ],
)
def test_what_is_wrong_with_proofs_is_said(proofs: Any, problem: str) -> None:
    assert problem in "; ".join(list_problems(make_map(proofs)))


@pytest.mark.parametrize(
    ("withheld", "problem"),
    [
        ("plot", "Schema 'field': withheld is 'plot', and a tuple is expected: write ('plot',)"),
        (("plot",), "Schema 'field': withheld has 'plot': write Withheld('plot')"),
        ((Withheld("field.plot"),), "Schema 'field': withheld 'field.plot' is no plain name"),
        ((Withheld("f(int)", verbs=("SELECT",)),), "is a function, which has no columns or verbs: drop them"),
        ((Withheld("plot", columns=("a b",)),), "withheld 'plot' column 'a b' is no plain name"),
        (
            (Withheld("plot", verbs=("TRUNCATE",)),),
            "has the verb 'TRUNCATE': use some of SELECT, INSERT, UPDATE, DELETE",
        ),
        ((Withheld("plot"), Withheld("plot")), "withheld 'plot' stands there twice: put it into one"),
    ],
)
def test_what_is_wrong_with_what_is_withheld_is_said(withheld: Any, problem: str) -> None:
    assert problem in "; ".join(list_problems(make_map({}, withheld)))


def test_contract_of_a_schema_with_its_own_service_gives_back_what_is_withheld_and_nothing_else() -> None:
    own = Contract("field", consumer="farm", call=("dig(int)",))

    assert "provider and consumer are the same" in "; ".join(list_problems(make_map({}, (), (own,))))
    assert list_problems(make_map({}, (Withheld("dig(int)"),), (own,))) == []


def test_contract_for_all_is_for_the_combined_login() -> None:
    contract = Contract("wood", consumer="all", call=("seal(text)",))
    ownership = make_map({}, (), (contract,))

    assert "the consumer is neither a service nor a schema" in "; ".join(list_problems(ownership))
    assert list_problems(replace(ownership, combined="all_rw", commands="farm")) == []


def test_service_is_asked_for_with_the_kinds_whose_functions_it_may_call() -> None:
    shared = Contract("wood", consumer="farm", call=("tenant_of_key()",))
    ownership = make_map({"session": SESSION, "key": KEY})

    assert write_asking(ownership, "user", FARM) == '"field"."user_of_session"()'
    assert write_asking(ownership, "tenant", FARM) == ""
    assert write_asking(replace(ownership, contracts=(shared,)), "tenant", FARM) == '"wood"."tenant_of_key"()'
