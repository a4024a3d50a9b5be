"""SQLite, for a project whose models name schemas: `auth.user` is simply one quoted name here."""

from __future__ import annotations

from typing import Any

from django.db.backends.sqlite3 import base

from freehold.backends.sqlite3.files import check_file
from freehold.backends.sqlite3.schema import DatabaseSchemaEditor


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes `OPTIONS["schemas"]`, so that one setting serves both dialects."""

    SchemaEditorClass = DatabaseSchemaEditor

    def get_connection_params(self) -> dict[str, Any]:
        """Give what `sqlite3.connect` takes."""
        params: dict[str, Any] = super().get_connection_params()
        params.pop("schemas", None)
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open the file, or make it.

        Raises:
            DatabaseURLError: it can't be, and SQLite would not say why.
        """
        check_file(str(self.settings_dict["NAME"]))
        return super().get_new_connection(conn_params)
