"""Operations for migrations beside Django's own."""

from freehold.operations.files import RunSQLFiles
from freehold.operations.mirrors import FillMirror, MirrorTable, StopMirror
from freehold.operations.postgresql import RunPostgreSQL
from freehold.operations.tables import MoveTable, RemoveOldName

__all__ = ["FillMirror", "MirrorTable", "MoveTable", "RemoveOldName", "RunPostgreSQL", "RunSQLFiles", "StopMirror"]
