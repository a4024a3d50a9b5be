"""The demo people: a made-up password that everyone may know, and what the tables hold of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.contrib.auth.hashers import make_password

PASSWORD = "freehold-demo"  # noqa: S105 - known to all: demo seeds are skipped where DEBUG is off
SALT = "freeholddemopeople0001"  # fixed, so that the same hasher gives the same hash; as long as Django's own
FIRST_DAY = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


class Person(NamedTuple):
    """Who someone is. `name` before the @ of the address tells one from another."""

    name: str
    display_name: str
    group: str = ""
    is_staff: bool = False
    is_superuser: bool = False
    is_active: bool = True

    @property
    def email(self) -> str:
        """The address, in a domain that no mail reaches (RFC 2606)."""
        return f"{self.name}@freehold.example"


PEOPLE = (
    Person("admin", "Alex Freeholder", is_staff=True, is_superuser=True),
    Person("user", "Uma Okafor"),
    Person("auth.manager", "Anna Lindqvist", group="auth managers", is_staff=True),
    Person("master.editor", "Mateo García", group="master editors", is_staff=True),
    Person("app.operator", "Amina Diallo", group="app operators", is_staff=True),
    Person("auditor", "Otto Brandt", group="auditors", is_staff=True),
    Person("lena", "Lena Hoffmann"),
    Person("james", "James Whitfield"),
    Person("priya", "Priya Raman"),
    Person("kenji", "Kenji Tanaka"),
    Person("camille", "Camille Moreau"),
    Person("diego", "Diego Ferreira"),
    Person("maya", "Maya Johnson"),
    Person("frans", "Frans de Wit", is_active=False),
)


class UserRow(NamedTuple):
    """A row of users."""

    email: str
    display_name: str
    password: str
    is_active: bool
    is_staff: bool
    is_superuser: bool
    created_at: datetime
    updated_at: datetime


def list_users() -> Iterator[UserRow]:
    """Yield everyone; all share one hash, since a hash is meant to take long."""
    password = make_password(PASSWORD, salt=SALT)
    for number, each in enumerate(PEOPLE):
        joined = FIRST_DAY + timedelta(days=9 * number, minutes=47 * number)
        yield UserRow(
            each.email,
            each.display_name,
            password,
            each.is_active,
            each.is_staff,
            each.is_superuser,
            created_at=joined,
            updated_at=joined,
        )


def list_members() -> Iterator[tuple[str, str]]:
    """Yield an address and a group's name for everyone who is in a group."""
    return ((each.email, each.group) for each in PEOPLE if each.group)
