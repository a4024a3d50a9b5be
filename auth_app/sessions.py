"""Django's session store on `auth.session`, which also keeps whose a session is and where it came from.

The key is in the cookie and in the process; the row, and so every statement, has a digest (`auth_app.proofs`).
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, CreateError, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.db import DatabaseError, IntegrityError, router, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import get_random_string

from auth_app.models import Session
from auth_app.proofs import get_proof, get_row_key

TOUCH_EVERY = timedelta(minutes=1)
USER_AGENT_LENGTH = 500
KEY_LENGTH = 32  # as Django makes it
WRITTEN = ["session_data", "expire_date", "user", "ip_address", "user_agent", "last_seen_at"]


@dataclass(frozen=True)
class Client:
    """Who sent a request, as far as the request tells."""

    ip_address: str | None = None
    user_agent: str = ""

    @classmethod
    def from_request(cls, request: HttpRequest) -> Client:
        """Give the client of a request: the peer's address as the server saw it, not what a header claims."""
        agent = request.headers.get("User-Agent", "").replace("\0", "")
        return cls(parse_address(request.META.get("REMOTE_ADDR", "")), agent[:USER_AGENT_LENGTH])


def parse_address(text: str) -> str | None:
    """Give an IP address without its zone, or None where `text` is none: a server on a Unix socket has no address."""
    try:
        return str(ipaddress.ip_address(text.partition("%")[0]))
    except ValueError:
        return None


class SessionStore(DatabaseSessionStore):
    """A session in the database. `auth_app.middleware` sets `client` on it, and calls `touch` when it was read."""

    client: Client | None = None
    row: Session | None = None  # as loaded, if it was

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Give the model whose table holds the sessions."""
        return Session

    def load(self) -> dict[str, Any]:
        """Give the session's data, empty where it has expired or never was."""
        return self._take(_select_valid(self.session_key).first())

    async def aload(self) -> dict[str, Any]:
        """Give the same without blocking."""
        return self._take(await _select_valid(self.session_key).afirst())

    def _take(self, row: Session | None) -> dict[str, Any]:
        self.row = row
        if row is None:
            self._session_key = None  # a key that nobody made, or whose session is over, is never used again
            return {}
        return self.decode(row.session_data)

    def exists(self, session_key: str) -> bool:
        """Tell whether there is a session of the key in a cookie, over or not."""
        return _select(session_key).exists()

    async def aexists(self, session_key: str) -> bool:
        """Tell the same without blocking."""
        return await _select(session_key).aexists()

    def delete(self, session_key: str | None = None) -> None:
        """End the session of the key in a cookie, or this one."""
        _select(session_key or self.session_key).delete()

    async def adelete(self, session_key: str | None = None) -> None:
        """End it without blocking."""
        await _select(session_key or self.session_key).adelete()

    def _get_new_session_key(self) -> str:
        # Without Django's query whether it is taken: among 36**32 it is not, and `save` would notice.
        return get_random_string(KEY_LENGTH, VALID_KEY_CHARS)

    async def _aget_new_session_key(self) -> str:
        return self._get_new_session_key()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Give the row that stands for the session now, unsaved."""
        row = cast(Session, super().create_model_instance(data))
        return self.describe(row, data)

    async def acreate_model_instance(self, data: dict[str, Any]) -> Session:
        """Give the same without blocking."""
        row = cast(Session, await super().acreate_model_instance(data))
        return self.describe(row, data)

    def describe(self, row: Session, data: dict[str, Any]) -> Session:
        """Fill in the row's key, whose the session is and where it comes from; outside a request, where it did last."""
        row.session_key = _get_row_key(row.session_key)  # Django's part has put the key there
        row.user_id = find_user_id(data)
        origin = self.client or self.row
        if origin:
            row.ip_address, row.user_agent = origin.ip_address, origin.user_agent
        return row

    def save(self, must_create: bool = False) -> None:
        """Write the session; with `must_create` as a new row.

        Raises:
            CreateError: `must_create`, and the key is taken.
            UpdateError: the row is gone, or its user is: someone signed out, or deleted the account, meanwhile.
        """
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # the stubs leave it out
        row = self.create_model_instance(data)
        using = router.db_for_write(Session, instance=row)
        try:
            with transaction.atomic(using=using):
                # Not the whole row: an update would overwrite created_at.
                row.save(using=using, force_insert=must_create, update_fields=None if must_create else WRITTEN)
        except IntegrityError as error:
            # Only a taken key may raise CreateError, upon which `create` tries again, and again.
            if must_create and self.exists(self.session_key):
                raise CreateError from error
            raise UpdateError from error
        except DatabaseError as error:
            if must_create:
                raise
            raise UpdateError from error

    async def asave(self, must_create: bool = False) -> None:
        """Write the session in a thread: transactions are synchronous."""
        await sync_to_async(self.save)(must_create=must_create)

    def touch(self) -> None:
        """Write when and from where the session was used, if the row's own word is over a minute old."""
        now = timezone.now()
        if self.row is None or not is_stale(self.row.last_seen_at, now):
            return
        changes: dict[str, Any] = {"last_seen_at": now}
        if self.client:
            changes.update(ip_address=self.client.ip_address, user_agent=self.client.user_agent)
        Session.objects.filter(pk=self.row.pk, last_seen_at=self.row.last_seen_at).update(**changes)


def _select(session_key: str | None) -> QuerySet[Session]:
    return Session.objects.filter(pk=_get_row_key(session_key)) if session_key else Session.objects.none()


def _select_valid(session_key: str | None) -> QuerySet[Session]:
    return _select(session_key).filter(expire_date__gt=timezone.now())


def _get_row_key(session_key: str) -> str:
    return get_row_key(get_proof(session_key))


def is_stale(seen: datetime, now: datetime) -> bool:
    """Tell whether `seen` is so long ago that it is worth a write."""
    return now - seen >= TOUCH_EVERY


def find_user_id(data: dict[str, Any]) -> UUID | None:
    """Give the id of the user who is signed in, or None; also for what is no user's id at all."""
    try:
        return UUID(str(data.get(SESSION_KEY)))
    except ValueError:
        return None
