"""Operations for migrations beside Django's own."""

from freehold.operations.postgresql import RunPostgreSQL
from freehold.operations.tables import MoveTable, RemoveOldName

__all__ = ["MoveTable", "RemoveOldName", "RunPostgreSQL"]
