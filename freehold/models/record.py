"""Columns that many tables have, for models of any project: each takes those that its table has."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import IntegrityError, models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from freehold.functions import RandomUUID
from freehold.versions import FIELD, WORDS, StaleRecordError, is_stale


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
    """A row whose changes the database counts, where `freehold.versions.CountedVersion` stands among the model's
    constraints. `save` brings the version that was read, and the database refuses one that is not the row's any more.

    A version that was not read (`only`, `defer`) is not checked, nor is what `update` and `bulk_update` write.
    """

    # A save of these alone is not checked: such as the time of a sign-in, of which two may come at once.
    unchecked: ClassVar[tuple[str, ...]] = ()

    version = models.BigIntegerField(
        _("version"),
        default=1,
        db_default=1,
        editable=False,
        help_text=_("Goes up with every change, so that nobody overwrites what they have not seen."),
    )

    class Meta:
        abstract = True

    def _save_table(
        self,
        raw: bool = False,
        cls: Any = None,
        force_insert: bool = False,
        force_update: bool = False,
        using: Any = None,
        update_fields: Any = None,
    ) -> bool:
        """Save one table's row; `version` is then the one that the database has counted, or read anew when asked for.

        Raises:
            StaleRecordError: someone else has saved the row since it was read.
        """
        read: Any = self.__dict__.get(FIELD)
        if update_fields and read is not None and not set(update_fields) <= set(self.unchecked):
            update_fields = {*update_fields, FIELD}
        is_checked = not raw and isinstance(read, int) and (not update_fields or FIELD in update_fields)
        self._state.leaves_version = raw  # type: ignore[attr-defined]
        try:
            updated: bool = super()._save_table(raw, cls, force_insert, force_update, using, update_fields)  # type: ignore[misc]  # not in the stubs
        except IntegrityError as error:
            if is_stale(error):
                raise StaleRecordError(f"{self._meta.label} {self.pk}: version {read} was read, and {WORDS}") from error
            raise
        if updated and any(field.name == FIELD for field in cls._meta.local_fields):
            if is_checked:
                self.version = read + 1
            else:
                self.__dict__.pop(FIELD, None)
        return updated

    def _do_update(self, base_qs: Any, using: Any, pk_val: Any, values: Any, *rest: Any) -> Any:
        # What a fixture says of the version is of another time: it is loaded over the row, and counted.
        if self._state.leaves_version:  # type: ignore[attr-defined]
            values = [each for each in values if each[0].name != FIELD]
        return super()._do_update(base_qs, using, pk_val, values, *rest)
