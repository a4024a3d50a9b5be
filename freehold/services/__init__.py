"""A process and a request as their service: `acting_as` for commands, tests and workers, and who acts in a process
outside of every block."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from freehold.acting import ANONYMOUS, Acting, Asking, Principal, Rights, Sought, acting, get_acting, set_default
from freehold.acting.context import EVERYTHING
from freehold.acting.principals import LazyPrincipal
from freehold.errors import ServiceError
from freehold.ownership import Ownership, Service, find_ownership, get_ownership
from freehold.ownership.map import ALL
from freehold.ownership.proofs import find_sealing, write_asking
from freehold.ownership.withholding import list_withheld

__all__ = ["ALL", "acting_as", "compile_rights", "delegate", "get_process", "install", "make_acting"]

_known: dict[str, tuple[Ownership, Acting]] = {}  # each service at work for nobody, with the map that it comes from


@contextmanager
def acting_as(service: str, principal: Principal | Sought = ANONYMOUS, *, request_id: str = "") -> Iterator[Acting]:
    """Let the service act for the principal inside the block, on every database: commands, tests, workers.

    Where the map has proofs, PostgreSQL makes a ticket for the principal before each statement, if a contract lets the
    process's login; a worker of one service acts for a LazyPrincipal with a ticket that it was handed.

    Raises:
        ServiceError: the map has no such service, or this process is another one.
    """
    found = make_acting(service, principal, request_id)
    with acting(found):
        yield found


def delegate(service: str = "", *, minutes: int = 10, using: str = DEFAULT_DB_ALIAS) -> LazyPrincipal:
    """Give a ticket for whoever acts now, for a worker or a command that acts for them later as `service` (by default
    the one that acts): hand on its `proof`, and there say `acting_as("api", LazyPrincipal(proof))`.

    The database makes it, for nobody else and for `minutes`, 60 at most. It ends with the user's password.

    Raises:
        ServiceError: no service acts, the map names no function for it, or nobody is signed in.
    """
    found = get_acting()
    function = found.asking.delegate if found and found.asking else ""
    if found is None or not function:
        raise ServiceError(
            "delegate() gives the ticket of whoever acts: no service acts here, or the map's proofs "
            "name no function to `delegate`"
        )
    role = _find_service(get_ownership(), service or found.service).login
    with connections[using].cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s::text, %s::integer)", [role, minutes])  # of the map
        (proof,) = cursor.fetchone()
    if proof is None:
        raise ServiceError(f"delegate() gives the ticket of whoever acts, and service {found.service} acts for nobody")
    return LazyPrincipal(proof, using)


def make_acting(service: str, who: Principal | Sought = ANONYMOUS, request_id: str = "") -> Acting:
    """Give the service at work for the principal; the process must be that service or all of them.

    Raises:
        ServiceError: see `acting_as`.
    """
    ownership = get_ownership()
    known = _known.get(service)
    if known is None or known[0] is not ownership:
        _known[service] = known = (ownership, _compile_acting(ownership, service))
    if get_process() not in (ALL, service):
        raise ServiceError(
            f"this process is service {get_process()!r} and can't act as {service!r}: start one with "
            f"SERVICE={service}, or with SERVICE={ALL}"
        )
    return known[1].working_for(who, request_id)


def get_process() -> str:
    """Give the service that the process is, or `all`."""
    return str(getattr(settings, "SERVICE", ALL))


def _find_service(ownership: Ownership, name: str) -> Service:
    service = ownership.find_service(name)
    if service is None:
        known = ", ".join(each.name for each in ownership.services) or "none"
        raise ServiceError(f"the ownership map has no service {name!r}: use one of {known}")
    return service


def _compile_acting(ownership: Ownership, name: str) -> Acting:
    service = _find_service(ownership, name)
    logins = frozenset({service.login, ownership.combined})
    rights = compile_rights(ownership, service)
    return Acting(service.name, service.login, rights, logins=logins, asking=compile_asking(ownership, service))


def compile_asking(ownership: Ownership, service: Service) -> Asking | None:
    """Give how the database finds for the service who acts; None where the map has no proofs."""
    if not ownership.proofs:
        return None
    ticket, seal = find_sealing(ownership)
    return Asking(
        user=write_asking(ownership, "user", service),
        tenant=write_asking(ownership, "tenant", service),
        ticket=ticket,
        seal=seal.partition("(")[0],
        delegate=find_sealing(ownership, "delegate")[1].partition("(")[0],
    )


def compile_rights(ownership: Ownership, service: Service) -> Rights:
    """Give the same from the map, with the columns that contracts let the service read."""
    columns: dict[str, frozenset[str]] = {}
    for contract in ownership.contracts:
        if contract.consumer == service.name:
            for table, names in contract.read.items():
                columns[f"{contract.schema}.{table}"] = frozenset(names)
    reads = frozenset((*service.writes, *service.reads))
    return Rights(frozenset(service.writes), reads, columns, _list_withheld(ownership), _describe_owners(ownership))


def _list_withheld(ownership: Ownership) -> dict[str, frozenset[str]]:
    """Give what no service gets of a table; functions there are on PostgreSQL alone."""
    found: dict[str, frozenset[str]] = {}
    for target, each in list_withheld(ownership).items():
        if target.kind == "table":
            found[target.label] = frozenset((*each.columns, *each.verbs)) or frozenset(EVERYTHING)
            if target.schema == "public":  # as Django calls its own table of what was applied
                found[target.name] = found[target.label]
    return found


def _describe_owners(ownership: Ownership) -> dict[str, str]:
    """Give who owns each schema, in words: `app_owner (service api)`."""
    return {
        schema.name: f"{schema.owner} (service {schema.service})" if schema.service else schema.owner
        for schema in ownership.schemas
    }


def install() -> None:
    """Say who acts outside of every block: the process's own service; where it is all of them, the one that the map
    names for commands."""
    ownership, name = find_ownership(), get_process()
    if ownership is None:
        return
    if name != ALL:
        set_default(make_acting(name))
    elif ownership.combined:
        service = ownership.find_commands_service()
        set_default(make_acting(service.name) if service else _make_undecided(ownership))
    else:
        set_default(None)


def _make_undecided(ownership: Ownership) -> Acting:
    """Give who acts where the map does not say whom commands act as: a service without name or rights, as the combined
    login is. Whatever it is refused says which entry is missing."""
    rights = Rights(owners=_describe_owners(ownership))
    return Acting("", ownership.combined, rights, logins=frozenset({ownership.combined}))
