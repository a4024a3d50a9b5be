"""Who a request comes from, found by its session: for every service alike, without a look at sessions or passwords."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.db import DEFAULT_DB_ALIAS, connections
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from auth_app.models import Session, User
from auth_app.proofs import get_proof, get_row_key
from auth_app.sessions import SessionStore
from freehold import ANONYMOUS, Principal, get_acting, get_ownership
from freehold.acting import Sought, acting
from freehold.acting.principals import LazyPrincipal, SoughtPrincipal

USER_ID = "auth.session_user(%s)"
USER = "SELECT user_id, email, display_name, is_active, is_staff FROM auth.acting_user()"
LONGEST_KEY = 40  # characters of a session's key


@dataclass(frozen=True)
class SharedUser:
    """What schema `auth` shares of a user, as `request.user` in a service that may read no more. Nothing can be saved.

    It holds no permission: the pages of such a service are not the admin site's.
    """

    id: UUID
    email: str
    display_name: str
    is_active: bool
    is_staff: bool

    is_authenticated = True
    is_anonymous = False

    def __str__(self) -> str:
        return self.email

    @property
    def pk(self) -> UUID:
        """The user's id, under the name that Django's templates and forms use."""
        return self.id

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Give False."""
        return False

    def has_perms(self, perm_list: object, obj: object = None) -> bool:
        """Give False."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        """Give False."""
        return False


def identify(request: HttpRequest) -> Principal | Sought:
    """Give the principal of a request; on PostgreSQL it is found when it is needed."""
    key = find_session_key(request)
    if not key:
        return ANONYMOUS
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        return show_session(get_proof(key))
    user = find_shared_user(key)
    return Principal("user", user_id=str(user.id)) if user else ANONYMOUS


def show_session(proof: str) -> Sought:
    """Give whoever a session's proof shows. Where the map has no proofs yet, while it is turned (docs/operations.md),
    the user is looked for and the proof goes along."""
    shown = f"session:{proof}"
    if get_ownership().proofs:
        return LazyPrincipal(shown)
    return SoughtPrincipal(USER_ID, [proof], proof=shown)


def find_session_key(request: HttpRequest) -> str:
    """Give the key in the session's cookie, empty where there is none or what is none."""
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return key if 0 < len(key) <= LONGEST_KEY and key.isascii() and key.isalnum() else ""


def get_user(session_key: str) -> SharedUser | AnonymousUser:
    """Give the user of a key, as much of it as schema `auth` shares; the anonymous one for an empty key."""
    return (find_shared_user(session_key) if session_key else None) or AnonymousUser()


def find_shared_user(session_key: str) -> SharedUser | None:
    """Give the active user that is signed in under the key of a session that has not expired."""
    proof = get_proof(session_key)
    row = ask_whose(proof) if connections[DEFAULT_DB_ALIAS].vendor == "postgresql" else find_row(proof)
    return SharedUser(*row) if row else None


def ask_whose(proof: str) -> tuple[Any, ...] | None:
    """Ask the database for what it shares of the user whose session's proof it is, as the service that acts."""
    found = get_acting()
    who = found.working_for(show_session(proof), found.request_id) if found else None
    with acting(who), connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(USER)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def find_row(proof: str) -> tuple[Any, ...] | None:
    """Give what the function gives for a proof, on a database without functions: read as the owner, who may.

    Nothing there ends a session when the password changes, so the hash is compared as Django does it.
    """
    with acting(None):
        rows = Session.objects.select_related("user").filter(session_key=get_row_key(proof), user__is_active=True)
        session = rows.filter(expire_date__gt=timezone.now()).first()
    if session is None or session.user is None or not has_password_of(session, session.user):
        return None
    user = session.user
    return user.id, user.email, user.display_name, user.is_active, user.is_staff


def has_password_of(session: Session, user: User) -> bool:
    """Tell whether the user has the password that the session was opened with."""
    opened_with = SessionStore().decode(session.session_data).get(HASH_SESSION_KEY, "")
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(opened_with, each) for each in hashes)
