"""Columns that many tables have, for models of any project: each takes those that its table has."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from freehold.functions import RandomUUID


class Record(models.Model):
    """A row with a random UUID as its key, and when it was made; the database gives both to who names neither."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, db_default=RandomUUID(), editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, db_default=Now(), editable=False)

    class Meta:
        abstract = True


class Updated(models.Model):
    """A row that says when it was last saved: by Django's `save`, which sets it; what else changes rows may."""

    updated_at = models.DateTimeField(_("updated"), auto_now=True, db_default=Now())

    class Meta:
        abstract = True


class Versioned(models.Model):
    """A row that counts its changes."""

    version = models.IntegerField(
        _("version"),
        default=1,
        db_default=1,
        editable=False,
        help_text=_("Goes up with every change, so that nobody overwrites what they have not seen."),
    )

    class Meta:
        abstract = True
