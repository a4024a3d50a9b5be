"""What an import did, or would do: as django-import-export's templates show it, short enough for a page."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from freehold.admin.transfer.cells import make_sendable

if TYPE_CHECKING:
    from freehold.admin.transfer.imports import Line

    class Result:
        """The library's, which has no types."""

        diff_headers: list[str]
        invalid_rows: list[Any]

        def __init__(self) -> None: ...

else:
    from import_export.results import Result

_SHOWN = 100  # rows on a page; faults too, after which nothing more is tried
_LONG = 120  # characters of a cell


@dataclass(frozen=True)
class _Shown:
    """A row of the page: `import_type` is new, update or skip, as the template has it."""

    import_type: str
    diff: list[str]


@dataclass(frozen=True)
class _Written:
    """A row that was saved, for the log."""

    row: Any
    is_new: bool
    changed: tuple[str, ...]


class ImportResult(Result):
    """Counts, the first rows and the first faults."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        super().__init__()
        self.diff_headers = list(columns)
        self.shown: list[_Shown] = []
        self.written: list[_Written] = []
        self.unchanged = 0
        self.hash = hashlib.sha256()

    @property
    def has_faults(self) -> bool:
        """Whether any row has a fault, so that none is written."""
        return bool(self.invalid_rows)

    @property
    def is_full(self) -> bool:
        """Whether more faults than these would help nobody."""
        return len(self.invalid_rows) >= _SHOWN

    @property
    def digest(self) -> str:
        """What tells this result from any other: every row as it was, and as it becomes."""
        return self.hash.hexdigest()

    @property
    def added(self) -> int:
        """How many rows are new."""
        return sum(each.is_new for each in self.written)

    @property
    def numbers(self) -> dict[str, Any]:
        """What was counted, by its word in the lines below."""
        found = {"added": self.added, "changed": len(self.written) - self.added, "unchanged": self.unchanged}
        return {**found, "faults": len(self.invalid_rows), "shown": _SHOWN}

    def describe(self) -> str:
        """Give what a file would do."""
        if self.is_full:
            text = _("Nothing can be imported: %(shown)s rows have faults, and the rest was not looked at.")
        elif self.has_faults:
            text = _("Nothing can be imported. Rows with faults: %(faults)s.")
        elif not self.written:
            text = _("Nothing to import: each of %(unchanged)s rows is there as the file has it.")
        elif len(self.written) > _SHOWN:
            text = _(
                "To add: %(added)s. To change: %(changed)s. As they are: %(unchanged)s. Below are the first %(shown)s."
            )
        else:
            text = _("To add: %(added)s. To change: %(changed)s. As they are: %(unchanged)s.")
        return text % self.numbers

    def describe_done(self, name: str) -> str:
        """Give what a file did to the rows of that name."""
        text = _("Imported %(name)s. Added: %(added)s. Changed: %(changed)s. As they were: %(unchanged)s.")
        return text % {"name": name, **self.numbers}

    def valid_rows(self) -> list[_Shown]:
        """Give the rows for the template: the first that change something, or the first of all."""
        return self.shown

    def add_line(self, line: Line, after: list[str]) -> None:
        """Note a row without a fault."""
        if not line.is_new and not line.changed:
            self.unchanged += 1
            return
        self.written.append(_Written(line.row, line.is_new, tuple(line.changed)))
        before = list(line.before.values())
        said = {name: line.cells[name] for name in line.changed}
        self.hash.update(json.dumps([line.number, [] if line.is_new else before, said]).encode())
        if len(self.shown) < _SHOWN:
            kind = "new" if line.is_new else "update"
            self.shown.append(_Shown(kind, compare([] if line.is_new else before, after)))

    def add_fault(self, line: Line, error: ValidationError) -> None:
        """Note what is wrong with a row, unless enough are noted."""
        if not self.is_full:
            self.invalid_rows.append(_FaultyRow(line, error, self.diff_headers))


class _FaultyRow:
    """A row with what is wrong with it, by column, as the template has it."""

    def __init__(self, line: Line, error: ValidationError, columns: list[str]) -> None:
        self.number = line.number
        self.values = [_shorten(line.cells.get(name, "")) for name in columns]
        self.field_specific_errors = dict(error.message_dict) if hasattr(error, "error_dict") else {}
        self.non_field_specific_errors = self.field_specific_errors.pop("__all__", [])
        if not hasattr(error, "error_dict"):
            self.non_field_specific_errors = error.messages


def compare(before: list[str], after: list[str]) -> list[str]:
    """Give the cells: the text, and where it was another, that one too."""
    if not before:
        return [_shorten(text) for text in after]
    return [
        _shorten(new) if old == new else format_html("<del>{}</del> <ins>{}</ins>", _shorten(old), _shorten(new))
        for old, new in zip(before, after, strict=True)
    ]


def _shorten(text: str) -> str:
    """Give the beginning of a long text, fit for a page."""
    return Truncator(make_sendable(text)).chars(_LONG)
