"""Where someone is signed in."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from freehold.functions import RandomUUID


class SessionManager(BaseSessionManager["Session"]):
    """Sessions without their digests, so that a service that may not read these lists, counts and ends them."""

    def get_queryset(self) -> models.QuerySet[Any]:
        """Give the sessions; `session_key` is read of each row that is asked for it."""
        return super().get_queryset().defer("session_key")


class Session(AbstractBaseSession):
    """A row of Django's session store, with whose it is and where it came from. Only `auth_app.sessions` writes it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    session_key = models.CharField(
        _("session key"),
        max_length=64,
        help_text=_("What auth_app.proofs makes of the key in the cookie. Nobody can sign in by it."),
    )
    expire_date = models.DateTimeField(_("expires"))  # the base class would index it under a name of Django's making
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DB_CASCADE,
        null=True,
        blank=True,
        db_index=False,
        related_name="sessions",
        verbose_name=_("user"),
        help_text=_("Empty until someone signs in."),
    )
    ip_address = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    user_agent = models.TextField(_("user agent"), blank=True, default="", db_default="")
    created_at = models.DateTimeField(_("created"), default=timezone.now, db_default=Now())
    last_seen_at = models.DateTimeField(
        _("last seen"), default=timezone.now, db_default=Now(), help_text=_("To the minute.")
    )

    objects: ClassVar[SessionManager] = SessionManager()

    class Meta(AbstractBaseSession.Meta):
        abstract = False
        db_table = "auth.session"
        base_manager_name = "objects"  # the admin site asks it for what would go with a user
        indexes = [
            models.Index(fields=["expire_date"], name="session_expire_date_idx"),
            models.Index(fields=["user", "-last_seen_at"], name="session_user_last_seen_at_idx"),
            models.Index(fields=["-last_seen_at"], name="session_last_seen_at_idx"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["session_key"],
                name="session_key_uniq",
                violation_error_message=_("A session with this key exists."),
            )
        ]

    def __str__(self) -> str:
        # Not the digest, as the base class has it: it says nothing to people.
        return f"session of {self.created_at:%Y-%m-%d %H:%M}"

    @classmethod
    def get_session_store_class(cls) -> type[DatabaseSessionStore]:
        """Give the store that reads and writes these rows."""
        from auth_app.sessions import SessionStore  # the store imports this model

        return SessionStore
