"""Tables that go to another name, schema or owner while the release before goes on."""

from freehold.operations.tables.operations import MoveTable, RemoveOldName

__all__ = ["MoveTable", "RemoveOldName"]

for _each in (MoveTable, RemoveOldName):
    _each.__module__ = __name__  # as migrations that are applied already name it
