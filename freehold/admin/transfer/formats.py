"""Files that hold a table: what is written for a spreadsheet starts no formula there, and is read again as it was."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from numbers import Number
from typing import TYPE_CHECKING, Any

from freehold.admin.transfer.cells import defuse, read_text, restore, show
from freehold.admin.transfer.tables import Table, UnreadableFileError, make_table

if TYPE_CHECKING:
    from tablib import Dataset

    class Format:
        """The library's, which has no types."""

else:
    from import_export.formats.base_formats import Format

_DELIMITERS = ",;\t"  # a European spreadsheet writes the second where the first is asked for


class TableFormat(Format):
    """A format by its name, both ways."""

    title = ""
    extension = ""
    content_type = ""

    def get_title(self) -> str:
        """Give the name, as people know it."""
        return self.title

    def get_extension(self) -> str:
        """Give the end of a file's name."""
        return self.extension

    def get_content_type(self) -> str:
        return self.content_type

    def can_import(self) -> bool:
        return True

    def can_export(self) -> bool:
        return True

    def export_data(self, dataset: Dataset, **options: Any) -> bytes:
        raise NotImplementedError

    def read_table(self, data: bytes, limit: int) -> Table:
        """Give what a file holds.

        Raises:
            UnreadableFileError: it holds no table of this format, or one of more than `limit` rows.
        """
        raise NotImplementedError


class CSV(TableFormat):
    """Comma-separated values (RFC 4180) in UTF-8, with the mark by which a spreadsheet knows that."""

    title = "CSV"
    extension = "csv"
    content_type = "text/csv; charset=utf-8"
    delimiter = ","

    def export_data(self, dataset: Dataset, **options: Any) -> bytes:
        file = io.StringIO(newline="")
        writer = csv.writer(file, delimiter=self.delimiter)
        writer.writerow(dataset.headers)
        writer.writerows(map(_list_defused, dataset))
        return file.getvalue().encode("utf-8-sig", errors="replace")

    def read_table(self, data: bytes, limit: int) -> Table:
        """Give what the file holds, with any of the usual delimiters between the cells."""
        text = read_text(data)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=self.find_delimiter(text), strict=True)
        return make_table(_iter_restored(_iter_records(reader)), limit)

    def find_delimiter(self, text: str) -> str:
        """Give what stands most often in the first line, which names columns and holds nothing else."""
        first = next(iter(text.lstrip().splitlines()), "")
        delimiters: list[str] = [self.delimiter, *_DELIMITERS]
        return max(delimiters, key=first.count)


class TSV(CSV):
    """The same with tabs between the cells."""

    title = "TSV"
    extension = "tsv"
    content_type = "text/tab-separated-values; charset=utf-8"
    delimiter = "\t"


class JSON(TableFormat):
    """A JSON array of objects, one a row. No spreadsheet opens it, so that every text is written as it is."""

    title = "JSON"
    extension = "json"
    content_type = "application/json"

    def export_data(self, dataset: Dataset, **options: Any) -> bytes:
        text = json.dumps(dataset.dict, default=show, ensure_ascii=False, indent=1)
        return text.encode(errors="replace")

    def read_table(self, data: bytes, limit: int) -> Table:
        """Give what the file holds; the first object is row 1."""
        rows = _parse_json(read_text(data))
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise UnreadableFileError("The file holds something else than a JSON array of objects, one a row.")
        names = list(rows[0]) if rows else []
        for number, row in enumerate(rows, 1):
            if set(row) != set(names):
                raise UnreadableFileError(f"Row {number} has other columns than row 1.")
        records = [(0, names), *((number, [show(row[name]) for name in names]) for number, row in enumerate(rows, 1))]
        return make_table(iter(records), limit)


class XLSX(TableFormat):
    """A workbook's first sheet; there where openpyxl is installed."""

    title = "XLSX"
    extension = "xlsx"
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    @classmethod
    def is_available(cls) -> bool:
        """Tell whether openpyxl is installed."""
        try:
            import openpyxl  # noqa: F401
        except ModuleNotFoundError:
            return False
        return True

    def export_data(self, dataset: Dataset, **options: Any) -> bytes:
        from openpyxl import Workbook
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

        book, file = Workbook(write_only=True), io.BytesIO()
        sheet = book.create_sheet()
        sheet.append(dataset.headers)
        for row in dataset:
            texts = [ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", text) for text in _list_defused(row)]
            sheet.append([cell if _is_plain_number(cell) else text for cell, text in zip(row, texts, strict=True)])
        book.save(file)
        return file.getvalue()

    def read_table(self, data: bytes, limit: int) -> Table:
        """Give what the first sheet holds: what its formulas came to, not the formulas."""
        from openpyxl import load_workbook

        try:
            rows = load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0].rows
            records = ((number, [show(cell.value) for cell in row]) for number, row in enumerate(rows, 1))
            return make_table(_iter_restored(records), limit)
        except UnreadableFileError:
            raise
        except Exception as error:  # openpyxl raises whatever it stumbles over
            raise UnreadableFileError("The file is no workbook (XLSX).") from error


FORMATS: list[type[TableFormat]] = [CSV, *([XLSX] if XLSX.is_available() else []), TSV, JSON]


def _list_defused(row: Iterable[Any]) -> list[Any]:
    """Give the cells as they are written for a spreadsheet."""
    return [show(cell) if isinstance(cell, Number) else defuse(show(cell)) for cell in row]


def _is_plain_number(cell: Any) -> bool:
    """Tell whether a workbook may hold the cell as a number."""
    return isinstance(cell, Number) and not isinstance(cell, bool)


def _iter_restored(records: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Yield the records with their cells as they were before they were written for a spreadsheet."""
    return ((number, [restore(cell) for cell in cells]) for number, cells in records)


def _iter_records(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with its number, which is that of the spreadsheet's row.

    Raises:
        UnreadableFileError: the quotes do not match, or a cell is too long.
    """
    number = 0
    while True:
        number += 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableFileError(f"Row {number} can't be read: {error}.") from error


def _parse_json(text: str) -> Any:
    """Give the document.

    Raises:
        UnreadableFileError: it is none.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError(f"The file is not JSON: {error}.") from error
