"""A process and a request as their service: `acting_as` for commands, tests and workers, and who acts in a process
outside of every block."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from freehold.acting import ANONYMOUS, Acting, Principal, Rights, Sought, acting, set_default
from freehold.errors import ServiceError
from freehold.ownership import Ownership, Service, find_ownership, get_ownership

__all__ = ["ALL", "acting_as", "compile_rights", "get_process", "install", "make_acting"]

ALL = "all"
_known: dict[str, tuple[Ownership, Acting]] = {}  # each service at work for nobody, with the map that it comes from


@contextmanager
def acting_as(service: str, principal: Principal = ANONYMOUS, *, request_id: str = "") -> Iterator[Acting]:
    """Let the service act for the principal inside the block, on every database: commands, tests, workers.

    Raises:
        ServiceError: the map has no such service, or this process is another one.
    """
    found = make_acting(service, principal, request_id)
    with acting(found):
        yield found


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


def _compile_acting(ownership: Ownership, name: str) -> Acting:
    service = ownership.find_service(name)
    if service is None:
        known = ", ".join(each.name for each in ownership.services) or "none"
        raise ServiceError(f"the ownership map has no service {name!r}: use one of {known}")
    logins = frozenset({service.login, ownership.combined})
    return Acting(service.name, service.login, compile_rights(ownership, service), logins=logins)


def compile_rights(ownership: Ownership, service: Service) -> Rights:
    """Give the same from the map, with the columns that contracts let the service read."""
    columns: dict[str, frozenset[str]] = {}
    for contract in ownership.contracts:
        if contract.consumer == service.name:
            for table, names in contract.read.items():
                columns[f"{contract.schema}.{table}"] = frozenset(names)
    reads = frozenset((*service.writes, *service.reads))
    return Rights(frozenset(service.writes), reads, columns, _describe_owners(ownership))


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
