"""Reads and writes the rows of `auth.session` for the session store, by the proof of a key.

On PostgreSQL by functions of schema `auth`, which run with its owner's rights: a service may neither read a digest nor
write a row. SQLite has no functions, so that there the ORM does it as the owner. Each class has the same methods.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, connections, models, router, transaction
from django.db.models import Func, Value
from django.utils import timezone

from auth_app.models import Session
from auth_app.proofs import get_row_key
from freehold.acting import acting

# What the store writes into a row, in the order in which the functions take it.
WRITTEN: Final = ("session_data", "expire_date", "user_id", "ip_address", "user_agent")


class FindSession(Func):
    """The id of the session that a proof is of, NULL where it is over: a call in the query that reads the row."""

    function = "auth.find_session"
    output_field = models.UUIDField()


class FunctionRows:
    """The rows by functions, on the connection that the router gives."""

    def find(self, proof: str) -> Session | None:
        """Give the row of a session that is not over, or None."""
        return Session.objects.filter(id=FindSession(Value(proof))).first()

    def exists(self, proof: str) -> bool:
        """Tell whether there is a row, over or not."""
        return bool(_call("auth.has_session(%s)", [proof]))

    def open(self, proof: str, row: Session) -> bool:
        """Make the row, which then has its id; tell whether the key was free."""
        row.id = _call("auth.open_session(%s, %s, %s, %s, %s, %s)", [proof, *_list_values(row)])
        return row.id is not None

    def save(self, proof: str, row: Session) -> bool:
        """Write the row; tell whether it is there still."""
        return _call("auth.save_session(%s, %s, %s, %s, %s, %s)", [proof, *_list_values(row)]) is not None

    def touch(self, proof: str, seen: datetime, ip_address: str | None, user_agent: str) -> None:
        """Write when and from where the session was used, unless someone did since `seen`."""
        _call("auth.touch_session(%s, %s, %s, %s)", [proof, seen, ip_address, user_agent])

    def end(self, proof: str) -> None:
        """Delete the row, if it is there."""
        _call("auth.end_session(%s)", [proof])


class OwnedRows:
    """The rows by the ORM, with their owner's rights."""

    def find(self, proof: str) -> Session | None:
        """Give the row of a session that is not over, or None."""
        with acting(None):
            return _select(proof).filter(expire_date__gt=timezone.now()).first()

    def exists(self, proof: str) -> bool:
        """Tell whether there is a row, over or not."""
        with acting(None):
            return _select(proof).exists()

    def open(self, proof: str, row: Session) -> bool:
        """Make the row, which then has its id; tell whether the key was free."""
        try:
            with acting(None), transaction.atomic(using=router.db_for_write(Session)):
                row.save(force_insert=True)
        except IntegrityError:
            if self.exists(proof):
                return False
            raise
        return True

    def save(self, proof: str, row: Session) -> bool:
        """Write the row; tell whether it is there still."""
        changes = {**dict(zip(WRITTEN, _list_values(row), strict=True)), "last_seen_at": row.last_seen_at}
        with acting(None):
            return _select(proof).update(**changes) > 0

    def touch(self, proof: str, seen: datetime, ip_address: str | None, user_agent: str) -> None:
        """Write when and from where the session was used, unless someone did since `seen`."""
        changes = {"ip_address": ip_address, "user_agent": user_agent, "last_seen_at": timezone.now()}
        with acting(None):
            _select(proof).filter(last_seen_at=seen).update(**changes)

    def end(self, proof: str) -> None:
        """Delete the row, if it is there."""
        with acting(None):
            _select(proof).delete()


def choose_rows() -> FunctionRows | OwnedRows:
    """Give the way to the rows in the database that holds them.

    Raises:
        ServiceError: the service that acts has no sessions.
    """
    vendor = connections[router.db_for_write(Session)].vendor
    return FunctionRows() if vendor == "postgresql" else OwnedRows()


def _call(function: str, values: Sequence[Any]) -> Any:
    with connections[router.db_for_write(Session)].cursor() as cursor:
        cursor.execute(f"SELECT {function}", values)
        (found,) = cursor.fetchone()
    return found


def _list_values(row: Session) -> list[Any]:
    return [getattr(row, name) for name in WRITTEN]


def _select(proof: str) -> models.QuerySet[Session]:
    return Session.objects.filter(session_key=get_row_key(proof))
