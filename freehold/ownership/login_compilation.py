"""Compiles a map's roles: their attributes, memberships and settings. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from freehold.ownership.comparable import Membership, Role, Setting
from freehold.ownership.limits import iter_limit_settings, list_limit_words
from freehold.ownership.map import Ownership
from freehold.ownership.moves import iter_mover, iter_mover_memberships


def iter_roles(ownership: Ownership) -> Iterator[Role]:
    """Yield owners (which nobody logs in as), then the logins. None of them inherits from another or has a right of
    its own outside the map's grants; the role that moves tables between owners is the one that inherits."""
    logins = sorted(set(ownership.iter_logins()))
    owners = sorted({schema.owner for schema in ownership.schemas}.difference(logins))
    yield from (Role(owner) for owner in owners)
    yield from iter_mover(ownership)
    limits = {service.login: list_limit_words(service) for service in ownership.services}
    yield from (Role(login, frozenset({"LOGIN"}) | limits.get(login, frozenset())) for login in logins)


def iter_memberships(ownership: Ownership) -> Iterator[Membership]:
    """Yield the only memberships there are: the migrator's in owner roles, an external schema's login's in its owner,
    the combined login's in services' logins, and those of the role that moves tables."""
    for schema in ownership.schemas:
        if schema.owner != ownership.migrator:
            yield Membership(schema.owner, ownership.migrator)
        if schema.login:
            yield Membership(schema.owner, schema.login)
    if ownership.combined:
        yield from (Membership(service.login, ownership.combined) for service in ownership.services)
    yield from iter_mover_memberships(ownership)


def iter_settings(ownership: Ownership) -> Iterator[Setting]:
    """Yield each login's search_path, and how long services' may take. The migrator's is `public` alone: what Django
    does not qualify (its own table of applied migrations) lies there and can't be captured by a schema of the login's
    name. Behind it, and behind services', come extensions: their operators and types are written without a schema."""
    extensions = tuple(filter(None, [ownership.extensions]))
    for login in filter(None, (ownership.migrator, ownership.combined)):
        yield Setting(login, "search_path", ", ".join(("public", *extensions)))
    for service in ownership.services:
        path = service.search_path or (extensions and ("public",))
        if path:
            yield Setting(service.login, "search_path", ", ".join(dict.fromkeys([*path, *extensions])))
    yield from iter_limit_settings(ownership)
