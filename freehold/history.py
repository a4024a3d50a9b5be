"""Writes down what was done to a database: every migration and seed, up and down, in `public.migration_history`."""

from __future__ import annotations

import getpass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    from freehold.models import MigrationHistory

COMMIT_DIGITS = 12


def record(
    *,
    kind: str,
    direction: str,
    app: str,
    name: str,
    started_at: datetime,
    duration: timedelta,
    owner_role: str = "",
    checksum: str = "",
    outcome: str = "ok",
    detail: str = "",
    using: str = DEFAULT_DB_ALIAS,
) -> MigrationHistory:
    """Add a row, in the transaction at hand, and give it.

    `kind` is migrate or seed, `direction` up or down, `outcome` ok or failed. On PostgreSQL the table belongs to the
    migrator, so that whoever acts as an owner gives that role back first. Login and code version are found here.
    """
    from freehold.models import MigrationHistory  # apps that are not loaded yet import this module

    return MigrationHistory.objects.using(using).create(
        kind=kind,
        direction=direction,
        app=app,
        name=name,
        checksum=checksum,
        owner_role=owner_role if connections[using].vendor == "postgresql" else "",
        login=get_login(connections[using]),
        started_at=started_at,
        duration=duration,
        outcome=outcome,
        code_version=get_code_version(),
        detail=detail,
    )


def get_login(connection: BaseDatabaseWrapper) -> str:
    """Give who is connected; where the database knows no logins, the account that the process runs as."""
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        user: str = connection.connection.info.user
        return user
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        return "unknown"


@cache
def get_code_version() -> str:
    """Give `settings.CODE_VERSION`, or the commit that the project's checkout is at; empty where neither is known."""
    named: str = getattr(settings, "CODE_VERSION", "")
    return named or read_commit(Path(getattr(settings, "BASE_DIR", ".")) / ".git")


def read_commit(git: Path) -> str:
    """Give the commit of a checkout, shortened, without running git; empty where there is none."""
    try:
        head = (git / "HEAD").read_text().strip()
        if not head.startswith("ref: "):
            return head[:COMMIT_DIGITS]
        return find_reference(git, head.removeprefix("ref: "))[:COMMIT_DIGITS]
    except (OSError, UnicodeDecodeError):
        return ""


def find_reference(git: Path, name: str) -> str:
    """Give the commit that a branch is at, from its own file or from the packed ones."""
    if (git / name).is_file():
        return (git / name).read_text().strip()
    lines = (git / "packed-refs").read_text().splitlines()
    return next((line.split()[0] for line in lines if line.endswith(f" {name}")), "")
