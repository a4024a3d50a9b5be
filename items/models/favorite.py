"""What people have marked to find again."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from freehold import CountedVersion, CurrentUser, Policy, Record, Versioned


class Favorite(Versioned, Record):
    """An item that a user has marked; once."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DB_CASCADE,
        db_index=False,  # favorites_user_item_uniq begins with it
        related_name="favorites",
        verbose_name=_("user"),
    )
    item = models.ForeignKey(
        "items.Item",
        on_delete=models.DB_CASCADE,
        db_index=False,
        related_name="favorites",
        verbose_name=_("item"),
    )

    policies = (
        Policy("own", service="api", using=models.Q(user_id=CurrentUser())),
        Policy("back_office", service="admin", everything=True),
    )

    class Meta:
        db_table = "app.favorites"
        verbose_name = _("favorite")
        verbose_name_plural = _("favorites")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "item"],
                name="favorites_user_item_uniq",
                violation_error_message=_("This user has marked this item already."),
            ),
            CountedVersion(name="favorites_version_counted"),
        ]
        indexes = [
            models.Index(fields=["item"], name="favorites_item_idx"),
            models.Index(fields=["-created_at"], name="favorites_created_at_idx"),
        ]

    def __str__(self) -> str:
        return f"favorite of {self.created_at:%Y-%m-%d}"
