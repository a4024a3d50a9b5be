"""Columns of a table in use that change over two releases."""

from freehold.operations.columns.operations import ChangeColumnType, RenameColumn

__all__ = ["ChangeColumnType", "RenameColumn"]

for _each in (ChangeColumnType, RenameColumn):
    _each.__module__ = __name__  # as migrations that are applied already name it
