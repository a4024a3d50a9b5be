"""Operations for migrations beside Django's own."""

from freehold.operations.columns import ChangeColumnType, RenameColumn
from freehold.operations.constraints import AddCheck, AddForeignKey, SetNotNull
from freehold.operations.postgresql import RunPostgreSQL

__all__ = ["AddCheck", "AddForeignKey", "ChangeColumnType", "RenameColumn", "RunPostgreSQL", "SetNotNull"]
