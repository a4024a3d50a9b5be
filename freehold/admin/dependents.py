"""Rows that keep others from being deleted: the database refuses (NO ACTION), and this says which they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

_SHOWN = 20


@dataclass(frozen=True)
class Dependents:
    """Rows of one model that refer to what is to be deleted. `rows` are the first of `count`."""

    model: type[models.Model]
    rows: Sequence[models.Model]
    count: int

    @property
    def hidden(self) -> int:
        """How many there are beyond `rows`."""
        return self.count - len(self.rows)


def list_dependents(objects: Iterable[models.Model], *, shown: int = _SHOWN) -> list[Dependents]:
    """Give what refers with NO ACTION to rows of one model; empty where the database will let them go.

    Rows that are among `objects` themselves do not count: they go along.
    """
    keys = [each.pk for each in objects]
    model = type(next(iter(objects), None))
    if not keys or not issubclass(model, models.Model):
        return []
    found = (_find_dependents(relation, model, keys, shown) for relation in _iter_refusing_relations(model))
    return [each for each in found if each]


def _find_dependents(
    relation: models.ForeignObjectRel, model: type[models.Model], keys: Sequence[Any], shown: int
) -> Dependents | None:
    """Give the rows that refer to `keys` through one relation, or None where there are none."""
    referring = relation.related_model
    rows = referring._base_manager.filter(**{f"{relation.field.name}__in": keys})
    if referring is model:
        rows = rows.exclude(pk__in=keys)
    count = rows.count()
    return Dependents(referring, list(rows[:shown]), count) if count else None


def _iter_refusing_relations(model: type[models.Model]) -> Iterator[models.ForeignObjectRel]:
    """Yield each relation to `model` that the database holds and on whose account it refuses a delete."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or relation.on_delete is not models.DO_NOTHING:
            continue
        if getattr(relation.field, "db_constraint", False):
            yield relation
