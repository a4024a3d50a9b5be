"""Operations for migrations beside Django's own."""

from freehold.operations.columns import ChangeColumnType, RenameColumn
from freehold.operations.constraints import AddCheck, AddForeignKey, SetNotNull
from freehold.operations.mirrors import FillMirror, MirrorTable, StopMirror
from freehold.operations.postgresql import RunPostgreSQL
from freehold.operations.sqlite import RunSQLite
from freehold.operations.tables import MoveTable, RemoveOldName
from freehold.script_operations import RunSQLFiles

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
