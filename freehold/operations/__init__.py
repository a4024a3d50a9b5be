"""Operations for migrations beside Django's own."""

from freehold.operations.files import RunSQLFiles
from freehold.operations.postgresql import RunPostgreSQL
from freehold.operations.sqlite import RunSQLite

__all__ = ["RunPostgreSQL", "RunSQLFiles", "RunSQLite"]
