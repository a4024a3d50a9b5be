"""What the server can do; the oldest one that serves."""

from __future__ import annotations

from django.db.backends.postgresql import features


class DatabaseFeatures(features.DatabaseFeatures):
    """Django's own, from PostgreSQL 15 on (also under Django 5.2, which would take 14)."""

    minimum_database_version = (15,)
