"""The row that no service may see: whoever sees it is not held by policies."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Canary(models.Model):
    """One row, made by a migration. Every service may select from the table, and no policy lets one see the row."""

    policies: ClassVar[tuple[()]] = ()  # row-level security is on, and only the table's owner has a policy
    survives_flush: ClassVar[bool] = True

    message = models.TextField(_("message"), primary_key=True)

    class Meta:
        db_table = "public.canary"
        default_permissions = ()  # nobody has anything to do here
        verbose_name = _("canary")
        verbose_name_plural = _("canaries")

    def __str__(self) -> str:
        return self.message
