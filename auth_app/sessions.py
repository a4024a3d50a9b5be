"""Django's session store on `auth.session`, which also keeps whose a session is and where it came from.

The key is in the cookie and in the process; a statement has its digest, and the row the digest of that
(`auth_app.proofs`). How rows are read and written is in `auth_app.session_rows`.
"""

from __future__ import annotations

import ipaddress
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, CreateError, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.db import DatabaseError, IntegrityError, router, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import get_random_string

from auth_app.encryption import UnreadableError, decrypt, encrypt
from auth_app.models import Session
from auth_app.proofs import get_proof, get_row_key
from auth_app.session_rows import choose_rows

logger = logging.getLogger(__name__)

TOUCH_EVERY = timedelta(minutes=1)
USER_AGENT_LENGTH = 500
KEY_LENGTH = 32  # as Django makes it
SIGNED = ":"  # in what Django signs, and in nothing that is encrypted


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

    def encode(self, session_dict: dict[str, Any]) -> str:
        """Give the data as it is stored: encrypted for the session's own row, unless the settings say to wait."""
        if not settings.ENCRYPT_SESSIONS:
            return super().encode(session_dict)
        row_key = _get_row_key(self.session_key) if self.session_key else ""
        return encrypt(self.serializer().dumps(session_dict), row_key)

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """Give the data as it was; none where no key opens it. Rows of before are signed, and not encrypted."""
        text = session_data if isinstance(session_data, str) else session_data.decode()
        if SIGNED in text:
            return super().decode(text)
        row_key = _get_row_key(self.session_key) if self.session_key else None
        try:
            data: dict[str, Any] = self.serializer().loads(decrypt(text, row_key))
        except (UnreadableError, ValueError) as error:
            logger.warning("the data of a session is lost: %s", error)
            return {}
        return data

    def load(self) -> dict[str, Any]:
        """Give the session's data, empty where it has expired or never was."""
        self.row = choose_rows().find(get_proof(self.session_key)) if self.session_key else None
        if self.row is None:
            self._session_key = None  # a key that nobody made, or whose session is over, is never used again
            return {}
        return self.decode(self.row.session_data)

    async def aload(self) -> dict[str, Any]:
        """Give the same without blocking."""
        return await sync_to_async(self.load)()

    def exists(self, session_key: str) -> bool:
        """Tell whether there is a session of the key in a cookie, over or not."""
        return choose_rows().exists(get_proof(session_key))

    async def aexists(self, session_key: str) -> bool:
        """Tell the same without blocking."""
        return await sync_to_async(self.exists)(session_key)

    def delete(self, session_key: str | None = None) -> None:
        """End the session of the key in a cookie, or this one."""
        if key := session_key or self.session_key:
            choose_rows().end(get_proof(key))

    async def adelete(self, session_key: str | None = None) -> None:
        """End it without blocking."""
        await sync_to_async(self.delete)(session_key)

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
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]  # the stubs leave it out
        row = self.create_model_instance(data)
        try:
            with transaction.atomic(using=router.db_for_write(Session)):
                is_written = self._write(row, must_create)
        except DatabaseError as error:
            # Only a taken key may raise CreateError, upon which `create` tries again, and again.
            if must_create and not isinstance(error, IntegrityError):
                raise
            raise UpdateError from error
        if not is_written:
            raise CreateError if must_create else UpdateError

    def _write(self, row: Session, must_create: bool) -> bool:
        rows, proof = choose_rows(), get_proof(self.session_key or "")
        return rows.open(proof, row) if must_create else rows.save(proof, row)

    async def asave(self, must_create: bool = False) -> None:
        """Write the session in a thread: transactions are synchronous."""
        await sync_to_async(self.save)(must_create=must_create)

    def touch(self) -> None:
        """Write when and from where the session was used, if the row's own word is over a minute old."""
        if self.row is None or self.session_key is None or not is_stale(self.row.last_seen_at, timezone.now()):
            return
        origin = self.client or self.row
        proof = get_proof(self.session_key)
        choose_rows().touch(proof, self.row.last_seen_at, origin.ip_address, origin.user_agent)


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
