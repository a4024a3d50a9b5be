"""What `manage.py quickstart` puts into a database: reference data, and demo data where that is allowed; and whom the
demo data let in, with a password that everybody knows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import check_password
from django.core.management import call_command
from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from config.quickstart.first_start import FirstStart, find_place
from freehold import ServiceError, get_ownership
from freehold.acting import acting
from freehold.acting.reporting import expecting_refusal
from freehold.migrator.session import migrator_session
from freehold.seeds.journal import list_entries
from freehold.seeds.registry import list_seeds


class Login(NamedTuple):
    """Somebody of the demo data, and the page to sign in at."""

    title: str
    page: str
    email: str
    password: str


LOGINS = (
    Login("admin site", "/admin/", "admin@freehold.example", "freehold-demo"),
    Login("items, signed in", "/login/", "user@freehold.example", "freehold-demo"),
)


# --- Seeds -------------------------------------------------------------------------------------------------------
def put_seeds(connection: BaseDatabaseWrapper, start: FirstStart, *, demo: bool | None) -> str:
    """Put up reference data, and demo data where they are asked for (`demo`) or nobody says and the database is
    quickstart's own; say in words what there is now.

    In a database that is not for demo data, what was taken out again stays out: only a seed that was never up goes up.
    """
    seeds = list_seeds()
    up = set() if start.is_new else find_seeds_up(connection)
    if demo is None:
        demo = settings.DEBUG and is_for_demo(
            connection, start, {seed.name for seed in seeds if seed.kind == "demo"} & up
        )
    if demo:
        call_command("seed", "up", verbosity=0)
        if not settings.DEBUG:  # where `seed up` leaves them out, unless it is told to
            call_command("seed", "up", kind="demo", verbosity=0)
        return "countries, cities, categories, demo data"
    if missing := [seed.name for seed in seeds if seed.kind == "reference" and seed.name not in up]:
        call_command("seed", "up", *missing, verbosity=0)
    return "countries, cities, categories; no demo data (--demo loads them)"


def is_for_demo(connection: BaseDatabaseWrapper, start: FirstStart, up: set[str]) -> bool:
    """Tell whether the database is quickstart's own: new, or with demo seeds `up`, or left behind half made."""
    if find_place(connection) is None:
        return False
    return start.is_new or bool(up) or (start.is_resumed and not has_users())


def find_seeds_up(connection: BaseDatabaseWrapper) -> set[str]:
    """Give the names of the seeds that are up."""
    with session(connection):
        return {name for name, entry in list_entries(connection).items() if entry.is_up}


def session(connection: BaseDatabaseWrapper) -> AbstractContextManager[object]:
    """Act as whoever reads the history."""
    if connection.vendor != "postgresql":
        return acting(None)
    return migrator_session(connection, get_ownership(), lambda line: None, changes=False)


# --- Logins ------------------------------------------------------------------------------------------------------
def list_logins() -> list[Login]:
    """Give those of the demo data who can sign in now: they are there, active, and with the password everybody knows.

    None where this service may not know.
    """
    try:
        with expecting_refusal():
            return list(iter_logins())
    except (ServiceError, DatabaseError):
        return []


def iter_logins() -> Iterator[Login]:
    """Yield them."""
    model = get_user_model()
    emails = [login.email for login in LOGINS]
    found = dict(model._default_manager.filter(email__in=emails, is_active=True).values_list("email", "password"))
    yield from (login for login in LOGINS if check_password(login.password, found.get(login.email, "")))


def has_users(**which: Any) -> bool:
    """Tell whether there are users, of a kind that fields tell. Where this service may not know there may be some."""
    try:
        with expecting_refusal():
            return get_user_model()._default_manager.filter(**which).exists()
    except (ServiceError, DatabaseError):
        return True
