"""The rows that a file is about, and those that it refers to: found in a few queries, whatever its length."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from freehold.admin.addresses import is_key
from freehold.admin.transfer.columns import Column, find_named, is_plain, iter_chunks
from freehold.admin.transfer.tables import Table

if TYPE_CHECKING:
    from freehold.admin.transfer.pages import ImportAdmin


class StoredRows:
    """Rows of an admin page's model, by their key, else by what people call them. Locked until the transaction ends."""

    def __init__(self, page: ImportAdmin, request: HttpRequest, table: Table, columns: Mapping[str, Column]) -> None:
        self.page = page
        self.request = request
        self.columns = columns
        self.cells = [cells for _number, cells in table.rows]
        self.model: Any = page.model
        self.key: str = self.model._meta.pk.name

    def find(self, cells: dict[str, str]) -> Any:
        """Give the row that the cells are about; None where they are about a new one.

        Raises:
            ValidationError: they name a key that no row has.
        """
        if cells.get(self.key):
            return self.get_by_key(cells[self.key])
        return self.by_name.get(tuple(cells.get(name, "") for name in self.page.identified_by))

    def get_by_key(self, text: str) -> models.Model:
        """Give the row of that key, or raise ValidationError."""
        if not is_plain(text) or not is_key(self.model, text):
            raise ValidationError({self.key: _("This is no key of a row.")})
        if row := self.by_key.get(self.model._meta.pk.to_python(text)):
            return row
        raise ValidationError({self.key: _("No row has this key, or none has it any more. Leave it empty to add one.")})

    @cached_property
    def by_key(self) -> dict[Any, models.Model]:
        """The rows whose keys are in the file."""
        texts = {cells.get(self.key, "") for cells in self.cells}
        keys = [text for text in texts if is_plain(text) and is_key(self.model, text)]
        return {row.pk: row for chunk in iter_chunks(keys) for row in self.lock(pk__in=chunk)}

    @cached_property
    def by_name(self) -> dict[tuple[str, ...], models.Model]:
        """The rows that lines without a key name, by these names; none where people have no name for them."""
        columns = [self.columns[name] for name in self.page.identified_by if name in self.columns]
        if not columns or len(columns) < len(self.page.identified_by):
            return {}
        nameless = [cells for cells in self.cells if not cells.get(self.key)]
        found: dict[tuple[str, ...], models.Model] = {}
        for chunk in iter_chunks(nameless):
            wanted = {f"{column.name}__in": self.list_values(column, chunk) for column in columns}
            found |= {tuple(column.show(row) for column in columns): row for row in self.lock(**wanted)}
        return found

    def list_values(self, column: Column, chunk: list[dict[str, str]]) -> list[Any]:
        """Give what the rows to look for may hold in the column."""
        texts = {cells[column.name] for cells in chunk}
        if column.is_reference:
            return [row.pk for text in texts if (row := self.named[column.name].get(text))]
        return [text for text in texts if is_plain(text)]

    def lock(self, **lookups: Any) -> models.QuerySet[Any]:
        """Give those of the page's rows, locked in one order, so that two imports do not wait for each other."""
        rows = self.page.get_queryset(self.request).filter(**lookups).select_related(*self.page.list_relations())
        return rows.select_for_update(of=("self",)).order_by("pk")

    @cached_property
    def named(self) -> dict[str, dict[str, models.Model]]:
        """The rows that the file refers to, by column and name."""
        references = [column for column in self.columns.values() if column.is_reference]
        return {column.name: find_named(column, {cells[column.name] for cells in self.cells}) for column in references}
