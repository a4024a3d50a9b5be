"""Operations for migrations beside Django's own."""

from freehold.operations.files import RunSQLFiles
from freehold.operations.postgresql import RunPostgreSQL

__all__ = ["RunPostgreSQL", "RunSQLFiles"]
