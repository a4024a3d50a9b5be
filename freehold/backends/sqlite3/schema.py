"""SQLite's schema editor with ON DELETE in its foreign keys."""

from __future__ import annotations

from django.db.backends.sqlite3 import schema

from freehold.backends.schema import OnDeleteMixin


class DatabaseSchemaEditor(OnDeleteMixin, schema.DatabaseSchemaEditor):
    """Takes "auth.user" as what it is here: one name with a dot in it."""
