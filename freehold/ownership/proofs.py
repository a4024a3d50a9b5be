"""How the database finds who acts: the map's proofs, as SQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

from psycopg import sql

from freehold.ownership.map import Ownership, Proof, Service
from freehold.ownership.spelling import describe_signature_fault, normalize_signature
from freehold.ownership.withholding import list_functions

SETTING: Final = "freehold.proof"  # `session:1f2e…`: the kind, and what shows it
_KIND: Final = f"pg_catalog.split_part(pg_catalog.current_setting('{SETTING}', true), ':', 1)"
_PLAIN: Final = re.compile(r"[a-z][a-z0-9_]*")
_SEALS: Final = "(text, text, text, text, integer)"
_DELEGATES: Final = "(text, integer)"


def write_asking(ownership: Ownership, what: Literal["user", "tenant"], service: Service | None = None) -> str:
    """Give the expression of SQL for the id of whoever acts, empty where no kind of proof shows such an id.

    With a `service` it has the kinds alone whose function that one may call: PostgreSQL looks at all of an expression.
    """
    names = {kind: str(getattr(proof, what)) for kind, proof in ownership.proofs.items() if getattr(proof, what)}
    asked = {kind: name for kind, name in names.items() if service is None or may_call(ownership, service, name)}
    calls = {kind: write_call(name) for kind, name in asked.items()}
    if len(set(calls.values())) < 2:
        return next(iter(calls.values()), "")
    arms = " ".join(f"WHEN {sql.Literal(kind).as_string()} THEN {call}" for kind, call in calls.items())
    return f"CASE {_KIND} {arms} END"


def write_call(name: str, *arguments: str) -> str:
    """Give the call of a function of the map, `auth.user_of_session()`."""
    schema, signature = split_function(name)
    return f"{sql.Identifier(schema, signature.partition('(')[0]).as_string()}({', '.join(arguments)})"


def split_function(name: str) -> tuple[str, str]:
    """Give schema and signature of `auth.user_of_session()`."""
    schema, _, signature = name.partition(".")
    return schema, signature


def list_asked(ownership: Ownership) -> list[str]:
    """Give the functions that policies ask by the map's proofs, `auth.user_of_session()`, sorted."""
    return sorted({name for proof in ownership.proofs.values() for name in proof.asked})


def find_sealing(ownership: Ownership, word: Literal["seal", "delegate"] = "seal") -> tuple[str, str]:
    """Give the kind of the proof that the database makes itself, and the function; empty texts where there is none."""
    return next(((kind, name) for kind, proof in ownership.proofs.items() if (name := getattr(proof, word))), ("", ""))


def may_call(ownership: Ownership, service: Service, name: str) -> bool:
    """Tell whether a service may call a function of the map: in a schema that it writes, or by a contract."""
    schema, signature = split_function(name)
    wanted = normalize_signature(signature)
    shared = {
        normalize_signature(each)
        for contract in ownership.contracts
        if (contract.schema, contract.consumer) == (schema, service.name)
        for each in contract.call
    }
    return wanted in shared or (schema in service.writes and wanted not in list_functions(ownership, schema))


def iter_proof_problems(ownership: Ownership) -> Iterator[str]:
    """Say what is wrong with the map's proofs."""
    if not isinstance(ownership.proofs, dict):
        yield f'Ownership: proofs is {ownership.proofs!r}: write {{"session": Proof(user="auth.user_of_session()")}}'
        return
    for kind, proof in ownership.proofs.items():
        if not isinstance(kind, str) or not _PLAIN.fullmatch(kind):
            yield f"Ownership: proofs has the kind {kind!r}: use lower-case letters, digits and _"
        elif not isinstance(proof, Proof):
            yield f"Proof {kind!r}: {proof!r} is none: write Proof(user={proof!r})"
        else:
            yield from _iter_entry_problems(kind, proof, ownership)
    for word in ("seal", "delegate"):
        if len([each for each in ownership.proofs.values() if isinstance(each, Proof) and getattr(each, word)]) > 1:
            yield f"Ownership: more than one proof has {word}: there is one kind of ticket"


def _iter_entry_problems(kind: str, proof: Proof, ownership: Ownership) -> Iterator[str]:
    if not proof.asked:
        yield f"Proof {kind!r}: it shows nobody: name the function that gives the user, or the tenant"
    for word, wanted in (("user", "()"), ("tenant", "()"), ("seal", _SEALS), ("delegate", _DELEGATES)):
        name = getattr(proof, word)
        if not name:
            continue
        schema, signature = split_function(name)
        if fault := describe_signature_fault(signature):
            yield f"Proof {kind!r}: {word} {name!r} {fault}"
        elif ownership.find_schema(schema) is None:
            yield f"Proof {kind!r}: {word} {name!r} is of no schema of the map: write {f'auth.{signature}'!r}"
        elif not normalize_signature(signature).endswith(wanted):
            yield f"Proof {kind!r}: {word} {name!r} takes other arguments than it is called with, {wanted}"
