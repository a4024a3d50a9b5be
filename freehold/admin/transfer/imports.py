"""Rows of a file, written as a person would write them on the pages of the admin site, or not at all."""

from __future__ import annotations

import logging
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.db import IntegrityError, connections, models, router, transaction
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from freehold.admin.refusals import REFUSALS, describe_refusal
from freehold.admin.transfer.cells import validate_storable_text
from freehold.admin.transfer.columns import Column
from freehold.admin.transfer.results import ImportResult
from freehold.admin.transfer.stored import StoredRows
from freehold.admin.transfer.tables import Table, UnreadableFileError

if TYPE_CHECKING:
    from freehold.admin.transfer.pages import ImportAdmin

_logger = logging.getLogger(__name__)
VERSION = "version"
_BATCH = 200  # rows a savepoint


@dataclass
class Line:
    """A row of the file and the row of the table that it is about."""

    number: int
    cells: dict[str, str]
    row: Any = None
    is_new: bool = True
    before: dict[str, str] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)


class TableImport:
    """What a file would do, or does, to the rows of an admin page's model."""

    def __init__(self, page: ImportAdmin, request: HttpRequest, table: Table) -> None:
        self.page = page
        self.request = request
        self.table = table
        self.model: Any = page.model
        self.database = router.db_for_write(self.model)
        self.columns = {column.name: column for column in page.get_columns(request) if column.name in table.columns}
        self.stored = StoredRows(page, request, table, self.columns)
        self.written = [column for name, column in self.columns.items() if name in page.imported]
        self.seen: dict[Any, int] = {}

    def check_columns(self) -> None:
        """See that there is something to import.

        Raises:
            UnreadableFileError: the file has a column that nobody knows, or none that an import writes.
        """
        known = [column.name for column in self.page.get_columns(self.request)]
        for name in self.table.columns:
            if name not in known:
                raise UnreadableFileError(f"There is no column {name}. The columns are: {', '.join(known)}.")
        if not self.written:
            raise UnreadableFileError(f"No column to import. These are written: {', '.join(self.page.imported)}.")

    def run(self, *, dry: bool) -> ImportResult:
        """Import every row in one transaction; take all back where one has a fault, or where it is dry."""
        result = ImportResult(self.table.columns)
        rows = self.table.rows
        with transaction.atomic(using=self.database):
            for start in range(0, len(rows), _BATCH):
                self.import_batch([Line(*row) for row in rows[start : start + _BATCH]], result)
                if result.is_full:
                    break
            self.check_references(result)
            if dry or result.has_faults:
                transaction.set_rollback(True, using=self.database)
        return result

    def import_batch(self, lines: list[Line], result: ImportResult) -> None:
        """Write some rows after one savepoint. A savepoint for each would cost four statements a row."""
        try:
            with transaction.atomic(using=self.database):
                faults = [self.import_line(line) for line in lines]
        except Exception:  # of one of the rows: which, the second attempt tells
            lines = [Line(line.number, line.cells) for line in lines]
            faults = [self.import_alone(line) for line in lines]
        for line, fault in zip(lines, faults, strict=True):
            if fault is None:
                result.add_line(line, [self.show_after(line, column) for column in self.columns.values()])
            else:
                result.add_fault(line, fault)

    def import_alone(self, line: Line) -> ValidationError | None:
        """Write a row after a savepoint of its own; give its fault, whatever a save or a receiver of signals raised."""
        try:
            with transaction.atomic(using=self.database):
                return self.import_line(line)
        except Exception as error:
            if not isinstance(error, REFUSALS):
                _logger.exception("Row %s of an import of %s", line.number, self.model._meta.label)
            return explain(error)

    def import_line(self, line: Line) -> ValidationError | None:
        """Write a row; give its fault, where it has one."""
        try:
            self.write(line)
        except ValidationError as error:
            return error
        except PermissionDenied:
            return ValidationError(_("You may not write this row."))
        return None

    def show_after(self, line: Line, column: Column) -> str:
        """Give a cell of the row as it becomes; of what no file writes, as it is."""
        if column in self.written:
            return column.show(line.row)
        return "" if line.is_new else line.before[column.name]

    def write(self, line: Line) -> None:
        """Find the row that a line is about, fill it, and save it where that changes anything.

        Raises:
            ValidationError: something is wrong with it, by column.
        """
        self.find(line)
        line.before = {name: column.show(line.row) for name, column in self.columns.items()}
        self.fill(line)
        self.check_unwritten(line)
        if line.is_new or line.changed:
            self.check_version(line)
            self.check_rights(line)
            self.save(line)

    def find(self, line: Line) -> None:
        """Find the row that the line is about, or make a new one."""
        stored = self.stored.find(line.cells)
        line.is_new = stored is None
        line.row = self.model() if stored is None else copy(stored)  # a second attempt begins with it again
        if stored is None:
            return
        first = self.seen.setdefault(stored.pk, line.number)
        if first != line.number:
            raise ValidationError(_("Row %(number)s is about the same one."), params={"number": first})

    def fill(self, line: Line) -> None:
        """Put what the cells say into the row. A cell that says what an export would write leaves its value alone."""
        errors: dict[str, Any] = {}
        for column in self.written:
            text = line.cells[column.name]
            if text == line.before[column.name] and not line.is_new:
                continue
            try:
                self.set_value(line, column, self.parse(column, text))
            except ValidationError as error:
                errors[column.name] = error
        if errors:
            raise ValidationError(errors)

    def set_value(self, line: Line, column: Column, value: Any) -> None:
        """Set the value, and note the column where it is another than before."""
        name = column.source.attname
        new = value.pk if isinstance(value, models.Model) else value
        if line.is_new or getattr(line.row, name) != new:
            line.changed.append(column.name)
            setattr(line.row, column.name, value)

    def parse(self, column: Column, text: str) -> Any:
        """Give the value that a cell says."""
        if not column.is_reference:
            return column.parse(text)
        validate_storable_text(text)
        if not text:
            return None
        if (row := self.stored.named[column.name].get(text)) is None:
            name = column.source.related_model._meta.verbose_name
            raise ValidationError(_("There is no %(model)s %(name)s."), params={"model": name, "name": text[:200]})
        return row

    def check_unwritten(self, line: Line) -> None:
        """Refuse another value in a column that an import does not write, rather than to pass over it in silence."""
        passed = {*self.page.imported, self.stored.key, *self.stamps}
        errors = {
            name: _("An import does not write this column: leave it as it is, or out.")
            for name in self.columns
            if name not in passed and line.cells[name] not in {"", line.before[name]}
        }
        if errors:
            raise ValidationError(errors)

    def check_version(self, line: Line) -> None:
        """Refuse to overwrite what someone has saved since the file was made."""
        if line.is_new:
            return
        if self.page.needs_version and not line.cells.get(VERSION):
            raise ValidationError({VERSION: _("A change needs the version that it was made on: export the row anew.")})
        for name in self.stamps:
            if line.cells[name] not in {"", line.before[name]}:
                raise ValidationError({name: _describe_stale(line, name)})

    @cached_property
    def stamps(self) -> list[str]:
        """The columns that are others after each save: the version, and the time of the last one."""
        columns = self.columns.values()
        return [each.name for each in columns if each.name == VERSION or getattr(each.source, "auto_now", False)]

    def check_rights(self, line: Line) -> None:
        """Ask the admin page whether this person may write this very row."""
        if not line.is_new and not self.page.has_change_permission(self.request, line.row):
            raise ValidationError(
                _("You may not change this %(model)s."), params={"model": self.model._meta.verbose_name}
            )

    def save(self, line: Line) -> None:
        """Check and save the row as its admin page does.

        Unique and check constraints are left to the database: Django's own check of them sends a statement for each.
        """
        self.page.complete_imported(line.row, change=not line.is_new)
        line.row.clean_fields(exclude=self.list_unchecked(line.row))
        line.row.clean()
        self.page.save_model(self.request, line.row, None, change=not line.is_new)

    def list_unchecked(self, row: models.Model) -> set[str]:
        """Give the fields that no import writes, and the references, each of which was found already."""
        fields = row._meta.concrete_fields
        return {each.name for each in fields if each.name not in self.page.imported} | {
            each.name for each in fields if each.is_relation and getattr(row, each.attname) is not None
        }

    def check_references(self, result: ImportResult) -> None:
        """Have the foreign keys checked now: what was referred to may have gone meanwhile."""
        try:
            with transaction.atomic(using=self.database):
                connections[self.database].check_constraints(table_names=[self.model._meta.db_table])
        except IntegrityError as error:
            result.add_fault(Line(0, {}), explain(error))


def explain(error: Exception) -> ValidationError:
    """Give the refusal in the words of the constraint, where it has some; else the error's first line."""
    text = describe_refusal(error) if isinstance(error, REFUSALS) else None
    return ValidationError(text or str(error).partition("\n")[0] or type(error).__name__)


def _describe_stale(line: Line, name: str) -> str:
    """Give the line about a row that was saved meanwhile."""
    text = _("The file was made on %(seen)s, and someone has saved %(now)s meanwhile: export the row anew.")
    return text % {"seen": line.cells[name], "now": line.before[name]}


def check_lists(page: ImportAdmin) -> None:
    """See that an import writes columns that are exported, and finds rows by such.

    Raises:
        ImproperlyConfigured: it does not.
    """
    for name in (*page.imported, *page.identified_by):
        if name not in page.exported:
            raise ImproperlyConfigured(f"{type(page).__name__} imports {name}, which it does not export")
