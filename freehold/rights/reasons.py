"""Which lines of the map declare a grant."""

from __future__ import annotations

from collections.abc import Iterator

from freehold.ownership.comparable import PUBLIC, DatabaseObject, Grant
from freehold.ownership.compilation import CANARY, COUNTING, iter_contract_grants
from freehold.ownership.moves import iter_users, list_views
from freehold.ownership.validation import label
from freehold.rights.changes import Desk


def list_reasons(grant: Grant, desk: Desk) -> list[str]:
    """Give the lines of the map that declare a grant; never empty for one that is declared."""
    return [*iter_reasons(grant, desk)] or ["the map"]


def iter_reasons(grant: Grant, desk: Desk) -> Iterator[str]:
    """Yield each line that declares it: services, contracts, or what holds for every map."""
    ownership = desk.declared.ownership
    schema = grant.object.schema
    if grant.object == CANARY:
        yield "the canary: what is seen of it is held back by no policy"
        return
    if grant.object == COUNTING:
        yield "versions: the owner of a table makes the trigger that counts them"
        return
    if grant.grantee == PUBLIC:
        yield "open to everyone, as PostgreSQL has it"
    if grant.object.kind == "database":
        yield "logins of the map may connect"
    for service in ownership.services if not grant.object.column else ():
        words = [word for word in ("writes", "reads") if schema in getattr(service, word)]
        if service.login == grant.grantee and words:
            yield f"{label(service)} {words[0]} {schema!r}"
    for move in list_views(ownership):
        tables = [DatabaseObject("table", *place) for place in move.places]
        if grant.object.whole in tables and grant.grantee in dict(iter_users(ownership, move)):
            yield f"{label(move)} until {move.until}"
    for contract in ownership.contracts:
        if grant in iter_contract_grants(ownership, contract):
            yield label(contract)
