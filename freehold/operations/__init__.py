"""Operations for migrations beside Django's own."""

from freehold.operations.columns.operations import ChangeColumnType, RenameColumn
from freehold.operations.constraints import AddCheck, AddForeignKey, SetNotNull
from freehold.operations.postgresql import RunPostgreSQL
from freehold.operations.sqlite import RunSQLite
from freehold.operations.tables.mirrors import FillMirror, MirrorTable, StopMirror
from freehold.operations.tables.operations import MoveTable, RemoveOldName
from freehold.scripts.operation import RunSQLFiles

__all__ = [
    "AddCheck",
    "AddForeignKey",
    "ChangeColumnType",
    "FillMirror",
    "MirrorTable",
    "MoveTable",
    "RemoveOldName",
    "RenameColumn",
    "RunPostgreSQL",
    "RunSQLFiles",
    "RunSQLite",
    "SetNotNull",
    "StopMirror",
]
