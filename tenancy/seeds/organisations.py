"""The demo tenants with their people, projects and keys."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

FIRST_DAY = datetime(2026, 4, 6, 9, 0, tzinfo=UTC)
READ, WRITE = ["runs:read"], ["runs:read", "runs:write"]

# slug, name, members by role, projects as slug and name
TENANTS: tuple[tuple[str, str, dict[str, str], dict[str, str]], ...] = (
    (
        "nordlicht",
        "Nordlicht Market",
        {"admin": "owner", "user": "admin", "lena": "member", "camille": "member", "auditor": "viewer"},
        {"catalogue": "Catalogue import", "search": "Search index", "newsletter": "Newsletter"},
    ),
    (
        "kawase-cycles",
        "Kawase Cycles",
        {"kenji": "owner", "priya": "admin", "user": "member", "maya": "viewer"},
        {"stock": "Stock keeping", "prices": "Price watch"},
    ),
    (
        "harbour-tools",
        "Harbour Tools & Hire",
        {"maya": "owner", "james": "admin", "diego": "member", "app.operator": "viewer", "frans": "member"},
        {"bookings": "Bookings", "backups": "Backups"},
    ),
)

# tenant, project, name, number, scopes, days until: made, used last, expires, revoked; None: never
KEYS: tuple[tuple[str, str, str, int, list[str], int, int | None, int | None, int | None], ...] = (
    ("nordlicht", "catalogue", "Nightly import", 1, WRITE, 4, 224, None, None),
    ("nordlicht", "catalogue", "Old import server", 2, WRITE, 2, 90, None, 92),
    ("nordlicht", "search", "Indexer", 3, WRITE, 12, 223, None, None),
    ("nordlicht", "newsletter", "Reports of the agency", 4, READ, 30, 140, 150, None),
    ("kawase-cycles", "stock", "Warehouse scanner", 5, WRITE, 21, 224, None, None),
    ("kawase-cycles", "prices", "Price watcher", 6, WRITE, 25, 219, 3650, None),
    ("harbour-tools", "bookings", "Counter tablet", 7, WRITE, 40, 222, None, None),
    ("harbour-tools", "backups", "Dashboard", 8, READ, 41, None, None, None),
)


class TenantRow(NamedTuple):
    """A row of tenants."""

    slug: str
    name: str
    created_at: datetime
    updated_at: datetime


class MembershipRow(NamedTuple):
    """A row of memberships."""

    tenant: str
    user: str
    role: str
    created_at: datetime


class ProjectRow(NamedTuple):
    """A row of projects."""

    tenant: str
    slug: str
    name: str
    created_at: datetime
    updated_at: datetime


class KeyRow(NamedTuple):
    """A row of API keys. `project` is told by its tenant's slug and its own."""

    prefix: str
    project: tuple[str, str]
    name: str
    key_hash: str
    scopes: list[str]
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None


def list_tenants() -> Iterator[TenantRow]:
    """Yield the tenants."""
    for number, (slug, name, *_) in enumerate(TENANTS):
        made = find_day(13 * number)
        yield TenantRow(slug, name, made, made)


def list_memberships() -> Iterator[MembershipRow]:
    """Yield who belongs to which tenant, the owner since its first day."""
    for number, (tenant, _, members, _) in enumerate(TENANTS):
        for place, (name, role) in enumerate(members.items()):
            yield MembershipRow(tenant, f"{name}@freehold.example", role, find_day(13 * number + 5 * place))


def list_projects() -> Iterator[ProjectRow]:
    """Yield each tenant's projects."""
    for number, (tenant, _, _, projects) in enumerate(TENANTS):
        for place, (slug, name) in enumerate(projects.items()):
            made = find_day(13 * number + 1 + 7 * place)
            yield ProjectRow(tenant, slug, name, made, made)


def list_keys() -> Iterator[KeyRow]:
    """Yield keys that open nothing: their hashes are not of a key's text. One has expired, one is revoked."""
    for tenant, project, name, number, scopes, made, used, expires, revoked in KEYS:
        prefix = f"fh_{sha256(f'prefix {number}'.encode()).hexdigest()[:8]}"
        key_hash = sha256(f"demo, no key {number}".encode()).hexdigest()
        days = [None if day is None else find_day(day) for day in (used, expires, revoked)]
        yield KeyRow(prefix, (tenant, project), name, key_hash, scopes, find_day(made), *days)


def find_day(number: int) -> datetime:
    """Give the moment so many days after the first one."""
    return FIRST_DAY + timedelta(days=number, minutes=37 * number % 480)
